"""The calendar file, read back by hand as RFC 5545 says it is written."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.core import clock
from qizhi.core.ical import MOST_OCTETS, Event, write_calendar

STAMP = dt.datetime(2018, 1, 15, 9, 30, tzinfo=clock.ZONE)


def unfolded(content):
    """The logical lines: every CRLF followed by a blank is taken out (section 3.1)."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        assert len(line) <= MOST_OCTETS
        line.decode()  # no line ends inside a character
    return content.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def plain(value):
    """A text value without its escapes (section 3.3.11)."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def events(content):
    """Each VEVENT as name (with parameters) → value; components are properly nested."""
    found: list[dict[str, str]] = []
    stack: list[str] = []
    for line in unfolded(content):
        name, value = line.split(":", 1)
        if name == "BEGIN":
            stack.append(value)
            if value == "VEVENT":
                found.append({})
        elif name == "END":
            assert stack.pop() == value
        elif stack[-1] == "VEVENT":
            assert name not in found[-1]
            found[-1][name] = value
    assert stack == []
    return found


def test_an_event_of_a_whole_day_and_one_at_a_time():
    whole = Event("a@qizhi", "主题党日", dt.date(2018, 1, 31), STAMP)
    timed = Event(
        "b@qizhi", "党课", dt.date(2018, 1, 12), STAMP, dt.time(9, 5), "第一党支部\n主持：书记", "三楼,会议室"
    )
    one, other = events(write_calendar("甲局", [whole, timed]))
    assert one == {
        "UID": "a@qizhi",
        "DTSTAMP": "20180115T013000Z",
        "DTSTART;VALUE=DATE": "20180131",
        "DTEND;VALUE=DATE": "20180201",
        "TRANSP": "TRANSPARENT",
        "SUMMARY": "主题党日",
    }
    assert other["DTSTART;TZID=Asia/Shanghai"] == "20180112T090500"
    assert other["LOCATION"] == r"三楼\,会议室"
    assert plain(other["DESCRIPTION"]) == "第一党支部\n主持：书记"


def test_the_frame_names_version_product_and_time_zone():
    lines = unfolded(write_calendar("甲局", []))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert any(line.startswith("PRODID:") for line in lines)
    zone = lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE")]
    assert "TZID:Asia/Shanghai" in zone
    assert "TZOFFSETTO:+0800" in zone
    assert lines[-1] == "END:VCALENDAR"


def test_a_bare_line_end_cannot_smuggle_in_a_property():
    event = Event("a@qizhi", "甲\r\nEND:VEVENT\r\n乙", dt.date(2018, 1, 1), STAMP)
    (found,) = events(write_calendar("甲\r\nX:Y", [event]))
    assert plain(found["SUMMARY"]) == "甲\nEND:VEVENT\n乙"


@pytest.mark.parametrize("text", ["长" * 24, "长" * 25, "长" * 200, "a" * 75, "👨‍👩‍👧‍👦" * 30, "a长" * 40])
def test_long_lines_are_folded_between_characters(text):
    (found,) = events(write_calendar("", [Event("a@qizhi", text, dt.date(2018, 1, 1), STAMP)]))
    assert plain(found["SUMMARY"]) == text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), max_size=120))
def test_any_text_comes_back(text):
    event = Event("a@qizhi", f"x{text}x", dt.date(2018, 1, 1), STAMP)
    (found,) = events(write_calendar("甲局", [event]))
    assert plain(found["SUMMARY"]) == f"x{text}x"
