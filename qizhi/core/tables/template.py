"""The empty table that people download, fill in and send back."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from qizhi.core.tables import book_style as style
from qizhi.core.tables.cells import safe_text
from qizhi.core.tables.reading import NOTES_SHEET, WORDS_SHEET
from qizhi.core.tables.schema import Column, TableSchema
from qizhi.core.tables.values.plain import shorten

_GUIDED_ROWS = 5_000
_MAX_INLINE = 255  # characters of a list inside a validation
_MAX_PROMPT = 255
_MAX_PROMPT_TITLE = 32
_INTRODUCTION = (
    "在第一张工作表里填写，一行一条；列名不要改，列的顺序可以换。",
    "列名带“*”、底色较深的列必须填写，其他列没有就空着。",
    "多出来的列、空行、合计行不会读取；上传后先检查，有错会逐格指出，改好再传即可。",
)
_NOTES_HEADINGS = ("列名", "必填", "怎么填", "例子", "可以填写的内容")
_NOTES_WIDTHS = (18, 8, 48, 24, 48)


def write_template(schema: TableSchema) -> bytes:
    """A workbook with the headings, lists to pick from, hints, and a sheet that explains each column.

    The example stands on the sheet of explanations only, so that nobody imports it by mistake. All cells are
    formatted as text: spreadsheets then change neither 007 nor 2017.10.
    """
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    sheet.title = style.sheet_name(schema.label)
    labels = [f"*{column.label}" if column.required else column.label for column in schema.columns]
    style.lay_out(sheet, labels, [column.width for column in schema.columns], 1)
    notes = book.create_sheet(NOTES_SHEET)
    for number, column in enumerate(schema.columns, start=1):
        cell = sheet.cell(1, number)
        _write(cell, labels[number - 1])
        style.as_heading(cell, is_required=column.required)
        sheet.column_dimensions[get_column_letter(number)].number_format = "@"
        _guide(book, sheet, number, column)
    _explain(notes, schema)
    return style.saved(book, schema.label)


def _guide(book: Workbook, sheet: Worksheet, number: int, column: Column) -> None:
    """A hint when a cell of the column is chosen, and the list to pick from."""
    validation = DataValidation(type="list" if column.words else None, allow_blank=True)
    if column.words:
        validation.formula1 = _inline(column.words) or _words_range(book, column.words)
        validation.showErrorMessage = True
        validation.errorTitle = shorten(column.label, _MAX_PROMPT_TITLE - 1)
        validation.error = "请从下拉列表里选一项。"
    hint = _hint(column)
    if hint:
        validation.showInputMessage = True
        validation.promptTitle = shorten(column.label, _MAX_PROMPT_TITLE - 1)
        validation.prompt = shorten(hint, _MAX_PROMPT - 1)
    if hint or column.words:
        letter = get_column_letter(number)
        validation.add(f"{letter}2:{letter}{_GUIDED_ROWS + 1}")
        sheet.add_data_validation(validation)


def _hint(column: Column) -> str:
    parts = [column.help, f"例如：{column.example}" if column.example else ""]
    return "\n".join(part for part in parts if part)


def _inline(words: tuple[str, ...]) -> str:
    """The list inside the validation itself, or empty when it cannot stand there."""
    listed = ",".join(words)
    is_plain = all(word == word.strip() and not set(word) & set(',"') for word in words)
    return f'"{listed}"' if is_plain and len(listed) <= _MAX_INLINE else ""


def _words_range(book: Workbook, words: tuple[str, ...]) -> str:
    """A long list stands in a column of its own on a hidden sheet."""
    if WORDS_SHEET not in book.sheetnames:
        book.create_sheet(WORDS_SHEET).sheet_state = "hidden"
    sheet = book[WORDS_SHEET]
    number = sheet.max_column + 1  # the first column stays empty
    for row, word in enumerate(words, start=1):
        _write(sheet.cell(row, number), word)
    letter = get_column_letter(number)
    return f"'{WORDS_SHEET}'!${letter}$1:${letter}${len(words)}"


def _explain(sheet: Worksheet, schema: TableSchema) -> None:
    """One line for each column, under what holds for all."""
    _write(sheet.cell(1, 1), f"{schema.label}：填写说明")
    sheet.cell(1, 1).font = Font(name=style.FONT, size=14, bold=True)
    sheet.row_dimensions[1].height = 30
    for row, sentence in enumerate(_INTRODUCTION, start=2):
        _write(sheet.cell(row, 1), f"{row - 1}. {sentence}")
        sheet.cell(row, 1).font = style.BODY_FONT
    heading_row = len(_INTRODUCTION) + 3
    style.lay_out(sheet, _NOTES_HEADINGS, _NOTES_WIDTHS, heading_row)
    for number, heading in enumerate(_NOTES_HEADINGS, start=1):
        _write(sheet.cell(heading_row, number), heading)
        style.as_heading(sheet.cell(heading_row, number))
    for row, column in enumerate(schema.columns, start=heading_row + 1):
        words = "、".join(column.words)
        required = "必填" if column.required else "选填"
        texts = (column.label, required, column.help, column.example, words)
        heights = [style.row_height(text, width) for text, width in zip(texts, _NOTES_WIDTHS, strict=True)]
        sheet.row_dimensions[row].height = max(heights)
        for number, text in enumerate(texts, start=1):
            cell = sheet.cell(row, number)
            _write(cell, text)
            cell.font, cell.border = style.BODY_FONT, style.BORDER
            cell.alignment = style.TEXT_ALIGNMENT


def _write(cell: Any, text: str) -> None:
    """Write a text as a text, whatever it begins with."""
    cell.value = safe_text(text) or None
    cell.number_format = "@"
    if text:
        cell.data_type = "s"
