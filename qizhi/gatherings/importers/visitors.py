"""The cells that say who else was there: guests, auditors, and what a ledger keeps of their comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qizhi.core.errors import Refused
from qizhi.core.tables import BadCell
from qizhi.gatherings.enums import VisitorRole
from qizhi.gatherings.importers.people import Near, People
from qizhi.gatherings.services import VisitorFact

ROLES = {"auditors": VisitorRole.AUDITOR, "guests": VisitorRole.GUEST}
"""Role by column."""
COMMENTED = "旁听点评："


class VisitorCells:
    """The cells of one row.

    Attributes:
        problems: what is wrong with a cell; of one that could not be read nothing.
    """

    def __init__(self, people: People, values: Mapping[str, Any], near: Near) -> None:
        """Find everybody named."""
        self.problems: list[tuple[str, BadCell | Refused]] = []
        self._named: dict[str, list[VisitorFact] | None] = {
            key: self._read(people, values.get(key), near, key) for key in ROLES
        }
        self._comment: str = values.get("comment") or ""
        auditors = _only_names(people, self._comment, near) if self._comment else []
        if auditors is not None:
            self._comment = ""
        if auditors:
            self._named["auditors"] = [*(self._named["auditors"] or ()), *auditors]

    def _read(self, people: People, text: str | None, near: Near, key: str) -> list[VisitorFact] | None:
        if text is None:
            return None
        if people.counted(text) is not None:
            fix = "请写姓名；不知道姓名的写进“记录”，这一格空着"
            self.problems.append((key, BadCell(key, "只写了人数，没有写姓名", fix)))
            return None
        try:
            named = people.named(text, near)
        except Refused as problem:
            self.problems.append((key, problem))
            return None
        return [VisitorFact(one.person, one.guest_name, ROLES[key]) for one in named]

    def facts(self, minutes: str, before: Sequence[VisitorFact]) -> dict[str, Any]:
        """What the cells say, where they say something.

        Args:
            minutes: as the row gives them or as they are stored; what a ledger keeps of a comment is added.
            before: the visitors that are stored.
        """
        found: dict[str, Any] = {}
        if self._comment:
            found["minutes"] = with_comment(minutes, self._comment)
        if any(named is not None for named in self._named.values()):
            found["visitors"] = merge_visitors(self._named, before)
        return found


def _only_names(people: People, text: str, near: Near) -> list[VisitorFact] | None:
    """Auditors, where a column of comments holds nothing but names of ours; None where it says something."""
    try:
        named = people.named(text, near)
    except Refused:
        return None
    if any(one.person is None for one in named):
        return None
    return [VisitorFact(one.person, "", VisitorRole.AUDITOR) for one in named]


def merge_visitors(
    given: dict[str, list[VisitorFact] | None], before: Sequence[VisitorFact]
) -> tuple[VisitorFact, ...]:
    """The visitors after a row: a column that is empty leaves those of its role as they are.

    Whoever was there already keeps the comment; in another order they are the same.
    """
    comments = {(fact.person, fact.guest_name): fact.comment for fact in before}
    merged: list[VisitorFact] = []
    for key, role in ROLES.items():
        named = given[key]
        if named is None:
            merged += [fact for fact in before if fact.role == role]
            continue
        for fact in dict.fromkeys(named):
            comment = comments.get((fact.person, fact.guest_name), "")
            merged.append(VisitorFact(fact.person, fact.guest_name, role, comment))
    is_same = len(merged) == len(before) and all(fact in merged for fact in before)
    return tuple(before) if is_same else tuple(merged)


def with_comment(minutes: str, comment: str) -> str:
    """The minutes with what a ledger says of the comments; said once however often the ledger comes in."""
    line = comment if comment.startswith(COMMENTED) else f"{COMMENTED}{comment}"
    return minutes if line in minutes else f"{minutes}\n{line}".strip()


def word_visitors(people: People, visitors: Sequence[VisitorFact], role: str) -> str | None:
    """Those of a role as the table takes them back."""
    words = [
        people.word(fact.person) if fact.person else f"外请:{fact.guest_name}"
        for fact in visitors
        if fact.role == role
    ]
    return "、".join(words) or None
