"""The papers that come with the product, and papers that the office enters."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import chinese_calendar
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.models import AuditEvent
from qizhi.core.permissions import system
from qizhi.regulations.enums import CalendarScope
from qizhi.regulations.models import CalendarDay, CalendarPaper, Regulation
from qizhi.regulations.queries import calendar_for, papers_of
from qizhi.regulations.rules import Layer, Paper, UnknownCalendarError, WorkingCalendar, read_notice
from qizhi.regulations.services import load_national_calendar, put_calendar_paper
from qizhi.regulations.services.files import HOLIDAYS, read_papers

D = dt.date
ENTRIES = read_papers(HOLIDAYS)


def calendar_of_files():
    return WorkingCalendar(
        Paper(entry.doc_no, entry.year, Layer.NATIONAL, entry.days, entry.published_on) for entry in ENTRIES
    )


@pytest.mark.parametrize("year", range(2006, 2027))
def test_every_day_of_the_papers_agrees_with_another_source(year):
    calendar = calendar_of_files()
    day = D(year, 1, 1)
    differing = []
    while day.year == year:
        if calendar.is_working_day(day) != chinese_calendar.is_workday(day):
            differing.append(day)
        day += dt.timedelta(days=1)
    assert differing == []


def test_the_files_cover_each_year_once_and_number_what_was_seen():
    years = [entry.year for entry in ENTRIES]
    assert sorted(set(years)) == list(range(2006, 2027))
    numbers = {entry.doc_no for entry in ENTRIES if entry.confirmation == "V"}
    assert {"国办发明电〔2017〕12号", "国办发明电〔2016〕17号", "国发明电〔2015〕1号"} <= numbers
    assert all(
        entry.doc_no.startswith(("国办发明电〔", "国发明电〔")) or entry.confirmation == "R"
        for entry in ENTRIES
    )


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.year} {entry.doc_no}")
def test_each_paper_reads_back_from_the_words_that_are_stored(entry):
    reading = read_notice(entry.notice, entry.year)
    assert reading.problems == ()
    assert set(reading.days) == set(entry.days)


def test_a_bureau_is_given_the_papers_once(cast):
    by = system(cast.bureau.pk)
    assert len(load_national_calendar(cast.bureau, by=by)) == len(ENTRIES)
    assert load_national_calendar(cast.bureau, by=by) == []
    assert CalendarPaper.objects.filter(bureau=cast.bureau).count() == len(ENTRIES)
    assert AuditEvent.objects.filter(verb="regulations.add_paper").count() == len(ENTRIES)


def test_the_calendar_costs_one_query_until_a_paper_changes(cast, django_assert_num_queries):
    by = system(cast.bureau.pk)
    load_national_calendar(cast.bureau, by=by)
    with django_assert_num_queries(2):
        calendar = calendar_for(cast.bureau.pk)
    assert calendar.working_days_between(D(2018, 2, 8), D(2018, 2, 12)) == 3
    assert calendar.explain(D(2018, 2, 11)).doc_no == "国办发明电〔2017〕12号"
    with django_assert_num_queries(1):
        assert calendar_for(cast.bureau.pk) is calendar
    unit = {
        "scope": CalendarScope.UNIT,
        "year": 2018,
        "title": "局庆放假",
        "doc_no": "局办〔2018〕1号",
        "published_on": D(2018, 1, 3),
        "notice": "局庆：3月5日放假。",
    }
    paper = put_calendar_paper(values=unit, by=by)
    assert not calendar_for(cast.bureau.pk).is_working_day(D(2018, 3, 5))
    put_calendar_paper(values={**unit, "notice": "局庆：3月6日放假。"}, by=by, paper=paper)
    with django_assert_num_queries(2):
        corrected = calendar_for(cast.bureau.pk)
    assert corrected.is_working_day(D(2018, 3, 5))
    assert not corrected.is_working_day(D(2018, 3, 6))


def test_an_empty_bureau_knows_no_working_day(cast):
    with pytest.raises(UnknownCalendarError, match="2018"):
        calendar_for(cast.bureau.pk).is_working_day(D(2018, 1, 15))


def test_bureaus_do_not_share_papers(cast):
    load_national_calendar(cast.bureau, by=system(cast.bureau.pk))
    with pytest.raises(UnknownCalendarError):
        calendar_for(cast.outsider.bureau_id).is_working_day(D(2018, 1, 15))


def test_a_paper_that_cannot_be_read_is_refused_and_nothing_is_kept(cast):
    values = {
        "scope": CalendarScope.NATIONAL,
        "year": 2027,
        "title": "通知",
        "doc_no": "号",
        "notice": "春节：2月30日放假。",
    }
    with pytest.raises(Refused, match="没有这一天") as caught:
        put_calendar_paper(values=values, by=cast.actor("officer"))
    assert caught.value.field == "notice"
    assert not CalendarPaper.objects.exists()


def test_a_paper_is_entered_once_and_a_double_click_changes_nothing(cast):
    by = cast.actor("officer")
    values = {
        "scope": "national",
        "year": 2018,
        "title": "通知",
        "doc_no": "号",
        "notice": "元旦：1月1日放假。",
    }
    row = put_calendar_paper(values=values, by=by, id=cast.bureau.pk)
    assert put_calendar_paper(values=values, by=by, id=cast.bureau.pk) == row
    assert row.confirmed_until == D(2018, 12, 31)
    assert CalendarDay.objects.count() == 1
    with pytest.raises(Refused, match="没有重复录入"):
        put_calendar_paper(values=values, by=by)


def test_a_correction_is_logged_with_both_values(cast):
    by = cast.actor("officer")
    values = {
        "scope": "national",
        "year": 2018,
        "title": "通知",
        "doc_no": "待核",
        "notice": "元旦：1月1日放假。",
    }
    row = put_calendar_paper(values=values, by=by)
    put_calendar_paper(values={**values, "doc_no": "国办发明电〔2017〕12号"}, by=by, paper=row)
    event = audit.history(row)[0]
    assert (event.verb, event.before["doc_no"], event.after["doc_no"]) == (
        "regulations.edit_paper",
        "待核",
        "国办发明电〔2017〕12号",
    )


def test_the_papers_of_a_year_include_the_one_that_reaches_back(cast):
    load_national_calendar(cast.bureau, by=system(cast.bureau.pk))
    numbers = [paper.doc_no for paper in papers_of(cast.bureau.pk, 2018)]
    assert numbers == ["国办发明电〔2017〕12号", "国办发明电〔2018〕15号"]


def test_the_command_loads_one_bureau_or_all(cast):
    out = StringIO()
    call_command("load_calendar", bureau=cast.bureau.code, stdout=out)
    assert f"{len(ENTRIES)} papers, 10 documents new" in out.getvalue()
    assert not Regulation.objects.filter(bureau_id=cast.outsider.bureau_id).exists()
    call_command("load_calendar", stdout=out)
    assert Regulation.objects.filter(bureau_id=cast.outsider.bureau_id).count() == 10
    with pytest.raises(CommandError, match="no bureau"):
        call_command("load_calendar", bureau="nowhere")
