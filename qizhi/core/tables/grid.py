"""Any file that somebody chooses → sheets of cells, or one sentence that says what to do."""

from __future__ import annotations

import codecs
from pathlib import PurePath

from qizhi.core.tables.cells import MAX_FILE_BYTES, Sheet
from qizhi.core.tables.delimited import read_csv
from qizhi.core.tables.package import DAMAGED, SAVE_AS_XLSX
from qizhi.core.tables.problems import UnreadableFile
from qizhi.core.tables.xls import read_xls
from qizhi.core.tables.xlsx import read_xlsx

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
_HTML_STARTS = (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<style", b"mime-version:")
_SPREADSHEET_NAMES = (".xlsx", ".xlsm", ".xls", ".et")


def read_grid(data: bytes, filename: str) -> list[Sheet]:
    """The sheets of an XLSX, XLS or CSV file; the content decides which it is, not the name.

    Args:
        data: The whole file.
        filename: As the person sees it; only for what is said.

    Raises:
        UnreadableFile: Anything that cannot be read, with the way out in Chinese.
    """
    if not data.strip():
        message = f"文件{_name(filename)}是空的，没有内容可读。请检查是否选错了文件，或者保存后再上传。"
        raise UnreadableFile(message)
    if len(data) > MAX_FILE_BYTES:
        message = (
            f"文件{_name(filename)}超过{MAX_FILE_BYTES >> 20} MB。请删去图片，或者拆成几个文件，再上传。"
        )
        raise UnreadableFile(message)
    if data.startswith(_ZIP):
        return read_xlsx(data)
    if data.startswith(_OLE) and _is_workbook(data):
        return read_xls(data)
    _refuse_others(data)
    is_named_so = PurePath(filename).suffix.lower() in _SPREADSHEET_NAMES
    if is_named_so and b"\0" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableFile(DAMAGED)
    sheets = read_csv(data)
    if is_named_so:
        sheets[0].notes.append(f"文件{_name(filename)}的内容其实是文本（CSV），已按 CSV 读取。")
    return sheets


def _refuse_others(data: bytes) -> None:
    """Name the kinds of file that people mistake for a table."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(_OLE):
        raise UnreadableFile(_say_ole(data))
    if start.startswith(_HTML_STARTS):
        message = f"这个文件其实是网页格式，只是名字像表格（不少系统这样导出）。{SAVE_AS_XLSX}"
        raise UnreadableFile(message)
    if start.startswith(b"<?xml"):
        message = f"这是 XML 文件，系统读不了。{SAVE_AS_XLSX}"
        raise UnreadableFile(message)
    if data.startswith(b"%PDF"):
        message = "这是 PDF，不是表格。请找到原来的表格文件（.xlsx 或 .csv）再上传。"
        raise UnreadableFile(message)
    if data.startswith(_PICTURES):
        message = "这是图片，不是表格。请上传表格文件（.xlsx 或 .csv）。"
        raise UnreadableFile(message)
    if data.startswith(_ARCHIVES):
        message = "这是压缩包，不是表格。请先解压，再上传里面的表格文件（.xlsx 或 .csv）。"
        raise UnreadableFile(message)


def _is_workbook(data: bytes) -> bool:
    """An old container that holds an old workbook, as the names of its parts say."""
    is_locked = "EncryptedPackage".encode("utf-16-le") in data
    return not is_locked and any(name.encode("utf-16-le") in data for name in ("Workbook", "Book\0"))


def _say_ole(data: bytes) -> str:
    """An old container holds an old workbook, or a new one under a password."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "文件设了打开密码，系统打不开。请在 Excel 或 WPS 里取消密码，另存为 .xlsx，再上传。"
    if "WordDocument".encode("utf-16-le") in data:
        return f"这是旧版 Word 文档，不是表格。{SAVE_AS_XLSX}"
    return f"这是旧版文件，里面没有表格。{SAVE_AS_XLSX}"


def _name(filename: str) -> str:
    """The name in quotes, shortened; nothing when there is none."""
    shown = PurePath(filename.replace("\\", "/").replace("\0", "")).name[:60]
    return f"“{shown}”" if shown else ""
