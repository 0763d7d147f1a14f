"""Working days by the golden examples and by hand-made papers."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.regulations.rules import (
    Layer,
    Paper,
    PaperDay,
    UnknownCalendarError,
    WorkingCalendar,
    last_weekday_of_month,
)

D = dt.date
PAPER_2018 = Paper(
    "国办发明电〔2017〕12号",
    2018,
    Layer.NATIONAL,
    (
        PaperDay(D(2018, 1, 1), is_working=False, name="元旦"),
        PaperDay(D(2018, 2, 11), is_working=True, name="春节"),
        *(PaperDay(D(2018, 2, day), is_working=False, name="春节") for day in range(15, 22)),
        PaperDay(D(2018, 2, 24), is_working=True, name="春节"),
    ),
    D(2017, 11, 30),
)
CALENDAR = WorkingCalendar([PAPER_2018])


def test_done_on_monday_after_a_worked_sunday_is_three_days_late():
    assert CALENDAR.working_days_between(D(2018, 2, 8), D(2018, 2, 12)) == 3
    assert CALENDAR.working_days(D(2018, 2, 8), D(2018, 2, 12)) == [
        D(2018, 2, 9),
        D(2018, 2, 11),
        D(2018, 2, 12),
    ]


def test_done_on_the_worked_sunday_is_two_days_late():
    assert CALENDAR.working_days_between(D(2018, 2, 8), D(2018, 2, 11)) == 2


def test_done_on_the_due_day_or_before_is_not_late():
    assert CALENDAR.working_days_between(D(2018, 2, 8), D(2018, 2, 8)) == 0
    assert CALENDAR.working_days_between(D(2018, 2, 8), D(2018, 2, 5)) == 0


def test_the_year_begins_with_work_on_the_second_of_january():
    assert CALENDAR.first_working_day_of(2018) == D(2018, 1, 2)


def test_the_difference_of_ordinals_is_the_number_of_days_late():
    assert CALENDAR.ordinal(D(2018, 1, 1)) == 0
    assert CALENDAR.ordinal(D(2018, 1, 2)) == 1
    assert CALENDAR.ordinal(D(2018, 2, 12)) - CALENDAR.ordinal(D(2018, 2, 8)) == 3


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (D(2018, 2, 8), 3, D(2018, 2, 12)),
        (D(2018, 2, 14), 1, D(2018, 2, 22)),
        (D(2018, 2, 17), 1, D(2018, 2, 22)),
        (D(2018, 2, 22), -1, D(2018, 2, 14)),
        (D(2018, 2, 12), -3, D(2018, 2, 8)),
        (D(2018, 2, 17), 0, D(2018, 2, 17)),
    ],
)
def test_working_days_are_added_and_taken_away(day, count, expected):
    assert CALENDAR.add_working_days(day, count) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (D(2018, 2, 11), D(2018, 2, 11)),  # a worked Sunday is itself
        (D(2018, 3, 3), D(2018, 3, 2)),  # Saturday: Friday is nearer
        (D(2018, 7, 1), D(2018, 7, 2)),  # Sunday: Monday is nearer
        (D(2018, 2, 18), D(2018, 2, 14)),  # four days from both sides: the earlier
    ],
)
def test_the_nearest_working_day_and_of_two_the_earlier(day, expected):
    assert CALENDAR.nearest_working_day(day) == expected


def test_a_year_without_a_paper_is_unknown_and_named():
    with pytest.raises(UnknownCalendarError, match="2019") as caught:
        CALENDAR.is_working_day(D(2019, 3, 1))
    assert caught.value.year == 2019
    with pytest.raises(UnknownCalendarError, match="2019"):
        CALENDAR.working_days_between(D(2018, 12, 28), D(2019, 1, 3))
    with pytest.raises(UnknownCalendarError, match="2019"):
        CALENDAR.add_working_days(D(2018, 12, 31), 1)
    with pytest.raises(UnknownCalendarError, match="2017"):
        CALENDAR.add_working_days(D(2018, 1, 2), -1)
    with pytest.raises(UnknownCalendarError, match="2017"):
        CALENDAR.first_working_day_of(2017)


def test_a_count_may_start_on_the_last_day_of_an_unknown_year():
    assert CALENDAR.working_days_between(D(2017, 12, 31), D(2018, 1, 2)) == 1


def test_a_count_across_a_missing_year_is_unknown():
    later = Paper("国办发明电〔2019〕16号", 2020, Layer.NATIONAL, ())
    calendar = WorkingCalendar([PAPER_2018, later])
    with pytest.raises(UnknownCalendarError, match="2019"):
        calendar.working_days_between(D(2018, 12, 1), D(2020, 2, 1))
    with pytest.raises(UnknownCalendarError, match="2019"):
        calendar.add_working_days(D(2018, 12, 31), 1)
    with pytest.raises(UnknownCalendarError, match="2019"):
        calendar.add_working_days(D(2020, 1, 1), -1)


def test_a_paper_that_vouches_for_half_a_year_leaves_the_rest_unknown():
    half = Paper("国办发明电〔2017〕12号", 2018, Layer.NATIONAL, (), confirmed_until=D(2018, 6, 30))
    calendar = WorkingCalendar([half])
    assert calendar.is_working_day(D(2018, 6, 29))
    assert not calendar.is_known(D(2018, 7, 1))
    with pytest.raises(UnknownCalendarError, match="2018"):
        calendar.working_days_between(D(2018, 6, 1), D(2018, 7, 2))


def test_the_next_paper_settles_the_last_days_of_december():
    after = Paper(
        "国办发明电〔2018〕15号",
        2019,
        Layer.NATIONAL,
        (
            PaperDay(D(2018, 12, 29), is_working=True, name="元旦"),
            PaperDay(D(2018, 12, 31), is_working=False, name="元旦"),
        ),
        D(2018, 12, 4),
    )
    assert CALENDAR.is_working_day(D(2018, 12, 31))
    assert not WorkingCalendar([PAPER_2018, after]).is_working_day(D(2018, 12, 31))
    assert WorkingCalendar([PAPER_2018, after]).explain(D(2018, 12, 29)).doc_no == "国办发明电〔2018〕15号"


def test_a_unit_overrides_a_region_and_a_region_the_nation():
    region = Paper(
        "苏府办〔2018〕1号", 2018, Layer.REGION, (PaperDay(D(2018, 3, 5), is_working=False, name="地区"),)
    )
    unit = Paper(
        "局办〔2018〕1号", 2018, Layer.UNIT, (PaperDay(D(2018, 3, 5), is_working=True, name="值班"),)
    )
    assert CALENDAR.is_working_day(D(2018, 3, 5))
    assert not WorkingCalendar([region, PAPER_2018]).is_working_day(D(2018, 3, 5))
    layered = WorkingCalendar([unit, region, PAPER_2018])
    assert layered.is_working_day(D(2018, 3, 5))
    assert layered.explain(D(2018, 3, 5)).doc_no == "局办〔2018〕1号"


def test_a_unit_paper_alone_makes_no_year_known():
    unit = Paper("局办〔2027〕1号", 2027, Layer.UNIT, (PaperDay(D(2027, 3, 5), is_working=False),))
    with pytest.raises(UnknownCalendarError, match="2027"):
        WorkingCalendar([PAPER_2018, unit]).is_working_day(D(2027, 3, 5))


def test_of_two_papers_of_one_layer_the_later_decides():
    first = Paper("甲", 2020, Layer.NATIONAL, (PaperDay(D(2020, 2, 1), is_working=True),), D(2019, 11, 21))
    later = Paper("乙", 2020, Layer.NATIONAL, (PaperDay(D(2020, 2, 1), is_working=False),), D(2020, 1, 26))
    assert not WorkingCalendar([later, first]).is_working_day(D(2020, 2, 1))


def test_the_papers_of_a_span_can_be_quoted():
    papers = CALENDAR.papers_between(D(2018, 2, 8), D(2018, 2, 12))
    assert [paper.doc_no for paper in papers] == ["国办发明电〔2017〕12号"]
    ordinary = CALENDAR.explain(D(2018, 2, 9))
    assert (ordinary.name, ordinary.doc_no, ordinary.is_working) == ("", "国办发明电〔2017〕12号", True)


def test_papers_without_any_work_are_reported_as_wrong():
    rest = tuple(PaperDay(D(2018, 1, 1) + dt.timedelta(days=n), is_working=False) for n in range(200))
    with pytest.raises(ValueError, match="papers are wrong"):
        WorkingCalendar([Paper("甲", 2018, Layer.NATIONAL, rest)]).nearest_working_day(D(2018, 3, 1))


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        (2018, 1, D(2018, 1, 26)),
        (2018, 2, D(2018, 2, 23)),
        (2018, 8, D(2018, 8, 31)),
        (2020, 2, D(2020, 2, 28)),
    ],
)
def test_the_last_friday_of_a_month(year, month, expected):
    assert last_weekday_of_month(year, month, 4) == expected
