"""What stands around the days of a pasted holiday notice: title, year, day of signature."""

from __future__ import annotations

import datetime as dt
import unicodedata
from itertools import pairwise

from qizhi.core.patterns import late
from qizhi.core.values import dataclass
from qizhi.regulations.rules.pasted import plain_lines

_TITLE = late(r"[\u4e00-\u9fff、（）()]*关于(\d{4})年[\u4e00-\u9fff、（）()]*的?通知")
_YEAR = late(r"现将(\d{4})年")
_A_YEAR = late(r"(?<!\d)(\d{4})\s*年")
_SIGNED = late(r"(?:\S*\s+)?(\d{4})年(\d{1,2})月(\d{1,2})日")


@dataclass(frozen=True)
class NoticeHead:
    """What the words say of the paper itself; None and empty where they say nothing."""

    year: int | None = None
    title: str = ""
    signed_on: dt.date | None = None


def read_head(text: str) -> NoticeHead:
    """Title, year and day of signature, each from a line of its own: what is cited is passed over."""
    lines = plain_lines(text)
    titles = [found for line in _titles(lines) if (found := _TITLE.fullmatch(line))]
    said = _YEAR.search("".join(lines))
    year = int(titles[0][1]) if titles else int(said[1]) if said else None
    days = [day for line in lines if (found := _SIGNED.fullmatch(line)) and (day := _day(*found.groups()))]
    return NoticeHead(year, titles[0][0] if titles else "", days[-1] if days else None)


def _titles(lines: list[str]) -> list[str]:
    """Each line, and each two together: a title may be broken, and its characters set apart."""
    bare = ["".join(line.split()) for line in lines]
    return [*bare, *(one + two for one, two in pairwise(bare))]


def read_years(title: str) -> set[int]:
    """The years that the title of a paper names; empty where it names none."""
    return {int(year) for year in _A_YEAR.findall(unicodedata.normalize("NFKC", title))}


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
