"""Shares of people: fractions, floored where they cap, and exact where they ask."""

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


def least_of(share: Fraction, of: int, *, is_floored: bool = False) -> int:
    """How many of `of` make up a share at least: four fifths of 11 are 9, floored 8.

    `present >= least_of(share, due)` says exactly the same as `present / due >= share`: nothing is rounded
    before it is compared. With `is_floored` the number asked for is cut to whole people first, for texts
    that say so. ValueError as for `floored_cap`.
    """
    floored = floored_cap(share, of)
    return floored if is_floored or share * of == floored else floored + 1


def say_share(share: Fraction) -> str:
    """A share as texts write it: 4/5, 全部."""
    return "全部" if share == 1 else f"{share.numerator}/{share.denominator}"
