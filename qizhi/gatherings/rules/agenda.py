"""What the lines of an agenda say of their length, and whether a report is planned too long (FB-02).

Lengths are minutes as planned. Nobody measures how long anything took.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence

from qizhi.core.values import dataclass

HOUR = 60
LONGEST = 600
"""Minutes; what says more is no length of an item: 满分1000分, 学习1200分钟."""
_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_ONE = "[一二两三四五六七八九]"
_SMALL = f"(?:[0-9]{{1,4}}(?:\\.[0-9])?|{_ONE}?十{_ONE}?|{_ONE})"
_LENGTH = re.compile(
    "(?:(?:约|用时|限时|时长|控制在|不超过)\\s*)?(?:"
    f"(?P<hours>{_SMALL})\\s*个?(?P<and_half>半)?\\s*(?:小时|钟头|h)(?P<more>半)?"
    f"(?:\\s*(?P<rest>{_SMALL})\\s*(?:分钟|分|min))?"
    "|(?P<half>半)\\s*个?\\s*(?:小时|钟头)"
    "|(?P<quarters>[一三])刻钟"
    f"|(?P<minutes>{_SMALL})\\s*(?:分钟|min|['′])"
    "|(?<=[\\s(])(?P<points>[0-9]{1,3})\\s*分"
    ")(?:以内|之内|左右|内)?[)\\].;,。;、\\s]*$",
    re.IGNORECASE,
)
_EACH = re.compile("(?:每人|每位|每名|每个人|每组|各)(?:发言|不超过|限|约|用时)*\\s*$")
_SPOKEN = re.compile("讲话|报告|致辞")
_TALKED_OVER = re.compile("讨论|审议|评议|交流|分组|观看|参观|征求|表决|学习|研读")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of an agenda.

    Attributes:
        title: what it is, without its length.
        minutes: as planned; None where the line does not say it.
        is_report: whether one person speaks: 讲话 or 报告, which is not talked over.
    """

    title: str
    minutes: int | None
    is_report: bool


def items_of(topics: str) -> list[Item]:
    """The lines of an agenda in their order; empty lines are none."""
    return [_item(line.strip()) for line in topics.splitlines() if line.strip()]


def _item(line: str) -> Item:
    text = unicodedata.normalize("NFKC", line)
    found = _LENGTH.search(text)
    minutes = _minutes(found) if found else None
    if found is None or minutes is None or not 0 < minutes <= LONGEST or _EACH.search(text[: found.start()]):
        return Item(line, None, _is_report(line))
    # Normalised characters may be more than those typed: the title keeps what was typed where they are not.
    head = (line if len(line) == len(text) else text)[: found.start()].rstrip(" \t(（[【:：,，、—-")
    return Item(head or line, minutes, _is_report(head))


def _minutes(found: re.Match[str]) -> int | None:
    if found["half"]:
        return HOUR // 2
    if found["quarters"]:
        return 15 * _DIGITS[found["quarters"]]
    if plain := found["minutes"] or found["points"]:
        number = _number(plain)
        return None if number is None or number % 1 else int(number)
    hours, rest = _number(found["hours"] or ""), _number(found["rest"] or "零")
    if hours is None or rest is None:
        return None
    total = hours * HOUR + (HOUR // 2 if found["and_half"] or found["more"] else 0) + rest
    return round(total)


def _number(text: str) -> float | None:
    """A number in digits, or up to ninety-nine in words; None for none."""
    if not text:
        return None
    if text[0].isdigit():
        return float(text)
    tens, ten, ones = text.partition("十")
    if ten:
        return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
    return _DIGITS.get(text)


def _is_report(title: str) -> bool:
    return bool(_SPOKEN.search(title)) and not _TALKED_OVER.search(title)


def say_length(minutes: int) -> str:
    """A length in words: 40分钟, 1小时, 1小时20分钟."""
    hours, rest = divmod(minutes, HOUR)
    return f"{f'{hours}小时' if hours else ''}{f'{rest}分钟' if rest or not hours else ''}"


def total_of(items: Sequence[Item]) -> int | None:
    """The minutes of all items that say theirs; None where none does."""
    known = [item.minutes for item in items if item.minutes is not None]
    return sum(known) if known else None


def times_of(items: Sequence[Item], starts_at: dt.time | None) -> list[dt.time | None]:
    """When each item begins as planned; None from the first item on of which that is not known."""
    found: list[dt.time | None] = []
    at = dt.datetime.combine(dt.date.min, starts_at) if starts_at else None
    for item in items:
        found.append(at.time() if at else None)
        at = at + dt.timedelta(minutes=item.minutes) if at and item.minutes is not None else None
    return found


def too_long(items: Sequence[Item], most: int) -> list[Item]:
    """Reports that are planned for more than so many minutes; exactly as many are not too long."""
    return [item for item in items if item.is_report and item.minutes is not None and item.minutes > most]
