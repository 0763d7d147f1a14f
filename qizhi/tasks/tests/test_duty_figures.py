"""Numbers of lists and tasks by a year counted by hand, each with exactly its rows."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from qizhi.core import clock, figures, periods
from qizhi.core.figures import NOTHING, Ask, Value
from qizhi.tasks.enums import ListKind
from qizhi.tasks.queries.duties import figure_choices
from qizhi.tasks.services.duties import DutyValues, withdraw_duty
from qizhi.tasks.services.parts import add_note, extend_part, settle_part, withdraw_note
from qizhi.tasks.tests.duties import JANUARY, LESSONS, PLAN, make_list, make_task, part_of

TODAY, FEBRUARY = dt.date(2018, 1, 15), dt.date(2018, 2, 1)


def get(key):
    found = figures.get(f"tasks.{key}")
    assert found is not None
    return found


def ask(cast, as_of, unit=None, period=None):
    return Ask(cast.bureau.pk, period or periods.year(2018), as_of, None if unit is None else (unit.pk,))


def value(cast, key, as_of, unit=None, period=None):
    """The value, after a look whether its rows are as many as it counts."""
    figure, asked = get(key), ask(cast, as_of, unit, period)
    found = figure.value(asked)
    assert figure.counted_from_rows(asked) == found.counted
    return found


def say(cast, key, as_of, unit=None, period=None):
    found = value(cast, key, as_of, unit, period)
    return figures.say(found, get(key).measure)


def test_the_share_done_of_the_lists_counts_what_is_done_or_past_its_day(cast):
    made = make_list(cast, items=[PLAN, LESSONS])
    plan = made.duties.get(text=PLAN.text)
    assert value(cast, "list_done_share", TODAY) == NOTHING
    settle_part(part_of(plan, cast.first), how="done", on=TODAY, by=cast.actor("secretary"))
    assert value(cast, "list_done_share", TODAY) == Value(Fraction(1), 1, 1)
    assert say(cast, "list_done_share", FEBRUARY) == "50.0%"
    assert say(cast, "list_done_share", FEBRUARY, cast.second) == "0.0%"
    with clock.at(FEBRUARY):
        settle_part(
            part_of(plan, cast.second), how="na", on=FEBRUARY, words="新成立", by=cast.actor("officer")
        )
    assert say(cast, "list_done_share", FEBRUARY) == "100.0%"
    by_unit = get("list_done_share").by_unit(ask(cast, FEBRUARY))
    assert by_unit == {cast.first.pk: Value(Fraction(1), 1, 1)}
    assert get("list_done_share").by_unit(ask(cast, FEBRUARY, cast.second)) == {cast.second.pk: NOTHING}


def test_a_number_that_ticks_an_item_counts_as_done(cast):
    make_list(cast, items=[LESSONS])
    cast.first.working_methods.create(bureau=cast.bureau, name="工作法", from_on=dt.date(2017, 1, 1))
    assert value(cast, "list_done_share", TODAY) == Value(Fraction(1), 1, 1)
    assert say(cast, "list_done_share", dt.date(2018, 12, 21)) == "50.0%"


def test_open_tasks_are_what_branches_have_not_done_yet(cast, calendar):
    task, other = make_task(cast), make_task(cast, DutyValues("排查", due_on=JANUARY))
    assert say(cast, "cascade_open", TODAY) == "4"
    settle_part(part_of(task, cast.first), how="done", on=TODAY, by=cast.actor("secretary"))
    settle_part(
        part_of(other, cast.first), how="excused", on=TODAY, words="集中检查", by=cast.actor("officer")
    )
    assert (say(cast, "cascade_open", TODAY), say(cast, "cascade_done_share", TODAY)) == ("2", "33.3%")
    assert say(cast, "cascade_open", FEBRUARY) == "2"
    assert say(cast, "cascade_open", TODAY, cast.first) == "0"
    withdraw_duty(other, because="取消", by=cast.actor("officer"))
    assert (say(cast, "cascade_open", TODAY), say(cast, "cascade_done_share", TODAY)) == ("1", "50.0%")
    assert say(cast, "cascade_open", dt.date(2018, 1, 14)) == "4"
    assert value(cast, "cascade_done_share", dt.date(2017, 12, 31)) == NOTHING


def test_a_part_belongs_to_the_period_of_its_day_as_extended(cast):
    part = part_of(make_task(cast, PLAN), cast.first)
    more = {"until": dt.date(2018, 4, 2), "because": "检查", "approved_by": cast.person("leader")}
    extend_part(part, **more, by=cast.actor("officer"))
    spring, winter = (periods.quarter_of(dt.date(2018, month, 1)) for month in (4, 1))
    assert say(cast, "cascade_open", TODAY, period=winter) == "1"
    assert say(cast, "cascade_open", TODAY, period=spring) == "1"


def test_good_things_are_counted_and_what_is_to_be_looked_into_is_not(cast):
    by, number = cast.actor("officer"), {}
    for kind in (ListKind.INCENTIVE, ListKind.NEGATIVE):
        item = make_list(cast, kind, [DutyValues("一项")]).duties.get()
        number[kind] = add_note(item, unit=cast.first, person=None, noted_on=TODAY, words="记事", by=by)
    assert say(cast, "incentive_events", TODAY) == "1"
    assert say(cast, "incentive_events", dt.date(2018, 1, 14)) == "0"
    assert get("incentive_events").by_unit(ask(cast, TODAY))[cast.first.pk].counted == 1
    withdraw_note(number[ListKind.INCENTIVE], because="重复", by=by)
    assert say(cast, "incentive_events", TODAY) == "0"


@pytest.mark.parametrize(
    ("key", "cells"),
    [
        (
            "list_done_share",
            [
                *("第一党支部", "机关党委2018年责任清单", "制定学习计划", "支部书记"),
                *(dt.date(2018, 1, 31), "已完成", dt.date(2018, 1, 15), ""),
            ],
        ),
        (
            "list_open",
            [
                *("第二党支部", "机关党委2018年责任清单", "制定学习计划", "支部书记"),
                *(dt.date(2018, 1, 31), "未到期", None, ""),
            ],
        ),
        (
            "cascade_open",
            [
                "第一党支部",
                "布置的任务",
                "制定学习计划",
                "支部书记",
                dt.date(2018, 1, 31),
                "未到期",
                None,
                "",
            ],
        ),
    ],
)
def test_the_rows_show_what_they_are(cast, key, cells):
    part = part_of(make_list(cast).duties.get(), cast.first)
    settle_part(part, how="done", on=TODAY, by=cast.actor("secretary"))
    make_task(cast, PLAN)
    row = get(key).rows(ask(cast, TODAY)).first()
    assert [column.get(row) for column in get(key).columns] == cells
    assert get(key).link(row) == row.get_absolute_url()


def test_open_items_of_lists_are_counted_with_those_past_their_day(cast):
    made = make_list(cast)
    assert say(cast, "list_open", TODAY) == "2"
    settle_part(part_of(made.duties.get(), cast.first), how="done", on=TODAY, by=cast.actor("secretary"))
    assert say(cast, "list_open", FEBRUARY) == "1"
    assert get("list_open").rows(ask(cast, FEBRUARY)).get().state == "missing"
    assert get("list_open").by_unit(ask(cast, FEBRUARY, cast.second))[cast.second.pk].counted == 1


def test_no_item_can_count_by_a_number_about_items(cast):
    keys = [figure.key for figure in figure_choices()]
    assert "gatherings.lesson" in keys
    assert not [key for key in keys if key.startswith("tasks.")]
