"""Whole numbers, decimals and hours as people write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from qizhi.core.patterns import late
from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.problems import BadValue
from qizhi.core.tables.values.plain import compact, shorten

_DIGITS = "零一二三四五六七八九"
_MULTIPLES = {"千": Decimal(1_000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
# Words for units after a number. An unknown one is refused: 12批 and 12打 are not the same.
_UNITS = (
    "人次|人|名|位|个|次|项|件|篇|本|册|场|期|条|份|票|张|家|户|辆|趟|列|箱|批次|批|元|学时|课时|分|"
    "天|日|周|个月|月|年|岁|级|层|间|台|套|支|面|块|米|公里|吨|公斤|平方米"
)
_NUMBER = late(
    rf"[¥￥]?([+-]?)([0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(\.[0-9]{{1,17}})?([千万亿]?)(?:{_UNITS})?", re.ASCII
)
_WORDS = late(rf"([{_DIGITS}〇两十]+)(?:{_UNITS})?")
_ABOUT = late(r"约|大概|左右|余|多|以上|以下|不足|近|[~～至]|[0-9]-[0-9]")
_MAX_DIGITS = 18

_CLOCK = late(r"([0-9]{1,3}):([0-5][0-9])(?::[0-5][0-9])?")
_SPAN = late(
    r"(?:([0-9.]+|[零一二两三四五六七八九十半]+)(个半|个)?(?:小时|钟头|时|hours?|hrs?|h)(半)?)?"
    r"(?:([0-9.]+|[零一二三四五六七八九十]+)(?:分钟|分|minutes?|mins?|m))?"
)
_HUNDREDTH = Decimal("0.01")
_MAX_HOURS = 10_000
_HALF = Decimal("0.5")


def _small_words() -> dict[str, int]:
    """零…九十九 and the other ways to write them."""
    words = {digit: number for number, digit in enumerate(_DIGITS)} | {"〇": 0, "两": 2}
    for number in range(10, 100):
        tens, ones = divmod(number, 10)
        end = f"十{_DIGITS[ones] if ones else ''}"
        words[_DIGITS[tens] + end] = number
        if tens == 1:
            words[end] = number
    return words


SMALL_WORDS = _small_words()


def parse_decimal(raw: CellValue) -> Decimal:
    """A number, exactly as written: 1,234.50元, １２, 1.2万, 十二人.

    Numbers of a spreadsheet are taken with the 15 digits that it keeps.

    Raises:
        BadValue: No number, an approximate one, a percentage, an unknown unit, or more than 18 digits.
    """
    if isinstance(raw, bool) or raw is None or isinstance(raw, dt.date | dt.time | dt.timedelta):
        reason = "这里要填数字，单元格里却是日期、时间或“是/否”"
        raise BadValue(reason, "请把单元格格式设为“常规”，重新填写数字")
    if isinstance(raw, int | float):
        number = Decimal(f"{raw:.15g}") if isinstance(raw, float) else Decimal(raw)
    else:
        number = _written(compact(raw).replace("−", "-"))
    if not number.is_finite() or abs(number) >= 10**_MAX_DIGITS:
        reason = f"数字超过{_MAX_DIGITS}位"
        raise BadValue(reason)
    return number.quantize(Decimal(1)) if number == number.to_integral() else number


def _written(word: str) -> Decimal:
    if match := _NUMBER.fullmatch(word):
        sign, whole, rest, multiple = match.groups()
        number = Decimal(f"{sign}{whole.replace(',', '')[: 2 * _MAX_DIGITS]}{rest or ''}")
        return number * _MULTIPLES.get(multiple, Decimal(1))
    if (match := _WORDS.fullmatch(word)) and match[1] in SMALL_WORDS:
        return Decimal(SMALL_WORDS[match[1]])
    raise _explain(word)


def _explain(word: str) -> BadValue:
    shown = f"“{shorten(word)}”"
    if word.endswith("%"):
        return BadValue(f"{shown}是百分数", "请填去掉百分号的数")
    if _ABOUT.search(word):
        return BadValue(f"{shown}不是确切的数", "请填一个确切的数字")
    if word[:1].isdigit():
        return BadValue(f"{shown}不是数字，或者带有认不出的单位", "请只填数字，例如 12")
    return BadValue(f"{shown}不是数字", "请填数字，例如 12")


def parse_integer(raw: CellValue) -> int:
    """A whole number; 12人, 1,200 and 十二 are understood, 12.5 is refused.

    Raises:
        BadValue: As `parse_decimal`, or a fraction.
    """
    number = parse_decimal(raw)
    if number != number.to_integral():
        reason = f"{number:f}不是整数"
        raise BadValue(reason, "请填整数")
    return int(number)


def integer(minimum: int | None = None, maximum: int | None = None) -> Callable[[CellValue], int]:
    """A parser for a whole number within bounds, both included."""

    def parse(raw: CellValue) -> int:
        number = parse_integer(raw)
        _within(number, minimum, maximum)
        return number

    return parse


def decimal(
    places: int, minimum: Decimal | int | None = None, maximum: Decimal | int | None = None
) -> Callable[[CellValue], Decimal]:
    """A parser for a number with at most `places` digits after the point, within bounds, both included."""
    unit = Decimal(1).scaleb(-places)

    def parse(raw: CellValue) -> Decimal:
        number = parse_decimal(raw)
        if number != number.quantize(unit, ROUND_HALF_UP):
            reason = f"{shorten(f'{number:f}')}的小数超过{places}位"
            raise BadValue(reason, f"请四舍五入到{places}位小数")
        _within(number, minimum, maximum)
        return number

    return parse


def _within(number: Decimal | int, minimum: Decimal | int | None, maximum: Decimal | int | None) -> None:
    if minimum is not None and number < minimum:
        reason = f"{number}太小，最小是{minimum}"
        raise BadValue(reason)
    if maximum is not None and number > maximum:
        reason = f"{number}太大，最大是{maximum}"
        raise BadValue(reason)


def parse_hours(raw: CellValue) -> Decimal:
    """A length of time in hours, to the hundredth: 2小时, 1.5h, 90分钟, 1小时30分, 1:30, 2.

    A number alone means hours.

    Raises:
        BadValue: No length of time, a negative one, or more than 10,000 hours.
    """
    hours = _hours(raw)
    if not 0 <= hours <= _MAX_HOURS:
        reason = f"时长{shorten(f'{hours:f}')}小时不合常理"
        raise BadValue(reason, "请填小时数，例如 1.5")
    return hours.quantize(_HUNDREDTH, ROUND_HALF_UP).normalize() + Decimal(0)


def _hours(raw: CellValue) -> Decimal:
    if isinstance(raw, dt.time):
        return raw.hour + Decimal(raw.minute) / 60
    if isinstance(raw, dt.timedelta):
        return Decimal(round(raw.total_seconds())) / 3600
    if not isinstance(raw, str):
        return parse_decimal(raw)
    word = compact(raw).lower()
    if match := _CLOCK.fullmatch(word):
        return int(match[1]) + Decimal(match[2]) / 60
    if (match := _SPAN.fullmatch(word)) and any(match.groups()):
        return _span(match)
    try:
        return parse_decimal(word)
    except BadValue:
        reason = f"“{shorten(word)}”看不出是多长时间"
        raise BadValue(reason, "请填小时数，例如 1.5，或写成“90分钟”") from None


def _span(match: re.Match[str]) -> Decimal:
    hours, measure, half, minutes = match.groups()
    total = Decimal(0)
    if hours is not None:
        total += _HALF if hours == "半" else _written(hours)
    total += _HALF * ((measure == "个半") + (half is not None))
    return total + (_written(minutes) / 60 if minutes is not None else 0)
