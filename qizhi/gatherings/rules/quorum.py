"""Whether enough members of a committee came to its meeting (BR-05)."""

from __future__ import annotations

from fractions import Fraction

from qizhi.core.values import dataclass

COMMITTEE_SIZE = 3
"""A committee exists when at least three of its posts are held by different people (BR-18: 3 to 5)."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who was on the committee on the day of a meeting, and how many of them came.

    Attributes:
        members: how many held a post in the committee.
        present: how many of them came; those who made up for it later did not.
        gap: Chinese; why that cannot be known, empty when it can.
    """

    members: int
    present: int
    gap: str = ""


@dataclass(frozen=True, slots=True)
class QuorumJudged:
    """What comes of it; `is_asked` is false where there is no committee, and `reason` says so."""

    is_asked: bool
    is_known: bool
    is_met: bool
    least: int
    reason: str


def judge_quorum(sitting: Sitting, share: Fraction, *, includes_exactly: bool) -> QuorumJudged:
    """Whole people against a fraction; exactly the share is enough where the text says so.

    Nobody can say how many came where only numbers of a larger circle or a month are written down.
    """
    if sitting.gap:
        return QuorumJudged(is_asked=True, is_known=False, is_met=False, least=0, reason=sitting.gap)
    if sitting.members < COMMITTEE_SIZE:
        reason = f"当日支部委员{sitting.members}人，不足{COMMITTEE_SIZE}人，没有支部委员会"
        return QuorumJudged(is_asked=False, is_known=True, is_met=True, least=0, reason=reason)
    product = share * sitting.members
    least = -(-product.numerator // product.denominator)
    if not includes_exactly and least == product:
        least += 1
    reason = f"委员{sitting.members}人，到会{sitting.present}人"
    is_met = sitting.present >= least
    said = f"{reason}，{'达到' if is_met else '不足'}至少{least}人"
    return QuorumJudged(is_asked=True, is_known=True, is_met=is_met, least=least, reason=said)
