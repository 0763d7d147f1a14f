"""When the term of a branch committee is over, and in which months something usually comes."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterable


def term_ends(since: dt.date, years: int) -> dt.date:
    """The last day of a term of whole years that began on the day of the election, or of the founding.

    A term that began on 29 February ends on the 27th where there is none.
    """
    year = since.year + years
    day = min(since.day, calendar.monthrange(year, since.month)[1])
    return dt.date(year, since.month, day) - dt.timedelta(days=1)


_PARTIAL = ("补选", "增补", "增选", "递补", "代表")
"""Words in the matter of a vote that elects some of a committee, or delegates: no new term begins with it."""


def is_whole_committee(title: str) -> bool:
    """Whether an election, by the words of its matter, is that of a whole committee (换届).

    A vote whose words say nothing of the kind is taken for one, as before elections were told apart.
    """
    return "换届" in title or not any(word in title for word in _PARTIAL)


def term_begins(elections: Iterable[tuple[dt.date, str]]) -> dt.date | None:
    """The day of the last election of a whole committee among days and matters; None when there was none."""
    return max((day for day, title in elections if is_whole_committee(title)), default=None)


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier, or the last of that month."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_in_season(held: Collection[dt.date], first_month: int, last_month: int) -> bool:
    """Whether one of the days lies in these months, both included; nothing held is not out of season."""
    return not held or any(first_month <= day.month <= last_month for day in held)
