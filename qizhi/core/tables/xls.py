"""Reads the values of an old workbook (.xls), of which offices keep cupboards full.

xlrd knows the format; what it raises on damaged files has no common base.
"""

from __future__ import annotations

import os
from typing import Any

import xlrd

from qizhi.core.tables.cells import MAX_COLUMNS, MAX_TEXT, Cell, CellValue, Sheet, Tally
from qizhi.core.tables.formats import seen, shown_as
from qizhi.core.tables.layout import Layout, finish
from qizhi.core.tables.package import DAMAGED
from qizhi.core.tables.problems import UnreadableFile

_FIRST_OWN_FORMAT = 164  # below stand the built-in ones, which programs write in their own language


def read_xls(data: bytes) -> list[Sheet]:
    """All sheets of the workbook in their order, without empty rows; see `xlsx.read_xlsx`.

    Raises:
        UnreadableFile: Damaged, protected, or too large.
    """
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - xlrd talks to a file
        try:
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=nowhere)
            tally = Tally()
            return [_read_sheet(book, sheet, tally) for sheet in book.sheets()]
        except UnreadableFile:
            raise
        except xlrd.XLRDError as error:
            is_locked = "encrypted" in str(error)
            raise UnreadableFile(_LOCKED if is_locked else DAMAGED) from error
        except Exception as error:
            raise UnreadableFile(DAMAGED) from error


_LOCKED = "文件设了打开密码，系统打不开。请在 Excel 或 WPS 里取消密码，另存后再上传。"


def _read_sheet(book: Any, sheet: Any, tally: Tally) -> Sheet:
    layout = Layout(
        hidden_rows={number + 1 for number, info in sheet.rowinfo_map.items() if info.hidden},
        hidden_columns={
            number + 1 for number, info in sheet.colinfo_map.items() if info.hidden and number < MAX_COLUMNS
        },
        areas=[(left + 1, top + 1, right, bottom) for top, bottom, left, right in sheet.merged_cells],
    )
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            value, problem = _value(book, sheet.cell(row, column))
            if problem or (value is not None and value != ""):
                layout.put(Cell(row + 1, column + 1, value, problem=problem), tally)
    return finish(sheet.name, layout, tally, is_hidden=bool(sheet.visibility))


def _value(book: Any, cell: Any) -> tuple[CellValue, str]:
    """What the cell holds, and why not."""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return None, f"单元格里是错误值{xlrd.error_text_from_code.get(cell.value, '')}"
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value), ""
    if cell.ctype in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
        return _number(book, cell), ""
    if cell.ctype != xlrd.XL_CELL_TEXT:
        return None, ""
    if len(cell.value) > MAX_TEXT:
        return None, f"单元格里的内容超过{MAX_TEXT:,}个字"
    return str(cell.value), ""


def _number(book: Any, cell: Any) -> CellValue:
    number: float = int(cell.value) if float(cell.value).is_integer() else cell.value
    key = book.xf_list[cell.xf_index].format_key
    code = book.format_map[key].format_str if key >= _FIRST_OWN_FORMAT else None
    return seen(number, shown_as(key, code), since_1904=book.datemode == 1)
