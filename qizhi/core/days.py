"""The month or the day that an address asks for: one piece for all pages, as `years` is for years.

What can be read is shown, however it is written (2018-01, 2018年1月). For what cannot (`abc`, 2018-13) the
page shows this month or today, or everything where it only narrows a list, and says so above. A file has no
room for a word and is refused: nobody gets other numbers under the month or the day asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest

from qizhi.core import clock, periods
from qizhi.core.errors import Unread
from qizhi.core.periods import Period
from qizhi.core.tables import BadValue
from qizhi.core.tables.values import parse_day, parse_day_or_month
from qizhi.core.text import shortened
from qizhi.core.unread import WIDEST, say_unread

T = TypeVar("T", Period, dt.date)


def month_asked(request: HttpRequest) -> Period:
    """The month of `?month=`; this month where none is asked or none can be read, which the page says.

    Raises:
        Unread: a file is asked for, of a month that cannot be read.
    """
    usual = periods.month_of(clock.today())
    found = _asked(request, "month", "月份", _month, shown=(f"{usual.start:%Y-%m}", usual.label))
    return usual if found is None else found


def month_narrowing(request: HttpRequest, name: str = "month", label: str = "月份") -> Period | None:
    """The month that narrows a list; None where none is asked or none can be read, which the page says."""
    return _asked(request, name, label, _month)


def day_asked(request: HttpRequest) -> dt.date:
    """The day of `?on=`; today where none is asked or none can be read, which the page says.

    Raises:
        Unread: a file is asked for, of a day that cannot be read.
    """
    usual = clock.today()
    found = _asked(request, "on", "日期", parse_day, shown=(f"{usual:%Y-%m-%d}", periods.say_day(usual)))
    return usual if found is None else found


def day_narrowing(request: HttpRequest, name: str = "on", label: str = "日期") -> dt.date | None:
    """The day that narrows a list; None where none is asked or none can be read, which the page says."""
    return _asked(request, name, label, parse_day)


def day_filling(request: HttpRequest, name: str, label: str) -> dt.date | None:
    """The day that a form begins with; None where none is asked or none can be read, which the page says."""
    return _asked(request, name, label, parse_day, instead=f"{label}没有填入，请自己填写。")


def read_month(text: str) -> Period | None:
    """The month that is written, or None."""
    try:
        return _month(text.replace("\x00", ""))
    except BadValue:
        return None


def _month(text: str) -> Period:
    return periods.month_of(parse_day_or_month(text).first_day)


def _asked(
    request: HttpRequest,
    name: str,
    label: str,
    read: Callable[[str], T],
    *,
    shown: tuple[str, str] = ("", ""),
    instead: str = "",
) -> T | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        return read(text)
    except BadValue as error:
        problem = _problem(text, label, error)
    value, words = shown
    instead = instead or (f"下面是{words}的。" if value else f"下面没有按{label}筛选。")

    def refusal() -> Unread:
        return Unread(f"{problem}没有生成文件，也没有改用别的{label}。")

    say_unread(request, name, problem + instead, refusal, shown=value)
    return None


def _problem(text: str, label: str, error: BadValue) -> str:
    """What was asked and why it is not there: no such day, or nobody can tell what it means."""
    said = f"“{shortened(text, WIDEST)}”"
    if not error.reason.startswith("“"):
        return f"{label}没有{said}：{error.reason}。"
    today = clock.today()
    example = f"{today:%Y-%m}" if "月份" in label else f"{today:%Y-%m-%d}"
    return f"读不懂{label}{said}：要写成数字，如{example}。"
