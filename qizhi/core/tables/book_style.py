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

from qizhi.core.tables.cells import safe_text

FONT = "宋体"
_A4 = 9
ROW_HEIGHT = 20  # points
_LINE_HEIGHT = 15
_MAX_HEIGHT = 400

_LINE = Side(style="thin", color="BFBFBF")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
BODY_FONT = Font(name=FONT, size=11)
HEADING_FONT = Font(name=FONT, size=11, bold=True)
HEADING_FILL = PatternFill("solid", fgColor="EDEDED")
REQUIRED_FILL = PatternFill("solid", fgColor="F8DCD6")
TEXT_ALIGNMENT = Alignment(vertical="center", horizontal="left", indent=1, wrap_text=True)
NUMBER_ALIGNMENT = Alignment(vertical="center", horizontal="right", indent=1)
DATE_ALIGNMENT = Alignment(vertical="center", horizontal="center")
HEADING_ALIGNMENT = Alignment(horizontal="center", vertical="center", wrap_text=True)

_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]'\x00-\x1f]")
_STAMPS = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can tell


def sheet_name(text: str) -> str:
    """A name that spreadsheets accept: 31 characters, no strokes or brackets."""
    return _NOT_IN_NAMES.sub("", safe_text(text)).strip()[:31] or "Sheet1"


def as_heading(cell: Any, *, is_required: bool = False) -> None:
    """Style a cell as the heading of a column."""
    cell.font = HEADING_FONT
    cell.fill = REQUIRED_FILL if is_required else HEADING_FILL
    cell.border = BORDER
    cell.alignment = HEADING_ALIGNMENT


def row_height(text: str, width: int) -> int:
    """Height in points of a row in which the text is wrapped at `width` Latin characters.

    Spreadsheets do not all find it out by themselves when they open a file.
    """
    lines = 0
    for line in text.split("\n"):
        # A Chinese character is as wide as two Latin ones; in GB18030 it is also two bytes.
        lines += max(1, -(-len(line.encode("gb18030", "replace")) // max(width - 3, 1)))
    return min(ROW_HEIGHT + (lines - 1) * _LINE_HEIGHT, _MAX_HEIGHT)


def lay_out(sheet: Any, labels: Sequence[str], widths: Sequence[int], heading_row: int) -> None:
    """Column widths, headings that stay in sight, and A4 across with headings on every page."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.sheet_format.defaultRowHeight = ROW_HEIGHT
    sheet.sheet_format.customHeight = True
    sheet.row_dimensions[heading_row].height = max(
        26, *(row_height(label, width) + 4 for label, width in zip(labels, widths, strict=True))
    )
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
