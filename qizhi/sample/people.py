"""Rows of people: placements, ranks, memberships and leaves, from the story of the workforce."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from dataclasses import field

from qizhi.core.values import dataclass
from qizhi.org.enums import Gender, LeaveKind, MemberStatus
from qizhi.org.models import Leave, Membership, Person, Placement, RankTenure
from qizhi.sample.agenda import Agenda
from qizhi.sample.leave import fitting
from qizhi.sample.organisation import Branch, BranchStay, Organisation, branch_on, branch_stays
from qizhi.sample.rows import Rows, chance, words
from qizhi.sample.staff import ADMISSIONS_A_YEAR, ONE_DAY, START, Staff, Workforce

PROBATION = dt.timedelta(days=365)
ADMISSION_AGE = (24, 45)
SERVICE_UNKNOWN = 97
"""Of every so many one brought no papers: since when they have worked nobody knows yet."""


@dataclass(frozen=True)
class Leaving:
    """How often a kind of leave is taken in a year, and for how many days."""

    kind: LeaveKind
    share: float
    shortest: int
    longest: int


LEAVES = (
    Leaving(LeaveKind.ANNUAL, 0.55, 3, 10),
    Leaving(LeaveKind.DUTY, 0.22, 2, 5),
    Leaving(LeaveKind.SICK, 0.08, 2, 15),
    Leaving(LeaveKind.PERSONAL, 0.06, 1, 3),
    Leaving(LeaveKind.SECONDMENT, 0.006, 180, 360),
)
MATERNITY = Leaving(LeaveKind.MATERNITY, 0.05, 128, 158)
MOTHERS = (25, 38)


@dataclass
class People:
    """The people of a bureau with their rows."""

    rows: Rows
    organisation: Organisation
    workforce: Workforce
    agenda: Agenda
    number: int
    persons: dict[int, Person] = field(default_factory=dict)
    annual: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def make(self, last_year: int) -> None:
        """All rows about people, to the end of a year."""
        self._admit(last_year)
        for staff in self.workforce.people:
            self._person(staff)
            self._placements(staff)
            self._ranks(staff)
            self._memberships(staff)
            self._leaves(staff, last_year)

    def _admit(self, last_year: int) -> None:
        """Candidates become members of the Party at congresses, and full members at one a year later."""
        branches = {branch.code: branch for branch in self.organisation.branches}
        fixed = words("organisation")["members"]
        for year in range(START.year, last_year + 1):
            draw = chance(self.number, "admissions", year)
            able = [s for s in self.workforce.people if self._may_apply(s, year) and s.place not in fixed]
            for staff in draw.sample(able, min(ADMISSIONS_A_YEAR, len(able))):
                wanted = dt.date(year, draw.randint(1, 9), 1)
                self._admit_one(staff, wanted, branches)

    def _may_apply(self, staff: Staff, year: int) -> bool:
        is_there = staff.entered_on.year < year and (staff.left_on is None or staff.left_on.year > year + 1)
        return is_there and not staff.is_member and ADMISSION_AGE[0] <= year - staff.born <= ADMISSION_AGE[1]

    def _admit_one(self, staff: Staff, wanted: dt.date, branches: dict[str, Branch]) -> None:
        at_first = branches[branch_on(staff, wanted)]
        admitted = self.agenda.congress_from(at_first, wanted)
        if admitted is None or branch_on(staff, admitted) != at_first.code:
            return
        ready = admitted + PROBATION
        later = branch_on(staff, ready)
        confirmed = self.agenda.congress_from(branches[later], ready) if later else None
        staff.standing.append((admitted, MemberStatus.PROBATIONARY))
        if confirmed is not None:
            staff.standing.append((confirmed, MemberStatus.FULL))

    def _person(self, staff: Staff) -> None:
        self.persons[staff.number] = self.rows.add(
            Person,
            staff.entered_on,
            staff_no=f"{staff.number:04}",
            name=staff.name,
            gender=staff.gender,
            birth_year=staff.born,
            began_work_on=None if staff.number % SERVICE_UNKNOWN == 0 else staff.began_on or staff.entered_on,
            entered_on=staff.entered_on,
            left_on=staff.left_on,
        )

    def _placements(self, staff: Staff) -> None:
        for stay in staff.stays:
            unit = self.organisation.units[stay.place]
            self._dated(Placement, staff, stay.from_on, stay.to_on, unit=unit)

    def _ranks(self, staff: Staff) -> None:
        for number, (since, rank) in enumerate(staff.ranks):
            after = staff.ranks[number + 1 :]
            end = after[0][0] - ONE_DAY if after else staff.left_on
            self._dated(RankTenure, staff, since, end, rank=rank)

    def _memberships(self, staff: Staff) -> None:
        stays = branch_stays(staff) if staff.is_member else []
        for number, (since, status) in enumerate(staff.standing):
            after = staff.standing[number + 1 :]
            end = after[0][0] - ONE_DAY if after else None
            for stay in stays:
                self._membership(stay, since, end, status)

    def _membership(
        self, stay: BranchStay, since: dt.date, until: dt.date | None, status: MemberStatus
    ) -> None:
        start = max(since, stay.from_on)
        end = min((day for day in (until, stay.to_on) if day is not None), default=None)
        if end is not None and end < start:
            return
        branch = next(b for b in self.organisation.branches if b.code == stay.branch)
        groups = [self.organisation.units[code] for code in branch.group_codes]
        group = groups[stay.staff.number % len(groups)] if groups else None
        unit = self.organisation.units[stay.branch]
        self._dated(Membership, stay.staff, start, end, unit=unit, group=group, status=status)

    def _dated(
        self, model: type, staff: Staff, since: dt.date, end: dt.date | None, **values: object
    ) -> None:
        person = self.persons[staff.number]
        self.rows.add(model, since, person=person, from_on=since, to_on=end, **values)

    def _leaves(self, staff: Staff, last_year: int) -> None:
        taken: list[tuple[dt.date, dt.date]] = []
        draw = chance(self.number, "leave", staff.number)
        for year in range(max(START.year, staff.stays[0].from_on.year), last_year + 1):
            for leaving in self._kinds_of_leave(staff, year):
                self._leave(staff, draw, leaving, year, taken)

    def _kinds_of_leave(self, staff: Staff, year: int) -> list[Leaving]:
        is_mother = staff.gender is Gender.FEMALE and MOTHERS[0] <= year - staff.born <= MOTHERS[1]
        return [*LEAVES, MATERNITY] if is_mother else list(LEAVES)

    def _leave(
        self,
        staff: Staff,
        draw: random.Random,
        leaving: Leaving,
        year: int,
        taken: list[tuple[dt.date, dt.date]],
    ) -> None:
        # Always the same number of draws, so that one leave more or less moves no other.
        is_taken = draw.random() < leaving.share
        start = dt.date(year, 1, 1) + dt.timedelta(days=draw.randint(0, 364))
        end = start + dt.timedelta(days=draw.randint(leaving.shortest, leaving.longest) - 1)
        first, last = staff.stays[0].from_on, staff.left_on or dt.date.max
        is_free = all(end < a or b < start for a, b in taken) and not (staff.home and _is_awaited(start, end))
        if is_taken and is_free and first <= start and end <= last:
            taken.append((start, end))
            person = self.persons[staff.number]
            days = (start + dt.timedelta(days=n) for n in range((end - start).days + 1))
            worked = [day for day in days if self.agenda.is_working(day)]
            kind = fitting(leaving.kind, staff.entered_on, worked, self.annual[staff.number])
            self.rows.add(Leave, start, person=person, from_on=start, to_on=end, kind=kind)


def _is_awaited(start: dt.date, end: dt.date) -> bool:
    """Whether the days touch those on which leaders speak to everybody: the first of the year, 1 July."""
    spans = [
        (dt.date(year, month, 1), dt.date(year, month, 6))
        for year in {start.year, end.year}
        for month in (1, 7)
    ]
    eve = [(dt.date(start.year, 6, 28), dt.date(start.year, 6, 30))]
    return any(start <= last and first <= end for first, last in [*spans, *eve])
