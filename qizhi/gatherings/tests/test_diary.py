"""The diary: what was held in some days, read once and looked through by every figure and clause."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qizhi.core import kept, periods
from qizhi.core.periods import Period
from qizhi.gatherings.models import Gathering, LedgerEntry
from qizhi.gatherings.queries.diary import diary_of, will_read
from qizhi.gatherings.services import LecturerFact, RollFact, VisitorFact, withdraw_gathering

LAST_YEAR, YEAR = periods.year(2017), periods.year(2018)


def test_it_tells_what_the_tables_tell_without_what_was_withdrawn(cast, held):
    member, secretary = cast.person("member"), cast.person("secretary")
    lesson = held(
        "lesson",
        "theme-day",
        hours=Decimal(2),
        topics="党章",
        lecturers=(LecturerFact(secretary), LecturerFact(guest_name="专家")),
        roll=(RollFact(member, "made_up", "", dt.date(2017, 1, 14)),),
        visitors=(VisitorFact(cast.person("leader"), role="auditor"),),
        day="2017-01-12",
    )
    visit = held("field-visit", day="2017-02-20", precision="month", unit=cast.committee, present_total=9)
    withdraw_gathering(held("congress", day="2017-01-13"), reason="误登记", by=cast.actor("secretary"))
    held("congress", day="2018-01-02")
    diary = diary_of(cast.bureau.pk, LAST_YEAR)
    assert [row.pk for row in diary.rows] == [lesson.pk, visit.pk]
    first, second = diary.rows
    assert [kind.key for kind in first.kinds] == ["lesson", "theme-day"]
    assert first.ledgers == set(LedgerEntry.objects.filter(gathering=lesson).values_list("ledger", flat=True))
    assert (first.unit, first.hours, first.topics) == (cast.first, Decimal(2), "党章")
    assert (second.held_on, second.last_day) == (dt.date(2017, 2, 1), dt.date(2017, 2, 28))
    assert (second.present_total, second.due_total, second.audiences) == (9, None, {"none"})
    assert diary.rolls == {lesson.pk: {member.pk: ("made_up", dt.date(2017, 1, 14))}}
    assert {key for key, _ in diary.lecturers[lesson.pk]} == {secretary.pk, None}
    assert diary.visitors == {lesson.pk: [(cast.person("leader").pk, "auditor")]}


def test_it_is_narrowed_to_days_and_units(cast, held):
    here, there = held(day="2018-01-05"), held("theme-day", day="2018-01-05", unit=cast.second)
    later = held(day="2018-01-06")
    diary = diary_of(cast.bureau.pk, YEAR)
    assert {row.pk for row in diary.held(Period(YEAR.start, here.held_on))} == {here.pk, there.pk}
    assert [row.pk for row in diary.held(YEAR, [cast.first.pk])] == [here.pk, later.pk]
    assert diary.held(None) == []


def test_a_row_is_shown_as_a_gathering_without_asking_again(cast, held, django_assert_num_queries):
    known = held("group-meeting", unit=cast.group)
    diary = diary_of(cast.bureau.pk, YEAR)
    (row,) = diary.rows
    assert row.unit.pk == cast.group.pk
    with django_assert_num_queries(0):
        made = diary.gathering(row)
        assert (made, made.title, made.day_label) == (known, known.title, known.day_label)
        assert made.unit.full_label == cast.group.full_label
        assert made.get_absolute_url() == known.get_absolute_url()
        assert diary.gathering(row) is made
    assert made.minutes == Gathering.objects.get(pk=known.pk).minutes


@pytest.mark.parametrize("number", [1, 3])
def test_two_statements_serve_all_who_ask_however_many_rows(cast, held, number, django_assert_num_queries):
    for day in range(1, number + 1):
        held(day=f"2018-01-0{day}", roll=(RollFact(cast.person("member"), "absent"),))
    month = periods.month_of(dt.date(2018, 1, 1))
    with kept.sharing():
        will_read(cast.bureau.pk, Period(dt.date(2017, 12, 1), dt.date(2019, 1, 31)))
        with django_assert_num_queries(2):
            for span in (YEAR, month, Period(dt.date(2017, 12, 5), dt.date(2018, 1, 15))):
                diary = diary_of(cast.bureau.pk, span)
                assert len(diary.held(span)) == len(diary.rolls) == number


def test_who_asks_for_a_month_finds_its_whole_year_read(cast, held):
    held()
    with kept.sharing(), CaptureQueriesContext(connection) as captured:
        january, june = (diary_of(cast.bureau.pk, periods.month_of(dt.date(2018, n, 1))) for n in (1, 6))
        assert january is june
        assert len(june.rows) == 1
        assert diary_of(cast.bureau.pk, periods.years(2017, 2018)) is not june
    assert len(captured) == 1
