"""Times of day as people write them: 14:30, 下午2点半, 上午9:00-11:30."""

from __future__ import annotations

import datetime as dt
import re

from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.problems import BadValue
from qizhi.core.tables.values.plain import as_text, clean, narrow, shorten

_NOON = 12
_MORNING, _AFTERNOON = ("上午", "早上", "早", "凌晨"), ("下午", "晚上", "晚")
_PART = f"(?P<part>{'|'.join((*_MORNING, '中午', *_AFTERNOON))})?"
_HOUR = r"(?P<hour>[0-9]{1,2})"
_MINUTE = (
    r"(?::(?P<minute>[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?|[点时](?:(?P<half>半)|(?P<more>[0-9]{1,2})分?|整)?)"
)
# Until when it lasted may follow; only the beginning is wanted.
_UNTIL = r"(?:[-~—–至到].*)?"
_WHOLE = re.compile(_PART + _HOUR + _MINUTE + _UNTIL)
_AT_END = re.compile(rf"(?<![0-9:]){_PART}{_HOUR}{_MINUTE}(?:Z|\+[0-9:]{{4,5}})?{_UNTIL}$")
_HOW = "请写成 14:30 或 下午2点半"


def parse_time(raw: CellValue) -> dt.time:
    """A time of day, to the minute; of a span its beginning.

    Raises:
        BadValue: No time, or one that no clock shows.
    """
    if isinstance(raw, dt.datetime | dt.time):
        return dt.time(raw.hour, raw.minute)
    if isinstance(raw, float) and 0 <= raw < 1:  # a part of the day, as spreadsheets keep times
        minutes = round(raw * 24 * 60)
        return dt.time(min(minutes // 60, 23), minutes % 60)
    text = "".join(narrow(clean(as_text(raw))).split())
    match = _WHOLE.fullmatch(text)
    found = _time(match) if match else None
    if found is None:
        raise BadValue(f"“{shorten(as_text(raw))}”看不出几点几分", _HOW)
    return found


def time_beside_day(raw: CellValue) -> dt.time | None:
    """The time that stands behind a day, as in 2017年3月5日 14:30; None where there is none."""
    if isinstance(raw, dt.datetime):
        return dt.time(raw.hour, raw.minute) if (raw.hour, raw.minute) != (0, 0) else None
    if not isinstance(raw, str):
        return None
    match = _AT_END.search(narrow(clean(raw)).replace("T", " "))
    found = _time(match) if match else None
    return None if found == dt.time(0, 0) else found


def _time(match: re.Match[str]) -> dt.time | None:
    hour = int(match["hour"])
    minute = 30 if match["half"] else int(match["minute"] or match["more"] or 0)
    if match["part"] in _AFTERNOON and hour < _NOON:
        hour += _NOON
    try:
        return dt.time(hour, minute)
    except ValueError:
        return None
