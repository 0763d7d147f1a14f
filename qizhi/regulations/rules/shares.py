"""Shares of people: fractions, floored."""

from __future__ import annotations

from fractions import Fraction


def floored_cap(share: Fraction, of: int) -> int:
    """How many of `of` people a cap allows, rounded down so that the cap is never exceeded.

    One third of 12 is 4, 20 % of 47 is 9. Shares are fractions: a third written 0.33 would allow 3 of 12.
    The product is taken exactly; ValueError when `share` lies outside 0…1 or `of` is negative.

    Source: the caps of the yearly appraisal notices ("一般不超过…").
    """
    if not 0 <= share <= 1 or of < 0:
        message = f"a cap needs a share between 0 and 1 and a number of people, not {share} of {of}"
        raise ValueError(message)
    return share.numerator * of // share.denominator
