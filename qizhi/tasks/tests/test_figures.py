"""F17: twelve inspections and six bulletins a year."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import figures, periods
from qizhi.core.figures import Ask
from qizhi.tasks.enums import Purpose
from qizhi.tasks.models import Plan
from qizhi.tasks.services import ItemValues, cancel_item, create_plan

Y2018 = periods.year(2018)


def get(key):
    found = figures.get(key)
    assert found is not None
    return found


def ask(cast, period=Y2018, unit=None, as_of=dt.date(2018, 1, 15)):
    return Ask(cast.bureau.pk, period, as_of, None if unit is None else (unit.pk,))


@pytest.fixture
def year(cast):
    by = cast.actor("officer")
    months = {
        Purpose.INSPECTION: range(1, 13),
        Purpose.BULLETIN: range(2, 13, 2),
    }
    return {
        purpose: create_plan(
            unit=cast.root,
            year=2018,
            purpose=purpose,
            items=[ItemValues(month, f"{month}月") for month in numbers],
            by=by,
        )
        for purpose, numbers in months.items()
    }


@pytest.mark.parametrize(("key", "number"), [("inspections", 12), ("bulletins", 6)])
def test_a_year_of_checks_and_bulletins(cast, year, key, number):
    figure = get(f"tasks.{key}_planned")
    assert figure.value(ask(cast)).counted == number
    assert figure.counted_from_rows(ask(cast)) == number
    assert figure.value(ask(cast, periods.year(2017))).counted == 0
    assert figure.by_unit(ask(cast)) == {cast.root.pk: figures.count_value(number)}
    assert figure.by_unit(ask(cast, unit=cast.first)) == {cast.first.pk: figures.count_value(0)}


def test_cancelled_items_plans_not_yet_adopted_and_other_months_do_not_count(cast, year):
    figure = get("tasks.inspections_planned")
    plan = year[Purpose.INSPECTION]
    cancel_item(plan.items.get(month=5), because="合并", by=cast.actor("officer"))
    assert figure.value(ask(cast)).counted == 11
    quarter = periods.quarter_of(dt.date(2018, 4, 1))
    assert figure.value(ask(cast, quarter)).counted == 2
    over_new_year = periods.Period(dt.date(2017, 11, 15), dt.date(2018, 3, 2))
    assert figure.value(ask(cast, over_new_year)).counted == 3
    mid_month = periods.Period(dt.date(2018, 1, 15), dt.date(2018, 3, 2))
    assert figure.value(ask(cast, mid_month)).counted == 2
    Plan.objects.filter(pk=plan.pk).update(adopted_on=dt.date(2018, 1, 16))
    assert figure.value(ask(cast)).counted == 0
    assert figure.value(ask(cast, as_of=dt.date(2018, 1, 16))).counted == 11


def test_the_rows_show_what_they_are(cast, year):
    figure = get("tasks.bulletins_planned")
    row = figure.rows(ask(cast)).first()
    assert [column.get(row) for column in figure.columns] == [
        "2018年甲示例局通报计划",
        "2018年2月",
        "2月",
        "",
    ]
    assert figure.link(row) == year[Purpose.BULLETIN].get_absolute_url()
