"""Which festivals the national papers of a year speak of: half a notice is not a whole year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from qizhi.core.values import dataclass
from qizhi.regulations.rules.working_days import PaperDay

LEAD = dt.timedelta(days=14)
"""Days before the first rest of a festival that its make-up work may touch; the most so far was 8."""


@dataclass(frozen=True)
class Festival:
    """A festival of the national list, and the first and last day (month, day) that may be its rest."""

    name: str
    words: tuple[str, ...]
    first: tuple[int, int]
    last: tuple[int, int]


FESTIVALS = (
    Festival("元旦", ("元旦", "新年"), (1, 1), (1, 3)),
    Festival("春节", ("春节", "除夕"), (1, 20), (2, 28)),
    Festival("清明节", ("清明",), (4, 2), (4, 7)),
    Festival("劳动节", ("劳动节", "五一"), (5, 1), (5, 1)),
    Festival("端午节", ("端午",), (5, 26), (6, 27)),
    Festival("中秋节", ("中秋",), (9, 5), (10, 8)),
    Festival("国庆节", ("国庆", "十一"), (10, 1), (10, 1)),
)
"""In the order of the year; 全国年节及纪念日放假办法 (1999, 2007 with 清明, 端午 and 中秋, 2013, 2024)."""
SINCE_2008 = frozenset({"清明节", "端午节", "中秋节"})


@dataclass(frozen=True)
class Spoken:
    """How far the papers of a year speak.

    Attributes:
        missing: the festivals of which they say nothing, in the order of the year.
        until: the last day that follows from them: of a whole notice 31 December, of half a one the last
            day that it names before the first festival that is missing (none: the day before the year).
    """

    missing: tuple[str, ...]
    until: dt.date


def spoken_of(year: int, days: Iterable[PaperDay]) -> Spoken:
    """What the days of all national papers of a year leave open."""
    said = list(days)
    asked = [one for one in FESTIVALS if year >= 2008 or one.name not in SINCE_2008]  # noqa: PLR2004 - a year
    missing = [one for one in asked if not any(_is_of(one, year, day) for day in said)]
    if not missing:
        return Spoken((), dt.date(year, 12, 31))
    edge = dt.date(year, *missing[0].first) - LEAD
    before = [day.on for day in said if day.on.year == year and day.on < edge]
    return Spoken(tuple(one.name for one in missing), max(before, default=dt.date(year - 1, 12, 31)))


def _is_of(festival: Festival, year: int, day: PaperDay) -> bool:
    """By its name; a day without a name by where it lies."""
    if day.is_working:
        return False
    if any(word in day.name for word in festival.words):
        return True
    first, last = dt.date(year, *festival.first), dt.date(year, *festival.last)
    return not day.name and first <= day.on <= last
