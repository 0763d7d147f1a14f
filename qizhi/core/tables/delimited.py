"""Reads CSV files as offices really save them: any of three encodings, any of three separators."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from qizhi.core.tables.cells import MAX_ROWS, Cell, Row, Sheet, Tally
from qizhi.core.tables.problems import UnreadableFile

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SEPARATORS = (",", ";", "\t")
_SNIFFED_ROWS = 60
_MAX_LINE = 1_000_000
_SURE_OF_UTF8 = 20  # so many characters beyond ASCII decoded in a row are no accident
_SAVE_AGAIN = "请用 Excel 或 WPS 打开它，另存为“CSV UTF-8（逗号分隔）”或 .xlsx，再上传。"
_END = "\0end"  # cannot stand in the text: NUL bytes are refused before


def read_csv(data: bytes) -> list[Sheet]:
    """The rows of a CSV file as one sheet without name, empty rows left out but counted.

    Row numbers are those that Excel shows when it opens the file. One apostrophe that guards a text against
    being taken for a formula (`'=A1`) is removed, as our own writer put it there.

    Raises:
        UnreadableFile: No text, an unknown encoding, a quote never closed, or too large.
    """
    text = decode(data)
    lines = text.split("\n", 1)
    separator = ""
    if lines[0].strip().lower() in {f"sep={mark}".strip() for mark in _SEPARATORS} | {"sep="}:
        # Excel's own hint. It counts as a row in no program, so it is cut off before the rows are numbered.
        separator = lines[0].strip("\r\n")[4:5] or "\t"
        text = lines[1] if len(lines) > 1 else ""
    rows: list[Row] = []
    tally = Tally()
    for number, values in enumerate(_parse(text, separator or _sniff(text)), start=1):
        cells = [
            Cell(number, column, _unguard(value))
            for column, value in enumerate(values, start=1)
            if value.strip()
        ]
        if cells:
            rows.append(Row(number, cells))
            tally.add_row()
            for cell in cells:
                tally.add(cell)
    return [Sheet("", rows)]


def decode(data: bytes) -> str:
    """The text of the file: UTF-8, UTF-16 with a mark, or GB18030 (which includes GBK and GB2312).

    Raises:
        UnreadableFile: None of them, with the place of the first byte that does not fit.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_strictly(data, "utf-16", "UTF-16")
    if (nul := data.find(b"\0")) >= 0:
        message = f"这不是表格文件：第{nul + 1}个字节是空字节，文字文件里不会有。{_SAVE_AGAIN}"
        raise UnreadableFile(message)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        if sum(not char.isascii() for char in before) >= _SURE_OF_UTF8:
            raise UnreadableFile(_misfit(data, error, "UTF-8")) from error
    return _decode_strictly(data, "gb18030", "UTF-8 和 GB18030")


def _decode_strictly(data: bytes, codec: str, name: str) -> str:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise UnreadableFile(_misfit(data, error, name)) from error
    if "\0" in text:
        message = f"文件里有空字符，已损坏。{_SAVE_AGAIN}"
        raise UnreadableFile(message)
    return text


def _misfit(data: bytes, error: UnicodeDecodeError, name: str) -> str:
    line = data.count(b"\n", 0, error.start) + 1
    return (
        f"认不出文件的文字编码：第{error.start + 1}个字节（第{line}行附近）不符合{name}，"
        f"文件可能已损坏，或者不是表格。{_SAVE_AGAIN}"
    )


def _sniff(text: str) -> str:
    """The separator that gives most rows the same number of columns."""
    start = "".join(islice(io.StringIO(text, newline=""), _SNIFFED_ROWS))
    best, best_score = ",", (0, 0)
    for separator in _SEPARATORS:
        try:
            widths = Counter(
                len(row) for row in csv.reader(io.StringIO(start, newline=""), delimiter=separator)
            )
        except csv.Error:
            continue
        score = max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))
        if score > best_score:
            best, best_score = separator, score
    return best


def _parse(text: str, separator: str) -> list[list[str]]:
    """Rows of fields; a quote that is never closed is refused, since it swallows all rows after it."""
    reader = csv.reader(_lines(text), delimiter=separator)
    rows: list[list[str]] = []
    begins_on = 1
    try:
        for row in reader:
            rows.append(row)
            if row == [_END]:
                return rows[:-1]
            if row and row[-1].endswith(_END):
                break
            if len(rows) > 2 * MAX_ROWS:  # blank rows between are allowed, but not without end
                message = f"文件超过{2 * MAX_ROWS:,}行，一次读不了这么多。请拆成几个文件，分别导入。"
                raise UnreadableFile(message)
            begins_on = reader.line_num + 1
    except csv.Error:
        # A field longer than the reader takes: nearly always the same cause.
        rows.append([])
    message = (
        f"第{len(rows)}行（文件的第{begins_on}行）有引号没有配对，后面的内容会连成一格。请检查这一行的引号。"
    )
    raise UnreadableFile(message)


def _lines(text: str) -> Iterator[str]:
    """The lines, and a last one of our own, which the reader gives back only if no quote is open."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > _MAX_LINE:
            message = f"文件的第{number}行长得不像表格（超过{_MAX_LINE:,}个字）。请检查是不是选错了文件。"
            raise UnreadableFile(message)
        yield line if line.endswith(("\n", "\r")) else f"{line}\n"
    yield _END


def _unguard(value: str) -> str:
    """Take off the apostrophe that guards a text which looks like a formula."""
    return value[1:] if value.startswith("'") and value.lstrip("'").startswith(FORMULA_STARTS) else value
