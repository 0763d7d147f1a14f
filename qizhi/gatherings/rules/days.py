"""Years in a row, the last day of what is known to a month, and how late something was recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from qizhi.core.periods import month_of


def streak(years: Collection[int], up_to: int, *, is_running: bool) -> list[int]:
    """The years without a gap that end with `up_to`, oldest first; a missing year starts from zero again.

    Args:
        years: years that had at least one gathering of the series.
        up_to: the last year that counts.
        is_running: whether `up_to` is not over yet; without a gathering so far it then is not held
            against the series, which counts through the year before.
    """
    held = set(years)
    last = up_to - 1 if is_running and up_to not in held else up_to
    found = []
    while last in held:
        found.append(last)
        last -= 1
    return found[::-1]


def days_late(last_day: dt.date, recorded_on: dt.date) -> int:
    """Days from the last day on which it can have happened to the day of recording, never below 0."""
    return max((recorded_on - last_day).days, 0)


def last_day_of(held_on: dt.date, *, is_month: bool) -> dt.date:
    """The last day on which something can have happened that is known to a day, or to its month alone."""
    return month_of(held_on).end if is_month else held_on
