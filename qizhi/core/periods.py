"""Spans of days: months, quarters, half-years, years, and the words people use for them."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Every(StrEnum):
    """How often something is due."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, order=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it starts."""
        if self.end < self.start:
            message = f"period ends on {self.end}, before its start {self.start}"
            raise ValueError(message)

    def __contains__(self, day: dt.date) -> bool:
        """Whether the day lies inside."""
        return self.start <= day <= self.end

    def until(self, day: dt.date) -> Period | None:
        """The part up to and including `day`; None when nothing is left."""
        return None if day < self.start else Period(self.start, min(self.end, day))

    @property
    def label(self) -> str:
        """Chinese name: 2018年, 2018年上半年, 2018年第1季度, 2018年1月, a day, or from–to."""
        return _label(self)


@lru_cache(maxsize=1000)  # a hundred thousand findings speak of the same few months
def _label(period: Period) -> str:
    if period == year(period.start.year):
        return f"{period.start.year}年"
    if period == half_of(period.start):
        return f"{period.start.year}年{'上' if period.start.month == 1 else '下'}半年"
    if period == quarter_of(period.start):
        return f"{period.start.year}年第{(period.start.month + 2) // 3}季度"
    if period == month_of(period.start):
        return f"{period.start.year}年{period.start.month}月"
    if period.start == period.end:
        return say_day(period.start)
    return f"{say_day(period.start)}至{say_day(period.end)}"


def year(number: int) -> Period:
    """The calendar year."""
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31))


def years(first: int, last: int) -> Period:
    """Calendar years, both included."""
    return Period(dt.date(first, 1, 1), dt.date(last, 12, 31))


def whole_years(span: Period) -> Period:
    """The whole years that the span touches."""
    return years(span.start.year, span.end.year)


def month_of(day: dt.date) -> Period:
    """The month in which the day lies."""
    return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def quarter_of(day: dt.date) -> Period:
    """The quarter in which the day lies."""
    first = (day.month - 1) // 3 * 3 + 1
    return Period(dt.date(day.year, first, 1), month_of(dt.date(day.year, first + 2, 1)).end)


def half_of(day: dt.date) -> Period:
    """The half-year in which the day lies."""
    if day.month <= 6:  # noqa: PLR2004 - June
        return Period(dt.date(day.year, 1, 1), dt.date(day.year, 6, 30))
    return Period(dt.date(day.year, 7, 1), dt.date(day.year, 12, 31))


def period_of(every: Every, day: dt.date) -> Period:
    """The month, quarter, half-year or year in which the day lies."""
    if every is Every.MONTH:
        return month_of(day)
    if every is Every.HALF_YEAR:
        return half_of(day)
    return quarter_of(day) if every is Every.QUARTER else year(day.year)


def split(span: Period, every: Every) -> list[Period]:
    """All months, quarters, half-years or years that touch the span, in order."""
    parts = [period_of(every, span.start)]
    while parts[-1].end < span.end:
        parts.append(period_of(every, parts[-1].end + dt.timedelta(days=1)))
    return parts


def trailing_year(day: dt.date) -> Period:
    """The twelve months that end on the day."""
    try:
        before = day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        before = day.replace(year=day.year - 1, day=28)
    return Period(before + dt.timedelta(days=1), day)


def say_day(day: dt.date) -> str:
    """GB/T 9704 date: 2018年1月2日."""
    return f"{day.year}年{day.month}月{day.day}日"
