"""What the kinds on fixed days, lecturers and attendance look at; the number of queries never grows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Max

from qizhi.core.periods import Period
from qizhi.gatherings.enums import Ledger, RollState, Threshold
from qizhi.gatherings.models import Gathering, Lecturer, LedgerEntry, Resolution
from qizhi.gatherings.queries.roster import attendance, exceptions_of
from qizhi.org.enums import RANK_ORDER
from qizhi.org.models import Membership, Placement, Post, RankTenure

FIXED_DAY, LECTURERS, ATTENDANCE = "fixed_day", "lecturers", "attendance"


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
    rows = LedgerEntry.objects.filter(
        bureau_id=bureau_id,
        ledger=ledger,
        held_on__range=(span.start, span.end),
        gathering__withdrawn_at__isnull=True,
    )
    if lecturer:
        rows = rows.filter(gathering__lecturers__capacity=lecturer)
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    found: dict[uuid.UUID, set[dt.date]] = defaultdict(set)
    for unit_id, day in rows.order_by().values_list("unit_id", "held_on"):
        found[unit_id].add(day)
    return found


@dataclass(frozen=True)
class LecturerLine:
    """Somebody who held a post through a whole period, with the lessons given in it."""

    person_id: uuid.UUID
    person: str
    unit: str
    lessons: int


def lecturers_of(
    bureau_id: uuid.UUID, role: str, period: Period, as_of: dt.date, unit_ids: Collection[uuid.UUID] | None
) -> list[LecturerLine]:
    """Who held the post on the first and on the last day, in fixed order of units; two queries.

    Who came to it or left it inside the period owes no lesson of the period.
    """
    posts = Post.objects.on(period.start).filter(bureau_id=bureau_id, role=role)
    if unit_ids is not None:
        posts = posts.filter(unit_id__in=unit_ids)
    later = Post.objects.on(period.end).filter(bureau_id=bureau_id, role=role)
    both = posts.filter(person_id__in=later.values("person_id")).select_related("person", "unit")
    days = period.until(as_of)
    given: Counter[uuid.UUID] = Counter()
    if days is not None:
        lessons = Lecturer.objects.filter(
            bureau_id=bureau_id,
            person__isnull=False,
            gathering__held_on__range=(days.start, days.end),
            gathering__withdrawn_at__isnull=True,
            gathering__ledger_entries__ledger=Ledger.LESSON,
        )
        given.update(lessons.order_by().values_list("person_id", flat=True))
    return [
        LecturerLine(post.person_id, post.person.name, str(post.unit), given[post.person_id])
        for post in both.order_by("unit__position", "unit__code", "person__staff_no")
    ]


@dataclass(frozen=True)
class AttendanceLine:
    """Somebody of the rank who was neither there nor made up for it."""

    person_id: uuid.UUID
    person: str
    gathering_id: uuid.UUID
    title: str
    day: dt.date
    is_excused: bool


def away_from(
    bureau_id: uuid.UUID,
    kind: str,
    from_rank: str,
    days: Period,
    unit_ids: Collection[uuid.UUID] | None,
) -> Iterator[AttendanceLine]:
    """People at or above a rank on the day of each gathering of a kind, who missed it; seven queries.

    Where only the number of those present was written down, nobody is named.

    Args:
        bureau_id: whose.
        kind: key of the kind of gathering.
        from_rank: the lowest rank of which it is asked.
        days: days of the gatherings.
        unit_ids: only members of these branches; None for everybody.
    """
    held = list(
        Gathering.objects.held()
        .between(days)
        .filter(bureau_id=bureau_id, kinds__key=kind, present_total__isnull=True)
        .select_related("unit")
        .order_by("held_on", "id")
    )
    if not held:
        return
    ranked, placed = _ranked(bureau_id, from_rank, days), _placed(bureau_id, days)
    members = None if unit_ids is None else _members(bureau_id, unit_ids, days)
    rolls = attendance(bureau_id, held)
    states = exceptions_of(bureau_id, [gathering.pk for gathering in held])
    for gathering in held:
        roll, day = rolls[gathering.pk], gathering.held_on
        there = roll.present | roll.made_up
        for person_id, rows in ranked.items():
            asked = next((row for row in rows if _holds(row, day)), None)
            if asked is None or person_id in there or (members is not None and person_id not in members):
                continue
            if any(_holds(place, day) for place in placed[person_id]):
                is_excused = states[gathering.pk].get(person_id) == RollState.EXCUSED
                yield AttendanceLine(
                    person_id, asked.person.name, gathering.pk, gathering.title, day, is_excused
                )


def _ranked(bureau_id: uuid.UUID, from_rank: str, days: Period) -> dict[uuid.UUID, list[RankTenure]]:
    """Who had the rank or a higher one on any of the days, by staff number."""
    ranks = [rank for rank, order in RANK_ORDER.items() if order >= RANK_ORDER[from_rank]]
    rows = RankTenure.objects.within(days.start, days.end).filter(bureau_id=bureau_id, rank__in=ranks)
    found: dict[uuid.UUID, list[RankTenure]] = defaultdict(list)
    for row in rows.select_related("person").order_by("person__staff_no", "from_on"):
        found[row.person_id].append(row)
    return found


def _placed(bureau_id: uuid.UUID, days: Period) -> dict[uuid.UUID, list[Placement]]:
    """Who worked here on any of the days."""
    found: dict[uuid.UUID, list[Placement]] = defaultdict(list)
    rows = Placement.objects.within(days.start, days.end).filter(bureau_id=bureau_id)
    for row in rows.only("person_id", "from_on", "to_on"):
        found[row.person_id].append(row)
    return found


def _members(bureau_id: uuid.UUID, unit_ids: Collection[uuid.UUID], days: Period) -> set[uuid.UUID]:
    rows = Membership.objects.within(days.start, days.end)
    return set(rows.filter(bureau_id=bureau_id, unit_id__in=unit_ids).values_list("person_id", flat=True))


def _holds(row: RankTenure | Placement, day: dt.date) -> bool:
    return row.from_on <= day and (row.to_on is None or day <= row.to_on)


def last_elections(bureau_id: uuid.UUID, on: dt.date) -> dict[uuid.UUID, dt.date]:
    """Day of the last election of each unit up to a day, by its resolutions; one query."""
    held = Resolution.objects.filter(
        bureau_id=bureau_id,
        threshold=Threshold.ELECTION,
        gathering__held_on__lte=on,
        gathering__withdrawn_at__isnull=True,
    )
    found = held.order_by().values("gathering__unit_id").annotate(last=Max("gathering__held_on"))
    return dict(found.values_list("gathering__unit_id", "last"))
