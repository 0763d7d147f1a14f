"""How a part of what was asked stands on a day: arithmetic on plain values, nothing stored."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from fractions import Fraction

from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
from qizhi.regulations.rules import UnknownCalendarError, WorkingCalendar

LEAP_DAY = (2, 29)


class State(StrEnum):
    """How a part stands."""

    DONE = "done"
    DUE = "due"
    MISSING = "missing"
    NA = "na"
    EXCUSED = "excused"
    UNKNOWN = "unknown"


OPEN = (State.DUE, State.MISSING, State.UNKNOWN)
"""Somebody can still do something about these."""


@dataclass(frozen=True)
class Due:
    """Until when; `on` is None when that cannot be told, and `why` then says what is missing."""

    on: dt.date | None
    why: str = ""


@dataclass(frozen=True)
class Settled:
    """What people said of a part: `done`, `na`, `excused` or nothing, on which day, in which words."""

    how: str = ""
    on: dt.date | None = None
    words: str = ""


@dataclass(frozen=True)
class Count:
    """What a figure says: the number (None: it has none), and how much was wanted."""

    amount: Fraction | None
    target: int

    @property
    def is_met(self) -> bool:
        """Whether the number reaches what was wanted."""
        return self.amount is not None and self.amount >= self.target


@dataclass(frozen=True)
class Judged:
    """The state of a part with its reason in one sentence."""

    state: State
    reason: str = ""


def due_day(
    *,
    due_on: dt.date | None,
    start_on: dt.date | None,
    working_days: int | None,
    extended_to: dt.date | None,
    year: int,
    calendar: WorkingCalendar,
) -> Due:
    """The last day: the extended one, a date, so many working days after a day, or the end of the year.

    Counting starts on the day after `start_on`. A year without its calendar paper is not guessed: the day
    is then unknown, and says which paper is missing.
    """
    if extended_to is not None:
        return Due(extended_to)
    if due_on is not None:
        return Due(due_on)
    if start_on is None or working_days is None:
        return Due(dt.date(year, 12, 31))
    try:
        day = calendar.add_working_days(start_on, working_days)
    except UnknownCalendarError as error:
        return Due(None, error.message)
    return Due(day, f"{say_day(start_on)}起 {working_days} 个工作日")


def judge(*, settled: Settled, due: Due, count: Count | None, today: dt.date, ended: str = "") -> Judged:
    """How a part stands on `today`.

    What people said comes first; a number that reaches what was wanted makes it done by itself; a unit that
    has ended owes nothing after its last day; then the day decides.

    Args:
        settled: what people said.
        due: until when.
        count: what a figure says, where one ticks it.
        today: the day.
        ended: Chinese; that its unit ended before the last day, and how. Empty where it did not.
    """
    is_said = bool(settled.how) and (settled.on is None or settled.on <= today)
    if is_said:
        return Judged(State(settled.how), settled.words)
    if count is not None and count.is_met:
        return Judged(State.DONE)
    if ended:
        return Judged(State.NA, ended)
    return _by_day(due, count, today)


def _by_day(due: Due, count: Count | None, today: dt.date) -> Judged:
    """Without a day, or past it with a number that is not there, the state is unknown."""
    if due.on is None:
        return Judged(State.UNKNOWN, due.why)
    if today <= due.on:
        return Judged(State.DUE)
    if count is not None and count.amount is None:
        return Judged(State.UNKNOWN, "指标在期间内没有数字")
    return Judged(State.MISSING)


def next_year(day: dt.date) -> dt.date:
    """The same day a year later; 29 February becomes the 28th."""
    if (day.month, day.day) == LEAP_DAY:
        return dt.date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)
