"""What one sheet of an XLSX file holds, told by its XML in one pass."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache

from qizhi.core.tables.cells import MAX_COLUMNS, MAX_TEXT, Cell, CellValue, Tally
from qizhi.core.tables.formats import Shown, seen
from qizhi.core.tables.layout import Layout
from qizhi.core.tables.package import DAMAGED
from qizhi.core.tables.problems import UnreadableFile

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_MAX_AREAS = 200_000
_LETTERS = re.compile(r"[A-Za-z]{1,3}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAX_WHOLE_DIGITS = 18
_NEVER_COMPUTED = "公式没有算出结果"


@dataclass(slots=True)
class Book:
    """What the sheets share."""

    strings: list[str] = field(default_factory=list)
    styles: list[Shown] = field(default_factory=list)
    since_1904: bool = False
    tally: Tally = field(default_factory=Tally)


class SheetWatcher:
    """Collects what one sheet holds."""

    def __init__(self, book: Book) -> None:
        self.layout = Layout()
        self._book = book
        self._row = 0
        self._ref, self._steps, self._count = "", 0, 0
        self._kind = self._style = ""
        self._in_cell = self._listening = self._has_formula = False
        self._reading_aid = 0
        self._runs: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2] if ":" in name else name
        if name == "c":
            self._start_cell(attributes)
        elif self._in_cell:
            self._start_in_cell(name)
        elif name == "row":
            self._start_row(attributes)
        elif name == "mergeCell":
            self._note_area(attributes.get("ref", ""))
        elif name == "col":
            self._note_column(attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = whole(attributes.get("r")) or self._row + 1
        # The last cell of the row that says where it is, how many came behind it, and how many in all.
        self._ref, self._steps, self._count = "", 0, 0
        if self._row > _LAST_ROW:
            raise UnreadableFile(DAMAGED)
        if attributes.get("hidden", "0") in {"1", "true"}:
            self.layout.hidden_rows.add(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            self._ref, self._steps = attributes["r"], 0
        else:
            self._steps += 1
        self._count += 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._in_cell, self._has_formula, self._runs = True, False, []

    def _here(self) -> tuple[int, int]:
        """Column and row of the cell; asked only of those that hold something, for most do not."""
        at = _place(self._ref) if self._ref else None
        column, row = (self._count, self._row) if at is None else (at[0] + self._steps, at[1])
        if not 0 < column <= _LAST_COLUMN or not 0 < row <= _LAST_ROW:
            raise UnreadableFile(DAMAGED)
        return column, row

    def _start_in_cell(self, name: str) -> None:
        if name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._reading_aid += 1
        elif name in {"v", "t"}:
            self._listening = not self._reading_aid

    def _note_area(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        start, end = _place(first), _place(last)
        if start and end and start != end:
            self.layout.areas.append((*start, *end))
        if len(self.layout.areas) > _MAX_AREAS:
            raise UnreadableFile(DAMAGED)

    def _note_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden", "0") in {"1", "true"}:
            first, last = whole(attributes.get("min")), whole(attributes.get("max"))
            self.layout.hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))

    def text(self, text: str) -> None:
        if self._listening:
            self._runs.append(text)

    def end(self, name: str) -> None:
        if not self._in_cell:
            return
        name = name.rpartition(":")[2] if ":" in name else name
        if name == "c":
            self._in_cell = self._listening = False
            self._reading_aid = 0
            self._end_cell("".join(self._runs))
        elif name in {"v", "t"}:
            self._listening = False
        elif name == "rPh":
            self._reading_aid -= 1

    def _end_cell(self, text: str) -> None:
        value, problem = self._value(text)
        if not problem and (value is None or value == ""):
            return
        if isinstance(value, str) and len(value) > MAX_TEXT:
            value, problem = None, f"单元格里的内容超过{MAX_TEXT:,}个字"
        column, row = self._here()
        self.layout.put(Cell(row, column, value, problem=problem), self._book.tally)

    def _value(self, text: str) -> tuple[CellValue, str]:
        """What the cell holds, and why not."""
        if not text:
            # A formula that gave an empty text says so (t="str"); without a type it was never computed.
            return None, _NEVER_COMPUTED if self._has_formula and self._kind == "n" else ""
        if self._kind == "e":
            return None, f"单元格里是错误值{text.strip()[:20]}"
        if self._kind in {"n", "s"}:
            return self._number(text.strip()) if self._kind == "n" else self._shared(text)
        return self._typed(text), ""

    def _typed(self, text: str) -> CellValue:
        """A text, a truth or a date, as the type of the cell says."""
        if self._kind == "b":
            return text.strip() in {"1", "true"}
        return _iso(text.strip()) if self._kind == "d" else unescape(text)

    def _shared(self, text: str) -> tuple[CellValue, str]:
        number = whole(text.strip())
        if number >= len(self._book.strings):
            return None, "单元格的内容已损坏"
        return self._book.strings[number], ""

    def _number(self, text: str) -> tuple[CellValue, str]:
        if len(text) > 400 or not _NUMBER.fullmatch(text):  # noqa: PLR2004 - no double has more digits
            return None, "单元格里的数字已损坏"
        digits = text.lstrip("+-")
        is_whole = digits.isdigit() and len(digits) <= _MAX_WHOLE_DIGITS
        number: float = int(text) if is_whole else float(text)
        if isinstance(number, float):
            if number in {float("inf"), float("-inf")}:
                return None, "单元格里的数字已损坏"
            if number.is_integer() and abs(number) < 10**_MAX_WHOLE_DIGITS:
                number = int(number)
        style = whole(self._style)
        shown = self._book.styles[style] if style < len(self._book.styles) else Shown.NUMBER
        return seen(number, shown, since_1904=self._book.since_1904), ""


def whole(text: str | None) -> int:
    """A count in an attribute; 0 when it is missing or no number."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004


def _place(ref: str) -> tuple[int, int] | None:
    """B7 → (2, 7): column and row; None when it is no address."""
    ref = ref.replace("$", "")
    letters = ref.rstrip("0123456789")
    column, row = _column(letters), whole(ref[len(letters) :])
    return (column, row) if column and row else None


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    """B → 2, AA → 27; 0 when these are not one to three letters."""
    if not _LETTERS.fullmatch(letters):
        return 0
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def unescape(text: str) -> str:
    """ECMA-376 22.9.2.19: characters that XML cannot hold are written _xHHHH_, in units of UTF-16."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _iso(text: str) -> CellValue:
    """A cell of the rare type d: ISO 8601; what is no date stays text."""
    try:
        value = dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
    return value.date() if value.time() == dt.time() else value
