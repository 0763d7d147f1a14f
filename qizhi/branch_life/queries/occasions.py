"""What the kinds on fixed days, lecturers and terms look at; the number of queries never grows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection

from django.db.models import QuerySet

from qizhi.branch_life.queries.entries import entries_of
from qizhi.branch_life.rules import term_begins
from qizhi.core.periods import Period, say_day
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Capacity, Threshold
from qizhi.gatherings.models import LedgerEntry, Resolution
from qizhi.gatherings.queries.grounds import away_through
from qizhi.org.enums import LeaveKind, Role
from qizhi.org.queries.belonging import Tie, belonging_of, leaves_in

FIXED_DAY, LECTURERS = "fixed_day", "lecturers"


def entries_held(
    bureau_id: uuid.UUID, ledger: str, lecturer: str, span: Period, unit_ids: Collection[uuid.UUID] | None
) -> QuerySet[LedgerEntry]:
    """What was held in some days, of which `days_held` tells the arguments."""
    rows = LedgerEntry.objects.filter(
        bureau_id=bureau_id,
        ledger=ledger,
        held_on__range=(span.start, span.end),
        gathering__withdrawn_at__isnull=True,
    )
    if lecturer:
        rows = rows.filter(gathering__lecturers__capacity=lecturer)
    return rows if unit_ids is None else rows.filter(unit_id__in=unit_ids)


def days_held(
    bureau_id: uuid.UUID, ledger: str, lecturer: str, span: Period, unit_ids: Collection[uuid.UUID] | None
) -> dict[uuid.UUID, set[dt.date]]:
    """Days on which something was held, by unit; one query.

    Args:
        bureau_id: whose.
        ledger: what counts.
        lecturer: only what was given in this capacity; empty for all.
        span: the days.
        unit_ids: only of these units; None for all of the bureau.
    """
    rows = entries_held(bureau_id, ledger, lecturer, span, unit_ids)
    found: dict[uuid.UUID, set[dt.date]] = defaultdict(set)
    for unit_id, day in rows.order_by().values_list("unit_id", "held_on"):
        found[unit_id].add(day)
    return found


@dataclass(frozen=True)
class LecturerLine:
    """Somebody who held a post through a whole period, not always away, with the lessons given."""

    person_id: uuid.UUID
    person: str
    unit: str
    lessons: int


def lecturers_of(
    bureau_id: uuid.UUID,
    role: str,
    period: Period,
    as_of: dt.date,
    unit_ids: Collection[uuid.UUID] | None,
    *,
    over: Period | None = None,
) -> list[LecturerLine]:
    """Who held the post on the first and on the last day, in fixed order of units; one query.

    Who came to it or left it inside the period, or was on leave or sent elsewhere all through it, owes none.
    Who asks of several periods says over which days they lie: the lessons of all of them are read at once.
    """
    here = belonging_of(bureau_id)
    posts = [tie for tie in here.posts if tie.what == role and tie.holds(period.start)]
    if unit_ids is not None:
        posts = [tie for tie in posts if tie.unit_id in unit_ids]
    later = {tie.person_id for tie in here.posts if tie.what == role and tie.holds(period.end)}
    over, days = over or period, period.until(as_of)
    away = away_through(bureau_id, period, over)
    given = {} if days is None else entries_of(bureau_id, over).lessons(days)
    return [
        LecturerLine(key, here.people[key].name, str(here.unit_of(tie)), len(given.get(key, ())))
        for tie in sorted(posts, key=lambda tie: here.places[tie.unit_id])
        if (key := tie.person_id) in later and key not in away
    ]


_HOLDERS: dict[str, tuple[str, ...]] = {
    Capacity.PRINCIPAL: (Role.PARTY_GROUP_SECRETARY,),
    Capacity.PARTY_GROUP_MEMBER: (Role.PARTY_GROUP_MEMBER, Role.LEADER),
    Capacity.SECRETARY: (Role.SECRETARY, Role.DEPUTY_SECRETARY),
}
"""Who could give a lesson in a capacity (see `gatherings.rules.capacity_of`)."""


def days_away(
    bureau_id: uuid.UUID, capacity: str, days: Collection[dt.date], *, by_unit: bool
) -> dict[tuple[uuid.UUID | None, dt.date], str]:
    """On which of the days everybody who could have lectured was on leave or sent elsewhere; one query.

    Args:
        bureau_id: whose.
        capacity: in which capacity the lesson is asked for; nobody is looked for without one.
        days: the days.
        by_unit: each unit by itself; otherwise the key of all is None.

    Returns:
        Why, in Chinese, by unit and day.
    """
    roles = _HOLDERS.get(capacity, ())
    if not roles or not days:
        return {}
    span = Period(min(days), max(days))
    posts = [tie for tie in belonging_of(bureau_id).posts if tie.what in roles and tie.touches(span)]
    leaves = leaves_in(bureau_id, span)
    own: dict[uuid.UUID | None, list[Tie]] = defaultdict(list)
    for tie in posts:
        own[tie.unit_id if by_unit else None].append(tie)
    found = {}
    for unit_id, holding in own.items():
        for day in days:
            holders = {tie.person_id for tie in holding if tie.holds(day)}
            away = [
                next((leave for leave in leaves.get(key, ()) if leave.holds(day)), None) for key in holders
            ]
            if away and all(away):
                words = dict.fromkeys(str(LeaveKind(leave.what).label) for leave in away if leave)
                found[unit_id, day] = f"{say_day(day)}讲授人{'、'.join(words)}"
    return found


def last_elections(bureau_id: uuid.UUID, on: dt.date) -> dict[uuid.UUID, dt.date]:
    """Day of the last election of the whole committee of each unit up to a day; one query.

    A by-election fills a place until the end of the term; the term goes on.
    """
    held = Resolution.objects.filter(
        bureau_id=bureau_id,
        threshold=Threshold.ELECTION,
        gathering__held_on__lte=on,
        gathering__withdrawn_at__isnull=True,
    )
    found: dict[uuid.UUID, list[tuple[dt.date, str]]] = defaultdict(list)
    rows = held.order_by().values_list("gathering__unit_id", "gathering__held_on", "title")
    for unit_id, day, title in rows:
        found[unit_id].append((day, title))
    begun = {unit_id: term_begins(elections) for unit_id, elections in found.items()}
    return {unit_id: day for unit_id, day in begun.items() if day is not None}


@dataclass(frozen=True)
class Holding:
    """How a post of a unit is held on a day; `is_on_record`: whether any post of it ever was, until then."""

    holders: int
    is_on_record: bool


def holdings_on(
    bureau_id: uuid.UUID, role: str, on: dt.date, unit_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Holding]:
    """How many hold the post in each of the units on a day; the queries of `belonging_of`."""
    people: dict[uuid.UUID, set[uuid.UUID]] = {unit_id: set() for unit_id in unit_ids}
    on_record: set[uuid.UUID] = set()
    for tie in belonging_of(bureau_id).posts:
        if tie.unit_id not in people or tie.from_on > on:
            continue
        on_record.add(tie.unit_id)
        if tie.what == role and tie.holds(on):
            people[tie.unit_id].add(tie.person_id)
    return {unit_id: Holding(len(found), unit_id in on_record) for unit_id, found in people.items()}
