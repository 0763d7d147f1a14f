"""Who held which post: offices bring some posts with them, branches elect the others."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import field
from typing import Any

from qizhi.core.values import dataclass
from qizhi.org.enums import MemberStatus, Role
from qizhi.org.models import Post
from qizhi.sample.agenda import Agenda
from qizhi.sample.organisation import Branch, Organisation, branch_stays
from qizhi.sample.people import People
from qizhi.sample.rows import Rows, chance, words
from qizhi.sample.staff import LEADERS, ONE_DAY, START, Seat, Staff, Tenure, Workforce

TERM_YEARS = 3
REPLACED_AT_ELECTION = 0.35
SETTLED = dt.timedelta(days=150)
"""Nobody is elected who will be gone within this time, as far as it is known."""
WAIT = dt.timedelta(days=20)
Suits = Callable[[Staff, dt.date], int]
"""How well somebody suits a post on a day; the best are drawn from."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who could hold a post between two days."""

    staff: Staff
    from_on: dt.date
    to_on: dt.date | None

    def is_there(self, day: dt.date, *, stays: bool) -> bool:
        """Whether they are there on the day, and (`stays`) for some time to come."""
        needed = day + SETTLED if stays else day
        return self.from_on <= day and (self.to_on is None or self.to_on >= needed)


@dataclass(frozen=True)
class Place:
    """A post to fill: where, as what, from when to when, and the days of its elections."""

    unit: str
    role: Role
    title: str
    number: int
    from_on: dt.date
    to_on: dt.date | None
    elections: tuple[dt.date, ...] = ()


@dataclass
class Posts:
    """All posts of the bureau."""

    rows: Rows
    organisation: Organisation
    workforce: Workforce
    people: People
    agenda: Agenda
    number: int
    last_day: dt.date
    busy: dict[int, list[tuple[dt.date, dt.date | None]]] = field(default_factory=lambda: defaultdict(list))
    """Days on which somebody holds an elected or appointed post already: nobody gets two at a time."""

    def make(self) -> None:
        """Offices first, then officers, then branches."""
        for tenure in self.workforce.tenures:
            self._office(tenure)
        for officer in words("organisation")["officers"]:
            for number in range(officer["seats"]):
                place = Place(LEADERS, Role(officer["role"]), officer["title"], number, START, None)
                self._fill(place, self._workers_of(officer["department"]), _anybody)
        for branch in self.organisation.branches:
            self._branch(branch)

    def _office(self, tenure: Tenure) -> None:
        said = words("organisation")
        leader = next((one for one in said["leaders"] if one["code"] == tenure.seat.code), None)
        if leader is not None:
            self._post(tenure, LEADERS, Role.LEADER, leader["title"])
            self._post(tenure, "pg", Role(leader["party_role"]))
            self._post(tenure, "cg", Role.CENTRE_GROUP_MEMBER)
            if "committee_role" in leader:
                self._post(tenure, "oc", Role(leader["committee_role"]))
        elif tenure.seat.code.endswith("-head"):
            department = tenure.seat.place
            self._post(tenure, department, Role.DEPARTMENT_HEAD, tenure.seat.title)
            if department in said["centre_departments"]:
                self._post(tenure, "cg", Role.CENTRE_GROUP_MEMBER)
            if department in said["committee_departments"]:
                self._post(tenure, "oc", Role.COMMITTEE_MEMBER)
            if department == said["study_secretary_department"]:
                self._post(tenure, "cg", Role.STUDY_SECRETARY)

    def _post(self, tenure: Tenure, unit: str, role: Role, title: str = "") -> None:
        self._row(Place(unit, role, title, 0, START, None), tenure.staff, tenure.from_on, tenure.to_on)

    def _row(self, place: Place, staff: Staff, since: dt.date, end: dt.date | None) -> None:
        self.rows.add(
            Post,
            since,
            person=self.people.persons[staff.number],
            unit=self.organisation.units[place.unit],
            role=place.role,
            title=place.title,
            from_on=since,
            to_on=end,
        )

    def _workers_of(self, department: str) -> list[Candidate]:
        """Staff of a department as long as they hold no office."""
        return [
            Candidate(staff, stay.from_on, end)
            for staff in self.workforce.people
            for stay in staff.stays
            if stay.place == department
            for end in [_first(stay.to_on, self._before_office(staff))]
            if end is None or end >= stay.from_on
        ]

    def _before_office(self, staff: Staff) -> dt.date | None:
        appointed = (tenure.from_on for tenure in self.workforce.tenures if tenure.staff is staff)
        first = min(appointed, default=None)
        return first - ONE_DAY if first else None

    def _office_on(self, staff: Staff, day: dt.date) -> Seat | None:
        return next(
            (
                tenure.seat
                for tenure in self.workforce.tenures
                if tenure.staff is staff
                and tenure.from_on <= day
                and (tenure.to_on is None or day <= tenure.to_on)
            ),
            None,
        )

    def _suits_secretary(self, staff: Staff, day: dt.date) -> int:
        """Heads and deputies of departments first, those with seats in the centre group or committee last."""
        said = words("organisation")
        seat = self._office_on(staff, day)
        if seat is None or seat.place == LEADERS:
            return int(seat is None) * 2
        if not seat.code.endswith("-head"):
            return 2
        return 1 if seat.place in {*said["centre_departments"], *said["committee_departments"]} else 3

    def _branch(self, branch: Branch) -> None:
        titles: dict[str, Any] = words("organisation")["titles"]
        elections = tuple(self._elections(branch))
        members = self._full_members(branch)
        self._fill(
            Place(
                branch.code, Role.SECRETARY, titles["secretary"], 0, branch.from_on, branch.to_on, elections
            ),
            members,
            self._suits_secretary,
        )
        if branch.committee:
            names = titles[
                "committee" if branch.committee == len(titles["committee"]) + 1 else "small_committee"
            ]
            for number, title in enumerate(names):
                is_deputy = number == 0 and len(names) == len(titles["committee"])
                role = Role.DEPUTY_SECRETARY if is_deputy else Role.BRANCH_COMMITTEE_MEMBER
                since = branch.committee_from_on
                place = Place(branch.code, role, title, number, since, branch.to_on, elections)
                self._fill(place, members, _is_no_leader)
        for number, code in enumerate(branch.group_codes):
            place = Place(code, Role.GROUP_LEADER, titles["group_leader"], 0, branch.from_on, branch.to_on)
            in_group = [c for c in members if c.staff.number % branch.groups == number]
            self._fill(place, in_group, _is_no_leader)

    def _elections(self, branch: Branch) -> Iterator[dt.date]:
        first = START.year + int(branch.code[1:]) % TERM_YEARS
        for year in range(first, self.last_day.year + 1, TERM_YEARS):
            found = self.agenda.congress_from(branch, dt.date(year, 4, 1), quarters=3)
            if found is not None and found > branch.from_on:
                yield found

    def _full_members(self, branch: Branch) -> list[Candidate]:
        found = []
        for staff in self.workforce.people:
            full_from = next((day for day, status in staff.standing if status == MemberStatus.FULL), None)
            for stay in branch_stays(staff) if full_from is not None else []:
                since = max(stay.from_on, full_from or stay.from_on)
                if stay.branch == branch.code and (stay.to_on is None or since <= stay.to_on):
                    found.append(Candidate(staff, since, stay.to_on))
        return found

    def _fill(self, place: Place, pool: list[Candidate], suits: Suits) -> None:
        day, last = place.from_on, min(place.to_on or self.last_day, self.last_day)
        while day <= last:
            chosen = self._choose(place, pool, suits, day)
            if chosen is None:
                day += WAIT
                continue
            end = self._end_of_tenure(place, chosen, day)
            self._row(place, chosen.staff, day, end)
            self.busy[chosen.staff.number].append((day, end))
            day = (end or last) + ONE_DAY

    def _choose(self, place: Place, pool: list[Candidate], suits: Suits, day: dt.date) -> Candidate | None:
        there = [c for c in pool if c.is_there(day, stays=True) and self._is_free(c.staff, day)]
        there = there or [c for c in pool if c.is_there(day, stays=False) and self._is_free(c.staff, day)]
        if not there:
            return None
        draw = chance(self.number, "post", place.unit, place.role, place.number, day)
        best = max(suits(candidate.staff, day) for candidate in there)
        return draw.choice([c for c in there if suits(c.staff, day) == best])

    def _is_free(self, staff: Staff, day: dt.date) -> bool:
        return not any(since <= day and (end is None or day <= end) for since, end in self.busy[staff.number])

    def _end_of_tenure(self, place: Place, chosen: Candidate, day: dt.date) -> dt.date | None:
        ends = [chosen.to_on, place.to_on]
        ends += [since - ONE_DAY for since, _ in self.busy[chosen.staff.number] if since > day]
        for election in place.elections:
            draw = chance(self.number, "election", place.unit, place.role, place.number, election)
            if election > day and draw.random() < REPLACED_AT_ELECTION:
                ends.append(election - ONE_DAY)
        return _first(*ends)


def _first(*days: dt.date | None) -> dt.date | None:
    return min((day for day in days if day is not None), default=None)


def _anybody(_staff: Staff, _day: dt.date) -> int:
    return 1


def _is_no_leader(staff: Staff, _day: dt.date) -> int:
    return int(not staff.home)
