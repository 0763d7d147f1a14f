"""A file as a grid of cells, before anybody knows what the columns mean."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from qizhi.core.tables.problems import UnreadableFile

CellValue = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_ROWS = 100_000  # rows that hold something
MAX_COLUMNS = 200
MAX_CELLS = 1_500_000  # cells that hold something, copies of merged cells included
MAX_CHARACTERS = 50_000_000  # in all cells
MAX_TEXT = 32_767  # characters in a cell, in every spreadsheet program
_TOO_LONG = "……（超过单元格的字数上限，后面没有写入）"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Copied(Enum):
    """Where the value of a cell inside a merged area comes from."""

    NO = "no"
    DOWN = "down"  # from above: the value counts for this row as well
    ACROSS = "across"  # from the left: only headings care


class Cell(NamedTuple):
    """One cell that holds something.

    Attributes:
        row: Number of the row as the spreadsheet shows it, from 1.
        column: Number of the column, from 1.
        value: What the file holds, before any cleaning.
        copied: Whether the value comes from the corner of a merged area.
        problem: Chinese reason why there is no value (error value, formula never computed), else empty.
    """

    row: int
    column: int
    value: CellValue
    copied: Copied = Copied.NO
    problem: str = ""

    @property
    def ref(self) -> str:
        """The address that people read: B7."""
        return f"{column_letters(self.column)}{self.row}"

    @property
    def is_own(self) -> bool:
        """Whether something was written into this very cell."""
        if self.copied is not Copied.NO:
            return False
        return bool(self.problem) or (bool(self.value.strip()) if isinstance(self.value, str) else True)


@dataclass(slots=True)
class Row:
    """A row that holds something; `cells` in the order of columns, empty ones left out."""

    number: int
    cells: list[Cell]
    is_hidden: bool = False


@dataclass(slots=True)
class Sheet:
    """A sheet, or a CSV file as its only sheet (`name` empty).

    `notes` are Chinese sentences about what people cannot see in the file: hidden rows, a hidden sheet.
    `hidden_columns` are numbers of columns; whether they matter only the schema knows.
    """

    name: str
    rows: list[Row]
    is_hidden: bool = False
    notes: list[str] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)


def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def say_rows(numbers: list[int], most: int = 20) -> str:
    """第5、6、9行, cut after `most` with the count."""
    shown = "、".join(str(number) for number in numbers[:most])
    return f"第{shown}行" if len(numbers) <= most else f"第{shown}行等{len(numbers)}行"


@dataclass(slots=True)
class Tally:
    """Counts what a file holds and refuses one that is larger than anything people keep by hand.

    A small file can hold a lot: the same long text in a million cells, a merged area over all of a sheet.
    """

    rows: int = 0
    cells: int = 0
    characters: int = 0

    def add_row(self) -> None:
        """One more row that holds something.

        Raises:
            UnreadableFile: Too many.
        """
        self.rows += 1
        if self.rows > MAX_ROWS:
            message = f"表格超过{MAX_ROWS:,}行，一次读不了这么多。请按年份或按部门拆成几个文件，分别导入。"
            raise UnreadableFile(message)

    def add(self, cell: Cell) -> None:
        """One more cell that holds something.

        Raises:
            UnreadableFile: Too far to the right, too many, or too much text in all.
        """
        self.cells += 1
        self.characters += len(cell.value) if isinstance(cell.value, str) else 0
        if cell.column > MAX_COLUMNS:
            message = f"表格超过{MAX_COLUMNS}列（{cell.ref}单元格里还有内容）。请删去多余的列，另存后再导入。"
            raise UnreadableFile(message)
        if self.cells > MAX_CELLS or self.characters > MAX_CHARACTERS:
            message = "表格里的内容太多，一次读不了。请按年份或按部门拆成几个文件，分别导入。"
            raise UnreadableFile(message)


def plain_text(text: str) -> str:
    """The text without control characters and halves of characters, with plain line ends."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def safe_text(text: str) -> str:
    """The text as a cell of a workbook can hold it.

    What is longer than a cell is cut and says so. `_x0041_` would be read as a letter, so it is escaped.
    """
    text = _ESCAPE_LIKE.sub("_x005F_", plain_text(text))
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_TOO_LONG)] + _TOO_LONG
