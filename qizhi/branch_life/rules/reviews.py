"""Whether a working method was reviewed in a year: arithmetic on days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from qizhi.branch_life.rules.quota import State
from qizhi.core.periods import Period, say_day


def judge_review(
    days: tuple[dt.date, dt.date | None], reviewed: Iterable[dt.date], year: Period, as_of: dt.date
) -> tuple[State, str]:
    """How the yearly review of a method stands on a day, and why none is asked for.

    A method that came into force inside the year, or was given up before its end, owes none for it.

    Args:
        days: first and last day of the method (None: it goes on).
        reviewed: the days of its reviews.
        year: of which it is asked.
        as_of: later reviews are not known.
    """
    first, last = days
    if any(day in year and day <= as_of for day in reviewed):
        return State.DONE, ""
    if first > year.start:
        return State.NA, f"年内才施行（{say_day(first)}起）"
    if last is not None and last < year.end:
        return State.NA, f"年内停用（{say_day(last)}止）"
    return (State.DUE if as_of <= year.end else State.MISSING), ""
