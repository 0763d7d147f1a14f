"""Calendars as a program of others reads them: `ical.js`, which Thunderbird uses, run by node."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess

import pytest
from django.test import Client

from qizhi.core import clock
from qizhi.core.ical import Event, write_calendar
from qizhi.gatherings.models import Gathering, Kind
from qizhi.gatherings.services.facts import GatheringFacts
from qizhi.gatherings.services.records import record_gathering
from qizhi.web.forms import new_token
from qizhi.web.queries.feeds import events_of, reading_of
from qizhi.web.services import open_feed
from qizhi.web.tests.conftest import IN_FORCE
from qzlib.install import find_node
from qzlib.places import ROOT

HOSTILE = (
    "学习：第一,第二;第三\\n不是换行",
    "第一行\n第二行\r\nEND:VEVENT",
    "🚩👨‍👩‍👧‍👦主题党日𠮷",
    'BEGIN:VEVENT "引号":=^n',
    "长" * 120,
)
LONGEST = "党的理论学习，" * 71 + "完整。"
"""500 characters."""


def read_back(content):
    """The calendar in the words of the other program, whose own clock stands in another part of the world."""
    node = find_node(os.environ)
    if node is None:
        pytest.skip("node is not on the path: the calendar is read back by ical.js")
    command = [node.node, str(ROOT / "tests" / "read_calendar.mjs")]
    environ = {**os.environ, "TZ": "America/New_York"}
    done = subprocess.run(command, input=content, env=environ, check=False, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)["events"]


def fetched(feed_of, *, by, unit=None):
    """The file of a new feed, and the events of which it was made."""
    token = new_token()
    feed = open_feed(scope=feed_of, unit=unit, token=token, by=by)
    page = Client().get(f"/calendar/{token}.ics")
    return page.content, events_of(reading_of(feed, by, IN_FORCE, lambda path: f"http://testserver{path}"))


def plain(text):
    """Text as any calendar holds it: one kind of line end, no blanks at its ends."""
    return text.replace("\r\n", "\n").strip() or None


def times(event):
    """Start, end and zone as they must be read back."""
    if event.starts_at is None:
        return str(event.day), str(event.day + dt.timedelta(days=1)), "floating"
    at = f"{event.day}T{event.starts_at:%H:%M:%S}"
    return at, at, "Asia/Shanghai"


def as_read(event):
    """What the other program must find of an event."""
    start, end, zone = times(event)
    at = event.starts_at or dt.time(0)
    return {
        "uid": event.uid,
        "summary": plain(event.summary),
        "description": plain(event.description),
        "location": plain(event.location),
        "url": plain(event.url),
        "start": start,
        "end": end,
        "is_whole_day": event.starts_at is None,
        "zone": zone,
        **({} if event.starts_at is None else {"instant": _instant(event.day, at)}),
    }


def _instant(day, at):
    # What China's clock shows is eight hours ahead, all the year.
    moment = dt.datetime.combine(day, at, dt.UTC) - dt.timedelta(hours=8)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def compared(content, events):
    """What was read back, by summary, once every entry was found as it was meant."""
    found = read_back(content)
    for one in found:
        if one["is_whole_day"]:
            del one["instant"]  # a day has none
    assert found == [as_read(event) for event in events]
    assert len({one["uid"] for one in found}) == len(found)
    return {one["summary"]: one for one in found}


@pytest.fixture
def hostile(cast, records):
    """The branch held gatherings whose names hold all that the format itself is written in."""
    kinds = tuple(Kind.objects.filter(bureau=cast.bureau, key="lesson"))
    with clock.at(IN_FORCE):
        for place, title in enumerate(HOSTILE):
            facts = GatheringFacts(
                unit=cast.first,
                held_on=dt.date(2018, 11, 5 + place),
                starts_at=dt.time(23, 59) if place % 2 else None,
                kinds=kinds,
                title=title,
                place=f"三楼,{place};室",
                chair=cast.person("secretary"),
            )
            made = record_gathering(facts=facts, by=cast.actor("secretary"))
            # As it might have come from elsewhere: what is typed stands on one line.
            Gathering.objects.filter(pk=made.pk).update(title=title)
        yield records


@pytest.mark.parametrize(
    ("who", "scope", "has_others"),
    [("secretary", "person", False), ("officer", "unit", False), ("officer", "bureau", True)],
    ids=["person", "branch", "bureau"],
)
def test_another_program_reads_what_was_written(cast, hostile, who, scope, has_others):
    unit = cast.first if scope == "unit" else None
    content, events = fetched(scope, unit=unit, by=cast.actor(who))
    found = compared(content, events)
    lesson = found["第一党支部党课（第一党支部）"]
    assert (lesson["start"], lesson["instant"]) == ("2018-12-04T09:00:00", "2018-12-04T01:00:00.000Z")
    duty = found["未到期，还差1次：支部委员会会议（第一党支部2018年12月）"]
    assert (duty["start"], duty["end"], duty["is_whole_day"]) == ("2018-12-31", "2019-01-01", True)
    assert ("第二党支部党课（第二党支部）" in found) is has_others
    for title in HOSTILE:
        assert f"{plain(title)}（第一党支部）" in found


@pytest.mark.parametrize("text", [*HOSTILE, LONGEST, ",;\\\\" * 60, "a\n" * 40 + "b", "é́" * 90])
def test_any_text_survives_in_every_field(text):
    stamp = dt.datetime(2018, 1, 15, 9, 30, tzinfo=clock.ZONE)
    whole = Event("1@qizhi", text, dt.date(2016, 2, 29), stamp, None, text, text)
    timed = Event(
        "2@qizhi", text, dt.date(2017, 12, 31), stamp, dt.time(23, 59, 59), text, text, "http://a/b?c=1,2;3"
    )
    compared(write_calendar(text, [whole, timed]), [whole, timed])


def test_an_empty_calendar_is_one():
    assert read_back(write_calendar("甲局", [])) == []
