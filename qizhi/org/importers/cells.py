"""What the tables of this app share: numbers, years of birth, days known to the month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from qizhi.core.errors import Refused
from qizhi.core.tables.cells import CellValue, say_rows
from qizhi.core.tables.problems import BadCell
from qizhi.core.tables.reading import RecordRow
from qizhi.core.tables.values import DayOrMonth, integer, parse_day_or_month, parse_name, text
from qizhi.core.tables.values.plain import as_text, compact, narrow
from qizhi.org.models import Person
from qizhi.org.queries import PeopleIndex

_YEAR_FIRST = re.compile(r"((?:19|20)[0-9]{2})(?:[年./-].*)?")


def find_person(values: Mapping[str, Any], people: PeopleIndex) -> Person:
    """Whom the name of a row means, with the number in its own column or in brackets.

    Raises:
        BadCell: nobody, or several.
    """
    name, number = values["name"], values["staff_no"]
    try:
        return people.find(f"{name}({number})" if number and "(" not in name else name)
    except Refused as problem:
        raise BadCell.of("name", problem) from None


def check_order(start: dt.date, end: dt.date | None, fix: str = "") -> None:
    """BadCell for what ends before it began."""
    if end and end < start:
        raise BadCell("to_on", "截止日期早于起始日期", fix)


def staff_no(raw: CellValue) -> str:
    """Full-width digits and blanks inside are the typist's, not the number's."""
    return text(20)(compact(as_text(raw)))


def person_name(raw: CellValue) -> str:
    """张 三, or 张三(0123)."""
    word = narrow(as_text(raw))
    name, bracket, rest = word.partition("(")
    return f"{parse_name(name)}({rest.replace(' ', '')}" if bracket else parse_name(word)


def birth_year(raw: CellValue) -> int:
    """The year of 1985, 1985年3月, 85.3.5 or a date; month and day are not kept."""
    match = _YEAR_FIRST.fullmatch(compact(as_text(raw))) if not isinstance(raw, int) else None
    if match is None and not (isinstance(raw, int) and raw <= 2100):  # noqa: PLR2004 - a year, no serial
        return parse_day_or_month(raw).first_day.year
    return integer(1900, 2100)(match[1] if match else raw)


class Days:
    """Turns days known only to the month into the first of it, and says so.

    Personnel files write 2015年3月; the columns of ours want a day.
    """

    def __init__(self) -> None:
        """Nothing was rounded yet."""
        self._rounded: dict[tuple[str, str], list[int]] = {}

    def day(self, row: RecordRow, key: str, label: str, known: dt.date | None = None) -> dt.date | None:
        """The day in a cell; a month that holds the day that is known already says nothing new."""
        found: DayOrMonth | None = row.values[key]
        if found is None:
            return None
        if found.precision == "month":
            if known and found.first_day <= known <= found.last_day:
                return known
            self._rounded.setdefault((row.sheet, label), []).append(row.number)
        return found.first_day

    def notes(self) -> list[str]:
        """What was taken as the first of a month."""
        return [
            f"{f'工作表“{sheet}”的' if sheet else ''}{label}只写到月的（{say_rows(rows)}），按当月1日登记。"
            for (sheet, label), rows in self._rounded.items()
        ]
