"""Leave that is entered after the roll was written excuses in it, and only as long as it stands."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import audit
from qizhi.gatherings.models import RollEntry
from qizhi.gatherings.services import RollFact, withdraw_gathering
from qizhi.org.services.people import record_leave
from qizhi.org.services.rows import correct_row, end_row, remove_row

D = dt.date
DAY = D(2018, 1, 12)
BEFORE, AFTER = D(2018, 1, 10), D(2018, 1, 15)


def leave(cast, start=BEFORE, end=AFTER):
    values = {"kind": "sick", "from_on": start, "to_on": end, "note": ""}
    return record_leave(person=cast.person("member"), by=cast.actor("officer"), **values)


def said(row):
    return RollEntry.objects.values_list("state", "reason").get(gathering=row)


@pytest.fixture
def missed(cast, held):
    """The member was missing on 12 January."""
    return held(roll=(RollFact(cast.person("member"), "absent", "未说明原因"),))


def test_leave_entered_later_excuses_in_the_roll_and_the_log_says_so(cast, missed):
    leave(cast)
    assert said(missed) == ("excused", "病假")
    event = audit.history(missed)[0]
    assert event.before["roll"] == [f"{cast.person('member')}：缺席（未说明原因）"]
    assert event.after["roll"] == [f"{cast.person('member')}：请假（病假）"]
    assert audit.tell(missed)[0].what == "随请假更改到会例外"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (DAY, DAY, "excused"),
        (D(2018, 1, 13), D(2018, 1, 15), "absent"),
        (D(2018, 1, 8), D(2018, 1, 11), "absent"),
        (D(2018, 1, 8), None, "excused"),
    ],
)
def test_only_the_days_of_the_leave_excuse(cast, missed, start, end, expected):
    leave(cast, start, end)
    assert said(missed)[0] == expected


def test_leave_that_ends_earlier_is_moved_or_goes_excuses_no_longer(cast, missed):
    row = leave(cast)
    end_row(row, last_day=D(2018, 1, 11), by=cast.actor("officer"))
    assert said(missed) == ("absent", "原认作病假，请假已改")
    correct_row(row, values={"to_on": DAY, "kind": "duty"}, by=cast.actor("officer"))
    assert said(missed) == ("excused", "公务出差")
    correct_row(row, values={"kind": "personal"}, by=cast.actor("officer"))
    assert said(missed) == ("excused", "事假")
    correct_row(row, values={"from_on": D(2018, 1, 2), "to_on": D(2018, 1, 3)}, by=cast.actor("officer"))
    assert said(missed) == ("absent", "原认作事假，请假已改")
    correct_row(row, values={"to_on": D(2018, 1, 31)}, by=cast.actor("officer"))
    assert said(missed) == ("excused", "事假")
    remove_row(row, because="登记错了", by=cast.actor("officer"))
    assert said(missed) == ("absent", "原认作事假，请假已改")


@pytest.mark.parametrize(
    "fact",
    [{"state": "made_up", "made_up_on": D(2018, 1, 13)}, {"state": "excused", "reason": "经支部书记同意"}],
)
def test_what_was_written_on_another_ground_stays(cast, held, fact):
    row = held(roll=(RollFact(cast.person("member"), **fact),))
    remove_row(leave(cast), because="登记错了", by=cast.actor("officer"))
    assert said(row) == (fact["state"], fact.get("reason", ""))


def test_a_month_says_nothing_of_a_day_and_others_are_left_alone(cast, held):
    month = held(day="2018-01-01", precision="month", roll=(RollFact(cast.person("member"), "absent"),))
    other = held("lesson", roll=(RollFact(cast.person("secretary"), "absent"),))
    leave(cast, D(2018, 1, 1), D(2018, 1, 31))
    assert (said(month)[0], said(other)[0]) == ("absent", "absent")


def test_a_withdrawn_gathering_that_is_restored_says_what_leave_says(cast, missed):
    withdraw_gathering(missed, reason="重复登记", by=cast.actor("officer"))
    leave(cast)
    assert said(missed)[0] == "excused"


def test_one_leave_excuses_in_all_rolls_of_its_days(cast, held):
    for day in ("2018-01-11", "2018-01-12", "2018-01-13"):
        held(day=day, roll=(RollFact(cast.person("member"), "absent"),))
    leave(cast)
    assert set(RollEntry.objects.values_list("state", flat=True)) == {"excused"}
