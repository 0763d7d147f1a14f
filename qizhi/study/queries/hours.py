"""Hours of training by person and year, in a number of queries that never grows.

Nothing is typed: a gathering with hours gives them to everybody who was due and present or made up for it,
and to those named as guests; to this come the courses completed elsewhere.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from django.db.models import Min, Q

from qizhi.core import kept, periods
from qizhi.core.periods import Period
from qizhi.gatherings.enums import DatePrecision, Ledger, VisitorRole
from qizhi.gatherings.models import Gathering, Visitor
from qizhi.gatherings.queries.grounds import away_through, gap_before, records_since
from qizhi.gatherings.queries.roster import WIDE, Roster, attendance, audiences_of, exceptions_of
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, UnitKind
from qizhi.org.models import Membership, Person, Placement, Post, Unit
from qizhi.org.queries.belonging import Belonging, Tie, belonging_of
from qizhi.regulations.enums import Subject
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import clauses_in_force
from qizhi.study.models import Completion
from qizhi.study.rules.hours import Grounds, Standing, Target, standing, target_for, targets

ZERO = Decimal(0)
HOURS = "hours"
"""The kind of clause that asks for hours."""


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


@dataclass(frozen=True)
class Line:
    """A member of a branch with the hours of a year."""

    person: Person
    unit: Unit
    is_leader: bool
    gathered: Decimal
    courses: Decimal
    target: Target | None
    standing: Standing
    central_trainings: int = 0
    unclear: Decimal = ZERO
    gap: str = ""

    @property
    def total(self) -> Decimal:
        """All hours."""
        return self.gathered + self.courses

    @property
    def short_by(self) -> Decimal:
        """How many hours are missing."""
        return max(self.target.hours - self.total, ZERO) if self.target else ZERO


def book_of(
    bureau_id: uuid.UUID, year: int, as_of: dt.date, people: frozenset[uuid.UUID] | None = None
) -> Book:
    """What was learnt together in the year until the day; six queries, kept until something is written.

    Of a few `people` seven, which look at much less; the book then tells of these people alone.
    """
    work = partial(_book, bureau_id, year, as_of, people)
    return kept.keep(work, "study.hours", bureau_id, year, as_of, people)


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


def _book(bureau_id: uuid.UUID, year: int, as_of: dt.date, few: frozenset[uuid.UUID] | None = None) -> Book:
    where = Q() if few is None else _where_due(bureau_id, periods.year(year), few)
    rows = (
        Gathering.objects.held()
        .filter(where, bureau_id=bureau_id, hours__gt=0)
        .for_ledger(Ledger.TRAINING)
        .between(periods.year(year).until(as_of))
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
    gathered: dict[uuid.UUID, list[Session]] = defaultdict(list)
    unclear: dict[uuid.UUID, list[Session]] = defaultdict(list)
    for gathering in held:
        here = named[gathering.pk]
        for person_id in here:
            gathered[person_id].append(gathering)
        for person_id in maybe.get(gathering.pk, here) - here:
            unclear[person_id].append(gathering)
    return Book(dict(gathered), frozenset(unnamed), dict(unclear))


def _in_the_month(bureau_id: uuid.UUID, held: Sequence[Session]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Of gatherings known to the month alone: who may have been there; two queries where there are some."""
    loose = [one for one in held if one.precision == DatePrecision.MONTH]
    if not loose:
        return {}
    keys = [one.pk for one in loose]
    audiences, exceptions = audiences_of(bureau_id, keys), exceptions_of(bureau_id, keys)
    roster, found = Roster.whole(bureau_id), {}
    for one in loose:
        due = (roster.due(one.unit, day, audiences[one.pk]) for day in (one.held_on, one.last_day))
        found[one.pk] = set().union(*due) - exceptions[one.pk].keys()
    return found


def targets_in(bureau_id: uuid.UUID, year: int) -> dict[str, Target]:
    """What the clauses in force at the end of the year ask; the year is judged by its last day."""
    asked = clauses_in_force(bureau_id, periods.year(year).end).filter(subject=Subject.PERSON, kind=HOURS)
    return targets_of(asked.defer("text", "version__text"))


def targets_of(clauses: Iterable[Clause]) -> dict[str, Target]:
    """What clauses on hours ask, by the group of people."""
    return targets(
        (
            clause.parameters,
            Target(
                int(clause.parameters["hours"]),
                clause.source,
                clause.is_general,
                clause.is_confirmed,
                int(clause.parameters.get("central_trainings") or 0),
            ),
        )
        for clause in clauses
        if str(clause.parameters.get("hours", "")).isdecimal()
    )


def lines(
    bureau_id: uuid.UUID,
    year: int,
    as_of: dt.date,
    within: Q | None = None,
    asked: Mapping[str, Target] | None = None,
    *,
    is_few: bool = False,
) -> list[Line]:
    """Members on the last day of the year (or today), branch by branch in fixed order, by staff number.

    Args:
        bureau_id: whose members.
        year: the calendar year.
        as_of: later gatherings and courses do not count.
        within: only memberships that this admits.
        asked: what `targets_in` found for the year, where that is known already.
        is_few: `within` admits few people: only what they may have come to is looked at.
    """
    if asked is not None:
        return _lines(bureau_id, year, as_of, within, asked, is_few=is_few)
    work = partial(_lines, bureau_id, year, as_of, within, is_few=is_few)
    return kept.keep(work, "study.lines", bureau_id, year, as_of, within)


@kept.sharing()
def _lines(
    bureau_id: uuid.UUID,
    year: int,
    as_of: dt.date,
    within: Q | None,
    asked: Mapping[str, Target] | None = None,
    *,
    is_few: bool = False,
) -> list[Line]:
    days = periods.year(year).until(as_of)
    if days is None:
        return []
    here = belonging_of(bureau_id)
    members = _members(bureau_id, here, days.end, within)
    first = {tie.person_id for tie in here.members if tie.holds(days.start)}
    leaders = _leaders(here, days)
    asked = targets_in(bureau_id, year) if asked is None else asked
    people = frozenset(tie.person_id for tie in members) if is_few else None
    book, (done, central) = book_of(bureau_id, year, as_of, people), _courses(bureau_id, days)
    whole = periods.year(year)
    away = away_through(bureau_id, whole)
    gap = gap_before(records_since(bureau_id, _first_completion(bureau_id)), whole)
    found = []
    for tie in members:
        key, unit = tie.person_id, here.unit_of(tie)
        gathered, courses, unclear = book.total(key), done.get(key, ZERO), book.open(key)
        target = target_for(asked, is_leader=key in leaders)
        how = standing(
            gathered + courses,
            target,
            central_trainings=central[key],
            is_over=as_of > whole.end,
            is_new=key not in first,
            grounds=Grounds(unclear, gap, key in away),
        )
        numbers = (gathered, courses, target, how, central[key], unclear, gap)
        found.append(Line(here.people[key], unit, key in leaders, *numbers))
    return found


def _members(bureau_id: uuid.UUID, here: Belonging, day: dt.date, within: Q | None) -> list[Tie]:
    """Members on the day, branch by branch in fixed order; one query where `within` admits some alone."""
    found = [tie for tie in here.members if tie.holds(day)]
    if within:
        rows = Membership.objects.on(day).filter(within, bureau_id=bureau_id).order_by()
        admitted = set(rows.values_list("person_id", flat=True))
        found = [tie for tie in found if tie.person_id in admitted]
    return sorted(found, key=lambda tie: here.places[tie.unit_id])


def _leaders(here: Belonging, days: periods.Period) -> set[uuid.UUID]:
    """Secretaries and committee members; of who came to the post inside the year it is not asked yet."""
    branches = {key for key, unit in here.units.items() if unit.kind == UnitKind.BRANCH}
    posts = [tie for tie in here.posts if tie.what in BRANCH_COMMITTEE_ROLES and tie.unit_id in branches]
    first, last = ({tie.person_id for tie in posts if tie.holds(day)} for day in (days.start, days.end))
    return first & last


def _first_completion(bureau_id: uuid.UUID) -> dt.date | None:
    """The day of the first completed course on record; one query."""
    find = partial(Completion.objects.filter(bureau_id=bureau_id).aggregate, first=Min("completed_on"))
    day: dt.date | None = kept.keep_small(find, "study.first_completion", bureau_id)["first"]
    return day


def _courses(
    bureau_id: uuid.UUID, days: periods.Period
) -> tuple[dict[uuid.UUID, Decimal], Counter[uuid.UUID]]:
    """Hours of courses by person, and how many of the courses were trainings held centrally."""
    found: dict[uuid.UUID, Decimal] = defaultdict(lambda: ZERO)
    central: Counter[uuid.UUID] = Counter()
    rows = Completion.objects.filter(bureau_id=bureau_id, completed_on__range=(days.start, days.end))
    for person_id, hours, is_central in rows.values_list("person_id", "hours", "course__is_central"):
        found[person_id] += hours
        central[person_id] += is_central
    return found, central


@dataclass(frozen=True)
class Summary:
    """A branch with how many of its members have enough."""

    unit: Unit
    members: int
    done: int
    below: int
    unknown: int
    new: int
    is_asked: bool

    @property
    def due(self) -> int:
        """Members of whom hours are asked."""
        return self.done + self.below


def summed(found: Iterable[Line]) -> list[Summary]:
    """The lines counted by branch, in their order."""
    by_unit: dict[uuid.UUID, list[Line]] = defaultdict(list)
    for line in found:
        by_unit[line.unit.pk].append(line)
    return [_summary(part) for part in by_unit.values()]


def _summary(part: list[Line]) -> Summary:
    how = [line.standing for line in part]
    return Summary(
        unit=part[0].unit,
        members=len(part),
        done=how.count(Standing.DONE),
        below=how.count(Standing.MISSING) + how.count(Standing.DUE),
        unknown=how.count(Standing.UNKNOWN),
        new=how.count(Standing.NA) + how.count(Standing.EXCUSED),
        is_asked=any(one is not Standing.UNASKED for one in how),
    )


@dataclass(frozen=True)
class Own:
    """A year of one person."""

    line: Line | None
    gatherings: list[Gathering]
    completions: list[Completion]
    unnamed: int

    @property
    def total(self) -> Decimal:
        """All hours, of people who are no members too."""
        gathered = sum((one.hours for one in self.gatherings), ZERO)
        return sum((one.hours for one in self.completions), gathered)


@kept.sharing()
def own_year(person: Person, year: int, as_of: dt.date) -> Own:
    """What a person learnt in a year, gathering by gathering and course by course."""
    book = book_of(person.bureau_id, year, as_of)
    keys = [one.pk for one in book.gathered.get(person.pk, ())]
    held = Gathering.objects.filter(bureau_id=person.bureau_id, pk__in=keys)
    held = held.select_related("unit__parent").defer("minutes").order_by("held_on", "id")
    whole = periods.year(year)
    done = Completion.objects.filter(
        bureau_id=person.bureau_id, person=person, completed_on__range=(whole.start, min(whole.end, as_of))
    )
    mine = lines(person.bureau_id, year, as_of, Q(person=person))
    unnamed = Gathering.objects.filter(pk__in=book.unnamed, unit_id__in=[one.unit.pk for one in mine])
    return Own(
        mine[0] if mine else None,
        list(held),
        list(done.select_related("course").order_by("completed_on", "id")),
        unnamed.count(),
    )
