"""How our workbooks look, and how they are saved."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

FONT = "宋体"
MAX_TEXT = 32_767  # characters in a cell, in every spreadsheet program
_TOO_LONG = "……（超过单元格的字数上限，后面没有写入）"
_A4 = 9

_LINE = Side(style="thin", color="BFBFBF")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
BODY_FONT = Font(name=FONT, size=11)
HEADING_FONT = Font(name=FONT, size=11, bold=True)
HEADING_FILL = PatternFill("solid", fgColor="EDEDED")
REQUIRED_FILL = PatternFill("solid", fgColor="F8DCD6")
HEADING_ALIGNMENT = Alignment(horizontal="center", vertical="center", wrap_text=True)

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]'\x00-\x1f]")
_STAMPS = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can tell


def safe_text(text: str) -> str:
    """The text without what XML and spreadsheets cannot hold.

    What is longer than a cell is cut and says so. `_x0041_` would be read as a letter, so it is escaped.
    """
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _ESCAPE_LIKE.sub("_x005F_", text)
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_TOO_LONG)] + _TOO_LONG


def sheet_name(text: str) -> str:
    """A name that spreadsheets accept: 31 characters, no strokes or brackets."""
    return _NOT_IN_NAMES.sub("", safe_text(text)).strip()[:31] or "Sheet1"


def as_heading(cell: Any, *, is_required: bool = False) -> None:
    """Style a cell as the heading of a column."""
    cell.font = HEADING_FONT
    cell.fill = REQUIRED_FILL if is_required else HEADING_FILL
    cell.border = BORDER
    cell.alignment = HEADING_ALIGNMENT


def lay_out(sheet: Any, widths: Sequence[int], heading_row: int) -> None:
    """Column widths, headings that stay in sight, and A4 across with headings on every page."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[heading_row].height = 24
    sheet.freeze_panes = f"A{heading_row + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{heading_row}"


def saved(book: Workbook, title: str) -> bytes:
    """The file, without the moment of writing, so that equal tables are equal files."""
    book.properties.creator = None
    book.properties.title = safe_text(title) or None
    raw = io.BytesIO()
    book.save(raw)
    result = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "docProps/core.xml":
                content = _STAMPS.sub(b"", content)
            target.writestr(zipfile.ZipInfo(part.filename, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()
