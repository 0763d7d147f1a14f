"""What everybody of a bureau learnt together, as the diary tells it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial

from qizhi.core import kept, periods
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import DatePrecision, Ledger, VisitorRole
from qizhi.gatherings.queries.diary import Diary, Row, diary_of
from qizhi.gatherings.queries.roster import WIDE, Roster
from qizhi.org.queries.belonging import belonging_of

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Book:
    """What everybody of a bureau learnt together in a year.

    Attributes:
        gathered: gatherings by person.
        unnamed: gatherings whose paper says how many came or in which month, but not who.
        unclear: by person, those of them at which the person may have been.
    """

    gathered: dict[uuid.UUID, list[Row]]
    unnamed: frozenset[uuid.UUID]
    unclear: dict[uuid.UUID, list[Row]]

    def total(self, person_id: uuid.UUID) -> Decimal:
        """Hours of a person."""
        return sum((one.hours for one in self.gathered.get(person_id, ())), ZERO)

    def open(self, person_id: uuid.UUID) -> Decimal:
        """Hours that may be the person's too."""
        return sum((one.hours for one in self.unclear.get(person_id, ())), ZERO)


def book_of(
    bureau_id: uuid.UUID,
    year: int,
    as_of: dt.date,
    people: frozenset[uuid.UUID] | None = None,
    over: Period | None = None,
) -> Book:
    """What was learnt together in the year until the day; the queries of `diary_of`.

    Of a few `people` what they may have come to is looked at alone, and the book tells of them alone. The
    books of all years of `over` are made at once.
    """
    over = over or periods.year(year)
    work = partial(_books, bureau_id, over, as_of, people)
    return kept.keep(work, "study.hours", bureau_id, over, as_of, people)[year]


def _is_near(
    bureau_id: uuid.UUID, diary: Diary, days: Period, people: frozenset[uuid.UUID]
) -> Callable[[Row], bool]:
    """Whether one of the people may have been due at a gathering of the days, or was a guest."""
    here = belonging_of(bureau_id)
    ties = (tie for kind in (here.members, here.posts, here.placements) for tie in kind)
    mine = [tie for tie in ties if tie.person_id in people and tie.touches(days)]
    units = {key for tie in mine for key in (tie.unit_id, tie.group_id) if key}

    def is_near(row: Row) -> bool:
        is_due = row.unit_id in units or row.unit.kind in WIDE
        return is_due or not people.isdisjoint(_guests(diary, row))

    return is_near


def _guests(diary: Diary, row: Row) -> set[uuid.UUID]:
    """People of ours who were guests."""
    return {key for key, role in diary.visitors.get(row.pk, ()) if key and role == VisitorRole.GUEST}


def _books(
    bureau_id: uuid.UUID, over: Period, as_of: dt.date, few: frozenset[uuid.UUID] | None = None
) -> dict[int, Book]:
    diary = diary_of(bureau_id, over)
    held = [row for row in diary.held(over.until(as_of)) if row.hours > 0 and Ledger.TRAINING in row.ledgers]
    if few is not None:
        held = list(filter(_is_near(bureau_id, diary, over, few), held))
    rolls, unnamed = diary.attendance(held), set()
    maybe = _in_the_month(bureau_id, diary, held)
    named: dict[uuid.UUID, set[uuid.UUID]] = {}
    for row in held:
        found = rolls[row.pk]
        people = set(found.present)
        is_unnamed = row.present_total is not None and row.present_total != len(people)
        if is_unnamed or row.pk in maybe:
            unnamed.add(row.pk)
            maybe[row.pk] = maybe.get(row.pk, people)
            people = set()
        named[row.pk] = people | found.made_up | _guests(diary, row)
    by_year: dict[int, list[Row]] = {year: [] for year in range(over.start.year, over.end.year + 1)}
    for row in held:
        by_year[row.held_on.year].append(row)
    return {year: _book(rows, named, maybe, unnamed) for year, rows in by_year.items()}


def _book(
    held: Sequence[Row],
    named: Mapping[uuid.UUID, set[uuid.UUID]],
    maybe: Mapping[uuid.UUID, set[uuid.UUID]],
    unnamed: set[uuid.UUID],
) -> Book:
    gathered: dict[uuid.UUID, list[Row]] = defaultdict(list)
    unclear: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for gathering in held:
        here = named[gathering.pk]
        for person_id in here:
            gathered[person_id].append(gathering)
        for person_id in maybe.get(gathering.pk, here) - here:
            unclear[person_id].append(gathering)
    return Book(dict(gathered), frozenset(one.pk for one in held if one.pk in unnamed), dict(unclear))


def _in_the_month(bureau_id: uuid.UUID, diary: Diary, held: Sequence[Row]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Of gatherings known to the month alone: who may have been there."""
    roster, found = Roster.whole(bureau_id), {}
    for row in held:
        if row.precision == DatePrecision.MONTH:
            due = (roster.due(row.unit, day, row.audiences) for day in (row.held_on, row.last_day))
            found[row.pk] = set[uuid.UUID]().union(*due) - diary.rolls.get(row.pk, {}).keys()
    return found
