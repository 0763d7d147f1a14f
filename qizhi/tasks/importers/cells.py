"""Cells of the ledger of documents: last days, ends, hand-overs, as people write them."""

from __future__ import annotations

import datetime as dt
import re

from qizhi.core.patterns import late
from qizhi.core.tables import BadValue
from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.values import parse_day, parse_integer, text
from qizhi.core.tables.values.plain import as_text, clean, compact, shorten
from qizhi.tasks.models.documents import MOST_WORKING_DAYS

HandOver = tuple[str, dt.date]
"""Who answers, and from which day."""

_NUMBER = "[0-9]+|[一二三四五六七八九十两]+"
_WITHIN = "(?:内|之内|以内)?(?:办结|完成|答复)?"
_WORKING_DAYS = late(rf"({_NUMBER})个?工作[日天]{_WITHIN}")
_PLAIN_DAYS = late(rf"(?:{_NUMBER})个?(?:自然)?[日天]{_WITHIN}")
_BEFORE = late(r"(?:之前|以前|前|止|截止)(?:办结|完成|反馈|上报)?$")
_NOT_YET = {"未办结", "在办", "正在办理", "办理中", "未完成", "尚未办结", "无", "否"}
_DAY = r"(?P<day>(?:19|20)[0-9]{2}[0-9年月日号./\-]*)"
_NAME_FIRST = late(rf"(?P<who>[^0-9].*?)\s*[:：自从，,]?\s*{_DAY}\s*起?")
_DAY_FIRST = late(rf"{_DAY}\s*起?(?:转交|转办|转给|转|由)?\s*(?P<who>.+?)(?:承办|办理)?")
_SEVERAL = late(r"[、，,;；/\n]|(?<=[\u4e00-\u9fff])和(?=[\u4e00-\u9fff])")


def parse_due(raw: CellValue) -> dt.date | int:
    """A day, or so many working days: 2018-02-08, 2月8日前, 5个工作日内, 5.

    Raises:
        BadValue: neither, or plain days: nobody can tell whether they are working days.
    """
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) <= MOST_WORKING_DAYS:
        return _working_days(raw)
    if not isinstance(raw, str):
        return parse_day(raw)
    word = compact(raw)
    if (match := _WORKING_DAYS.fullmatch(word)) or re.fullmatch(r"[0-9]{1,3}", word):
        return _working_days((match[1] if match else word).replace("两", "二"))
    if _PLAIN_DAYS.fullmatch(word):
        reason = f"“{shorten(word)}”看不出是工作日还是自然日"
        raise BadValue(reason, "按工作日的写成“5个工作日”，否则写出日期")
    return parse_day(_BEFORE.sub("", clean(raw)))


def _working_days(raw: CellValue) -> int:
    number = parse_integer(raw)
    if not 1 <= number <= MOST_WORKING_DAYS:
        reason = f"{number}个工作日不合常理"
        raise BadValue(reason, f"请填1到{MOST_WORKING_DAYS}之间的整数，或写出日期")
    return number


def show_due(value: object) -> dt.date | str:
    """What `parse_due` understands."""
    return value if isinstance(value, dt.date) else f"{value}个工作日"


def parse_end(raw: CellValue) -> dt.date | None:
    """The day on which it was finished; None for what says that it is not."""
    if isinstance(raw, str) and compact(raw) in _NOT_YET:
        return None
    return parse_day(_BEFORE.sub("", clean(raw)) if isinstance(raw, str) else raw)


def parse_person(raw: CellValue) -> str:
    """One person: several answer each for a document of their own.

    Raises:
        BadValue: several people.
    """
    word = text(60)(raw)
    if _SEVERAL.search(word):
        reason = f"“{shorten(word)}”像是几个人，一份公文只有一位承办人"
        raise BadValue(reason, "几个人分别办理的，每个人各填一行")
    return word


def parse_hand_overs(raw: CellValue) -> tuple[HandOver, ...]:
    """Who took over on which day: 李四(0002) 2018-02-07；王五 2018年2月10日.

    Raises:
        BadValue: somebody without a day, or a day that is none.
    """
    pieces = [piece.strip() for piece in re.split(r"[；;、\n]", clean(as_text(raw))) if piece.strip()]
    return tuple(_hand_over(piece) for piece in pieces)


def _hand_over(piece: str) -> HandOver:
    match = _NAME_FIRST.fullmatch(piece) or _DAY_FIRST.fullmatch(piece)
    if match is None:
        reason = f"“{shorten(piece)}”没有写明从哪天起由谁承办"
        raise BadValue(reason, "请写成“姓名 2018-02-07”，几次转办用“；”隔开")
    return parse_person(match["who"]), parse_day(match["day"])


def show_hand_overs(value: object) -> str:
    """What `parse_hand_overs` understands."""
    pairs: tuple[HandOver, ...] = value if isinstance(value, tuple) else ()
    return "；".join(f"{who} {day.isoformat()}" for who, day in pairs)
