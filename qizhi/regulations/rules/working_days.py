"""Working days, counted from the papers that say which days are worked.

A year is known when the State Council's paper for it (layer `national`) is there; a region or a unit may
change single days of a known year by a paper of its own. A year without a paper is unknown: every question
that touches it raises `UnknownCalendarError` with the year, and nothing is guessed from weekdays.
"""

from __future__ import annotations

import calendar as month_tables
import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from enum import StrEnum

from qizhi.core.values import dataclass

ONE_DAY = dt.timedelta(days=1)
FARTHEST = 31
"""Days; the longest rest of any national paper, in spring 2020, was ten."""
FRIDAY = 4
LAST_WEEKS = (12, 19)
"""Month and day: up to here a notice must speak itself; what follows the next one may settle."""


class Layer(StrEnum):
    """Who issued a paper; the later layer overrides a day of the earlier."""

    NATIONAL = "national"
    REGION = "region"
    UNIT = "unit"


_RANK = {Layer.NATIONAL: 0, Layer.REGION: 1, Layer.UNIT: 2}


class UnknownCalendarError(Exception):
    """The calendar of a year is not known, because its paper is missing.

    Attributes:
        year: the year without a paper.
        until: the last day that its papers vouch for, where there are some.
        message: Chinese sentence for people: what is missing and what to do.
    """

    def __init__(self, year: int, until: dt.date | None = None) -> None:
        """Say which paper is missing, or how far it speaks."""
        self.year, self.until = year, until
        if until is None or until.year < year:
            self.message = (
                f"缺少{year}年的放假安排通知，该年工作日未知，不能推算。请在“工作日历”中录入该年的通知。"
            )
        else:
            self.message = (
                f"{year}年的放假安排通知只说到{until.month}月{until.day}日，此后工作日未知，不能推算。"
                "请在“工作日历”中把该年的通知补全。"
            )
        super().__init__(self.message)


@dataclass(frozen=True)
class PaperDay:
    """What a paper says of one day: rest or make-up work, and for which festival."""

    on: dt.date
    is_working: bool
    name: str = ""


@dataclass(frozen=True)
class Paper:
    """A notice on the holidays of a year.

    Attributes:
        doc_no: its number, such as 国办发明电〔2017〕12号.
        year: the year it arranges; its days may lie in the last days of the year before.
        layer: who issued it.
        days: the days it speaks of; all others follow the week.
        published_on: of two papers of one layer the later one decides; None counts as the earliest.
        confirmed_until: the last day the paper vouches for; None: the whole year.
    """

    doc_no: str
    year: int
    layer: Layer
    days: tuple[PaperDay, ...]
    published_on: dt.date | None = None
    confirmed_until: dt.date | None = None


@dataclass(frozen=True)
class DayFact:
    """A day with the paper that settles it; `name` is empty when the day only follows the week."""

    on: dt.date
    is_working: bool
    name: str
    doc_no: str


@dataclass(frozen=True)
class NumberedDay:
    """A day with its place in the calendar.

    Attributes:
        on: the day.
        is_working: None for the unknown day before a stretch of known ones.
        ordinal: the number of known working days up to and including it.
        stretch: the same for all days between which none is unknown.
    """

    on: dt.date
    is_working: bool | None
    ordinal: int
    stretch: int


class WorkingCalendar:
    """Working days of the years whose papers are known; built once, then only asked."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        """Lay the papers over each other: national, region, unit, and within a layer by date."""
        self.papers = tuple(
            sorted(papers, key=lambda p: (_RANK[p.layer], p.published_on or dt.date.min, p.doc_no)),
        )
        self._said = {day.on: (day, paper.doc_no) for paper in self.papers for day in paper.days}
        self._year_paper: dict[int, str] = {}
        self._until: dict[int, dt.date] = {}
        for paper in self.papers:
            if paper.layer is Layer.NATIONAL:
                self._year_paper.setdefault(paper.year, paper.doc_no)
                last = paper.confirmed_until or dt.date(paper.year, 12, 31)
                self._until[paper.year] = max(last, self._until.get(paper.year, dt.date.min))
        self._working = [
            day for year in sorted(self._until) for day in self._days_of(year) if self._is_worked(day)
        ]

    @property
    def years(self) -> list[int]:
        """The years with a national paper, in order."""
        return sorted(self._until)

    def is_known(self, day: dt.date) -> bool:
        """Whether a paper vouches for the day."""
        until = self._until.get(day.year)
        if until is None or day <= until:
            return until is not None
        # The notice of the next year settles the last days of December, never what half a notice left open.
        return day.year + 1 in self._until and (until.month, until.day) >= LAST_WEEKS

    def known_until(self, year: int) -> dt.date | None:
        """The last known day of a year of which a part only is known; None of all others."""
        until = self._until.get(year)
        return None if until is None or self.is_known(dt.date(year, 12, 31)) else until

    def is_working_day(self, day: dt.date) -> bool:
        """Whether the day is worked; UnknownCalendarError without its year's paper."""
        self._require(day, day)
        return self._is_worked(day)

    def explain(self, day: dt.date) -> DayFact:
        """The day, what it is called and the number of the paper that settles it."""
        self._require(day, day)
        said = self._said.get(day)
        if said is None:
            return DayFact(day, self._is_worked(day), "", self._year_paper[day.year])
        return DayFact(day, said[0].is_working, said[0].name, said[1])

    def said_of(self, day: dt.date) -> list[tuple[Paper, PaperDay]]:
        """What each paper says of a day, in the order in which they decide: the last one settles it."""
        return [(paper, one) for paper in self.papers for one in paper.days if one.on == day]

    def amended(self, year: int) -> list[tuple[dt.date, list[tuple[Paper, PaperDay]]]]:
        """The days of a year of which a later paper says something else than an earlier one."""
        said: dict[dt.date, list[tuple[Paper, PaperDay]]] = {}
        for paper in self.papers:
            for one in paper.days:
                if one.on.year == year:
                    said.setdefault(one.on, []).append((paper, one))
        return [
            (day, found)
            for day, found in sorted(said.items())
            if len(found) > 1 or found[-1][0].layer is not Layer.NATIONAL
        ]

    def ordinal(self, day: dt.date) -> int:
        """The number of known working days up to and including `day`.

        The difference of two ordinals is the working days between, as long as no unknown year lies
        between; `working_days_between` makes sure of that.
        """
        self._require(day, day)
        return bisect_right(self._working, day)

    def numbered(self) -> Iterator[NumberedDay]:
        """Every known day in order, each stretch of them led by the day before it."""
        ordinal, stretch, last = 0, 0, None
        for year in self.years:
            for day in self._days_of(year):
                if last is None or day - last != ONE_DAY:
                    stretch = day.toordinal()
                    yield NumberedDay(day - ONE_DAY, None, ordinal, stretch)
                is_worked = self._is_worked(day)
                ordinal += is_worked
                last = day
                yield NumberedDay(day, is_worked, ordinal, stretch)

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Working days after `start` up to and including `end`; 0 when `end` is not after `start`.

        Counting starts on the next day. With `start` the day something was due and `end` the day it was
        done this is how many working days late it was: due Thu 2018-02-08, done Mon 2018-02-12 is 3,
        because Sunday the 11th was worked.
        """
        return len(self.working_days(start, end))

    def working_days(self, start: dt.date, end: dt.date) -> list[dt.date]:
        """The days that `working_days_between` counts, so that a finding can show them."""
        if end <= start:
            return []
        self._require(start + ONE_DAY, end)
        return self._working[bisect_right(self._working, start) : bisect_right(self._working, end)]

    def add_working_days(self, start: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `start` (before it, if negative); `start` itself for 0."""
        if count == 0:
            return start
        if count > 0:
            index = bisect_right(self._working, start) + count - 1
            if index >= len(self._working):
                raise self._unknown(self._first_unknown_year((start + ONE_DAY).year, 1))
            self._require(start + ONE_DAY, self._working[index])
        else:
            index = bisect_left(self._working, start) + count
            if index < 0:
                raise self._unknown(self._first_unknown_year((start - ONE_DAY).year, -1))
            self._require(self._working[index], start - ONE_DAY)
        return self._working[index]

    def first_working_day_of(self, year: int) -> dt.date:
        """The first working day of a year: 2018-01-02 for 2018."""
        return self.add_working_days(dt.date(year - 1, 12, 31), 1)

    def nearest_working_day(self, day: dt.date) -> dt.date:
        """The working day nearest to `day`, itself included.

        Of two that are equally near the earlier one is taken: what is fixed for a date is then done by
        that date, not after it.
        """
        for distance in range(FARTHEST + 1):
            step = dt.timedelta(days=distance)
            for candidate in (day - step, day + step):
                if self.is_working_day(candidate):
                    return candidate
        message = f"no working day within {FARTHEST} days of {day}: the papers are wrong"
        raise ValueError(message)

    def papers_between(self, start: dt.date, end: dt.date) -> list[Paper]:
        """The papers that settle the days from `start` to `end`, both included, for an explanation."""
        self._require(start, end)
        return [
            paper
            for paper in self.papers
            if (paper.layer is Layer.NATIONAL and start.year <= paper.year <= end.year)
            or any(start <= day.on <= end for day in paper.days)
        ]

    def _is_worked(self, day: dt.date) -> bool:
        said = self._said.get(day)
        return day.weekday() <= FRIDAY if said is None else said[0].is_working

    def _days_of(self, year: int) -> Iterator[dt.date]:
        """The known days of a year that has a paper: all, or those until the first unknown one."""
        last = self.known_until(year) or dt.date(year, 12, 31)
        return map(dt.date.fromordinal, range(dt.date(year, 1, 1).toordinal(), last.toordinal() + 1))

    def _require(self, start: dt.date, end: dt.date) -> None:
        for year in range(start.year, end.year + 1):
            if not self.is_known(min(end, dt.date(year, 12, 31))):
                raise self._unknown(year)

    def _unknown(self, year: int) -> UnknownCalendarError:
        return UnknownCalendarError(year, self._until.get(year))

    def _first_unknown_year(self, year: int, step: int) -> int:
        while self.is_known(dt.date(year, 12, 31)):
            year += step
        return year


def last_weekday_of_month(year: int, month: int, weekday: int) -> dt.date:
    """The last Monday (0) … Sunday (6) of a month, worked or not."""
    last = dt.date(year, month, month_tables.monthrange(year, month)[1])
    return last - dt.timedelta(days=(last.weekday() - weekday) % 7)
