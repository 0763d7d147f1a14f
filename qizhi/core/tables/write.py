"""Writes tables: XLSX that opens well in an office, CSV that no program takes for formulas."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from qizhi.core.tables.cells import plain_text
from qizhi.core.tables.delimited import FORMULA_STARTS
from qizhi.core.tables.schema import Column, OutValue, TableSchema

Columns = TableSchema | Sequence[Column]
Encoding = Literal["utf-8-sig", "gb18030"]

_MAX_SHEET_ROWS = 1_048_576


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
    # openpyxl takes a tenth of the server's start, and most of its processes never write a book.
    from qizhi.core.tables.book import write_sheet  # noqa: PLC0415

    return write_sheet(columns, lines, label, title)


def write_template(schema: TableSchema) -> bytes:
    """The empty table of a schema that people download, fill in and send back."""
    from qizhi.core.tables.template import write_template as write  # noqa: PLC0415 - as above

    return write(schema)


def _named(table: Columns, title: str) -> tuple[Sequence[Column], str, str]:
    """Columns, name of the sheet, title."""
    if isinstance(table, TableSchema):
        return table.columns, table.label, title or table.title
    return table, "", title


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
        text = plain_text(value)
        return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return f"{value.date()} {value.hour:02}:{value.minute:02}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)
