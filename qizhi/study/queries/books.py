"""What everybody of a bureau learnt together, in a number of queries that never grows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from django.db.models import Q

from qizhi.core import kept, periods
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import DatePrecision, Ledger, VisitorRole
from qizhi.gatherings.models import Gathering, Visitor
from qizhi.gatherings.queries.roster import WIDE, Roster, attendance, rolls_of
from qizhi.org.models import Membership, Placement, Post, Unit
from qizhi.org.queries.belonging import belonging_of

ZERO = Decimal(0)


class Session(NamedTuple):
    """What is read of a gathering at which something was learnt; the fields are those of `Gathering`."""

    pk: uuid.UUID
    unit: Unit
    held_on: dt.date
    precision: str
    present_total: int | None
    hours: Decimal

    @property
    def last_day(self) -> dt.date:
        """The last day on which it can have happened."""
        is_month = self.precision == DatePrecision.MONTH
        return periods.month_of(self.held_on).end if is_month else self.held_on


@dataclass(frozen=True, slots=True)
class Book:
    """What everybody of a bureau learnt together in a year.

    Attributes:
        gathered: gatherings by person.
        unnamed: gatherings whose paper says how many came or in which month, but not who.
        unclear: by person, those of them at which the person may have been.
    """

    gathered: dict[uuid.UUID, list[Session]]
    unnamed: frozenset[uuid.UUID]
    unclear: dict[uuid.UUID, list[Session]]

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
    """What was learnt together in the year until the day; six queries, kept until something is written.

    Of a few `people` seven, which look at much less; the book then tells of these people alone. The books of
    all years of `over` are read at once.
    """
    over = over or periods.year(year)
    work = partial(_books, bureau_id, over, as_of, people)
    return kept.keep(work, "study.hours", bureau_id, over, as_of, people)[year]


def _where_due(bureau_id: uuid.UUID, days: Period, people: frozenset[uuid.UUID]) -> Q:
    """Gatherings at which one of the people may have been due, or was a guest; one query."""
    ties = [
        model.objects.within(days.start, days.end).filter(bureau_id=bureau_id, person_id__in=people)
        for model in (Membership, Post, Placement)
    ]
    groups = ties[0].exclude(group=None).order_by().values_list("group_id", flat=True)
    units = [rows.order_by().values_list("unit_id", flat=True) for rows in ties]
    found = list(groups.union(*units))
    guests = Visitor.objects.filter(bureau_id=bureau_id, role=VisitorRole.GUEST, person_id__in=people)
    return Q(unit_id__in=found) | Q(unit__kind__in=WIDE) | Q(pk__in=guests.values("gathering_id"))


def _books(
    bureau_id: uuid.UUID, over: Period, as_of: dt.date, few: frozenset[uuid.UUID] | None = None
) -> dict[int, Book]:
    where = Q() if few is None else _where_due(bureau_id, over, few)
    rows = (
        Gathering.objects.held()
        .filter(where, bureau_id=bureau_id, hours__gt=0)
        .for_ledger(Ledger.TRAINING)
        .between(over.until(as_of))
    )
    wanted = ("pk", "unit_id", "held_on", "precision", "present_total", "hours")
    units = belonging_of(bureau_id).units
    held = [
        Session(key, units[unit_id], *values)
        for key, unit_id, *values in rows.order_by("held_on", "id").values_list(*wanted)
    ]
    rolls, unnamed = attendance(bureau_id, held), set()
    maybe = _in_the_month(bureau_id, held)
    named: dict[uuid.UUID, set[uuid.UUID]] = {}
    for gathering in held:
        found = rolls[gathering.pk]
        people = set(found.present)
        is_unnamed = gathering.present_total is not None and gathering.present_total != len(people)
        if is_unnamed or gathering.pk in maybe:
            unnamed.add(gathering.pk)
            maybe[gathering.pk] = maybe.get(gathering.pk, people)
            people = set()
        named[gathering.pk] = people | found.made_up
    guests = Visitor.objects.filter(
        bureau_id=bureau_id, gathering_id__in=list(named), role=VisitorRole.GUEST, person__isnull=False
    )
    for gathering_id, person_id in guests.values_list("gathering_id", "person_id"):
        named[gathering_id].add(person_id)
    by_year: dict[int, list[Session]] = {year: [] for year in range(over.start.year, over.end.year + 1)}
    for gathering in held:
        by_year[gathering.held_on.year].append(gathering)
    return {year: _book(sessions, named, maybe, unnamed) for year, sessions in by_year.items()}


def _book(
    held: Sequence[Session],
    named: Mapping[uuid.UUID, set[uuid.UUID]],
    maybe: Mapping[uuid.UUID, set[uuid.UUID]],
    unnamed: set[uuid.UUID],
) -> Book:
    gathered: dict[uuid.UUID, list[Session]] = defaultdict(list)
    unclear: dict[uuid.UUID, list[Session]] = defaultdict(list)
    for gathering in held:
        here = named[gathering.pk]
        for person_id in here:
            gathered[person_id].append(gathering)
        for person_id in maybe.get(gathering.pk, here) - here:
            unclear[person_id].append(gathering)
    return Book(dict(gathered), frozenset(one.pk for one in held if one.pk in unnamed), dict(unclear))


def _in_the_month(bureau_id: uuid.UUID, held: Sequence[Session]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Of gatherings known to the month alone: who may have been there; one query where there are some."""
    loose = [one for one in held if one.precision == DatePrecision.MONTH]
    if not loose:
        return {}
    keys = [one.pk for one in loose]
    audiences, exceptions = rolls_of(bureau_id, keys)
    roster, found = Roster.whole(bureau_id), {}
    for one in loose:
        due = (roster.due(one.unit, day, audiences[one.pk]) for day in (one.held_on, one.last_day))
        found[one.pk] = set().union(*due) - exceptions[one.pk].keys()
    return found
