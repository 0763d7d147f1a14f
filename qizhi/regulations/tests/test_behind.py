"""A month whose records were written after it was judged says so, wherever its findings are read."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps

from qizhi.core.periods import month_of
from qizhi.regulations.kinds import Records, all_kinds, all_records
from qizhi.regulations.services.behind import Behind, MonthsBehind, looked_at

D = dt.date
YEARLY = Records("study.yearfile", "year")
DATED, ONCE = Records("org.leave", "from_on", "to_on"), Records("gatherings.gathering", "held_on")


@pytest.mark.parametrize(
    ("records", "sides", "days"),
    [
        (ONCE, [{"held_on": D(2018, 1, 8)}], (D(2018, 1, 8), D(2018, 1, 8))),
        (ONCE, [{"held_on": D(2018, 3, 1)}, {"held_on": "2018-01-08"}, {}], (D(2018, 1, 8), D(2018, 3, 1))),
        (ONCE, [{}, {}, {"title": "旧"}], None),
        (YEARLY, [{"year": 2018}, {}, {"year": 2018}], (D(2018, 12, 31), D(2018, 12, 31))),
        (DATED, [{"from_on": D(2018, 1, 8), "to_on": D(2018, 2, 1)}], (D(2018, 1, 8), D(2018, 2, 1))),
        (DATED, [{"from_on": D(2018, 1, 8), "to_on": None}], (D(2018, 1, 8), dt.date.max)),
        (DATED, [{}, {"from_on": "2018-01-08", "to_on": "2018-02-01"}, {}], (D(2018, 1, 8), D(2018, 2, 1))),
    ],
)
def test_which_days_a_change_speaks_of(records, sides, days):
    found = records.days(*sides)
    assert (found and (found.start, found.end)) == days


SETTING = Records("gatherings.kind", beside=("name",))
ALWAYS = (dt.date.min, dt.date.max)


@pytest.mark.parametrize(
    ("records", "before", "after", "days"),
    [
        (DATED, {"to_on": None}, {"to_on": "2018-03-31"}, (D(2018, 4, 1), dt.date.max)),
        (DATED, {"to_on": "2018-03-31"}, {"to_on": "2018-02-10"}, (D(2018, 2, 11), D(2018, 3, 31))),
        (DATED, {"to_on": None}, {"to_on": "2018-03-31", "kind": "x"}, (D(2018, 1, 8), dt.date.max)),
        (DATED, {}, {"from_on": "2018-01-08", "to_on": None}, (D(2018, 1, 8), dt.date.max)),
        (SETTING, {"audience": "a"}, {"audience": "b"}, ALWAYS),
        (SETTING, {"name": "a"}, {"name": "b"}, None),
        (SETTING, {}, {"audience": "b"}, None),
    ],
)
def test_which_days_a_correction_speaks_of(records, before, after, days):
    row = {"from_on": D(2018, 1, 8), "to_on": None} if records is DATED else {}
    found = records.touched(row, before, after)
    assert (found and (found.start, found.end)) == days


@pytest.mark.parametrize(("month", "first"), [(1, 1), (2, 2), (3, 1), (6, 1), (9, 7), (11, 11), (12, 1)])
def test_a_run_of_a_month_looks_at_every_period_that_ends_with_it(month, first):
    found = looked_at(month_of(D(2018, month, 1)))
    assert (found.start, found.end) == (D(2018, first, 1), month_of(D(2018, month, 1)).end)


def test_every_table_that_clauses_judge_by_has_its_days():
    assert {"conduct.observation", "gatherings.gathering", "tasks.document"} <= all_records().keys()
    assert all_kinds()
    for one in all_records().values():
        columns = {field.name for field in apps.get_model(one.model)._meta.fields}
        names = {name.partition("__")[0] for name in (one.year, one.first, one.last) if name}
        assert names <= columns
        assert {*one.beside} <= {field.attname for field in apps.get_model(one.model)._meta.fields}
        assert all(apps.get_model(part) for part in one.parts)


def test_a_run_of_too_many_months_takes_the_last_ones():
    at = dt.datetime(2018, 7, 1, tzinfo=dt.UTC)
    months = (month_of(D(2010, 1, 1)), month_of(D(2018, 6, 1)))
    found = MonthsBehind(tuple(Behind(month, at, "活动1条", None) for month in months))
    assert (found.start, found.end) == (D(2015, 7, 1), D(2018, 6, 1))
