"""The lines of a lesson's lecturers on the form: each has a capacity of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qizhi.core.errors import Refused
from qizhi.core.values import dataclass
from qizhi.gatherings import rules
from qizhi.gatherings.enums import Capacity
from qizhi.gatherings.queries.desk import Desk
from qizhi.gatherings.queries.names import Named
from qizhi.gatherings.services import LecturerFact

BY_POST = "按当时的职务判断"


@dataclass(frozen=True)
class LecturerLine:
    """A lecturer as the form shows them; `said` is empty where the posts of the day decide."""

    named: Named
    usual: str
    said: str

    @property
    def name(self) -> str:
        """What the input is called."""
        return name_of(self.named)

    @property
    def label(self) -> str:
        """Who it is."""
        return str(self.named.person or self.named.guest_name)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen; the first says what it comes to."""
        first = BY_POST if self.named.person else "外单位人员"
        return [("", f"{first}：{Capacity(self.usual).label}"), *Capacity.choices]

    @property
    def fact(self) -> LecturerFact:
        """What is recorded."""
        return LecturerFact(self.named.person, self.named.guest_name, self.said or self.usual)


def name_of(named: Named) -> str:
    """The name of a lecturer's input."""
    return f"capacity-{named.person.staff_no if named.person else named.guest_name}"


def lecturer_lines(
    desk: Desk, text: str, data: Mapping[str, Any] | None, kept: Mapping[object, str]
) -> list[LecturerLine]:
    """A line for each lecturer that a text names; none while it cannot be read.

    Args:
        desk: the people, and the posts of the lecturers on the day.
        text: the names as typed.
        data: what was sent; a lecturer without an input there (just added) has what is kept, or the usual.
        kept: capacities recorded before, by the key of the person or the name of the guest.
    """
    try:
        found = desk.book.find_all(text, desk.near)
    except Refused:
        return []
    lines = []
    for one in dict.fromkeys(found):
        roles = desk.roles.get(one.person.pk, set()) if one.person else set()
        usual = rules.capacity_of(roles) if one.person else Capacity.EXPERT.value
        before = kept.get(one.person.pk if one.person else one.guest_name, "")
        said = (data or {}).get(name_of(one), before)
        lines.append(LecturerLine(one, usual, "" if said == usual else said))
    return lines
