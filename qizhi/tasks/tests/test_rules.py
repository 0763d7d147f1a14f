"""Until when, and how something stands on a day: every state and every boundary."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from qizhi.regulations.rules import Layer, Paper, PaperDay, WorkingCalendar
from qizhi.tasks.rules import Count, Due, Judged, Settled, State, due_day, judge, next_year

D = dt.date
# 2018 with the two days that matter here: 15 February rests, Sunday 11 February is worked.
YEAR = Paper(
    "国办发明电〔2017〕12号",
    2018,
    Layer.NATIONAL,
    (PaperDay(D(2018, 2, 15), is_working=False), PaperDay(D(2018, 2, 11), is_working=True)),
)
CALENDAR = WorkingCalendar([YEAR])


def due(**values):
    given = {"due_on": None, "start_on": None, "working_days": None, "extended_to": None, "year": 2018}
    return due_day(calendar=CALENDAR, **{**given, **values})


def test_a_date_is_the_day_and_without_one_it_is_the_end_of_the_year():
    assert due(due_on=D(2018, 3, 20)) == Due(D(2018, 3, 20))
    assert due() == Due(D(2018, 12, 31))


def test_working_days_count_from_the_next_day_over_rest_and_make_up_days():
    found = due(start_on=D(2018, 2, 8), working_days=5)
    assert found == Due(D(2018, 2, 14), "2018年2月8日起 5 个工作日")
    assert due(start_on=D(2018, 2, 14), working_days=1).on == D(2018, 2, 16)


def test_a_year_without_its_paper_is_unknown_and_not_guessed():
    found = due(start_on=D(2018, 12, 28), working_days=5)
    assert found.on is None
    assert "缺少2019年的放假安排通知" in found.why
    assert judge(settled=Settled(), due=found, count=None, today=D(2019, 3, 1)) == Judged(
        State.UNKNOWN, found.why
    )


def test_an_extension_comes_before_everything():
    assert due(start_on=D(2018, 12, 28), working_days=5, extended_to=D(2019, 1, 31)) == Due(D(2019, 1, 31))


@pytest.mark.parametrize(
    ("today", "state"),
    [(D(2018, 3, 19), "due"), (D(2018, 3, 20), "due"), (D(2018, 3, 21), "missing")],
)
def test_the_last_day_still_counts(today, state):
    assert judge(settled=Settled(), due=Due(D(2018, 3, 20)), count=None, today=today).state == state


@pytest.mark.parametrize("how", ["done", "na", "excused"])
def test_what_people_said_comes_first_from_the_day_on_which_it_holds(how):
    said = Settled(how, D(2018, 4, 1), "另有安排")
    late = Due(D(2018, 3, 20))
    assert judge(settled=said, due=late, count=None, today=D(2018, 4, 1)) == Judged(State(how), "另有安排")
    assert judge(settled=said, due=late, count=None, today=D(2018, 3, 31)).state == State.MISSING


@pytest.mark.parametrize(
    ("amount", "before", "after"),
    [(4, "done", "done"), (3, "due", "missing"), (0, "due", "missing"), (None, "due", "unknown")],
)
def test_a_number_ticks_by_itself_and_no_number_is_unknown(amount, before, after):
    count = Count(None if amount is None else Fraction(amount), 4)
    for today, state in ((D(2018, 3, 20), before), (D(2018, 3, 21), after)):
        judged = judge(settled=Settled(), due=Due(D(2018, 3, 20)), count=count, today=today)
        assert judged.state == state


def test_a_year_later_29_february_is_the_28th():
    assert next_year(D(2016, 2, 29)) == D(2017, 2, 28)
    assert next_year(D(2017, 3, 20)) == D(2018, 3, 20)
