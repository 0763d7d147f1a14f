"""Calls for essays and maxims, what was handed in, and what was sent on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qizhi.culture.enums import WorkState
from qizhi.culture.models import Call, Work, WorkKind
from qizhi.culture.services import standard_work_kinds
from qizhi.org.models import Membership, Unit
from qizhi.sample.agenda import Agenda
from qizhi.sample.diary import Diary
from qizhi.sample.rows import chance, words
from qizhi.sample.staff import START

SENT_AFTER = dt.timedelta(days=20)


@dataclass
class Calls:
    """Writes the calls of the list of words; who writes is drawn from the members of the day."""

    diary: Diary
    agenda: Agenda
    number: int

    def tell(self) -> None:
        """Each call with its works: as many as it says, the first of them selected and sent on."""
        self._kinds()
        for said in words("calls")["calls"]:
            if said["opened_on"] <= self.diary.until:
                self._call(said)

    def _kinds(self) -> None:
        """The kinds that come with the product, and what the office added."""
        rows = self.diary.rows
        for kind in standard_work_kinds(rows.bureau):
            rows.adopt(kind, START)
        for said in words("calls")["kinds"]:
            rows.add(WorkKind, START, **said)

    def _call(self, said: dict[str, Any]) -> None:
        kind = next(one for one in self.diary.rows.of(WorkKind) if one.key == said["kind"])
        names = ("title", "opened_on", "due_on", "is_blind", "note")
        unit = self.diary.units["b"]
        call = self.diary.rows.add(
            Call, said["opened_on"], kind=kind, unit=unit, **{name: said.get(name) for name in names}
        )
        call.note, call.is_blind = said.get("note", ""), bool(said.get("is_blind"))
        draw = chance(self.number, "call", call.title)
        writers = draw.sample(self._members(said["opened_on"]), said["number"])
        texts = words("calls")[said["words"]]
        for number, (person_row, text) in enumerate(
            zip(writers, self._endless(texts), strict=False), start=1
        ):
            day = said["opened_on"] + dt.timedelta(days=draw.randint(2, 40))
            if day > self.diary.until:
                break
            work = self.diary.rows.add(
                Work,
                day,
                call=call,
                number=number,
                title=f"{text}——{person_row.unit.name}的实践" if said.get("is_of_branch") else text,
                text=text if kind.is_one_line else "",
                author=person_row.person,
                unit=person_row.unit,
                handed_in_on=day,
                may_show=draw.random() < said.get("shown", 0.5),
                state=WorkState.RECEIVED.value,
            )
            self._decide(work, number, said)

    def _decide(self, work: Work, number: int, said: dict[str, Any]) -> None:
        sent_on = self.agenda.after(said["due_on"] + SENT_AFTER)
        if sent_on > self.diary.until:
            return
        is_selected = number <= said["selected"]
        work.state = (WorkState.SELECTED if is_selected else WorkState.PASSED_OVER).value
        if is_selected and said.get("sent_to"):
            work.forwarded_on, work.forwarded_to = sent_on, said["sent_to"]

    def _members(self, day: dt.date) -> list[Membership]:
        found = [
            row for row in self.diary.rows.of(Membership) if row.holds(day) and isinstance(row.unit, Unit)
        ]
        return sorted(found, key=lambda row: row.person.staff_no)

    @staticmethod
    def _endless(texts: Sequence[str]) -> Sequence[str]:
        """As many texts as wanted: said once more by somebody else where there are not enough."""
        return [*texts] * 12
