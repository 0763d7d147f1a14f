"""On which days branches meet, and what was left out; the same answer for everything that asks."""

from __future__ import annotations

import datetime as dt

from qizhi.core import periods
from qizhi.gatherings.enums import Ledger
from qizhi.regulations.rules import WorkingCalendar, last_weekday_of_month
from qizhi.sample.organisation import FIRST_BRANCH, SMALL_BRANCH, Branch
from qizhi.sample.rows import chance
from qizhi.sample.staff import ONE_DAY

FRIDAY = 4
QUARTER_MONTHS = 3
GAP = {
    Ledger.CONGRESS: 0.025,
    Ledger.LESSON: 0.03,
    Ledger.THEME_DAY: 0.02,
    Ledger.COMMITTEE: 0.03,
    Ledger.GROUP: 0.02,
}
"""Share of meetings that were due and not held."""
THEME_BRANCH = "z11"
VISITED_ON = dt.date(2018, 1, 2)
"""The party day of the source description: the first working day of 2018, with an auditor's comment."""


class Agenda:
    """The days of one bureau."""

    def __init__(self, number: int, calendar: WorkingCalendar, until: dt.date) -> None:
        """Keep the calendar, and choose what is missing when somebody opens the sample on `until`."""
        self._number = number
        self._calendar = calendar
        self._until = until
        self._theme_days: dict[tuple[str, int, int], dt.date | None] = {}
        self._congresses: dict[tuple[str, int, int], dt.date | None] = {}
        before = until.replace(day=1) - ONE_DAY
        quarter_before = periods.quarter_of(until).start - ONE_DAY
        self._missing = {
            (f"{FIRST_BRANCH}-2", Ledger.GROUP, before.year, before.month),
            (SMALL_BRANCH, Ledger.THEME_DAY, before.year, before.month),
            (SMALL_BRANCH, Ledger.LESSON, quarter_before.year, quarter_of(quarter_before)),
        }

    def is_working(self, day: dt.date) -> bool:
        """Whether the day is worked; a year without a paper yet follows the week, for invented data only."""
        return self._calendar.is_working_day(day) if self._calendar.is_known(day) else day.weekday() <= FRIDAY

    def before(self, day: dt.date) -> dt.date:
        """The working day on or before a day."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def after(self, day: dt.date) -> dt.date:
        """The working day on or after a day."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def first_of_year(self, year: int) -> dt.date:
        """The first working day of a year."""
        return self.after(dt.date(year, 1, 1))

    def near(self, day: dt.date) -> dt.date:
        """The nearest working day, of two the earlier."""
        earlier, later = self.before(day), self.after(day)
        return earlier if day - earlier <= later - day else later

    def in_month(self, key: object, year: int, month: int, first: int, last: int) -> dt.date:
        """A working day of the month between two days of it, by chance."""
        draw = chance(self._number, "day", key, year, month, first)
        day = self.after(dt.date(year, month, draw.randint(first, last)))
        return day if day.month == month else self.before(periods.month_of(dt.date(year, month, 1)).end)

    def is_left_out(self, code: str, ledger: Ledger, year: int, number: int) -> bool:
        """Whether the meeting of that month or quarter was not held."""
        if (code, ledger, year, number) in self._missing:
            return True
        is_shown = code.startswith(FIRST_BRANCH) and year == self._until.year
        return not is_shown and chance(self._number, "gap", code, ledger, year, number).random() < GAP[ledger]

    def theme_day(self, branch: Branch, year: int, month: int) -> dt.date | None:
        """The branch's theme day of a month: the last Friday, or the working day before it."""
        key = (branch.code, year, month)
        if key not in self._theme_days:
            self._theme_days[key] = self._find_theme_day(branch, year, month)
        return self._theme_days[key]

    def _find_theme_day(self, branch: Branch, year: int, month: int) -> dt.date | None:
        if branch.code == THEME_BRANCH and (year, month) == (VISITED_ON.year, VISITED_ON.month):
            return VISITED_ON
        if self.is_left_out(branch.code, Ledger.THEME_DAY, year, month):
            return None
        day = self.before(last_weekday_of_month(year, month, FRIDAY))
        return day if branch.exists_on(day) and day.month == month else None

    def congress_month(self, branch: Branch, year: int, quarter: int) -> int:
        """The month in which the congress of a quarter falls."""
        first = (quarter - 1) * QUARTER_MONTHS + 1
        if branch.code == FIRST_BRANCH:
            return first
        return first + chance(self._number, "congress", branch.code, year, quarter).randrange(QUARTER_MONTHS)

    def congress(self, branch: Branch, year: int, quarter: int) -> dt.date | None:
        """The day of the congress of a quarter; often the theme day. None: not held, or no branch yet."""
        key = (branch.code, year, quarter)
        if key not in self._congresses:
            self._congresses[key] = self._find_congress(branch, year, quarter)
        return self._congresses[key]

    def _find_congress(self, branch: Branch, year: int, quarter: int) -> dt.date | None:
        if branch.from_on.year == year and quarter_of(branch.from_on) == quarter and branch.from_on.month > 1:
            return branch.from_on
        if self.is_left_out(branch.code, Ledger.CONGRESS, year, quarter):
            return None
        month = self.congress_month(branch, year, quarter)
        draw = chance(self._number, "congress day", branch.code, year, quarter)
        with_theme_day = draw.random() < 0.6 and branch.code != FIRST_BRANCH  # noqa: PLR2004
        day = self.theme_day(branch, year, month) if with_theme_day else None
        day = day or self.in_month(branch.code, year, month, 8, 17)
        return day if branch.exists_on(day) else None

    def congress_from(self, branch: Branch, day: dt.date, quarters: int = 6) -> dt.date | None:
        """The first congress on or after a day; None when there is none within so many quarters."""
        year, quarter = day.year, quarter_of(day)
        for _ in range(quarters):
            found = self.congress(branch, year, quarter)
            if found is not None and found >= day:
                return found
            year, quarter = (year, quarter + 1) if quarter < 4 else (year + 1, 1)  # noqa: PLR2004
        return None


def quarter_of(day: dt.date) -> int:
    """1 to 4."""
    return (day.month + 2) // QUARTER_MONTHS
