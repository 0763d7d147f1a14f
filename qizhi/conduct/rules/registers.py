"""Until when a report is due, how many are drawn and who: arithmetic that anybody can do again."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction


class Standing(StrEnum):
    """How a report stands on a day."""

    DONE = "done"
    LATE = "late"
    DUE = "due"
    MISSING = "missing"
    NA = "na"


def standing(
    due_on: dt.date, handed_in_on: dt.date | None, today: dt.date, left_on: dt.date | None = None
) -> Standing:
    """How a report stands: handed in, handed in late, not due yet, missing, or of somebody who left before.

    Args:
        due_on: last day on which it is in time.
        handed_in_on: the day of the report, if there is one.
        today: the day of reckoning; what lies after it has not happened yet.
        left_on: last day of the person at the body; who left before the report was due owes none.
    """
    if handed_in_on is not None and handed_in_on <= today:
        return Standing.DONE if handed_in_on <= due_on else Standing.LATE
    if left_on is not None and left_on < due_on:
        return Standing.NA
    return Standing.DUE if today <= due_on else Standing.MISSING


def change_due(happened_on: dt.date, days: int) -> dt.date:
    """The last day for reporting a change: so many days after it, all days counted (PM-03)."""
    return happened_on + dt.timedelta(days=days)


def sample_size(number: int, share: Fraction) -> int:
    """How many are drawn from so many: rounded up (PM-04); 44 and 1/10 give 5."""
    return math.ceil(number * share)


def draw(numbers: Iterable[str], size: int, seed: str) -> list[str]:
    """Those drawn: the `size` smallest SHA-256 sums of `seed|number`, so that anybody can draw again.

    Args:
        numbers: staff numbers of all who may be drawn; their order makes no difference.
        size: how many.
        seed: words said before the draw, such as the day and who watched it.
    """
    return sorted(set(numbers), key=lambda number: (lot(number, seed), number))[:size]


def lot(number: str, seed: str) -> str:
    """The sum by which a staff number takes its place in the draw."""
    return hashlib.sha256(f"{seed}|{number}".encode()).hexdigest()


def share_words(share: Fraction) -> str:
    """1/10 as 10%; what is no whole per cent stays a fraction."""
    percent = share * 100
    return f"{percent.numerator}%" if percent.denominator == 1 else f"{share.numerator}/{share.denominator}"
