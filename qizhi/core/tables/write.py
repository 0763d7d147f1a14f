"""Writes tables: XLSX that opens well in an office, CSV that no program takes for formulas."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from qizhi.core.tables import book_style as style
from qizhi.core.tables.delimited import FORMULA_STARTS
from qizhi.core.tables.schema import Column, OutValue, TableSchema

Columns = TableSchema | Sequence[Column]
Encoding = Literal["utf-8-sig", "gb18030"]

_MAX_SHEET_ROWS = 1_048_576
_EXACT_DIGITS = 15
_FIRST_DAY = dt.date(1900, 3, 1)  # before it spreadsheets count a day that never was
_TITLE_FONT = Font(name=style.FONT, size=16, bold=True)
_TITLE_HEIGHT = 32


def write_xlsx(table: Columns, rows: Iterable[Mapping[str, object]], title: str = "") -> bytes:
    """A workbook of one sheet: title if there is one, headings, rows; the same bytes for the same input.

    Texts stay texts even if they look like formulas. Read with the same columns, the values are equal.

    Args:
        table: What to write, in which order.
        rows: Values by key; a missing key is an empty cell.
        title: Printed above the headings; also the name of the sheet.

    Raises:
        ValueError: More rows than a sheet can hold.
        TypeError: A value of a type that cannot be written; give its column a `show`.
    """
    columns, label, title = _named(table, title)
    # Everything is turned into plain values before the book is opened: it cannot be left half written.
    lines = [[column.out(row.get(column.key)) for column in columns] for row in rows]
    if len(lines) > _MAX_SHEET_ROWS - 2:
        message = f"a sheet holds {_MAX_SHEET_ROWS} rows at most"
        raise ValueError(message)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(style.sheet_name(title or label))
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
    return style.saved(book, title or label)


def _write_head(sheet: Any, labels: Sequence[str], title: str) -> None:
    """The title across all columns, if there is one, and the headings."""
    if title:
        cell = WriteOnlyCell(sheet, style.safe_text(title))
        cell.data_type, cell.font, cell.alignment = "s", _TITLE_FONT, style.HEADING_ALIGNMENT
        sheet.row_dimensions[1].height = _TITLE_HEIGHT
        sheet.append([cell])
        if len(labels) > 1:
            sheet.merged_cells.add(f"A1:{get_column_letter(len(labels))}1")
    headings = [WriteOnlyCell(sheet, style.safe_text(label)) for label in labels]
    for cell in headings:
        cell.data_type = "s"
        style.as_heading(cell)
    sheet.append(headings)


def _named(table: Columns, title: str) -> tuple[Sequence[Column], str, str]:
    """Columns, name of the sheet, title."""
    if isinstance(table, TableSchema):
        return table.columns, table.label, title or table.title
    return table, "", title


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
        return "text", style.safe_text(value or "") or None
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


def write_csv(
    table: Columns, rows: Iterable[Mapping[str, object]], encoding: Encoding = "utf-8-sig"
) -> bytes:
    """Headings and rows, separated by commas, with the line ends that spreadsheets expect.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; `read_table` removes it.

    Args:
        table: What to write, in which order.
        rows: Values by key; a missing key is an empty cell.
        encoding: `utf-8-sig` opens in every current program, `gb18030` in old Chinese ones.

    Raises:
        TypeError: A value of a type that cannot be written; give its column a `show`.
    """
    columns, _, _ = _named(table, "")
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([_csv_text(column.label) for column in columns])
    for row in rows:
        writer.writerow([_csv_text(column.out(row.get(column.key))) for column in columns])
    return target.getvalue().encode(encoding)


def _csv_text(value: OutValue) -> str:
    """The value as text; apostrophes in front are doubled too, so that none is lost on the way back."""
    if isinstance(value, str):
        text = style.plain_text(value)
        return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return f"{value.date()} {value.hour:02}:{value.minute:02}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)
