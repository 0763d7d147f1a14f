from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.tasks.enums import Purpose
from qizhi.tasks.models import Plan, PlanItem
from qizhi.tasks.services import (
    ItemValues,
    cancel_item,
    change_plan,
    create_plan,
    delete_plan,
    restore_item,
)


def rows(plan):
    return list(plan.items.values_list("month", "position", "topic"))


def test_items_come_in_the_order_of_the_year_and_of_the_page(cast):
    items = [ItemValues(5, "五月"), ItemValues(2, "二月甲"), ItemValues(2, "二月乙")]
    plan = create_plan(
        unit=cast.first, year=2018, purpose=Purpose.OTHER, items=items, by=cast.actor("officer")
    )
    assert rows(plan) == [(2, 1, "二月甲"), (2, 2, "二月乙"), (5, 1, "五月")]
    assert plan.name == "2018年第一党支部其他计划"


def test_the_same_id_twice_is_one_plan(cast):
    key, by = new_id(), cast.actor("officer")
    values = {"unit": cast.first, "year": 2018, "purpose": Purpose.OTHER, "by": by, "id": key}
    once = create_plan(items=[ItemValues(1, "一")], **values)
    assert create_plan(items=[ItemValues(1, "一")], **values) == once
    assert PlanItem.objects.count() == 1


def test_one_plan_for_a_unit_year_and_purpose(cast, branch_plan):
    with pytest.raises(Refused, match="2018年已有支部学习计划") as refused:
        create_plan(
            unit=cast.first, year=2018, purpose=Purpose.BRANCH_STUDY, items=[], by=cast.actor("officer")
        )
    assert refused.value.field == "purpose"


def test_no_plan_for_a_year_in_which_the_unit_was_not_there(cast):
    with pytest.raises(Refused, match="2014年不存在"):
        create_plan(unit=cast.first, year=2014, purpose=Purpose.OTHER, items=[], by=cast.actor("officer"))


def test_a_form_sent_twice_adds_nothing_and_the_log_keeps_both_sides(cast, centre_plan):
    first = centre_plan.items.first()
    sent = [
        ItemValues(4, "学习新党章（续）", None, "", first.pk),
        ItemValues(6, "学习监察法"),
    ]
    for _ in range(2):
        change_plan(centre_plan, name="新名称", adopted_on=None, items=sent, by=cast.actor("officer"))
        assert rows(centre_plan) == [
            (3, 2, "学习宪法修正案"),
            (4, 1, "学习新党章（续）"),
            (6, 1, "学习监察法"),
        ]
    event = audit.history(centre_plan).get(verb="tasks.change_plan")  # the second changed nothing
    assert [item["topic"] for item in event.before["plan_items"]] == ["学习新党章", "学习宪法修正案"]
    assert [item["topic"] for item in event.after["plan_items"]] == [
        "学习宪法修正案",
        "学习新党章（续）",
        "学习监察法",
    ]
    assert event.by_label == "干事壬"


def test_two_items_of_one_month_may_share_a_topic(cast):
    twice = [ItemValues(3, "集中学习"), ItemValues(3, "集中学习")]
    plan = create_plan(
        unit=cast.first, year=2018, purpose=Purpose.OTHER, items=twice, by=cast.actor("officer")
    )
    change_plan(plan, name="", adopted_on=None, items=twice, by=cast.actor("officer"))
    assert rows(plan) == [(3, 1, "集中学习"), (3, 2, "集中学习")]


def test_items_of_an_adopted_plan_are_cancelled_not_removed(cast, centre_plan):
    item = centre_plan.items.first()
    remove = [ItemValues(3, item.topic, id=item.pk, is_removed=True)]
    change_plan(centre_plan, name="", adopted_on=dt.date(2018, 1, 10), items=[], by=cast.actor("officer"))
    with pytest.raises(Refused, match="2018年1月10日通过"):
        change_plan(centre_plan, name="", adopted_on=None, items=remove, by=cast.actor("officer"))
    with pytest.raises(Refused, match="逐项取消"):
        delete_plan(centre_plan, by=cast.actor("officer"))
    assert centre_plan.items.count() == 2


def test_a_draft_plan_can_lose_items_and_go(cast, centre_plan):
    item = centre_plan.items.first()
    remove = [ItemValues(3, item.topic, id=item.pk, is_removed=True)]
    change_plan(centre_plan, name="", adopted_on=None, items=remove, by=cast.actor("officer"))
    assert rows(centre_plan) == [(3, 2, "学习宪法修正案")]
    delete_plan(centre_plan, by=cast.actor("officer"))
    assert not Plan.objects.exists()


def test_an_item_removed_by_somebody_else_meanwhile_is_told(cast, centre_plan):
    gone = ItemValues(3, "没有了", id=new_id())
    with pytest.raises(Refused, match="已被别人删去"):
        change_plan(centre_plan, name="", adopted_on=None, items=[gone], by=cast.actor("officer"))


def test_cancelling_wants_a_reason_and_can_be_taken_back(cast, centre_plan):
    item, by = centre_plan.items.first(), cast.actor("officer")
    with pytest.raises(Refused, match="原因"):
        cancel_item(item, because="  ", by=by)
    cancel_item(item, because="与巡视整改合并", by=by)
    assert PlanItem.objects.get(pk=item.pk).cancelled_because == "与巡视整改合并"
    restore_item(item, by=by)
    assert PlanItem.objects.get(pk=item.pk).cancelled_because == ""
    assert [event.verb for event in audit.history(item)] == ["tasks.restore_item", "tasks.cancel_item"]


def test_a_branch_makes_no_plan_of_the_centre_group(cast):
    by = cast.actor("officer")
    with pytest.raises(Refused, match="中心组学习计划只能由党组理论学习中心组或党组编制"):
        create_plan(unit=cast.first, year=2018, purpose=Purpose.CENTRE_STUDY, items=[], by=by)
    with pytest.raises(Refused, match="支部学习计划只能由党支部编制"):
        create_plan(unit=cast.root, year=2018, purpose=Purpose.BRANCH_STUDY, items=[], by=by)
