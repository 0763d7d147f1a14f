"""What the number format of a spreadsheet cell says about the number in it."""

from __future__ import annotations

import datetime as dt
import re
from enum import Enum

from qizhi.core.tables.cells import CellValue


class Shown(Enum):
    """As what a number is shown to people."""

    NUMBER = "number"
    DATE = "date"
    MONTH = "month"  # 2017年3月: kept as the first of the month
    DURATION = "duration"


# ECMA-376 part 1, 18.8.30: built-in formats, with those of zh-cn, which carry no format code in the file.
_MONTHS = frozenset({17, 27, 36, 50, 52, 57})
_DATES = frozenset({*range(14, 23), *range(28, 36), 45, 47, 51, 53, 54, 55, 56, 58})
_DURATIONS = frozenset({46})
_BUILT_IN = {
    **dict.fromkeys(_DATES, Shown.DATE),
    **dict.fromkeys(_MONTHS, Shown.MONTH),
    **dict.fromkeys(_DURATIONS, Shown.DURATION),
}

# Quoted words, escaped characters, widths, fillers, and brackets other than elapsed time.
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_MAX_CODE = 255  # as in every spreadsheet program
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]")


def shown_as(format_id: int, code: str | None) -> Shown:
    """As what people see a number.

    Args:
        format_id: `numFmtId` of the cell's style.
        code: The format code that the file gives to this id, or None for a built-in one.
    """
    if code is None:
        return _BUILT_IN.get(format_id, Shown.NUMBER)
    first = _NOT_CODE.sub("", code[:_MAX_CODE]).split(";")[0].lower()
    if _ELAPSED.search(first):
        return Shown.DURATION
    letters = set(first) & set("ymdhs")
    if letters == {"y", "m"}:
        return Shown.MONTH
    return Shown.DATE if letters and "general" not in first else Shown.NUMBER


def seen(number: float, shown: Shown, *, since_1904: bool) -> CellValue:
    """The value that people see in the cell.

    A cell formatted as 年月 that holds the first of a month was typed as 2017年3月: it becomes that text, so
    that a month does not silently turn into a day. A number outside the calendar stays a number.
    """
    if shown is Shown.NUMBER:
        return number
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel  # noqa: PLC0415 - heavy

    epoch = MAC_EPOCH if since_1904 else WINDOWS_EPOCH
    try:
        value: CellValue = from_excel(number, epoch, timedelta=shown is Shown.DURATION)
    except (OverflowError, ValueError):
        return number
    if not isinstance(value, dt.datetime):
        return value
    if value.time() != dt.time():
        return value
    if shown is Shown.MONTH and value.day == 1:
        return f"{value.year}年{value.month}月"
    return value.date()
