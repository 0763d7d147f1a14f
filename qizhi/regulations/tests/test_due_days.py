"""Due days written as data."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.regulations.rules import (
    DUE_RULES,
    Layer,
    Paper,
    PaperDay,
    UnknownCalendarError,
    WorkingCalendar,
    next_occurrence,
    occurrences,
    parse_due_rule,
)

D = dt.date
FIRST = "first_working_day_of_year"
JULY = "fixed_date_or_nearest_working_day:07-01"
FRIDAY = "last_weekday_of_month:friday"


def national(year, *rest):
    return Paper(f"{year}", year, Layer.NATIONAL, tuple(PaperDay(day, is_working=False) for day in rest))


CALENDAR = WorkingCalendar([national(2017, D(2017, 1, 1), D(2017, 1, 2)), national(2018, D(2018, 1, 1))])


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (FIRST, "每年第一个工作日"),
        (JULY, "每年7月1日（逢休息日取最近的工作日）"),
        (FRIDAY, "每月最后一个星期五"),
        ("fixed_day_of_month:15", "每月15日"),
        ("fixed_day_of_month:31", "每月31日（当月没有这一天的取月末）"),
    ],
)
def test_each_rule_reads_back_as_it_was_written_and_has_a_sentence(text, label):
    rule = parse_due_rule(text)
    assert (rule.key, rule.label) == (text, label)
    assert text.split(":")[0] in DUE_RULES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "every_day",
        "first_working_day_of_year:1",
        "fixed_day_of_month:0",
        "fixed_day_of_month:32",
        "fixed_day_of_month:",
        "last_weekday_of_month:freitag",
        "fixed_date_or_nearest_working_day:02-30",
        "fixed_date_or_nearest_working_day:13-01",
        "fixed_date_or_nearest_working_day:7-1",
    ],
)
def test_anything_else_is_refused_with_what_can_be_written(text):
    with pytest.raises(ValueError, match="可用的有"):
        parse_due_rule(text)


@pytest.mark.parametrize(
    ("rule", "day", "expected"),
    [
        (FIRST, D(2018, 1, 1), D(2018, 1, 2)),
        (FIRST, D(2018, 1, 2), D(2018, 1, 2)),
        (FIRST, D(2017, 1, 4), D(2018, 1, 2)),
        (JULY, D(2018, 6, 20), D(2018, 7, 2)),
        (JULY, D(2017, 6, 20), D(2017, 6, 30)),
        (FRIDAY, D(2018, 1, 26), D(2018, 1, 26)),
        (FRIDAY, D(2018, 1, 27), D(2018, 2, 23)),
        ("fixed_day_of_month:15", D(2018, 12, 16), D(2019, 1, 15)),
        ("fixed_day_of_month:31", D(2018, 2, 1), D(2018, 2, 28)),
    ],
)
def test_the_next_day_on_which_a_rule_falls(rule, day, expected):
    assert next_occurrence(rule, day, CALENDAR) == expected


def test_all_days_of_a_span():
    fridays = occurrences(FRIDAY, D(2018, 1, 1), D(2018, 3, 31), CALENDAR)
    assert fridays == [D(2018, 1, 26), D(2018, 2, 23), D(2018, 3, 30)]
    assert occurrences(FIRST, D(2017, 1, 1), D(2018, 12, 31), CALENDAR) == [D(2017, 1, 3), D(2018, 1, 2)]
    assert occurrences(JULY, D(2018, 1, 1), D(2018, 6, 30), CALENDAR) == []
    assert occurrences("fixed_day_of_month:1", D(2018, 1, 2), D(2018, 1, 31), CALENDAR) == []


def test_a_span_that_ends_in_december_does_not_ask_for_next_year():
    assert occurrences(FIRST, D(2018, 2, 1), D(2018, 12, 31), CALENDAR) == []
    assert occurrences(JULY, D(2018, 2, 1), D(2018, 12, 31), CALENDAR) == [D(2018, 7, 2)]


def test_a_year_without_a_paper_is_unknown():
    with pytest.raises(UnknownCalendarError, match="2019"):
        next_occurrence(FIRST, D(2018, 1, 3), CALENDAR)
    with pytest.raises(UnknownCalendarError, match="2019"):
        occurrences(JULY, D(2018, 1, 1), D(2019, 12, 31), CALENDAR)


def test_the_twenty_ninth_of_february_falls_on_the_last_of_a_short_one():
    rule = "fixed_date_or_nearest_working_day:02-29"
    assert next_occurrence(rule, D(2018, 2, 1), CALENDAR) == D(2018, 2, 28)
