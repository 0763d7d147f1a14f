"""The tables whose rows clauses judge by, told by the apps that own them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from qizhi.core.periods import Period
from qizhi.core.values import dataclass


@dataclass(frozen=True)
class Records:
    """A table, as the log names it.

    Attributes:
        model: its label in the log, such as `gatherings.gathering`.
        first: the column with the first day that a row speaks of, or with its year: what is judged by the
            year is judged with its last day.
        last: the column with the last one; empty where a row speaks of one day. A row without it goes on.
        but: verbs of the log that change nothing of what is judged.
        year: the column with the year of which all days are meant, instead of `first` and `last`.
    """

    model: str
    first: str
    last: str = ""
    but: tuple[str, ...] = ()

    year: str = ""

    def days(self, *sides: Mapping[str, Any]) -> Period | None:
        """The days that the values speak of, taken together; None where no first day is among them. Pure.

        Args:
            sides: the row as it is, and what a change took from it and gave it; each may lack columns.
        """
        if self.year:
            years = [int(side[self.year]) for side in sides if str(side.get(self.year, "")).isdigit()]
            return Period(dt.date(min(years) - 1, 12, 20), dt.date(max(years), 12, 31)) if years else None
        starts = [day for side in sides if (day := _day(side.get(self.first)))]
        if not starts:
            return None
        name = self.last or self.first
        ends = [_day(side[name]) for side in sides if name in side]
        known = [day for day in ends if day is not None]
        is_open = bool(self.last) and (not ends or None in ends)
        return Period(min(starts), dt.date.max if is_open else max([*starts, *known]))


_records: dict[str, Records] = {}


def register_records(
    model: str, first: str = "", last: str = "", *, but: tuple[str, ...] = (), year: str = ""
) -> None:
    """Say that clauses judge by the rows of a table, and which days a row speaks of."""
    _records[model] = Records(model, first, last, but, year)


def all_records() -> Mapping[str, Records]:
    """Every such table by its label."""
    return _records


def _day(value: object) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    if isinstance(value, int):
        return dt.date(value, 12, 31)
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


for _model in (
    "membership",
    "placement",
    "post",
    "ranktenure",
    "leave",
    "person",
    "temporarybranch",
    "jointunit",
):
    register_records(f"org.{_model}", "from_on", "to_on")
register_records("regulations.exemption", "from_on", "to_on")
register_records("regulations.calendarpaper", year="year")
