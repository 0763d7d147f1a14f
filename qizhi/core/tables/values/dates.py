"""Dates as people write them, with the precision that they wrote."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from qizhi.core.patterns import late
from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.problems import BadValue
from qizhi.core.tables.values.numbers import SMALL_WORDS
from qizhi.core.tables.values.plain import clean, narrow, shorten

FIRST_YEAR, LAST_YEAR = 1900, 2100
# Numbers of days since 1900 that may be dates: 1910 to 2119. Smaller ones are years, counts and line numbers.
_FIRST_SERIAL, _LAST_SERIAL = 3_654, 80_000

_MAX_TEXT = 60  # longer texts hold more than a date
_CLOCK = r"[0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?|[点时](?:半|[0-9]{1,2}分?)?)"
_PART = r"(?:上午|中午|下午|晚上|早上|全天|整天|晚|早)"
# The hour of a meeting, or from when to when: 上午9:00-11:30, 14点半, 下午. Ledgers keep it beside the day.
_TIME = late(
    rf"(?:(?<=[日号)])\s*|[T\s]+)(?={_PART}|[0-9]){_PART}?\s*"
    rf"(?:{_CLOCK}(?:Z|\+[0-9:]{{4,5}})?(?:\s*[-~至到]+\s*{_PART}?\s*{_CLOCK})?)?$"
    rf"|(?<=[0-9]){_PART}\s*(?:{_CLOCK}(?:\s*[-~至到]+\s*{_PART}?\s*{_CLOCK})?)?$"
)
_WEEKDAY = late(r"\(?(?:星期|周)([一二三四五六日天])\)?$")
# 17.3.5: in Chinese a year of two digits stands first. Up to 12 it may be a month instead (03/05/17).
_SHORT_YEAR = late(
    r"(?:(1[3-9]|[2-9][0-9])[./-]|([0-9]{2})年)([0-9]{1,2})(?:(?:[./-]|月)([0-9]{1,2})[日号]?|月份?)"
)
_LAST_OF_THIS_CENTURY = 49  # 17 is 2017, 85 is 1985
_DAY = late(r"([0-9]{4})[年./-]([0-9]{1,2})[月./-]([0-9]{1,2})[日号]?")
_MONTH = late(r"([0-9]{4})[年./-]([0-9]{1,2})(?:月份?)?")
# Six digits that begin like 1912 are more likely a day with a year of two digits: 191205.
_DIGITS = late(r"((?:19[3-9]|20[0-9]|21[0-9])[0-9])([0-9]{2})|([0-9]{4})([0-9]{2})([0-9]{2})")
_WHY_NOT = (
    (late(r"[0-9]{5}"), "像是表格软件里的日期序号，请把这一列的格式设为日期"),
    (late(r"[0-9]{4}年?"), "只有年份"),
    (late(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}"), "的年份不在最前面，分不清月和日"),
    (
        late(r"[0-9]{1,2}[年./-][0-9]{1,2}(?:[月./-][0-9]{1,2})?[月日号]?"),
        "的年份没有写满四位，分不清年、月、日",
    ),
    (late(r".*[0-9].*[至到~].*|[0-9]{4}.+-[0-9]{4}.*"), "像是一段时间，这里只能填一个日期"),
)
_NO_YEAR = late(r"[0-9]{1,2}月(?:[0-9]{1,2}[日号]?|份)?")
_TENS = "[一二三四五六七八九十]{1,3}"
_IN_WORDS = late(rf"([〇零○Oo0一二三四五六七八九]{{4}})年({_TENS})月(?:({_TENS})[日号])?")
_WORD_DIGITS = str.maketrans("〇零○Oo一二三四五六七八九", "00000123456789")
_MARKS = str.maketrans("。．–—−‐‑/\\，,、", ".." + "-" * 5 + "//" + "...")
_WEEKDAYS = "一二三四五六日"
_HOW = "请写成 2017-03-05 或 2017年3月5日"


class NoYear(BadValue):
    """Month and day without a year."""


@dataclass(frozen=True, order=True, slots=True)
class DayOrMonth:
    """A date known to the day, or only to the month.

    Attributes:
        first_day: The day, or the first of the month.
        precision: How much is known.
    """

    first_day: dt.date
    precision: Literal["day", "month"] = "day"

    def __post_init__(self) -> None:
        """Refuse a month that is not given by its first day."""
        if self.precision == "month" and self.first_day.day != 1:
            message = f"a month is kept as its first day, not as {self.first_day}"
            raise ValueError(message)

    def __str__(self) -> str:
        """2017年3月5日 or 2017年3月."""
        month = f"{self.first_day.year}年{self.first_day.month}月"
        return month if self.precision == "month" else f"{month}{self.first_day.day}日"

    @property
    def last_day(self) -> dt.date:
        """The last day that it may be."""
        if self.precision == "day":
            return self.first_day
        last = calendar.monthrange(self.first_day.year, self.first_day.month)[1]
        return self.first_day.replace(day=last)


def parse_day_or_month(raw: CellValue) -> DayOrMonth:
    """A date to the day or to the month: 2017.3.5, 2017年3月, 201703, 42799, a date cell.

    Raises:
        BadValue: Not in the calendar, year missing (`NoYear`), a span, or a text of two meanings.
    """
    if isinstance(raw, dt.datetime):
        return _checked(raw.year, raw.month, raw.day)
    if isinstance(raw, dt.date):
        return _checked(raw.year, raw.month, raw.day)
    if isinstance(raw, str):
        return _written(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        reason = "这里要填日期"
        raise BadValue(reason, _HOW)
    return _number(raw)


def parse_day(raw: CellValue) -> dt.date:
    """A date known to the day.

    Raises:
        BadValue: As `parse_day_or_month`, or only a month.
    """
    found = parse_day_or_month(raw)
    if found.precision == "month":
        reason = f"{found}只写到月，这里要写到日"
        raise BadValue(reason, _HOW)
    return found.first_day


def _number(raw: float) -> DayOrMonth:
    """A number in a cell without date format: a serial, or digits that were meant as a date."""
    if isinstance(raw, float):
        if FIRST_YEAR <= raw <= LAST_YEAR + 1 and not raw.is_integer():
            return _year_point_month(raw)
        if not _FIRST_SERIAL <= raw < _LAST_SERIAL + 1:
            return _written(f"{raw:.15g}")
    if 19_001 <= raw <= 21_009 and 1 <= raw % 10 <= 9 and raw // 10 >= FIRST_YEAR:  # noqa: PLR2004
        day = _serial(raw)
        reason = f"{raw:g}可能是{raw // 10:g}年{raw % 10:g}月，也可能是日期序号（{day:%Y-%m-%d}）"
        raise BadValue(reason, _HOW)
    if _FIRST_SERIAL <= raw < _LAST_SERIAL + 1:
        day = _serial(raw)
        return _checked(day.year, day.month, day.day)
    if abs(raw) >= 10**9:
        reason = "数字太大，看不出年、月、日"
        raise BadValue(reason, _HOW)
    return _written(str(raw))


def _serial(days: float) -> dt.datetime:
    from openpyxl.utils.datetime import from_excel  # noqa: PLC0415 - heavy, see `qizhi.core.tables.write`

    day: dt.datetime = from_excel(days)
    return day


def _year_point_month(raw: float) -> DayOrMonth:
    """2017.03 typed as a number; 2017.10 and 2017.1 have become the same."""
    text = f"{raw:.15g}"
    if text.endswith(".1"):
        year = text.partition(".")[0]
        reason = f"{text}可能是{year}年1月，也可能是{year}年10月（表格软件会把 {year}.10 存成 {text}）"
        raise BadValue(reason, f"请写成 {year}-01 或 {year}-10")
    return _written(text)


def _written(raw: str) -> DayOrMonth:
    if len(raw) > _MAX_TEXT:
        raise _explain(raw)
    word = _TIME.sub("", narrow(clean(raw)).translate(_MARKS))
    word = re.sub(r"(?<=[0-9])\s+(?=[0-9])", "-", word)  # 2017 3 5
    word = "".join(word.split()).rstrip(".")
    weekday = _WEEKDAY.search(word)
    word = word[: weekday.start()] if weekday else word
    word = _SHORT_YEAR.sub(_with_century, word) if _SHORT_YEAR.fullmatch(word) else word
    match = _DAY.fullmatch(word) or _MONTH.fullmatch(word) or _DIGITS.fullmatch(word)
    found = _checked(*(int(part) for part in match.groups() if part)) if match else _in_words(word)
    if weekday and _WEEKDAYS[found.first_day.weekday()] != weekday[1].replace("天", "日"):
        reason = f"{found}是星期{_WEEKDAYS[found.first_day.weekday()]}，不是星期{weekday[1]}"
        raise BadValue(reason, "请核对日期和星期")
    return found


def _with_century(match: re.Match[str]) -> str:
    year = int(match[1] or match[2])
    century = 2000 if year <= _LAST_OF_THIS_CENTURY else 1900
    return f"{century + year}-{match[3]}" + (f"-{match[4]}" if match[4] else "")


def _in_words(word: str) -> DayOrMonth:
    """二〇一七年三月五日."""
    match = _IN_WORDS.fullmatch(word)
    if match is None:
        raise _explain(word)
    parts = [int(match[1].translate(_WORD_DIGITS))]
    for part in (match[2], match[3]):
        if part is not None:
            if part not in SMALL_WORDS:
                raise _explain(word)
            parts.append(SMALL_WORDS[part])
    return _checked(*parts)


def _checked(year: int, month: int, day: int | None = None) -> DayOrMonth:
    """The date if the calendar has it."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        reason = f"年份{year}不合常理"
        raise BadValue(reason, _HOW)
    if not 1 <= month <= 12:  # noqa: PLR2004
        reason = f"没有{month}月"
        raise BadValue(reason, _HOW)
    if day is None:
        return DayOrMonth(dt.date(year, month, 1), "month")
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        reason = f"{year}年{month}月没有{day}日"
        fix = f"不知道哪一日时写成 {year}年{month}月" if day == 0 else "请核对日期"
        raise BadValue(reason, fix)
    return DayOrMonth(dt.date(year, month, day))


def _explain(word: str) -> BadValue:
    """Why a text is no date."""
    shown = f"“{shorten(word)}”"
    if _NO_YEAR.fullmatch(word):
        return NoYear(f"{shown}没有写年份", _HOW)
    for shape, why in _WHY_NOT if len(word) <= _MAX_TEXT else ():
        if shape.fullmatch(word):
            return BadValue(f"{shown}{why}", _HOW)
    return BadValue(f"{shown}看不出年、月、日", _HOW)
