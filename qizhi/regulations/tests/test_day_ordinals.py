"""Working days counted by the database: the same as by the calendar, unknown where a paper is missing."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.core.management import call_command
from django.db.models import DateField, Value
from django.db.models.functions import Coalesce

from qizhi.core.permissions import system
from qizhi.core.tests.standing import left_standing
from qizhi.regulations.models import CalendarPaper, DayOrdinal, Version
from qizhi.regulations.queries import calendar_for, ordinal_on, with_working_days
from qizhi.regulations.rules import UnknownCalendarError
from qizhi.regulations.services import load_national_calendar, put_calendar_paper
from qizhi.regulations.services.ordinals import number_days

D = dt.date


WHOLE = (
    "元旦：1月1日放假。春节：2月4日至10日放假。2月2日上班。清明节：4月5日放假。劳动节：5月1日放假。"
    "端午节：6月7日放假。中秋节：9月13日放假。国庆节：10月1日至7日放假。"
).replace("。", "。\n")


def national(year, notice=WHOLE, until=None):
    return {
        "scope": "national",
        "year": year,
        "title": f"{year}年安排",
        "doc_no": f"号{year}",
        "published_on": D(year - 1, 12, 1),
        "confirmed_until": until,
        "notice": notice,
    }


@left_standing
def calendar(cast):
    """The national papers of 2006 to 2026."""
    load_national_calendar(cast.bureau, by=system(cast.bureau.pk))
    return calendar_for(cast.bureau.pk)


@pytest.fixture
def between(cast, django_assert_num_queries):
    """Working days by the database, from one constant day to another."""

    def ask(start, end):
        rows = Version.objects.filter(bureau=cast.bureau)
        with django_assert_num_queries(1):
            return vars(with_working_days(rows, into="late", start=start, end=end)[0])["late"]

    return ask


def test_three_days_late_and_two(calendar, published, between):
    assert between(D(2018, 2, 8), D(2018, 2, 12)) == 3
    assert between(D(2018, 2, 8), D(2018, 2, 11)) == 2
    assert between(D(2018, 2, 8), D(2018, 2, 5)) == 0


def test_the_ordinal_of_a_day(cast, calendar):
    days = (D(2018, 2, 12), D(2018, 2, 8))
    monday, thursday = (ordinal_on(cast.bureau.pk, day) for day in days)
    assert monday is not None
    assert thursday == monday - 3
    assert monday == calendar.ordinal(D(2018, 2, 12))
    assert ordinal_on(cast.bureau.pk, D(2027, 1, 4)) is None
    assert ordinal_on(cast.bureau.pk, D(2005, 12, 31)) is None


def test_columns_are_counted_row_by_row(cast, calendar, published):
    rows = Version.objects.filter(pk=published.pk).annotate(
        done=Coalesce("effective_to", Value(D(2017, 1, 6)), output_field=DateField())
    )
    row = with_working_days(rows, into="late", start="effective_from", end="done").get()
    assert vars(row)["late"] == calendar.working_days_between(D(2017, 1, 1), D(2017, 1, 6)) == 4
    row = with_working_days(rows, into="late", start="published_on", end="done").get()
    assert vars(row)["late"] is None


def test_the_database_counts_like_the_calendar_and_knows_the_same_gaps(cast, published, between):
    by = system(cast.bureau.pk)
    put_calendar_paper(values=national(2016), by=by)
    put_calendar_paper(values=national(2017, until=D(2017, 6, 30)), by=by)
    put_calendar_paper(values=national(2019), by=by)
    calendar, chance = calendar_for(cast.bureau.pk), random.Random(4)  # noqa: S311 - a test
    for _ in range(300):
        start = D(2015, 12, 20) + dt.timedelta(days=chance.randrange(1500))
        end = start + dt.timedelta(days=chance.choice([-3, 0, 1, 2, 9, 40, 400]))
        try:
            expected = calendar.working_days_between(start, end)
        except UnknownCalendarError:
            expected = None
        assert between(start, end) == expected, (start, end)
    assert between(D(2018, 12, 31), D(2019, 1, 2)) == 1


def test_a_changed_paper_changes_only_the_days_from_there_on(cast, calendar):
    by = system(cast.bureau.pk)
    assert number_days(cast.bureau.pk) == 0
    kept = set(DayOrdinal.objects.filter(on__lt=D(2026, 3, 5)).values_list("pk", flat=True))
    values = {
        "scope": "unit",
        "year": 2026,
        "title": "局庆放假",
        "doc_no": "局办〔2026〕1号",
        "notice": "局庆：3月5日放假。",
    }
    paper = put_calendar_paper(values=values, by=by)
    assert not DayOrdinal.objects.get(on=D(2026, 3, 5)).is_working
    assert set(DayOrdinal.objects.filter(on__lt=D(2026, 3, 5)).values_list("pk", flat=True)) == kept
    put_calendar_paper(values={**values, "notice": "局庆：3月6日放假。"}, by=by, paper=paper)
    assert DayOrdinal.objects.get(on=D(2026, 3, 5)).is_working
    assert DayOrdinal.objects.count() == 1 + sum(365 + (year % 4 == 0) for year in range(2006, 2027))


def test_the_numbers_are_made_anew_by_a_command(cast, calendar):
    before = list(DayOrdinal.objects.values_list("on", "ordinal"))
    DayOrdinal.objects.all().delete()
    call_command("rebuild_derived", bureau=cast.bureau.code)
    assert list(DayOrdinal.objects.values_list("on", "ordinal")) == before
    CalendarPaper.objects.all().delete()
    call_command("rebuild_derived")
    assert not DayOrdinal.objects.exists()
