"""Who keeps contact with which branch, and the leaders who came to hear it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qizhi.branch_life.enums import ContactKind
from qizhi.branch_life.models import Contact
from qizhi.gatherings.enums import Ledger, VisitorRole
from qizhi.org.enums import Role
from qizhi.org.models import Person
from qizhi.sample.agenda import THEME_BRANCH, VISITED_ON
from qizhi.sample.diary import Diary, Key
from qizhi.sample.organisation import Branch
from qizhi.sample.rows import chance, words
from qizhi.sample.staff import ONE_DAY, START

COMMITTEE = (Role.COMMITTEE_SECRETARY, Role.COMMITTEE_MEMBER)
LEADING = (Role.PARTY_GROUP_SECRETARY, Role.PARTY_GROUP_MEMBER)
LEADER_VISIT_SHARE = 0.7
"""Years in which the leader who answers for a branch comes to one of its theme days."""
Find = Callable[[str, dt.date], Person | None]


def contact_on(diary: Diary, code: str, day: dt.date) -> Person:
    """The member of the organ committee who keeps contact with a branch on a day; never one of its own."""
    own = {person.pk for person in diary.due(code, day, [Key.CONGRESS])}
    contacts = [person for person in diary.holders("oc", day, *COMMITTEE) if person.pk not in own]
    return contacts[int(code[1:]) % len(contacts)]


@dataclass
class Contacts:
    """Writes the contacts of all branches, month by month, and the visits of leaders."""

    diary: Diary
    number: int

    def tell(self, branch: Branch) -> None:
        """The contacts of a branch from its first day to the last."""
        self._row_by_row(branch, ContactKind.CONTACT, self._contact, 1 + int(branch.code[1:]) % 2)
        self._row_by_row(branch, ContactKind.GUIDANCE, self._leader, None)
        if branch.code == THEME_BRANCH:
            self._secretary(branch)
        for year in range(START.year, self.diary.until.year + 1):
            self._leader_comes(branch, year)

    def _contact(self, code: str, day: dt.date) -> Person | None:
        return contact_on(self.diary, code, day)

    def _leader(self, code: str, day: dt.date) -> Person | None:
        own = {person.pk for person in self.diary.due(code, day, [Key.CONGRESS])}
        leaders = [one for one in self.diary.holders("pg", day, *LEADING) if one.pk not in own]
        return leaders[int(code[1:]) % len(leaders)] if leaders else None

    def _row_by_row(self, branch: Branch, kind: ContactKind, find: Find, visits: int | None) -> None:
        """One row for as long as the same person answers for the branch."""
        last: Contact | None = None
        for day in _months(branch, self.diary.until):
            person = find(branch.code, day)
            if last is not None and person is not None and last.person_id == person.pk:
                continue
            if last is not None:
                last.to_on = day - ONE_DAY
            last = self._add(branch, kind, person, day, visits) if person else None
        if last is not None:
            last.to_on = branch.to_on

    def _add(
        self, branch: Branch, kind: ContactKind, person: Person, day: dt.date, visits: int | None
    ) -> Contact:
        unit = self.diary.units[branch.code]
        return self.diary.rows.add(
            Contact, day, person=person, unit=unit, kind=kind, visits_a_year=visits, from_on=day
        )

    def _secretary(self, branch: Branch) -> None:
        """The visit of the source description was planned: the secretary answered for it that year."""
        secretary = self.diary.holder("oc", Role.COMMITTEE_SECRETARY, VISITED_ON)
        first = dt.date(VISITED_ON.year, 1, 1)
        if secretary is not None and first <= self.diary.until:
            row = self._add(branch, ContactKind.CONTACT, secretary, first, 1)
            row.to_on = dt.date(VISITED_ON.year, 12, 31)

    def _leader_comes(self, branch: Branch, year: int) -> None:
        draw = chance(self.number, "leader visit", branch.code, year)
        month, comes = draw.randint(2, 11), draw.random() < LEADER_VISIT_SHARE
        held = self.diary.held.get((branch.code, Ledger.THEME_DAY, year, month)) if comes else None
        if not held:
            return
        gathering = held[0]
        leader = self._leader(branch.code, gathering.held_on.replace(day=1))
        if leader is not None and self.diary.leave(leader, gathering.held_on) is None:
            comment = draw.choice(words("topics")["comments"])
            self.diary.visit(gathering, leader, VisitorRole.AUDITOR, comment)


def _months(branch: Branch, until: dt.date) -> Iterator[dt.date]:
    """The first day of a branch, and the first of every month of its life after that."""
    day = max(branch.from_on, START)
    while branch.exists_on(day) and day <= until:
        yield day
        day = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
