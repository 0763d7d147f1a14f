"""The sums of the benchmark, on plain numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed (nearest rank).

    Raises:
        ValueError: no values, or a percentage outside 0 to 100.
    """
    if not values or not 0 < percent <= 100:
        raise ValueError("a percentile wants values and a percentage above 0, at most 100")
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def median(values: Sequence[float]) -> float:
    """The middle of the values; of an even number of values the lower one of the two."""
    return percentile(values, 50)


def rate(count: int, seconds: float) -> float:
    """How many a second; 0 where no time passed."""
    return count / seconds if seconds > 0 else 0.0


def growth(small: float, large: float) -> float:
    """How many times as large the second is; infinite if it grew from nothing."""
    if small > 0:
        return large / small
    return math.inf if large > 0 else 1.0
