"""Documents to be finished in time: most were, some late, some with more time, some in other hands."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from qizhi.core import clock
from qizhi.org.enums import Role, UnitKind
from qizhi.org.models import Person, Placement, Post, Unit
from qizhi.sample.agenda import Agenda
from qizhi.sample.diary import Diary
from qizhi.sample.rows import chance, words
from qizhi.sample.staff import ONE_DAY
from qizhi.tasks.enums import ExtensionState
from qizhi.tasks.models import Document, Extension, Handling

FIRST_YEAR = 2017
A_MONTH = 6
DECEMBER = 12
IN_TIME, WITHIN_GRACE, TOO_LATE = 0.86, 0.93, 0.97
"""Up to these shares; the rest was never finished, but for what is still within its time."""
EXTENDED, HANDED, WRITTEN_LATER = 0.06, 0.05, 0.1
TERMS = (3, 5, 5, 10, 15)


@dataclass
class Documents:
    """Writes the register of one bureau, month by month."""

    diary: Diary
    agenda: Agenda
    number: int
    counts: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        """Who works where, and who heads what."""
        self.said: dict[str, Any] = words("incoming")
        self.placements: dict[str, list[Placement]] = defaultdict(list)
        for place in self.diary.rows.of(Placement):
            self.placements[place.unit.code].append(place)
        units = self.diary.units.values()
        self.departments = [unit for unit in units if unit.kind == UnitKind.DEPARTMENT]

    def tell(self) -> None:
        """Everything that had come in by the last day."""
        for year in range(FIRST_YEAR, self.diary.until.year + 1):
            for month in range(1, DECEMBER + 1):
                for place in range(A_MONTH):
                    self._one(year, month, place)
        self._vector()

    def _one(self, year: int, month: int, place: int) -> None:
        draw = chance(self.number, "document", year, month, place)
        received_on = self.agenda.in_month(f"document {place}", year, month, 1, 26)
        self.counts[year] += 1
        if received_on > self.diary.until:
            return
        said = draw.choice(self.said["said"])
        there = [unit for unit in self.departments if unit.from_on <= received_on]
        unit = draw.choice(there)
        handler = self._worker(unit, received_on, draw)
        if handler is None:
            return
        days = draw.choice(TERMS) if draw.random() < 0.7 else None  # noqa: PLR2004 - most name working days
        due_on = self.later(received_on, days or draw.randint(6, 18))
        document = self.diary.rows.add(
            Document,
            received_on,
            number=f"{self.said['prefixes'][said['sender']]}〔{year}〕{self.counts[year]}号",
            title=said["title"],
            sender=said["sender"],
            kind=said["kind"],
            received_on=received_on,
            due_on=None if days else due_on,
            working_days=days,
            recorded_at=_at(received_on, 16),
        )
        handling = self._hands(document, unit, handler, received_on)
        if draw.random() < HANDED:
            handling = self._hand_over(handling, due_on, draw)
        since = handling.from_on
        if draw.random() < EXTENDED:
            since, due_on = self._extend(handling, due_on, draw)
        self._end(document, since, due_on, draw)

    def _worker(self, unit: Unit, day: dt.date, draw: random.Random) -> Person | None:
        there = [one.person for one in self.placements[unit.code] if one.holds(day)]
        return draw.choice(there) if there else None

    def _hands(
        self, document: Document, unit: Unit, person: Person, day: dt.date, because: str = ""
    ) -> Handling:
        return self.diary.rows.add(
            Handling, day, document=document, person=person, unit=unit, from_on=day, because=because
        )

    def _hand_over(self, handling: Handling, due_on: dt.date, draw: random.Random) -> Handling:
        """To a colleague, half-way to the last day."""
        day = self.agenda.after(handling.from_on + (due_on - handling.from_on) / 2)
        other, because = self._worker(handling.unit, day, draw), draw.choice(self.said["handed"])
        if other is None or other == handling.person or not handling.from_on < day <= self.diary.until:
            return handling
        handling.to_on = day - ONE_DAY
        return self._hands(handling.document, handling.unit, other, day, because)

    def _extend(self, handling: Handling, due_on: dt.date, draw: random.Random) -> tuple[dt.date, dt.date]:
        """More time, asked for before the last day and approved by the head: since when, and until when."""
        asked_on = max(handling.from_on, self.agenda.before(due_on - ONE_DAY))
        decided_on = min(self.agenda.after(asked_on + ONE_DAY), due_on)
        until, because = self.later(due_on, draw.randint(3, 8)), draw.choice(self.said["reasons"])
        head = self._decider(handling, decided_on)
        if head is None or asked_on > self.diary.until:
            return handling.from_on, due_on
        is_decided = decided_on <= self.diary.until
        self.diary.rows.add(
            Extension,
            asked_on,
            document=handling.document,
            until=until,
            because=because,
            asked_on=asked_on,
            asked_by=handling.person,
            state=ExtensionState.APPROVED if is_decided else ExtensionState.ASKED,
            approved_until=until if is_decided else None,
            decided_on=decided_on if is_decided else None,
            decided_by=head if is_decided else None,
        )
        return decided_on, until

    def _decider(self, handling: Handling, day: dt.date) -> Person | None:
        """The head of the department, or an officer of Party affairs where the head has it in hand."""
        held = [post for post in self.diary.rows.of(Post) if post.holds(day)]
        heads = [
            post.person
            for post in held
            if post.role == Role.DEPARTMENT_HEAD and post.unit.pk == handling.unit.pk
        ]
        officers = [post.person for post in held if post.role == Role.AFFAIRS_OFFICER]
        return next((one for one in [*heads, *officers] if one != handling.person), None)

    def _end(self, document: Document, since: dt.date, due_on: dt.date, draw: random.Random) -> None:
        luck = draw.random()
        if luck < IN_TIME:
            days = draw.randint(0, max((due_on - since).days, 0))
            day = min(self.agenda.after(since + dt.timedelta(days=days)), due_on)
        elif luck < WITHIN_GRACE:
            day = self.later(due_on, draw.randint(1, 2))
        elif luck < TOO_LATE:
            day = self.later(due_on, draw.randint(3, 9))
        else:
            day = self.later(due_on, draw.randint(12, 30))
        self._finish(document, day, draw)

    def _finish(self, document: Document, day: dt.date, draw: random.Random) -> None:
        written_on = self.later(day, 2) if draw.random() < WRITTEN_LATER else day
        if written_on > self.diary.until:
            return
        document.done_on = day
        document.done_recorded_at = _at(written_on, 17)
        document.result = draw.choice(self.said["results"])

    def later(self, day: dt.date, working_days: int) -> dt.date:
        """So many working days after a day."""
        for _ in range(working_days):
            day = self.agenda.after(day + ONE_DAY)
        return day

    def _vector(self) -> None:
        """The worked example: three working days late, and two."""
        said = self.said["vector"]
        received_on = said["received_on"]
        if received_on > self.diary.until:
            return
        for place, one in enumerate(said["documents"]):
            draw = chance(self.number, "document vector", place)
            unit = self.diary.units[one["department"]]
            handler = self._worker(unit, received_on, draw)
            if handler is None:
                continue
            document = self.diary.rows.add(
                Document,
                received_on,
                number=one["number"],
                title=one["title"],
                sender=one["sender"],
                received_on=received_on,
                due_on=said["due_on"],
                recorded_at=_at(received_on, 16),
            )
            self._hands(document, unit, handler, received_on)
            self._finish(document, one["done_on"], draw)


def _at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), clock.ZONE)
