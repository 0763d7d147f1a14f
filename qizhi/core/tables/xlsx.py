"""Reads the values of an XLSX file, streaming and within limits.

openpyxl writes our files but does not read them: its fast mode knows neither merged areas nor hidden rows,
its full mode keeps a million styled blanks in memory, and both give up on style sheets that other programs
write a little wrong. Values are all that is needed here. The tests compare the two readers.
"""

from __future__ import annotations

from dataclasses import dataclass

from qizhi.core.tables.cells import MAX_CELLS, Sheet
from qizhi.core.tables.formats import shown_as
from qizhi.core.tables.layout import finish
from qizhi.core.tables.package import DAMAGED, SAVE_AS_XLSX, Package, damage_explained
from qizhi.core.tables.problems import UnreadableFile
from qizhi.core.tables.xlsx_sheet import Book, SheetWatcher, unescape, whole


@dataclass(slots=True)
class _SheetEntry:
    name: str
    part: str
    is_hidden: bool


def read_xlsx(data: bytes) -> list[Sheet]:
    """All sheets of the workbook in their order, without empty rows.

    A merged area gives its value to each of its rows and headings (`Copied`); hidden rows, columns and sheets
    are read and named in the notes of the sheet.

    Raises:
        UnreadableFile: Damaged, protected, too large, or another kind of zipped file.
    """
    with damage_explained():
        package = Package(data)
        main = next((path for kind, path in package.related("").values() if kind == "officeDocument"), "")
        main = main if main in package else "xl/workbook.xml"
        if main not in package:
            message = f"这是一个压缩包，里面没有表格。{SAVE_AS_XLSX}"
            raise UnreadableFile(message)
        book = Book()
        entries = _read_workbook(package, main, book)
        for kind, path in package.related(main).values():
            if kind == "sharedStrings" and path in package:
                package.walk(path, _StringsWatcher(book.strings))
            if kind == "styles" and path in package:
                _read_styles(package, path, book)
        return [_read_sheet(package, entry, book) for entry in entries]


def _read_workbook(package: Package, main: str, book: Book) -> list[_SheetEntry]:
    related = package.related(main)
    entries: list[_SheetEntry] = []

    def note(name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr":
            book.since_1904 = attributes.get("date1904", "0") in {"1", "true"}
        if name != "sheet":
            return
        relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        kind, path = related.get(relation, ("", ""))
        if kind == "worksheet" and path in package:  # not a chart or a macro sheet
            if any(entry.part == path for entry in entries):
                raise UnreadableFile(DAMAGED)
            is_hidden = attributes.get("state", "visible") != "visible"
            entries.append(_SheetEntry(attributes.get("name", ""), path, is_hidden))

    package.each(main, note)
    if not entries:
        raise UnreadableFile(DAMAGED)
    return entries


def _read_styles(package: Package, path: str, book: Book) -> None:
    codes: dict[int, str] = {}
    ids: list[int] = []
    inside = ""

    def note(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if name == "numFmt":
            codes[whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "xf":
            if inside == "cellXfs":
                ids.append(whole(attributes.get("numFmtId")))
        elif name in {"cellXfs", "cellStyleXfs", "dxfs", "cellStyles"}:
            inside = name

    package.each(path, note)
    book.styles.extend(shown_as(number, codes.get(number)) for number in ids)


class _StringsWatcher:
    """Collects the shared strings: all runs of an entry joined, reading aids (注音) left out."""

    def __init__(self, strings: list[str]) -> None:
        self._strings = strings
        self._runs: list[str] = []
        self._reading_aid = 0
        self._listening = False

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - the shape of a Watcher
        name = name.rpartition(":")[2]
        if name == "si":
            self._runs = []
        elif name == "rPh":
            self._reading_aid += 1
        elif name == "t":
            self._listening = not self._reading_aid

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "si":
            self._strings.append(unescape("".join(self._runs)))
            if len(self._strings) > 2 * MAX_CELLS:
                raise UnreadableFile(DAMAGED)
        elif name == "rPh":
            self._reading_aid -= 1
        elif name == "t":
            self._listening = False

    def text(self, text: str) -> None:
        if self._listening:
            self._runs.append(text)


def _read_sheet(package: Package, entry: _SheetEntry, book: Book) -> Sheet:
    watcher = SheetWatcher(book)
    package.walk(entry.part, watcher)
    return finish(entry.name, watcher.layout, book.tally, is_hidden=entry.is_hidden)
