"""How many a branch and its committee may and must be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qizhi.core.values import dataclass

FULL_MEMBERS, MEMBERS, COMMITTEE_MEMBERS = "full_members", "members", "committee_members"
SIZES_OF = {FULL_MEMBERS: "正式党员", MEMBERS: "党员", COMMITTEE_MEMBERS: "支部委员会成员"}


@dataclass(frozen=True)
class Sizes:
    """A branch on a day: full members, all members, different people in its committee."""

    full_members: int
    members: int
    committee_members: int

    def of(self, what: str) -> int:
        """One of the numbers, by its key in `SIZES_OF`."""
        number: int = getattr(self, what)
        return number


@dataclass(frozen=True)
class SizeJudged:
    """How a branch stands to a clause on numbers.

    Attributes:
        required: Chinese; the bounds.
        actual: Chinese; the number, or why nothing is asked.
        is_wrong: outside what must be.
        is_unusual: inside what must be, outside what usually is.
        is_not_asked: the branch is too small for the clause.
    """

    required: str
    actual: str
    is_wrong: bool = False
    is_unusual: bool = False
    is_not_asked: bool = False


def judge_size(sizes: Sizes, bounds: Mapping[str, Any]) -> SizeJudged:
    """Numbers against the bounds of a clause (BR-15, BR-16, BR-18), by the names of its parameters.

    An empty bound bounds nothing. Whoever has a committee without being asked to is held to its upper bounds.
    """
    number, least, most = sizes.of(bounds["of"]), bounds["at_least"] or 0, bounds["at_most"]
    usual, required_from = bounds["usually_at_most"], bounds["required_from"] or 0
    words = [
        f"至少{least}人" if least else "",
        f"至多{most}人" if most else "",
        f"一般至多{usual}人" if usual else "",
    ]
    required = f"{SIZES_OF[bounds['of']]}{'，'.join(filter(None, words))}"
    actual = f"现有{number}人"
    is_asked = sizes.full_members >= required_from
    if not is_asked and not number:
        why = f"正式党员{sizes.full_members}名，不到{required_from}名，不要求"
        return SizeJudged(required, why, is_not_asked=True)
    is_wrong = (is_asked and number < least) or bool(most and number > most)
    return SizeJudged(required, actual, is_wrong, not is_wrong and bool(usual and number > usual))
