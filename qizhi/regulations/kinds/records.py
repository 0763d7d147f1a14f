"""The tables whose rows clauses judge by, told by the apps that own them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from qizhi.core import clock
from qizhi.core.periods import Period
from qizhi.core.values import dataclass

EVER = Period(dt.date.min, dt.date.max)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Records:
    """A table, as the log names it.

    Attributes:
        model: its label in the log, such as `gatherings.gathering`.
        first: the column with the first day that a row speaks of, or with its year: what is judged by the
            year is judged with its last day. It may stand in the row that this one belongs to (`plan__year`).
        last: the column with the last one; empty where a row speaks of one day. A row without it goes on.
        but: verbs of the log that change nothing of what is judged.
        year: the column with the year of which all days are meant, instead of `first` and `last`. A table
            with neither is a setting: to change a row of it changes every day, a new row changes none.
        beside: columns by which nothing is judged, such as a name.
        parts: tables whose changes the log tells of this row.
    """

    model: str
    first: str = ""
    last: str = ""
    but: tuple[str, ...] = ()
    year: str = ""
    beside: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def removal(self) -> str:
        """The verb under which a row goes, of whichever row the log tells it."""
        app, _, name = self.model.partition(".")
        return f"{app}.remove_{name}"

    def touched(
        self, row: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Period | None:
        """The days of which a change speaks; None where it changes nothing by which anything is judged. Pure.

        Args:
            row: the row as it is; empty where it is gone.
            before: what the change took from it.
            after: what it gave it.
        """
        changed = {*before, *after} - {*self.beside}
        if not changed:
            return None
        if not self.first and not self.year:
            return EVER if before else None
        if self.last == "to_on" in before and changed == {"to_on"}:
            return _between(before["to_on"], after.get("to_on"))
        return self.days(row, before, after)

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


def register_records(model: str, first: str = "", last: str = "", **more: Any) -> None:
    """Say that clauses judge by the rows of a table, and which days a row speaks of; see `Records`."""
    _records[model] = Records(model, first, last, **more)


def all_records() -> Mapping[str, Records]:
    """Every such table by its label."""
    return _records


def _between(*ends: object) -> Period | None:
    """The days from the earlier of two last days to the later; no day is one that never comes."""
    known = sorted(day for day in map(_day, ends) if day)
    if not known:
        return None
    start = known[0] + ONE_DAY
    return Period(start, dt.date.max if len(known) < len(ends) else max(start, known[-1]))


def _day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return clock.local_date(value)
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
    "temporarybranch",
    "jointunit",
):
    register_records(f"org.{_model}", "from_on", "to_on")
register_records(
    "org.unit", "from_on", "to_on", beside=("name", "short_name", "code", "position", "successor_id")
)
register_records(
    "org.person",
    "entered_on",
    "left_on",
    but=("org.add_person", "org.create_account"),
    beside=("staff_no", "name", "gender", "birth_year"),
)
register_records("regulations.exemption", "from_on", "to_on")
register_records(
    "regulations.calendarpaper",
    year="year",
    parts=("regulations.calendarday", "regulations.dayordinal"),
)
