"""Due days as data: a short text says on which days something recurs.

| key | means |
| --- | --- |
| `first_working_day_of_year` | the first working day of each year |
| `fixed_date_or_nearest_working_day:07-01` | that date or the nearest working day (of two the earlier) |
| `last_weekday_of_month:friday` | the last Friday of each month, worked or not |
| `fixed_day_of_month:15` | that day of each month; in a shorter month its last day |
"""

from __future__ import annotations

import calendar as month_tables
import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache

from qizhi.core.values import dataclass
from qizhi.regulations.rules.working_days import WorkingCalendar, last_weekday_of_month

FIRST_WORKING_DAY = "first_working_day_of_year"
NEAREST_TO_DATE = "fixed_date_or_nearest_working_day"
LAST_WEEKDAY = "last_weekday_of_month"
DAY_OF_MONTH = "fixed_day_of_month"

DUE_RULES: dict[str, str] = {
    FIRST_WORKING_DAY: "每年第一个工作日",
    NEAREST_TO_DATE: "每年固定日期，逢休息日取最近的工作日（参数：月-日，如 07-01）",
    LAST_WEEKDAY: "每月最后一个星期几（参数：monday 至 sunday）",
    DAY_OF_MONTH: "每月固定日（参数：1 至 31）",
}
WEEKDAYS = {
    "monday": "星期一",
    "tuesday": "星期二",
    "wednesday": "星期三",
    "thursday": "星期四",
    "friday": "星期五",
    "saturday": "星期六",
    "sunday": "星期日",
}
LAST_DAY = 31
_REACH = {FIRST_WORKING_DAY: (0, 31), NEAREST_TO_DATE: (15, 15), LAST_WEEKDAY: (0, 30), DAY_OF_MONTH: (0, 0)}
"""Days before and after its anchor on which a rule can fall: what cannot touch a span is not worked out,
so that a question about this year never fails for want of next year's paper."""


@dataclass(frozen=True)
class DueRule:
    """A parsed rule: its name and the numbers it carries (month, day or weekday, 0 where there is none)."""

    name: str
    month: int = 0
    day: int = 0
    weekday: int = 0

    @property
    def key(self) -> str:
        """The text that is stored."""
        return {
            FIRST_WORKING_DAY: FIRST_WORKING_DAY,
            NEAREST_TO_DATE: f"{NEAREST_TO_DATE}:{self.month:02}-{self.day:02}",
            LAST_WEEKDAY: f"{LAST_WEEKDAY}:{list(WEEKDAYS)[self.weekday]}",
            DAY_OF_MONTH: f"{DAY_OF_MONTH}:{self.day}",
        }[self.name]

    @property
    def label(self) -> str:
        """The sentence for people."""
        short_month = "（当月没有这一天的取月末）" if self.day > 28 else ""  # noqa: PLR2004 - February
        return {
            FIRST_WORKING_DAY: "每年第一个工作日",
            NEAREST_TO_DATE: f"每年{self.month}月{self.day}日（逢休息日取最近的工作日）",
            LAST_WEEKDAY: f"每月最后一个{list(WEEKDAYS.values())[self.weekday]}",
            DAY_OF_MONTH: f"每月{self.day}日{short_month}",
        }[self.name]

    @property
    def is_yearly(self) -> bool:
        """Whether it comes once a year rather than once a month."""
        return self.name in {FIRST_WORKING_DAY, NEAREST_TO_DATE}


@lru_cache(maxsize=256)
def parse_due_rule(text: str) -> DueRule:
    """Read a rule; ValueError with a Chinese sentence when it is none of the four."""
    name, _, argument = text.strip().partition(":")
    if name == FIRST_WORKING_DAY and not argument:
        return DueRule(FIRST_WORKING_DAY)
    if name == LAST_WEEKDAY and argument in WEEKDAYS:
        return DueRule(LAST_WEEKDAY, weekday=list(WEEKDAYS).index(argument))
    if name == DAY_OF_MONTH and re.fullmatch(r"[1-9][0-9]?", argument) and int(argument) <= LAST_DAY:
        return DueRule(DAY_OF_MONTH, day=int(argument))
    if name == NEAREST_TO_DATE and re.fullmatch(r"[0-9]{2}-[0-9]{2}", argument):
        month, day = int(argument[:2]), int(argument[3:])
        if 1 <= month <= 12 and 1 <= day <= month_tables.monthrange(2000, month)[1]:  # noqa: PLR2004
            return DueRule(NEAREST_TO_DATE, month=month, day=day)
    message = f"“{text}”不是可用的日期规则。可用的有：{'；'.join(DUE_RULES.values())}。"
    raise ValueError(message)


def next_occurrence(rule: str, on_or_after: dt.date, calendar: WorkingCalendar) -> dt.date:
    """The first day on or after `on_or_after` on which the rule falls.

    Raises:
        UnknownCalendarError: the day lies, or may lie, in a year without a paper.
        ValueError: the rule cannot be read.
    """
    return next(_days(parse_due_rule(rule), on_or_after, None, calendar))


def occurrences(rule: str, start: dt.date, end: dt.date, calendar: WorkingCalendar) -> list[dt.date]:
    """All days from `start` to `end`, both included, on which the rule falls, in order.

    Raises:
        UnknownCalendarError: one of the days lies, or may lie, in a year without a paper.
        ValueError: the rule cannot be read.
    """
    return list(_days(parse_due_rule(rule), start, end, calendar))


def _days(
    rule: DueRule,
    start: dt.date,
    end: dt.date | None,
    calendar: WorkingCalendar,
) -> Iterator[dt.date]:
    before, after = (dt.timedelta(days=days) for days in _REACH[rule.name])
    for anchor in _anchors(rule, start - after):
        if end is not None and anchor - before > end:
            return
        if anchor + after < start:
            continue
        day = _settle(rule, anchor, calendar)
        if start <= day and (end is None or day <= end):
            yield day


def _anchors(rule: DueRule, start: dt.date) -> Iterator[dt.date]:
    """The date of the rule in each year or month from the one of `start` on, before it is moved."""
    year, month = start.year, rule.month or 1 if rule.is_yearly else start.month
    while True:
        length = month_tables.monthrange(year, month)[1]
        yield dt.date(year, month, min(rule.day or 1, length))
        months = year * 12 + month - 1 + (12 if rule.is_yearly else 1)
        year, month = divmod(months, 12)
        month += 1


def _settle(rule: DueRule, anchor: dt.date, calendar: WorkingCalendar) -> dt.date:
    if rule.name == FIRST_WORKING_DAY:
        return calendar.first_working_day_of(anchor.year)
    if rule.name == NEAREST_TO_DATE:
        return calendar.nearest_working_day(anchor)
    if rule.name == LAST_WEEKDAY:
        return last_weekday_of_month(anchor.year, anchor.month, rule.weekday)
    return anchor
