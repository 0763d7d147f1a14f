"""A year laid out in months and weeks, for the wall and for the page."""

from __future__ import annotations

import calendar as month_tables
import datetime as dt

from qizhi.core.values import dataclass
from qizhi.regulations.rules.working_days import FRIDAY, DayFact, WorkingCalendar


@dataclass(frozen=True)
class Cell:
    """A day of the page.

    Attributes:
        on: the day; None for the blanks before the first and after the last of the month.
        state: `work`, `weekend`, `rest` (a paper's holiday), `makeup` (worked by a paper), `unknown`.
        name: the festival a paper names for it.
    """

    on: dt.date | None
    state: str
    name: str = ""


@dataclass(frozen=True)
class Month:
    """A month: seven columns from Monday, and how many of its days are worked (None: unknown)."""

    number: int
    weeks: tuple[tuple[Cell, ...], ...]
    working_days: int | None


BLANK = Cell(None, "blank")


def months_of(year: int, calendar: WorkingCalendar) -> list[Month]:
    """The twelve months; days without a paper are `unknown`, never taken for working days."""
    return [_month(year, number, calendar) for number in range(1, 13)]


def _month(year: int, number: int, calendar: WorkingCalendar) -> Month:
    weeks = tuple(
        tuple(_cell(day, number, calendar) for day in week)
        for week in month_tables.Calendar().monthdatescalendar(year, number)
    )
    cells = [cell for week in weeks for cell in week if cell.on]
    is_known = all(cell.state != "unknown" for cell in cells)
    worked = sum(cell.state in {"work", "makeup"} for cell in cells)
    return Month(number, weeks, worked if is_known else None)


def _cell(day: dt.date, month: int, calendar: WorkingCalendar) -> Cell:
    if day.month != month:
        return BLANK
    if not calendar.is_known(day):
        return Cell(day, "unknown")
    fact = calendar.explain(day)
    return Cell(day, _state(fact), fact.name)


def _state(fact: DayFact) -> str:
    is_weekday = fact.on.weekday() <= FRIDAY
    if fact.is_working:
        return "work" if is_weekday else "makeup"
    return "rest" if fact.name or is_weekday else "weekend"
