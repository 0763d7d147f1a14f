"""Talks: who with whom and when. Nearly everybody has one a year; in one branch some have none."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from qizhi.branch_life.models import Talk
from qizhi.core import clock
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, Role
from qizhi.org.models import Person
from qizhi.sample.agenda import Agenda
from qizhi.sample.diary import Diary, Key
from qizhi.sample.organisation import SMALL_BRANCH, Branch
from qizhi.sample.rows import chance

WITHOUT_SHARE = 0.35
"""Members of the small branch who have no talk in a year."""
MONTH_ONLY_SHARE = 0.1


@dataclass
class Talks:
    """Writes the talks of branches."""

    diary: Diary
    agenda: Agenda
    number: int
    seen: set[tuple[object, ...]] = field(default_factory=set)

    def tell(self, branch: Branch, year: int) -> None:
        """A year of a branch: a talk for each who is a member at its end."""
        last = self.agenda.before(min(branch.to_on or dt.date.max, dt.date(year, 12, 31)))
        if not branch.exists_on(last) or last.year != year:
            return
        for person in self.diary.due(branch.code, last, [Key.CONGRESS]):
            draw = chance(self.number, "talk", branch.code, year, person.staff_no)
            if branch.code == SMALL_BRANCH and draw.random() < WITHOUT_SHARE:
                continue
            day = self.agenda.in_month(f"talk {person.staff_no}", year, draw.randint(2, 12), 3, 24)
            is_there = person in self.diary.due(branch.code, day, [Key.CONGRESS])
            self._talk(branch, person, day if is_there else last, draw)

    def _talk(self, branch: Branch, person: Person, day: dt.date, draw: random.Random) -> None:
        other = self._partner(branch, person, day, draw)
        if day > self.diary.until or other is None:
            return
        is_month_only = draw.random() < MONTH_ONLY_SHARE
        kept = day.replace(day=1) if is_month_only else day
        one, two = sorted((person, other), key=lambda one: one.pk)
        if (one.pk, two.pk, kept, is_month_only) in self.seen:
            return
        self.seen.add((one.pk, two.pk, kept, is_month_only))
        self.diary.rows.add(
            Talk,
            day,
            unit=self.diary.units[branch.code],
            one=one,
            other=two,
            held_on=kept,
            is_month_only=is_month_only,
            recorded_at=dt.datetime.combine(day, dt.time(17, draw.randint(0, 59)), clock.ZONE),
        )

    def _partner(self, branch: Branch, person: Person, day: dt.date, draw: random.Random) -> Person | None:
        """Mostly the secretary, else somebody of the committee, else any other member."""
        members = self.diary.due(branch.code, day, [Key.CONGRESS])
        others = [one for one in members if one.pk != person.pk]
        keys = {one.pk for one in others}
        leading = [p for p in self.diary.holders(branch.code, day, Role.SECRETARY) if p.pk in keys]
        committee = [p for p in self.diary.holders(branch.code, day, *BRANCH_COMMITTEE_ROLES) if p.pk in keys]
        if leading and draw.random() < 0.6:  # noqa: PLR2004
            return leading[0]
        if committee and draw.random() < 0.7:  # noqa: PLR2004
            return draw.choice(committee)
        return draw.choice(others) if others else None
