"""The only clock: tests and "as of" set it, everything else asks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_fixed: ContextVar[dt.datetime | None] = ContextVar("fixed", default=None)


def now() -> dt.datetime:
    """The instant, aware, in Asia/Shanghai."""
    return _fixed.get() or dt.datetime.now(tz=ZONE)


def today() -> dt.date:
    """The day in Asia/Shanghai."""
    return now().date()


def local_date(instant: dt.datetime) -> dt.date:
    """The day on which an aware instant falls in Asia/Shanghai."""
    return instant.astimezone(ZONE).date()


@contextmanager
def at(day: dt.date | dt.datetime) -> Iterator[None]:
    """Hold the clock at a day (noon) or an instant for the length of the block."""
    instant = day if isinstance(day, dt.datetime) else dt.datetime.combine(day, dt.time(12), ZONE)
    token = _fixed.set(instant)
    try:
        yield
    finally:
        _fixed.reset(token)
