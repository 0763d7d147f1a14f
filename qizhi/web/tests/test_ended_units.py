"""A unit that has ended owes no task, plan item or review after its last day, in pages, ledgers and figures alike."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from qizhi.branch_life.services import add_method, review_method
from qizhi.core import clock, figures, periods
from qizhi.core.errors import Refused
from qizhi.core.figures import Ask
from qizhi.org.services.closing import close_unit
from qizhi.study.enums import Layer
from qizhi.study.queries.campaigns import campaigns_of, covered
from qizhi.study.rules.campaigns import Coverage
from qizhi.study.services.campaigns import save_campaign, save_topic
from qizhi.tasks.enums import ListKind, Purpose
from qizhi.tasks.models import DutyPart
from qizhi.tasks.queries.duties import standings
from qizhi.tasks.rules import State
from qizhi.tasks.services import ItemValues, create_plan
from qizhi.tasks.services.duties import DutyValues, create_list, give_task, issue_list

D = dt.date
LAST, AFTER = D(2018, 4, 20), D(2018, 12, 20)
WHY = "已并入第二党支部（2018年4月20日止）"


@pytest.fixture(autouse=True)
def after(_clock):
    with clock.at(AFTER):
        yield


@pytest.fixture
def asked(cast):
    """Tasks and items due in March and June, a plan of three months, a method; then the merger."""
    by, units = cast.actor("officer"), [cast.first, cast.second]
    values = [DutyValues("三月", due_on=D(2018, 3, 30)), DutyValues("六月", due_on=D(2018, 6, 29))]
    for one in values:
        give_task(issuer=cast.committee, values=one, units=units, issued_on=D(2018, 3, 1), by=by)
    head = {"issuer": cast.committee, "year": 2018, "kind": ListKind.RESPONSIBILITY, "name": ""}
    issue_list(create_list(**head, items=values, units=units, by=by), issued_on=D(2018, 3, 1), by=by)
    items = [ItemValues(3, "三月学"), ItemValues(4, "四月学"), ItemValues(6, "六月学")]
    plan = create_plan(unit=cast.first, year=2018, purpose=Purpose.BRANCH_STUDY, items=items, by=by)
    method = add_method(unit=cast.first, name="五有工作法", elements="", from_on=D(2017, 1, 1), by=by)
    close_unit(cast.first, last_day=LAST, successor=cast.second, by=by)
    method.refresh_from_db()
    return plan, method


def counted(cast, key, unit=None, as_of=AFTER):
    figure = figures.get(key)
    ask = Ask(cast.bureau.pk, periods.year(2018), as_of, (unit.pk,) if unit else None)
    found = figure.value(ask)
    assert figure.counted_from_rows(ask) == found.counted
    return found.counted, found.out_of


def text_of(cast, address, **query):
    page = cast.client("officer").get(address, query).content.decode().split("<main")[1]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))


def test_what_was_due_before_the_last_day_is_missing_and_later_is_not_owed(cast, asked):
    parts = DutyPart.objects.filter(unit=cast.first).select_related("unit__successor", "duty__duty_list")
    told = {(one.part.duty.text, one.part.duty.duty_list_id is None): one for one in standings(parts, AFTER)}
    for is_task in (True, False):
        assert told["三月", is_task].state is State.MISSING
        late = told["六月", is_task].judged
        assert (late.state, late.reason) == (State.NA, WHY)
    assert counted(cast, "tasks.cascade_open") == (3, None)
    assert counted(cast, "tasks.cascade_open", cast.first) == (1, None)
    assert counted(cast, "tasks.cascade_done_share", cast.first) == (0, 1)
    assert counted(cast, "tasks.list_open", cast.first) == (1, None)
    duty = DutyPart.objects.get(unit=cast.first, duty__text="六月", duty__duty_list=None).duty
    assert WHY in text_of(cast, duty.get_absolute_url())


def test_items_of_a_plan_whose_month_was_not_over_are_not_owed(cast, asked):
    plan, _ = asked
    page = text_of(cast, reverse("study:plan", args=[plan.pk]))
    assert "计划1项：已开展0项，未开展1项，未到期0项；另有2项不适用" in page
    assert "四月学不适用本期内并入第二党支部（2018年4月20日止）" in page
    assert f"六月学不适用{WHY}" in page
    assert counted(cast, "study.plan_items") == (1, None)
    assert counted(cast, "study.plan_done_share") == (0, 1)
    bureau = text_of(cast, reverse("study:bureau"), year="2018")
    assert "第一党支部本期内并入第二党支部（2018年4月20日止）" in bureau


def test_its_method_is_followed_to_the_last_day_of_the_branch(cast, asked):
    _, method = asked
    listed = text_of(cast, reverse("branch_life:methods"))
    assert "今天有0个党支部有施行中的工作法" in listed
    assert "2018年4月20日党支部并入第二党支部" in listed
    assert counted(cast, "branch_life.active_methods") == (0, None)
    assert "五有工作法" not in text_of(cast, reverse("branch_life:methods"), active="1")
    page = text_of(cast, method.get_absolute_url())
    assert "施行至2018年4月20日，第一党支部本期内并入第二党支部（2018年4月20日止）。" in page
    with pytest.raises(Refused, match="撤销或并入"):
        review_method(method, reviewed_on=D(2018, 5, 1), conclusion="continue", by=cast.actor("officer"))
    one = text_of(cast, reverse("branch_life:unit", args=[cast.first.pk]), year="2018")
    assert "五有工作法：本期内并入第二党支部（2018年4月20日止）" in one


def test_topics_of_a_campaign_name_the_successor(cast, asked):
    by = cast.actor("officer")
    made = save_campaign(name="学习新思想", from_on=D(2018, 3, 1), to_on=D(2018, 6, 30), by=by)
    save_topic(campaign=made, title="通读报告", words="", layers=[Layer.BRANCH], by=by)
    (one,) = covered(cast.bureau.pk, campaigns_of(cast.bureau.pk), AFTER)
    told = {unit.pk: (cells[0].state, cells[0].why) for unit, cells in one.rows if unit.kind == "branch"}
    assert told[cast.first.pk] == (Coverage.NA, "本期内并入第二党支部（2018年4月20日止）")
    assert told[cast.second.pk][0] is Coverage.MISSING


def test_the_ledger_of_lists_shows_what_is_open_and_overdue_with_its_state(cast, asked):
    address = reverse("web:ledger", args=["responsibility"])
    page = text_of(cast, address, year="2018")
    row = "未办结的责任清单项{}机关党委2018年责任清单{}—2018年{}日缺"
    assert row.format("第一党支部", "三月", "3月30") in page
    assert row.format("第二党支部", "六月", "6月29") in page
    assert row.format("第一党支部", "六月", "6月29") not in page
    table = cast.client("officer").get(address, {"year": "2018", "format": "csv"})
    lines = table.content.decode("utf-8-sig").splitlines()
    assert {"期限", "情况"} <= set(lines[0].split(","))
    assert sum(line.startswith("未办结的责任清单项,") for line in lines) == 3
