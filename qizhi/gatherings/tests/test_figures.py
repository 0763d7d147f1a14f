"""Numbers of gatherings, each computed by hand, and each equal to its rows."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qizhi.core import clock, figures, periods
from qizhi.core.figures import Ask, Measure
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import Gathering, Lecturer, LedgerEntry, Series, Visitor
from qizhi.org.models import Bureau
from qizhi.regulations.services.calendar import load_national_calendar

TODAY = dt.date(2018, 1, 31)


def hold(cast, day, *ledgers, unit=None, **values):
    """A gathering with its ledger entries, written straight into the tables."""
    day = dt.date.fromisoformat(day)
    row = Gathering.objects.create(
        bureau=cast.bureau,
        unit=unit or cast.first,
        title=f"{day}",
        held_on=day,
        recorded_at=clock.now(),
        recorded_by="示例",
        **values,
    )
    for ledger in ledgers:
        LedgerEntry.objects.create(
            bureau=cast.bureau, gathering=row, ledger=ledger, unit=row.unit, held_on=row.held_on
        )
    return row


def answer(cast, key, period, units=None):
    """The value of a figure, after checking that its rows add up to it."""
    figure = figures.get(key)
    ask = Ask(cast.bureau.pk, period, TODAY, units)
    value = figure.value(ask)
    assert figure.counted_from_rows(ask) == value.counted
    return value


def test_study_and_discussion_at_once_counts_once_in_each(cast):
    hold(cast, "2017-03-01", Ledger.CENTRE_STUDY, Ledger.CENTRE_DISCUSSION, unit=cast.centre_group)
    hold(cast, "2017-04-01", Ledger.CENTRE_STUDY, unit=cast.centre_group)
    assert answer(cast, "gatherings.centre_study", periods.year(2017)).amount == 2
    assert answer(cast, "gatherings.centre_discussion", periods.year(2017)).amount == 1
    assert answer(cast, "gatherings.held", periods.year(2017)).amount == 2


def test_fourteen_fifteen_and_sixteen_are_fifteen_a_year(cast):
    for year, number in ((2015, 14), (2016, 15), (2017, 16)):
        for month in range(number):
            hold(cast, f"{year}-{month % 12 + 1:02}-0{month // 12 + 1}", Ledger.CENTRE_STUDY)
    value = answer(cast, "gatherings.centre_study_average", periods.years(2015, 2017))
    assert (value.amount, value.counted, value.out_of) == (Fraction(15), 45, 3)
    assert figures.say(value, Measure.TIMES) == "15"


def test_an_average_counts_only_years_in_which_there_was_a_centre_group(cast):
    cast.centre_group.from_on = dt.date(2016, 9, 1)
    cast.centre_group.save()
    for day in ("2016-10-10", "2017-03-10", "2017-05-10"):
        hold(cast, day, Ledger.CENTRE_STUDY, unit=cast.centre_group)
    value = answer(cast, "gatherings.centre_study_average", periods.years(2015, 2017))
    assert (value.amount, value.counted, value.out_of) == (Fraction(3, 2), 3, 2)


def test_nothing_held_is_no_average_rather_than_nought(cast):
    assert answer(cast, "gatherings.centre_study_average", periods.years(2015, 2017)).amount is None


def test_days_after_the_day_of_reckoning_do_not_count(cast):
    hold(cast, "2018-01-31", Ledger.THEME_DAY)
    hold(cast, "2018-02-01", Ledger.THEME_DAY)
    assert answer(cast, "gatherings.theme_day", periods.year(2018)).amount == 1


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        (range(2012, 2018), 6),
        ([2012, 2013, 2015, 2016, 2017], 3),
        ([2012, 2013, 2014, 2015, 2016], 0),
        ([*range(2012, 2018), 2018], 7),
    ],
    ids=["up to last year", "a gap starts anew", "last year missing", "this year's held already"],
)
def test_consecutive_years_of_a_series(cast, years, expected):
    series = Series.objects.create(bureau=cast.bureau, key="gratitude", name="感恩月")
    for year in years:
        hold(cast, f"{year}-01-20", Ledger.CAMPAIGN, series=series)
        hold(cast, f"{year}-01-25", Ledger.CAMPAIGN, series=series)
    period = periods.Period(figures.BEGINNING, TODAY)
    value = answer(cast, "gatherings.series_years:gratitude", period)
    assert value.amount == expected
    assert figures.get("gatherings.series_years:") is None


def test_an_unknown_series_is_unknown(cast):
    period = periods.Period(figures.BEGINNING, TODAY)
    assert answer(cast, "gatherings.series_years:nothing", period).amount is None


def test_the_ceremony_of_the_first_working_day(cast):
    load_national_calendar(Bureau.objects.get(pk=cast.bureau.pk), by=cast.actor("officer"))
    hold(cast, "2018-01-15", Ledger.CEREMONY, unit=cast.root)
    assert answer(cast, "gatherings.flag_ceremony_day", periods.year(2018)).amount is None
    hold(cast, "2018-01-02", Ledger.CEREMONY, unit=cast.root)
    value = answer(cast, "gatherings.flag_ceremony_day", periods.year(2018))
    assert figures.say(value, Measure.DAY) == "2018年1月2日"


def test_lessons_count_by_the_capacity_of_who_gave_them(cast):
    lesson = hold(cast, "2017-07-03", Ledger.LESSON)
    for person in ("secretary", "neighbour"):
        Lecturer.objects.create(
            bureau=cast.bureau, gathering=lesson, person=cast.person(person), capacity="secretary"
        )
    hold(cast, "2017-08-01", Ledger.LESSON)
    assert answer(cast, "gatherings.lessons_by_secretary", periods.year(2017)).amount == 1
    assert answer(cast, "gatherings.lessons_by_principal", periods.year(2017)).amount == 0


def test_hours_are_added_and_visits_counted(cast):
    first = hold(cast, "2017-05-01", Ledger.TRAINING, hours="1.5")
    hold(cast, "2017-06-01", Ledger.TRAINING, hours="2")
    Visitor.objects.create(bureau=cast.bureau, gathering=first, person=cast.person("leader"), role="auditor")
    Visitor.objects.create(bureau=cast.bureau, gathering=first, guest_name="外单位", role="guest")
    hours = answer(cast, "gatherings.training_hours", periods.year(2017))
    assert (hours.amount, hours.counted) == (Fraction(7, 2), 2)
    assert answer(cast, "gatherings.audit_visits", periods.year(2017)).amount == 1


def test_units_answer_each_for_themselves_in_one_query(cast):
    for day in ("2017-01-10", "2017-02-10", "2017-03-10"):
        hold(cast, day, Ledger.CONGRESS)
    hold(cast, "2017-02-11", Ledger.CONGRESS, unit=cast.second)
    figure = figures.get("gatherings.congress")
    assert figure is not None
    assert figure.by_unit is not None
    ask = Ask(cast.bureau.pk, periods.year(2017), TODAY)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        values = figure.by_unit(ask)
    assert len(queries) == 1
    assert (values[cast.first.pk].counted, values[cast.second.pk].counted) == (3, 1)
    assert answer(cast, "gatherings.congress", periods.year(2017), (cast.second.pk,)).amount == 1
