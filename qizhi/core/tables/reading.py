"""Reads a file against a schema: rows, and every cell of them that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from qizhi.core.tables.cells import Cell, CellValue, Copied, Row, Sheet, column_letters, say_rows
from qizhi.core.tables.grid import read_grid
from qizhi.core.tables.header import BadHeader, Header, find_header, heading_key
from qizhi.core.tables.problems import BadValue, UnreadCell
from qizhi.core.tables.schema import Column, TableSchema
from qizhi.core.tables.values.dates import NoYear
from qizhi.core.tables.values.plain import as_text, compact, is_blank, narrow, shorten
from qizhi.core.values import dataclass

NOTES_SHEET = "填写说明"
WORDS_SHEET = "可选项"

_TOTAL = re.compile(r"合计|小计|总计|共计|累计|本页合计|全年合计|(?P<loose>.{1,12}(?:合计|小计|总计))")
_SIGNED = re.compile(
    r"(?:填表|制表|填报|审核|复核|经办|报送|统计|录入|审批|记录|登记|整理|单位负责|部门负责|主要负责)(?:单位|部门|人|者|时间|日期)?(?:\(.{1,6}\))?:.*|.{0,10}\(?(?:签字|签名|签章|盖章)\)?:?.{0,10}"
)
_REMARK = re.compile(
    r"(?:注|备注|说明|附注|附|联系人|联系电话|电话|负责人|日期|单位|领导)(?:[0-9]?):.*|注[0-9]?、.*"
)
_FIRST_CELLS = 3
_WRONG = object()
_YEAR = re.compile(r"((?:19|20)[0-9]{2})\s*年")


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with one cell, or with a sheet as a whole (`cell` and `column_label` may be empty).

    Attributes:
        sheet: Name of the sheet; empty for CSV.
        cell: Address, such as B7.
        row: Number of the row as the spreadsheet shows it; 0 for the file as a whole.
        column_label: Chinese heading from the schema.
        value: What stood there, as text.
        reason: Chinese, without full stop.
        fix: What to write instead.
    """

    sheet: str
    cell: str
    row: int
    column_label: str
    value: str
    reason: str
    fix: str = ""

    @property
    def column(self) -> tuple[bool, int, str]:
        """Sorts the cells of a row from left to right, and what has no cell behind them."""
        letters = self.cell.rstrip("0123456789")
        return not letters, len(letters), letters


class _Readable(dict[str, Any]):
    """What could be read of a row with wrong cells; `values[…]` raises `UnreadCell` for one of those."""

    def __missing__(self, key: str) -> Any:
        raise UnreadCell(key)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A row that holds something.

    Attributes:
        number: Number of the row as the spreadsheet shows it.
        sheet: Name of the sheet; empty for CSV.
        values: Key of the column → value; None for an empty cell or an absent column. Of a flawed row
            without the cells that could not be read; `core.tables.checks` says how steps go on without them.
        same_as: Sheet and number of an earlier row that is exactly the same, or None.
        above: The title above the headings; it often says whose table it is, and of which year.
        is_flawed: Whether some of its cells could not be read; the errors of the reading say which.
    """

    number: int
    sheet: str
    values: dict[str, Any]
    same_as: tuple[str, int] | None = None
    above: str = field(default="", compare=False)
    is_flawed: bool = field(default=False, compare=False)
    _cells: Mapping[str, Cell] = field(default_factory=dict, repr=False, compare=False)
    _labels: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def has_column(self, key: str) -> bool:
        """Whether the table knows a column of that key."""
        return key in self._labels

    def error(self, key: str, reason: str, fix: str = "") -> CellError:
        """An error that only the caller can know, such as a person who is not in the books.

        Args:
            key: Key of the column.
            reason: Chinese, without full stop.
            fix: What to do.
        """
        cell = self._cells.get(key)
        return CellError(
            sheet=self.sheet,
            cell=cell.ref if cell else "",
            row=self.number,
            column_label=self._labels.get(key, key),
            value=_quoted(cell.value) if cell else "",
            reason=reason,
            fix=fix,
        )


@dataclass(slots=True)
class TableReading:
    """What a file holds.

    Attributes:
        all_rows: Rows in their order, those with wrong cells among them, of which nothing is taken over but
            everything is told.
        errors: All errors, in the order of the file.
        notes: Chinese sentences on what was skipped or read in spite of being hidden.
        ignored_columns: Headings that the schema does not know.
    """

    all_rows: list[RecordRow] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[RecordRow]:
        """Rows without error, in their order."""
        return [row for row in self.all_rows if not row.is_flawed]

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets, in their order."""
        told = [*(row.sheet for row in self.all_rows), *(error.sheet for error in self.errors)]
        return list(dict.fromkeys(told))


def read_sheets(data: bytes, filename: str) -> list[Sheet]:
    """The sheets in which somebody wrote something, not those that our templates explain themselves with.

    Args:
        data: The whole file, XLSX or CSV.
        filename: As the person sees it.

    Raises:
        UnreadableFile: The file as a whole cannot be read.
    """
    ours = {NOTES_SHEET, WORDS_SHEET}
    return [sheet for sheet in read_grid(data, filename) if sheet.rows and sheet.name not in ours]


def read_table(data: bytes, filename: str, schema: TableSchema) -> TableReading:
    """All sheets of a file that have the headings of the schema; arguments and error as of `read_sheets`."""
    return read_rows(read_sheets(data, filename), schema)


def read_rows(sheets: Sequence[Sheet], schema: TableSchema) -> TableReading:
    """The rows of those sheets that have the headings of the schema; what is wrong with them is an error."""
    reading = TableReading()
    failures: list[tuple[Sheet, BadHeader]] = []
    is_found = False
    for sheet in sheets:
        try:
            header = find_header(sheet, schema)
        except BadHeader as problem:
            failures.append((sheet, problem))
            continue
        is_found = True
        _read_sheet(reading, sheet, header, schema)
    _report_headers(reading, failures, schema, is_found=is_found)
    if is_found and not reading.rows and not reading.errors:
        reason = "表里只有列名，没有数据"
        reading.errors.append(CellError("", "", 0, "", "", reason, "请在列名下面一行一条填写，再上传"))
    _note_repeats(reading)
    return reading


def _report_headers(
    reading: TableReading, failures: list[tuple[Sheet, BadHeader]], schema: TableSchema, *, is_found: bool
) -> None:
    """A sheet without our headings is an error if it was meant for us, else a note.

    It was meant for us if it has half of the columns, or if there is no better sheet in the file.
    """
    if not failures and not is_found:
        reason = "文件里没有任何内容"
        reading.errors.append(CellError("", "", 0, "", "", reason, "请检查是否选错了文件"))
    ours = [failure for failure in failures if failure[1].matched * 2 >= len(schema.columns)]
    if not ours and not is_found:
        ours = sorted(failures, key=lambda failure: -failure[1].matched)[:1]
    for failure in failures:
        sheet, problem = failure
        if failure in ours:
            cell = f"A{problem.row}" if problem.row else ""
            reading.errors.append(
                CellError(sheet.name, cell, problem.row, "", "", problem.reason, problem.fix)
            )
        else:
            reading.notes.append(f"工作表“{sheet.name}”里没有需要的列名，没有读取。")


def _read_sheet(reading: TableReading, sheet: Sheet, header: Header, schema: TableSchema) -> None:
    reading.notes.extend(sheet.notes)
    hidden = sorted(sheet.hidden_columns.intersection(header.columns))
    if hidden:
        letters = "、".join(column_letters(number) for number in hidden)
        reading.notes.append(f"工作表“{sheet.name}”里隐藏的{letters}列也读取了。")
    reading.ignored_columns.extend(text for text in header.ignored if text not in reading.ignored_columns)
    labels = {column.key: column.label for column in schema.columns}
    blank = dict.fromkeys(labels)
    skipped: dict[str, list[Row]] = {}
    above = _FromAbove(header)
    for row in sheet.rows:
        if row.number <= header.last_row or not any(cell.is_own for cell in row.cells):
            continue
        if why := _why_skipped(row, header):
            skipped.setdefault(why, []).append(row)
            continue
        cells = {cell.column: cell for cell in row.cells if cell.copied is not Copied.ACROSS}
        if all(_is_empty(cells.get(place)) for place in header.columns):
            skipped.setdefault("需要的列都空着", []).append(row)
            continue
        above.fill(row.number, cells)
        values, errors = _read_row(sheet.name, row.number, cells, header)
        reading.errors.extend(errors)
        kept = {column.key: cells[place] for place, column in header.columns.items() if place in cells}
        known = {**blank, **values}
        if errors:
            known = _Readable({key: value for key, value in known.items() if value is not _WRONG})
        reading.all_rows.append(
            RecordRow(row.number, sheet.name, known, None, header.above, bool(errors), kept, labels)
        )
    reading.notes.extend(_say_skipped(sheet.name, why, rows) for why, rows in skipped.items())
    reading.notes.extend(above.notes(sheet.name))


class _FromAbove:
    """Fills cells that are written once for several rows: CSV loses merged areas, and not all are merged."""

    def __init__(self, header: Header) -> None:
        self._columns = {place: column for place, column in header.columns.items() if column.is_from_above}
        self._last: dict[int, Cell] = {}
        self._filled: dict[str, list[int]] = {}

    def fill(self, number: int, cells: dict[int, Cell]) -> None:
        """Add what the cell above says to the cells of a row."""
        for place, column in self._columns.items():
            cell = cells.get(place)
            if cell is not None and (cell.problem or not is_blank(cell.value)):
                self._last[place] = cell
            elif place in self._last:
                cells[place] = self._last[place]._replace(row=number, copied=Copied.DOWN)
                self._filled.setdefault(column.label, []).append(number)

    def notes(self, sheet: str) -> list[str]:
        """Which cells were filled."""
        where = f"工作表“{sheet}”" if sheet else "表里"
        return [f"{where}{say_rows(rows)}的“{label}”空着，同上一行。" for label, rows in self._filled.items()]


def _is_empty(cell: Cell | None) -> bool:
    """Whether nothing was written here: a copy from a merged area does not make a row a record."""
    return cell is None or not cell.is_own or (not cell.problem and is_blank(cell.value))


def _read_row(
    sheet: str, number: int, cells: dict[int, Cell], header: Header
) -> tuple[dict[str, object], list[CellError]]:
    """Values by key, `_WRONG` where there is none, and the errors of the row from left to right."""
    values: dict[str, object] = {}
    errors: list[CellError] = []
    for place, column in header.columns.items():
        cell = cells.get(place)
        try:
            values[column.key] = _read_cell(cell, column, header.above)
        except BadValue as problem:
            values[column.key] = _WRONG
            errors.append(
                CellError(
                    sheet=sheet,
                    cell=f"{column_letters(place)}{number}",
                    row=number,
                    column_label=column.label,
                    value=_quoted(cell.value) if cell else "",
                    reason=problem.reason,
                    fix=problem.fix or _advice(column),
                )
            )
    return values, errors


def _read_cell(cell: Cell | None, column: Column, above: str) -> object:
    if cell is not None and cell.problem:
        raise BadValue(cell.problem, "请在表格软件里打开文件，把这一格改成算好的值，保存后再上传")
    if cell is None or is_blank(cell.value):
        if column.required:
            raise BadValue("没有填写")
        return None
    try:
        return column.parse(cell.value)
    except NoYear:
        years = set(_YEAR.findall(narrow(above)))
        if len(years) != 1:
            raise
        return column.parse(f"{years.pop()}年{as_text(cell.value)}")


def _advice(column: Column) -> str:
    """What the column itself says about a good value."""
    if column.words:
        return f"可以填：{'、'.join(column.words[:12])}"
    parts = [column.help.rstrip("。"), f"例如 {column.example}" if column.example else ""]
    return "，".join(part for part in parts if part)


def _quoted(value: CellValue) -> str:
    """What stood in the cell, for the list of errors."""
    try:
        return shorten(as_text(value), 60)
    except BadValue:
        return f"{value:.15g}" if isinstance(value, int | float) else ""


def _why_skipped(row: Row, header: Header) -> str:
    """Why a row is no record: headings again, a total, a line to sign; empty when it is one."""
    own = [cell for cell in row.cells if cell.is_own]
    if _is_heading(own, header):
        return "列名又出现了一次"
    words = [_word(cell) for cell in own[:_FIRST_CELLS]]
    is_full = not any(
        column.required and not any(cell.column == place for cell in row.cells)
        for place, column in header.columns.items()
    )
    for word in words:
        match = _TOTAL.fullmatch(word.rstrip(":"))
        if match and not (match["loose"] and is_full):
            return "合计、小计"
    if _SIGNED.fullmatch(words[0]) or (not is_full and _REMARK.fullmatch(words[0])):
        return "表尾说明"
    return ""


def _word(cell: Cell) -> str:
    return compact(cell.value) if isinstance(cell.value, str) else ""


def _is_heading(own: list[Cell], header: Header) -> bool:
    """Whether everything in the row stands in the same column of a row of headings."""
    if not all(isinstance(cell.value, str) for cell in own):
        return False
    return any(
        len(own) >= min(2, len(texts))
        and all(texts.get(cell.column) == heading_key(str(cell.value)) for cell in own)
        for texts in header.texts
    )


def _say_skipped(sheet: str, why: str, rows: list[Row]) -> str:
    where = f"工作表“{sheet}”" if sheet else "表里"
    first = next(cell for cell in rows[0].cells if cell.is_own)
    begins = shorten(_quoted(first.value), 20)
    return f"{where}{say_rows([row.number for row in rows])}没有当作数据：{why}（“{begins}”）。"


def _note_repeats(reading: TableReading) -> None:
    """Mark rows that are exactly the same as an earlier one."""
    first: dict[str, RecordRow] = {}
    pairs: list[str] = []
    for index, row in enumerate(reading.all_rows):
        if row.is_flawed:
            continue
        earlier = first.setdefault(repr(row.values), row)
        if earlier is row:
            continue
        reading.all_rows[index] = replace(row, same_as=(earlier.sheet, earlier.number))
        where = f"（工作表“{earlier.sheet}”）" if earlier.sheet != row.sheet else ""
        pairs.append(f"第{row.number}行同第{earlier.number}行{where}")
    if pairs:
        shown = "、".join(pairs[:20]) + ("等" if len(pairs) > 20 else "")  # noqa: PLR2004
        reading.notes.append(f"有{len(pairs)}行和前面的行完全相同：{shown}。")
