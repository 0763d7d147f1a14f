"""Whether something was held on a fixed day, or near enough to it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from qizhi.branch_life.rules.quota import State
from qizhi.core.values import dataclass

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class DayJudged:
    """How a fixed day stands: held on `held_on`, or not (None)."""

    state: State
    held_on: dt.date | None = None


def judge_fixed_day(due_on: dt.date, held: Sequence[dt.date], within: int, as_of: dt.date) -> DayJudged:
    """Whether something was held on the day or at most `within` days before or after it.

    Of several days the nearest counts, of two the earlier. It is due until the last day that would do.

    Args:
        due_on: the day.
        held: days on which it was held, in order of time; those after `as_of` do not count.
        within: how many days off are near enough.
        as_of: the day on which one looks.
    """
    reach = within * ONE_DAY
    near = held[bisect_left(held, due_on - reach) : bisect_right(held, min(due_on + reach, as_of))]
    if near:
        return DayJudged(State.DONE, min(near, key=lambda day: (abs(day - due_on), day)))
    return DayJudged(State.DUE if as_of <= due_on + reach else State.MISSING)
