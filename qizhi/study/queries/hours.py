"""Hours of training by person and year, in a number of queries that never grows.

Nothing is typed: a gathering with hours gives them to everybody who was due and present or made up for it,
and to those named as guests; to this come the courses completed elsewhere.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial

from django.db.models import Min, Q

from qizhi.core import kept, periods
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.queries.grounds import away_through, gap_before, records_since
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, UnitKind
from qizhi.org.models import Membership, Person, Unit
from qizhi.org.queries.belonging import Belonging, Tie, belonging_of
from qizhi.regulations.enums import Subject
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import known_during
from qizhi.regulations.rules import is_in_force
from qizhi.study.models import Completion
from qizhi.study.queries.books import ZERO, book_of
from qizhi.study.rules.hours import Grounds, Standing, Target, standing, target_for, targets

HOURS = "hours"
"""The kind of clause that asks for hours."""


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


Within = Q | frozenset[uuid.UUID] | None
"""Which memberships are looked at: those a condition admits, those of some branches, or all."""


def targets_in(bureau_id: uuid.UUID, year: int, over: Period | None = None) -> dict[str, Target]:
    """What the clauses in force at the end of the year ask; the year is judged by its last day.

    The clauses of all years of `over` are read at once.
    """
    end = periods.year(year).end
    days = over or Period(end, end)
    asked = kept.keep(partial(_asking, bureau_id, days), "study.hours_asked", bureau_id, days)
    return targets_of(
        one for one in asked if is_in_force(one.version.effective_from, one.version.effective_to, end)
    )


def _asking(bureau_id: uuid.UUID, days: Period) -> list[Clause]:
    asked = [one for one in known_during(bureau_id, days, kind=HOURS) if one.subject == Subject.PERSON]
    return sorted(asked, key=lambda one: (one.position, one.key))


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
    within: Within = None,
    asked: Mapping[str, Target] | None = None,
    *,
    is_few: bool = False,
    over: Period | None = None,
) -> list[Line]:
    """Members on the last day of the year (or today), branch by branch in fixed order, by staff number.

    Args:
        bureau_id: whose members.
        year: the calendar year.
        as_of: later gatherings and courses do not count.
        within: only memberships that this admits; or only those of these branches.
        asked: what `targets_in` found for the year, where that is known already.
        is_few: `within` admits few people: only what they may have come to is looked at.
        over: whole years that are asked about one after the other: what they rest on is read at once.
    """
    if asked is not None:
        return _lines(bureau_id, year, as_of, within, asked, is_few=is_few)
    work = partial(_lines, bureau_id, year, as_of, within, is_few=is_few, over=over)
    return kept.keep(work, "study.lines", bureau_id, year, as_of, within)


@kept.sharing()
def _lines(
    bureau_id: uuid.UUID,
    year: int,
    as_of: dt.date,
    within: Within,
    asked: Mapping[str, Target] | None = None,
    *,
    is_few: bool = False,
    over: Period | None = None,
) -> list[Line]:
    whole = periods.year(year)
    over, days = over or whole, whole.until(as_of)
    if days is None:
        return []
    here = belonging_of(bureau_id)
    members = _members(bureau_id, here, days.end, within)
    first = {tie.person_id for tie in here.members if tie.holds(days.start)}
    leaders = _leaders(here, days)
    asked = targets_in(bureau_id, year, over) if asked is None else asked
    people = frozenset(tie.person_id for tie in members) if is_few else None
    book = book_of(bureau_id, year, as_of, people, over)
    done, central = _courses_in(bureau_id, year, as_of, over)
    away = away_through(bureau_id, whole, over)
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


def _members(bureau_id: uuid.UUID, here: Belonging, day: dt.date, within: Within) -> list[Tie]:
    """Members on the day, branch by branch in fixed order; one query where `within` admits some alone."""
    found = [tie for tie in here.members if tie.holds(day)]
    if isinstance(within, frozenset):
        found = [tie for tie in found if tie.unit_id in within]
    elif within:
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


Courses = tuple[dict[uuid.UUID, Decimal], Counter[uuid.UUID]]
"""Hours of courses by person, and how many of the courses were trainings held centrally."""


def _courses_in(bureau_id: uuid.UUID, year: int, as_of: dt.date, over: Period) -> Courses:
    """The courses completed in a year until the day; one query for all years of `over`."""
    return kept.keep(partial(_courses, bureau_id, over, as_of), "study.courses", bureau_id, over, as_of)[year]


def _courses(bureau_id: uuid.UUID, over: Period, as_of: dt.date) -> dict[int, Courses]:
    years = range(over.start.year, over.end.year + 1)
    found: dict[int, Courses] = {year: (defaultdict(lambda: ZERO), Counter()) for year in years}
    rows = Completion.objects.filter(
        bureau_id=bureau_id, completed_on__range=(over.start, min(over.end, as_of))
    )
    columns = ("person_id", "completed_on", "hours", "course__is_central")
    for person_id, day, hours, is_central in rows.values_list(*columns):
        done, central = found[day.year]
        done[person_id] += hours
        central[person_id] += is_central
    return found


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
