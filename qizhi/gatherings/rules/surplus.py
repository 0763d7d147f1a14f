"""Whether an election had enough more candidates than seats (差额), by the share that the day's text asks."""

from __future__ import annotations

from fractions import Fraction

from qizhi.core.values import dataclass

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class SurplusJudged:
    """Whether there were candidates enough, and the sentence that says why (Chinese).

    `is_known`: both numbers are written down.
    """

    is_enough: bool
    sentence: str
    is_known: bool = True


def least_surplus(seats: int, share: Fraction) -> int:
    """The fewest candidates beyond the seats: the share of the seats, a part of one counts as one.

    Five seats and 20 % ask for one more, six for two.
    """
    product = share * seats
    return -(-product.numerator // product.denominator)


def say_share(share: Fraction) -> str:
    """A share as the text says it: 20%; 1/3 where it is no whole percentage."""
    whole = share * HUNDRED
    return f"{whole.numerator}%" if whole.denominator == 1 else f"{share.numerator}/{share.denominator}"


def judge_surplus(candidates: int | None, seats: int | None, share: Fraction) -> SurplusJudged:
    """Judge an election by the share that its text asks; unknown while one of the numbers is not given."""
    if candidates is None or seats is None:
        lacking = "应选人数" if seats is None else "候选人数"
        sentence = f"没有登记{lacking}，不能判断候选人差额是否够。"
        return SurplusJudged(is_enough=False, sentence=sentence, is_known=False)
    least, surplus = least_surplus(seats, share), candidates - seats
    said = f"候选人 {candidates} 人，应选 {seats} 人，"
    said += f"差额 {surplus} 人" if surplus > 0 else "没有差额" if not surplus else f"少 {-surplus} 人"
    asked = f"应选人数的{say_share(share)}（至少 {least} 人）"
    if surplus >= least:
        return SurplusJudged(is_enough=True, sentence=f"{said}，不少于{asked}。")
    return SurplusJudged(is_enough=False, sentence=f"{said}，少于{asked}。")
