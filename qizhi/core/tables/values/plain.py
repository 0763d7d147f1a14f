"""What stands in a cell as plain text: the same characters, however they were typed."""

from __future__ import annotations

import datetime as dt
import re

from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.problems import BadValue

# Full-width ASCII → ASCII, the ideographic and no-break spaces → space.
_NARROW = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_SPACES = dict.fromkeys((0x3000, 0x00A0, 0x202F, *range(0x2000, 0x200B)), " ")
# Marks without width, byte order marks, soft hyphens, control characters other than tab and line ends.
_INVISIBLE = dict.fromkeys(
    (
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        0x00AD,
        *(code for code in range(0x20) if code not in {0x09, 0x0A, 0x0D}),
        *range(0x7F, 0x85),
        *range(0x86, 0xA0),
        *range(0xD800, 0xE000),
        0xFFFE,
        0xFFFF,
    )
)
_CLEAN = {**_SPACES, **_INVISIBLE}
_UNUSUAL = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u2000-\u200f\u2028-\u202f\u2060-\u206f\u3000\ufeff\ufffe\uffff\ud800-\udfff]"
)
_WIDE = re.compile(r"[\uff01-\uff5e]")
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_BLANK = re.compile(r"[\s/\\—–―－\-_~～…]*")
_MAX_EXACT = 10**15

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


def clean(text: str) -> str:
    """Without invisible characters, with plain spaces and line ends, trimmed."""
    if _UNUSUAL.search(text):  # translating costs ten times as much as looking
        text = _LINE_ENDS.sub("\n", text).translate(_CLEAN)
    return text.strip()


def narrow(text: str) -> str:
    """Full-width digits, letters and punctuation as ASCII: １２． → 12."""
    return text.translate(_NARROW) if _WIDE.search(text) else text


def compact(text: str) -> str:
    """Clean, narrow and without any space: for numbers, dates, words to choose from and headings."""
    return "".join(narrow(clean(text)).split())


def is_blank(raw: CellValue) -> bool:
    """Whether the cell says nothing: empty, spaces, or the dashes and strokes that mean so on forms."""
    if isinstance(raw, str) and raw[:1].isalnum():
        return False
    return raw is None or (isinstance(raw, str) and _BLANK.fullmatch(clean(raw)) is not None)


def as_text(raw: CellValue) -> str:
    """The value as people see it in the cell.

    Raises:
        BadValue: A number of more than 15 digits, of which spreadsheets have already lost the end.
    """
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, int | float):
        return _number_text(raw)
    if isinstance(raw, dt.datetime):
        return f"{raw.date()} {raw.hour:02}:{raw.minute:02}"
    if isinstance(raw, dt.time):
        return f"{raw.hour:02}:{raw.minute:02}"
    return clean(raw) if isinstance(raw, str) else str(raw)


def _number_text(raw: float) -> str:
    if abs(raw) >= _MAX_EXACT:
        reason = "数字超过15位，表格软件已经丢掉了末尾几位"
        fix = "先把这一列的格式设为“文本”，再重新填写"
        raise BadValue(reason, fix)
    if isinstance(raw, int):
        return str(raw)
    return str(int(raw)) if raw.is_integer() else f"{raw:.15g}"


def shorten(text: str, most: int = 30) -> str:
    """For quoting in a sentence."""
    return text if len(text) <= most else f"{text[:most]}…"
