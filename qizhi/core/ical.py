"""Calendars as RFC 5545 text, so that any phone or desktop calendar can subscribe to them.

Hand-written because it is little: events on a day or at a time, one time zone, folded lines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from qizhi.core.text import clean
from qizhi.core.values import dataclass

CONTENT_TYPE = "text/calendar; charset=utf-8"
MOST_OCTETS = 75
ZONE = "Asia/Shanghai"
# One fixed offset: summer time ended there in 1991, before anything that such a calendar tells.
_ZONE = (
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    "BEGIN:STANDARD",
    "DTSTART:19910915T020000",
    "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True)
class Event:
    """One entry of a calendar.

    Attributes:
        uid: the same at every reading, so that a moved event is moved and not doubled.
        summary: what one reads in the month view.
        day: on which day.
        stamp: when it was last said, aware.
        starts_at: local time; None for the whole day. How long it lasts is not said: nobody typed it.
        description: a few lines.
        location: where.
        url: address of its page.
    """

    uid: str
    summary: str
    day: dt.date
    stamp: dt.datetime
    starts_at: dt.time | None = None
    description: str = ""
    location: str = ""
    url: str = ""


def write_calendar(name: str, events: Iterable[Event]) -> bytes:
    """The calendar as a file: UTF-8, CRLF, no line longer than 75 octets."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Qizhi//Qizhi//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        f"X-WR-TIMEZONE:{ZONE}",
        *_ZONE,
        *(line for event in events for line in _lines(event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _lines(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{event.stamp.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    if event.starts_at is None:
        yield f"DTSTART;VALUE=DATE:{_day(event.day)}"
        yield f"DTEND;VALUE=DATE:{_day(event.day + dt.timedelta(days=1))}"
        yield "TRANSP:TRANSPARENT"
    else:
        yield f"DTSTART;TZID={ZONE}:{_day(event.day)}T{event.starts_at:%H%M%S}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.location:
        yield f"LOCATION:{_text(event.location)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "END:VEVENT"


def _day(day: dt.date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _text(value: str) -> str:
    return clean(value).strip().translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, no character cut; all but the first begin with a blank."""
    piece, room = "", MOST_OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            yield piece
            piece, room = " ", MOST_OCTETS - 1
        piece += character
        room -= size
    yield piece
