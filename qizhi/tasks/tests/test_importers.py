from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import imports
from qizhi.core.imports import What
from qizhi.core.tables import read_table, write_csv
from qizhi.tasks.importers import PLANS, run_plans
from qizhi.tasks.models import Plan, PlanItem
from qizhi.tasks.services import cancel_item

HEAD = "组织,年度,类别,月份,内容,牵头人,台账,取消原因\n"
GOOD = (
    "党组理论学习中心组,2018,中心组学习计划,1,学习十九大报告,局长丑,中心组集中学习,\n"
    "党组理论学习中心组,2018,中心组学习计划,3,学习新党章,,中心组交流研讨,与巡视整改合并\n"
    "第一党支部,2018,支部学习计划,3,学习新党章,书记甲(0001),主题党日,\n"
)


def read(text):
    return read_table((HEAD + text).encode(), "计划.csv", PLANS)


def bring(cast, text, who="officer", *, write=True):
    return run_plans(read(text), cast.actor(who), write=write)


def test_a_table_makes_plans_and_the_check_makes_none(cast):
    checked = bring(cast, GOOD, write=False)
    assert [line.what for line in checked.lines] == [What.NEW] * 3
    assert not Plan.objects.exists()
    bring(cast, GOOD)
    assert Plan.objects.count() == 2
    item = PlanItem.objects.get(plan__unit=cast.first)
    assert (item.month, item.lead, item.ledger) == (3, cast.person("secretary"), "theme_day")
    assert (
        PlanItem.objects.get(topic="学习新党章", plan__unit=cast.centre_group).cancelled_because
        == "与巡视整改合并"
    )


def test_the_same_table_again_changes_nothing(cast):
    bring(cast, GOOD)
    before = list(PlanItem.objects.order_by("pk").values())
    again = bring(cast, GOOD)
    assert [line.what for line in again.lines] == [What.SAME] * 3
    assert list(PlanItem.objects.order_by("pk").values()) == before


def test_a_changed_line_changes_its_item_and_empty_cells_leave_things_alone(cast):
    bring(cast, GOOD)
    other = "第一党支部,2018,支部学习计划,3,学习新党章,党员丁,,\n第一党支部,2018,支部学习计划,4,参观,,,\n"
    done = bring(cast, other)
    assert [line.what for line in done.lines] == [What.CHANGED, What.NEW]
    item = PlanItem.objects.get(plan__unit=cast.first, month=3)
    assert (str(item.lead), item.ledger) == ("党员丁", "theme_day")
    assert PlanItem.objects.count() == 4


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("没有这个支部,2018,支部学习计划,3,学习,,,\n", "组织", "没有名为“没有这个支部”"),
        ("第一党支部,2018,支部学习计划,3,学习,无此人,,\n", "牵头人", "没有“无此人”"),
        ("第一党支部,2018,支部学习计划,13,学习,,,\n", "月份", "13"),
        ("第一党支部,2014,支部学习计划,3,学习,,,\n", "年度", "2014年不存在"),
        ("第一党支部,2018,中心组学习计划,3,学习,,,\n", "类别", "只能由党组理论学习中心组或党组编制"),
        ("第一党支部,2018,别的计划,3,学习,,,\n", "类别", "没有“别的计划”"),
        ("第一党支部,2018,支部学习计划,每月,学习,,,\n", "月份", "“每月”不是一个月份"),
        ("第一党支部,2018,支部学习计划,择机,学习,,,\n", "月份", "“择机”不是数字"),
        ("第一党支部,,支部学习计划,3,学习,,,\n", "年度", "没有写明是哪一年的计划"),
        (",2018,支部学习计划,3,学习,,,\n", "组织", "没有写明是哪个组织的计划"),
    ],
)
def test_each_bad_cell_is_named(cast, line, column, reason):
    errors = bring(cast, line).errors
    assert [error.column_label for error in errors] == [column]
    assert reason in errors[0].reason + errors[0].value


def test_the_plan_of_a_branch_says_unit_and_year_in_its_title(cast):
    table = (
        "第一党支部２０１８年度学习计划,,,\n,,,\n序号,时间,学习内容,负责人\n"
        "1,1月,学习十九大报告,书 记 甲\n2,三月份,学习新党章,\n3,2018年5月,参观,\n4,10月上旬,交流,\n5,,调研,\n6,第四季度,总结,\n7,4-6月,自学,\n注：以通知为准,,,\n"
    )
    reading = read_table(table.encode("gb18030"), "计划.csv", PLANS)
    done = run_plans(reading, cast.actor("secretary"), write=True)
    assert done.errors == []
    plan = Plan.objects.get()
    assert (plan.unit, plan.year, plan.purpose) == (cast.first, 2018, "branch_study")
    assert [item.month for item in plan.items.order_by("month")] == [1, 3, 5, 6, 10, 10, 12]
    assert plan.items.get(month=1).lead == cast.person("secretary")
    again = run_plans(reading, cast.actor("secretary"), write=True)
    assert [line.what for line in again.lines] == [What.SAME] * 7
    assert "表里第8行的“月份”空着，同上一行。" in again.notes


def test_a_secretary_imports_for_the_own_branch_only(cast):
    done = bring(cast, GOOD, "secretary", write=False)
    assert [error.row for error in done.errors] == [2, 3]
    assert [line.row for line in done.lines] == [4]


def test_what_goes_out_comes_in_again_unchanged(cast, centre_plan, branch_plan):
    cancel_item(branch_plan.items.get(), because="推迟", by=cast.actor("officer"))
    Plan.objects.filter(pk=centre_plan.pk).update(adopted_on=dt.date(2018, 1, 3))
    importer = imports.get("tasks.plans")
    assert importer is not None
    table = write_csv(PLANS, importer.export(cast.actor("officer")))
    columns = ("month", "position", "topic", "lead_id", "ledger", "cancelled_because")
    before = sorted(PlanItem.objects.values_list(*columns), key=str)
    same = run_plans(read_table(table, "计划.csv", PLANS), cast.actor("officer"), write=True)
    assert not same.errors
    assert [line.what for line in same.lines] == [What.SAME] * 3
    PlanItem.objects.all().delete()
    Plan.objects.all().delete()
    run_plans(read_table(table, "计划.csv", PLANS), cast.actor("officer"), write=True)
    assert sorted(PlanItem.objects.values_list(*columns), key=str) == before
    assert Plan.objects.get(unit=cast.centre_group).adopted_on == dt.date(2018, 1, 3)
