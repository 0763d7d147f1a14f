"""What everybody of some branches came to in several periods, and what units held: one statement for all.

`people_due` asks a million people who came to too little; here one looks at a few branches, month by month,
while there is still time. Both count by `taking_part`, and a test holds them against each other.
"""

# ruff: noqa: S608 - every value goes in by a mark, only words of this file stand in the text
from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import RollState, VisitorRole
from qizhi.gatherings.models import Gathering, LedgerEntry, RollEntry, Visitor
from qizhi.gatherings.queries.grounds import away_over
from qizhi.gatherings.queries.people_due import UnitLine, Whom, unit_rolls
from qizhi.gatherings.queries.taking_part import (
    PRESENT,
    SUMS,
    UNCLEAR,
    Sql,
    Wanted,
    key_of,
    part_of,
    shape_of,
)
from qizhi.gatherings.rules.attendance import MADE_UP
from qizhi.org.enums import MemberStatus
from qizhi.org.models import Membership, Person, Placement

NOT_ALL_ALONG = "期间内加入或离开，本期不要求"
NOT_FULL = "本期不是一直是正式党员，不要求"
NOT_STAFF = "本期不是一直在职，不要求"


class Missed(NamedTuple):
    """Something that somebody was due at and did not come to; `state` is that of the roll, or unclear."""

    day: dt.date
    gathering_id: uuid.UUID
    state: str


class Taken(NamedTuple):
    """How much somebody was due at in a period and came to, as in `PersonLine`."""

    due: int = 0
    present: int = 0
    excused: int = 0
    unclear: int = 0
    missed: tuple[Missed, ...] = ()


@dataclass(frozen=True)
class Seat:
    """Somebody of a branch in a period.

    Attributes:
        person_id: who.
        name: Chinese name.
        unit_id: the branch on the first day, or that to which they came.
        why_not: Chinese; why nothing is asked of them, empty when it is.
        away: Chinese; that they were on leave or sent elsewhere all the time.
    """

    person_id: uuid.UUID
    name: str
    unit_id: uuid.UUID
    why_not: str = ""
    away: str = ""


def taken_over(
    wanted: Wanted, spans: Sequence[Period], unit_ids: Collection[uuid.UUID]
) -> dict[tuple[Period, uuid.UUID], Taken]:
    """By period and person, for everybody who belonged to one of the branches; two statements.

    Args:
        wanted: which gatherings count, and as of which day; its own period does not matter.
        spans: the periods, in order.
        unit_ids: of the branches.
    """
    if not spans or not unit_ids:
        return {}
    shape = shape_of(replace(wanted, period=Period(spans[0].start, spans[-1].end)))
    if not shape.arms:
        return {}
    sql, texts = Sql(), []
    members = (
        f"SELECT m.person_id FROM org_membership m WHERE m.bureau_id = {sql.put(wanted.bureau_id)} "
        f"AND m.unit_id IN ({sql.put_all(unit_ids)})"
    )
    for number, span in enumerate(spans):
        part = part_of(sql, replace(wanted, period=span), shape)
        texts.append(
            f"SELECT {number} AS n, person_id, {SUMS}, {_missed()} AS missed FROM ({part}) x "
            f"WHERE person_id IN ({members}) GROUP BY person_id"
        )
    rows = sql.rows(" UNION ALL ".join(texts))
    return {
        (spans[number], key_of(person)): Taken(due, present, excused, unclear, _read_missed(missed))
        for number, person, due, present, excused, unclear, missed in rows
    }


def attended(person: Person, ledger: str, days: Period, as_of: dt.date) -> tuple[list[Gathering], int]:
    """What one person came to, newest first, and of how many more nobody wrote down who came.

    By the roll or, where a kind has none, as somebody named beside it, as hours of training are counted.
    Three statements at most.
    """
    wanted, sql = Wanted(person.bureau_id, ledger, days, as_of), Sql()
    shape, rows = shape_of(wanted), []
    if shape.arms:
        part = part_of(sql, wanted, shape)
        text = f"SELECT gathering_id, state FROM ({part}) x WHERE person_id = {sql.put(person.pk)}"
        rows = [(key_of(key), state) for key, state in sql.rows(text)]
    came = [key for key, state in rows if state in {PRESENT, MADE_UP}]
    own = Visitor.objects.filter(gathering_id=OuterRef("pk"), person=person, role=VisitorRole.GUEST)
    held = Gathering.objects.held().filter(bureau_id=person.bureau_id).for_ledger(ledger).between(days)
    found = held.filter(Q(pk__in=came) | Exists(own)).select_related("unit__parent").defer("minutes")
    named = list(found.order_by("-held_on", "-pk"))
    unclear = {key for key, state in rows if state == UNCLEAR} - {one.pk for one in named}
    return named, len(unclear)


def _missed() -> str:
    key = "CAST(gathering_id AS varchar(36))"
    entry = f"CAST(held_on AS varchar(10)) || ':' || {key} || ':' || state"
    entry = f"CASE WHEN state NOT IN ('{PRESENT}', '{MADE_UP}') THEN {entry} END"
    return f"{'string_agg' if connection.vendor == 'postgresql' else 'group_concat'}({entry}, ',')"


def _read_missed(text: str | None) -> tuple[Missed, ...]:
    parts = (part.split(":") for part in sorted((text or "").split(",")) if part)
    return tuple(Missed(dt.date.fromisoformat(day), uuid.UUID(key), state) for day, key, state in parts)


def seats_over(
    bureau_id: uuid.UUID, whom: Whom, spans: Sequence[Period], unit_ids: Collection[uuid.UUID]
) -> dict[Period, list[Seat]]:
    """Who of the branches is asked in each period, by staff number, and why others are not; two statements.

    Who joined or left inside a period owes nothing in it, nor does who was away all through it. One more
    statement where all staff are asked.
    """
    if not spans or not unit_ids:
        return {}
    span = Period(min(one.start for one in spans), max(one.end for one in spans))
    here = Membership.objects.within(span.start, span.end).filter(bureau_id=bureau_id)
    members = here.filter(person_id__in=here.filter(unit_id__in=unit_ids).order_by().values("person_id"))
    by_person: dict[uuid.UUID, list[Membership]] = defaultdict(list)
    for row in members.select_related("person").order_by("person__staff_no", "from_on"):
        by_person[row.person_id].append(row)
    ties: dict[uuid.UUID, list[Placement]] = defaultdict(list)
    if whom is Whom.STAFF:
        rows = Placement.objects.within(span.start, span.end).filter(bureau_id=bureau_id)
        for tie in rows.filter(person_id__in=by_person).order_by():
            ties[tie.person_id].append(tie)
    wanted, away = set(unit_ids), away_over(bureau_id, spans)
    found: dict[Period, list[Seat]] = {one: [] for one in spans}
    for one in spans:
        for person_id, mine in by_person.items():
            home = _home(mine, one)
            if home is not None and home.unit_id in wanted:
                why = _why_not(mine, ties[person_id], one, whom)
                words = away[one].get(person_id, "")
                found[one].append(Seat(person_id, home.person.name, home.unit_id, why, words))
    return found


def _home(rows: Sequence[Membership], span: Period) -> Membership | None:
    """The membership on the first day or, of who came later, the first of the period."""
    return next((row for row in rows if row.from_on <= span.end and _until(row) >= span.start), None)


def _until(row: Membership | Placement) -> dt.date:
    return row.to_on or dt.date.max


def _on(rows: Iterable[Membership | Placement], day: dt.date) -> bool:
    return any(row.from_on <= day <= _until(row) for row in rows)


def _why_not(members: Sequence[Membership], placements: Sequence[Placement], span: Period, whom: Whom) -> str:
    if whom is Whom.STAFF:
        return "" if _on(placements, span.start) and _on(placements, span.end) else NOT_STAFF
    if not (_on(members, span.start) and _on(members, span.end)):
        return NOT_ALL_ALONG
    full = [row for row in members if row.status != MemberStatus.PROBATIONARY]
    if whom is Whom.FULL_MEMBERS and not (_on(full, span.start) and _on(full, span.end)):
        return NOT_FULL
    return ""


def units_over(
    wanted: Wanted, spans: Sequence[Period], kind: str, unit_ids: Collection[uuid.UUID]
) -> dict[tuple[Period, uuid.UUID], UnitLine]:
    """The rolls of units by period; of those that were not there all through it, nothing. Two statements.

    Args:
        wanted: as for `taken_over`.
        spans: the periods, in order.
        kind: of which kind the units are.
        unit_ids: of the units.
    """
    if not spans or not unit_ids:
        return {}
    shape, sql = shape_of(replace(wanted, period=Period(spans[0].start, spans[-1].end))), Sql()
    parts = (unit_rolls(sql, replace(wanted, period=span), shape, kind, unit_ids) for span in spans)
    text = " UNION ALL ".join(
        f"SELECT {number} AS n, t.* FROM ({part}) t" for number, part in enumerate(parts)
    )
    found = {}
    for number, unit, name, *numbers in sql.rows(text):
        line = UnitLine(key_of(unit), name, *(int(one) for one in numbers))
        found[spans[number], line.unit_id] = line
    return found


def doubtful_rolls(wanted: Wanted, unit_ids: Collection[uuid.UUID]) -> list[Gathering]:
    """Gatherings from which somebody was absent or that do not say who was due, newest first; one query."""
    absent = RollEntry.objects.filter(gathering_id=OuterRef("pk"), state=RollState.ABSENT)
    rows: QuerySet[Gathering] = Gathering.objects.held().filter(
        Exists(absent) | Q(due_total__isnull=True) & ~Q(precision="day"),
        bureau_id=wanted.bureau_id,
        unit_id__in=unit_ids,
        held_on__range=(wanted.period.start, wanted.period.end),
    )
    if wanted.ledger:
        entry = LedgerEntry.objects.filter(gathering_id=OuterRef("pk"), ledger=wanted.ledger)
        rows = rows.filter(Exists(entry))
    return list(rows.select_related("unit").order_by("-held_on", "pk"))
