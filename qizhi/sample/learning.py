"""What people learn beyond gatherings: courses completed on learning platforms."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qizhi.org.enums import BRANCH_COMMITTEE_ROLES
from qizhi.org.models import DatedRow, Membership, Person, Post
from qizhi.sample.agenda import Agenda
from qizhi.sample.diary import Diary
from qizhi.sample.rows import chance, words
from qizhi.study.enums import Origin
from qizhi.study.models import Completion, Course

MOST_COURSES = 2
SELF_SHARE = 0.1
SCHOOL_MONTH = 9


@dataclass
class Learning:
    """Writes courses and who completed them."""

    diary: Diary
    agenda: Agenda
    number: int

    def __post_init__(self) -> None:
        """Read the words and write the courses."""
        self.rows, self.until = self.diary.rows, self.diary.until
        said: dict[str, Any] = words("learning")
        self._first: int = said["first_year"]
        start = dt.date(self._first, 1, 1)
        made = [
            self.rows.add(
                Course,
                start,
                name=one["name"],
                provider=one["provider"],
                hours=Decimal(one["hours"]),
                is_central=one["name"] == said["leaders"],
            )
            for one in said["courses"]
        ]
        self._school = next(one for one in made if one.name == said["leaders"])
        self._courses = [one for one in made if one is not self._school]

    def tell(self) -> None:
        """A member completes up to two courses a year, somebody on a committee a longer one besides.

        Asked of the day of completion, so that a later last day adds courses and changes none.
        """
        members, leaders = (
            _by_person(self.rows.of(Membership)),
            _by_person(post for post in self.rows.of(Post) if post.role in BRANCH_COMMITTEE_ROLES),
        )
        for person in list(self.rows.of(Person)):
            for year in range(self._first, self.until.year + 1):
                self._year(person, year, members[person.pk])
                day = self._day(person, year, SCHOOL_MONTH)
                if _holds(leaders[person.pk], day):
                    self._complete(person, self._school, day, Origin.IMPORTED)

    def _year(self, person: Person, year: int, held: list[DatedRow]) -> None:
        draw = chance(self.number, "courses", person.staff_no, year)
        for course in draw.sample(self._courses, draw.randint(0, MOST_COURSES)):
            day, is_own = self._day(person, year, draw.randint(2, 12)), draw.random() < SELF_SHARE
            if _holds(held, day):
                self._complete(person, course, day, Origin.SELF if is_own else Origin.IMPORTED)

    def _day(self, person: Person, year: int, month: int) -> dt.date:
        return self.agenda.in_month(("course", person.staff_no), year, month, 3, 25)

    def _complete(self, person: Person, course: Course, day: dt.date, origin: Origin) -> None:
        if day <= self.until:
            self.rows.add(
                Completion,
                day,
                course=course,
                person=person,
                hours=course.hours,
                completed_on=day,
                origin=origin,
            )


def _by_person(rows: Iterable[Any]) -> dict[uuid.UUID, list[DatedRow]]:
    found: dict[uuid.UUID, list[DatedRow]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def _holds(rows: Iterable[DatedRow], day: dt.date) -> bool:
    return any(row.holds(day) for row in rows)
