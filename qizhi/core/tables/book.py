"""The sheet of a table; loaded when one is written: the start of the server need not wait for openpyxl."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from qizhi.core.tables import book_style as style
from qizhi.core.tables.cells import safe_text
from qizhi.core.tables.schema import Column, OutValue

_EXACT_DIGITS = 15
_FIRST_DAY = dt.date(1900, 3, 1)  # before it spreadsheets count a day that never was
_TITLE_FONT = Font(name=style.FONT, size=16, bold=True)
_TITLE_HEIGHT = 32


def write_sheet(
    columns: Sequence[Column], lines: Sequence[Sequence[OutValue]], name: str, title: str
) -> bytes:
    """A workbook of one sheet with that name: title if there is one, headings, lines."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(style.sheet_name(title or name))
    heading_row = 2 if title else 1
    labels = [column.label for column in columns]
    style.lay_out(sheet, labels, [column.width for column in columns], heading_row)
    _write_head(sheet, labels, title)
    fillers = [_filler(sheet) for _ in columns]
    for number, values in enumerate(lines, start=heading_row + 1):
        height = _row_height(values, columns)
        if height > style.ROW_HEIGHT:
            sheet.row_dimensions[number].height = height
        sheet.append([fill(value) for fill, value in zip(fillers, values, strict=True)])
    return style.saved(book, title or name)


def _write_head(sheet: Any, labels: Sequence[str], title: str) -> None:
    """The title across all columns, if there is one, and the headings."""
    if title:
        cell = WriteOnlyCell(sheet, safe_text(title))
        cell.data_type, cell.font, cell.alignment = "s", _TITLE_FONT, style.HEADING_ALIGNMENT
        sheet.row_dimensions[1].height = _TITLE_HEIGHT
        sheet.append([cell])
        if len(labels) > 1:
            sheet.merged_cells.add(f"A1:{get_column_letter(len(labels))}1")
    headings = [WriteOnlyCell(sheet, safe_text(label)) for label in labels]
    for cell in headings:
        cell.data_type = "s"
        style.as_heading(cell)
    sheet.append(headings)


def _row_height(values: Sequence[OutValue], columns: Sequence[Column]) -> int:
    """Height that the longest text of the row needs."""
    return max(
        (
            style.row_height(value, column.width)
            for value, column in zip(values, columns, strict=True)
            if isinstance(value, str)
        ),
        default=style.ROW_HEIGHT,
    )


def _filler(sheet: Any) -> Callable[[OutValue], Any]:
    """Gives the cell for a value of one column.

    The cells are styled once and used again for each row: the sheet writes a row as soon as it is given, and
    styling costs more than all the rest.
    """
    kinds = {
        "text": ("@", style.TEXT_ALIGNMENT),
        "number": ("General", style.NUMBER_ALIGNMENT),
        "date": ("yyyy-mm-dd", style.DATE_ALIGNMENT),
        "time": ("yyyy-mm-dd hh:mm", style.DATE_ALIGNMENT),
    }
    cells: dict[str, Any] = {}
    for kind, (number_format, alignment) in kinds.items():
        cell = cells[kind] = WriteOnlyCell(sheet)
        cell.font, cell.border = style.BODY_FONT, style.BORDER
        cell.number_format, cell.alignment = number_format, alignment

    def fill(value: OutValue) -> Any:
        kind, value = _kind(value)
        cell = cells[kind]
        cell.value = value
        if kind == "text":
            cell.data_type = "s"  # or else a leading = would make it a formula
        return cell

    return fill


def _kind(value: OutValue) -> tuple[str, OutValue]:
    """How the value is written; what a spreadsheet would round or misdate becomes text."""
    if value is None or isinstance(value, str):
        return "text", safe_text(value or "") or None
    if isinstance(value, bool):
        return "text", "是" if value else "否"
    if isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        if day < _FIRST_DAY:
            return "text", str(value)
        return ("time" if isinstance(value, dt.datetime) else "date"), value
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if (
        not exact.is_finite()
        or len(exact.normalize().as_tuple().digits) > _EXACT_DIGITS
        or abs(exact) >= 10**15
    ):
        return "text", f"{exact:f}"
    return "number", value
