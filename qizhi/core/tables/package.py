"""The parts of a zipped office file, opened with limits and without entities."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol
from xml.parsers import expat

from qizhi.core.tables.problems import UnreadableFile

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 5_000
MAX_ELEMENTS = 8_000_000  # of all parts that are read: ten seconds at worst
_CHUNK = 1 << 16
_OFFICE_COMPRESSION = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED_FLAG = 0x1

# What zipfile, zlib and expat raise on damaged input. ValueError, LookupError and ArithmeticError belong to
# it: zipfile and expat raise them on lying headers, unknown encodings and impossible dates.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
    ArithmeticError,
)

_OTHER_ZIPS = (
    ("xl/workbook.bin", "这是 Excel 二进制工作簿（.xlsb），系统读不了。"),
    ("word/document.xml", "这是 Word 文档，不是表格。"),
    ("ppt/presentation.xml", "这是演示文稿，不是表格。"),
    ("index/document.iwa", "这是苹果 Numbers 表格，系统读不了。"),
)
SAVE_AS_XLSX = "请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（.xlsx）”，再上传另存的文件。"
DAMAGED = "文件已损坏，或者没有传完整，打不开。请用 Excel 或 WPS 打开原文件，另存为新的 .xlsx，再上传。"


class Watcher(Protocol):
    """Is told what stands in an XML part, in its order."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""

    def end(self, name: str) -> None:
        """An element closes."""

    def text(self, text: str) -> None:
        """Characters between elements."""


@contextmanager
def damage_explained() -> Iterator[None]:
    """Turn whatever a damaged file makes the libraries raise into one sentence for people."""
    try:
        yield
    except _DAMAGE as error:
        raise UnreadableFile(DAMAGED) from error


class Package:
    """A zipped office file.

    Args:
        data: The whole file.

    Raises:
        UnreadableFile: Not a ZIP, not a workbook, protected by a password, or far too large when unpacked.
    """

    def __init__(self, data: bytes) -> None:
        """Open the list of parts; nothing is unpacked yet."""
        self._elements = 0
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        parts = self._zip.infolist()
        # Some writers use backslashes or capitals of their own; office programs do not mind that.
        self._parts = {part.filename.replace("\\", "/").lstrip("/").lower(): part for part in parts}
        self._refuse_others()
        self._refuse_bombs(parts)

    def _refuse_others(self) -> None:
        for name, what in _OTHER_ZIPS:
            if name in self._parts:
                raise UnreadableFile(f"{what}{SAVE_AS_XLSX}")
        if "mimetype" in self._parts:
            kind = self._zip.read(self._parts["mimetype"])[:100] if self._small("mimetype") else b""
            if b"opendocument.spreadsheet" in kind:
                message = f"这是 OpenDocument 表格（.ods），系统读不了。{SAVE_AS_XLSX}"
                raise UnreadableFile(message)

    def _small(self, name: str) -> bool:
        part = self._parts[name]
        return part.file_size <= _CHUNK and part.compress_type in _OFFICE_COMPRESSION

    def _refuse_bombs(self, parts: list[zipfile.ZipInfo]) -> None:
        if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
            message = "文件设了密码，系统打不开。请先取消密码，另存为 .xlsx，再上传。"
            raise UnreadableFile(message)
        # zipfile never unpacks more of a part than it declares: the sum of declarations is a true bound.
        total = sum(part.file_size for part in parts)
        if total > MAX_UNPACKED_BYTES or len(parts) > MAX_PARTS:
            message = (
                f"文件解开后有{total // (1 << 20):,} MB，超过{MAX_UNPACKED_BYTES >> 20} MB 的上限。"
                "请删去图片和大片空白的带格式区域，或者拆成几个文件，再上传。"
            )
            raise UnreadableFile(message)
        if any(part.compress_type not in _OFFICE_COMPRESSION for part in parts):
            raise UnreadableFile(DAMAGED)

    def __contains__(self, name: str) -> bool:
        """Whether there is a part of that name, whatever its capitals."""
        return name.lower() in self._parts

    def walk(self, name: str, watcher: Watcher) -> None:
        """Read one XML part from beginning to end.

        Element names lose their prefix: some writers say `x:row` where others say `row`.

        Raises:
            UnreadableFile: The part declares a document type (entity bombs do, office programs do not),
            or the file has too many elements.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._counted(watcher.start)
        parser.EndElementHandler = watcher.end
        parser.CharacterDataHandler = watcher.text
        with self._zip.open(self._parts[name.lower()]) as part:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _counted(
        self, on_start: Callable[[str, dict[str, str]], None]
    ) -> Callable[[str, dict[str, str]], None]:
        def counted(name: str, attributes: dict[str, str]) -> None:
            self._elements += 1
            if self._elements > MAX_ELEMENTS:
                message = "表格里带格式的空白单元格太多，读不了。请把有内容的部分复制到新的工作簿里上传。"
                raise UnreadableFile(message)
            on_start(name, attributes)

        return counted

    def each(self, name: str, on_start: Callable[[str, dict[str, str]], None]) -> None:
        """Call back for each element of a part that opens, with its name without prefix."""
        self.walk(name, _Starts(on_start))

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part points to: id → (last word of the kind of relation, name of the other part)."""
        folder, base = posixpath.split(name)
        found: dict[str, tuple[str, str]] = {}

        def note(element: str, attributes: dict[str, str]) -> None:
            if element == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)

        relations = posixpath.join(folder, "_rels", f"{base}.rels")
        if relations in self:
            self.each(relations, note)
        return found


class _Starts:
    """Watches only what opens."""

    def __init__(self, on_start: Callable[[str, dict[str, str]], None]) -> None:
        self._on_start = on_start

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._on_start(name.rpartition(":")[2], attributes)

    def end(self, name: str) -> None:
        """Nothing depends on where an element closes."""

    def text(self, text: str) -> None:
        """Nothing depends on the text."""


def _refuse_doctype(*_: object) -> None:
    message = (
        "文件里夹带了不该有的内容（文档类型声明），为安全起见没有读取。请把数据复制到新建的工作簿里再上传。"
    )
    raise UnreadableFile(message)
