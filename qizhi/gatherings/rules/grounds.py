"""How far records reach back: one bound for findings and for what a screen shows, in the words of each."""

from __future__ import annotations

import datetime as dt

from qizhi.core.periods import Period, month_of, say_day


def say_since(since: dt.date | None, *, is_screen: bool = False) -> str:
    """Since when there are records, in Chinese.

    Args:
        since: day of the first; None: there is none.
        is_screen: in the words of the one screen, which speaks of the system; a finding stands by itself.
    """
    if since is None:
        return "系统中还没有任何活动记录" if is_screen else "还没有登记过活动"
    return f"系统自{say_day(since)}起才有记录" if is_screen else f"记录从{say_day(since)}开始"


def gap_before(since: dt.date | None, period: Period, *, is_screen: bool = False) -> str:
    """Why too little is known of a period, in Chinese; empty where the records reach back to its beginning.

    Of a quarter or a year they need only begin in its first month: hardly anything is held on New Year's Day.
    """
    if since is None:
        return say_since(since, is_screen=is_screen)
    first_month = month_of(period.start).end
    is_known = since <= (period.start if period.end <= first_month else first_month)
    return "" if is_known else say_since(since, is_screen=is_screen)
