"""What plans, campaigns and working methods lack stands on home and on the one screen of the branch."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from qizhi.branch_life.queries import outlook
from qizhi.branch_life.services import add_method, review_method
from qizhi.core import clock, periods
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import GatheringFacts, load_standard_kinds, record_gathering
from qizhi.org.models import Unit
from qizhi.regulations.kinds import Standing
from qizhi.study.enums import Layer
from qizhi.study.models import CampaignTopic
from qizhi.study.services.campaigns import save_campaign, save_topic
from qizhi.tasks.enums import Purpose
from qizhi.tasks.models import PlanItem
from qizhi.tasks.services import ItemValues, create_plan

D = dt.date
TODAY = D(2018, 4, 20)
MARCH, EARLY = D(2018, 3, 31), D(2017, 1, 1)
NOTHING = "该做的都已完成，没有缺项"


@pytest.fixture
def april(_clock):
    with clock.at(TODAY):
        yield


@pytest.fixture
def hold(cast, april):
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))

    def record(day, key, **words):
        kinds = tuple(Kind.objects.filter(bureau=cast.bureau, key=key))
        facts = GatheringFacts(unit=cast.first, held_on=day, kinds=kinds, **words)
        return record_gathering(facts=facts, by=cast.actor("secretary"))

    return record


def plan(cast, *items):
    by = cast.actor("secretary")
    return create_plan(unit=cast.first, year=2018, purpose=Purpose.BRANCH_STUDY, items=items, by=by)


def campaign(cast, *titles, to_on=MARCH, layers=(Layer.BRANCH,)):
    by = cast.actor("officer")
    made = save_campaign(name="学习新思想", from_on=D(2018, 1, 1), to_on=to_on, by=by)
    for title in titles:
        save_topic(campaign=made, title=title, words="", layers=list(layers), by=by)
    return made


def method(cast, name="五有工作法", from_on=EARLY):
    by = cast.actor("secretary")
    return add_method(unit=cast.first, name=name, elements="", from_on=from_on, by=by)


def text_of(page):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page.content.decode().split("<main")[1]))


def screen(cast, name="secretary", **query):
    return cast.client(name).get(reverse("branch_life:unit", args=[cast.first.pk]), query)


def cells(cast, label, year=2018):
    found = outlook(cast.bureau.pk, [cast.first], periods.year(year), TODAY)
    return [one for line, here in found.of(cast.first.pk) if line.label == label for one in here]


def test_a_branch_that_lacks_nothing_reads_so(cast, april):
    assert NOTHING in text_of(cast.client("secretary").get("/"))


def test_an_overdue_item_of_a_plan_is_missing_and_mended_in_one_step(cast, hold):
    made = plan(cast, ItemValues(2, "学习党章"), ItemValues(4, "学习宪法"), ItemValues(6, "学习监察法"))
    home, there = cast.client("secretary").get("/"), screen(cast)
    for page in (home, there):
        assert NOTHING not in text_of(page)
        assert "缺2018年2月：学习计划（学习党章）2018年2月28日已截止" in text_of(page)
        assert "未到期2018年4月：学习计划（学习宪法）2018年4月30日前，还有10天" in text_of(page)
        assert reverse("study:item_link", args=[made.items.get(month=2).pk]) in page.content.decode()
    assert "2018年6月：学习计划（" not in text_of(home), "its month has not begun"
    february, april, june = cells(cast, "学习计划")
    assert (february.state, april.state, june.state) == (Standing.MISSING, Standing.DUE, Standing.DUE)
    assert not june.steps
    form = cast.client("secretary").get(february.steps[0].address)
    assert "学习党章" in form.content.decode(), "what was to be studied is filled in"
    hold(D(2018, 2, 8), "theme-day", title="学习党章")
    done = cells(cast, "学习计划")[0]
    assert (done.state, done.marks[0].day, done.steps) == (Standing.DONE, D(2018, 2, 8), ())


def test_a_cancelled_item_and_a_plan_adopted_later_ask_nothing(cast, april):
    made = plan(cast, ItemValues(2, "学习党章", None, "", None, "与三月合并"))
    (cell,) = cells(cast, "学习计划")
    assert (cell.state, cell.said, cell.reason) == (Standing.NA, "已取消", "学习党章：与三月合并")
    PlanItem.objects.update(cancelled_because="")
    made.adopted_on = D(2018, 4, 21)
    made.save()
    assert cells(cast, "学习计划") == []
    assert NOTHING in text_of(cast.client("secretary").get("/"))


def test_a_quarter_tells_the_items_of_its_months_alone(cast, april):
    plan(cast, ItemValues(2, "学习党章"), ItemValues(4, "学习宪法"))
    told = text_of(screen(cast, year="2018", part="q1"))
    assert "学习党章" in told
    assert "学习宪法" not in told


def test_a_topic_of_a_campaign_is_missing_after_its_days(cast, hold):
    topic = CampaignTopic.objects.get(campaign=campaign(cast, "通读报告"))
    home = cast.client("secretary").get("/")
    for page in (home, screen(cast)):
        assert "缺2018年第1季度：学习新思想（通读报告）2018年3月31日已截止" in text_of(page)
        assert reverse("study:topic_unit", args=[topic.pk, cast.first.pk]) in page.content.decode()
        assert NOTHING not in text_of(page)
        assert reverse("study:campaigns") in page.content.decode(), "there is a way in"
    hold(D(2018, 3, 8), "campaign", title="通读报告")
    (cell,) = cells(cast, "学习新思想")
    assert (cell.state, cell.marks[0].day) == (Standing.DONE, D(2018, 3, 8))
    assert NOTHING in text_of(cast.client("secretary").get("/"))


def test_a_campaign_without_an_end_waits_without_a_day(cast, april):
    campaign(cast, "通读报告", to_on=None)
    told = text_of(cast.client("secretary").get("/"))
    assert "还有1项未到期；最近的是学习新思想。" in told
    assert "还有1项要做，最近的一项是学习新思想。" in text_of(screen(cast))


def test_a_topic_of_another_layer_is_not_asked_of_branches(cast, april):
    campaign(cast, "通读报告", layers=[Layer.CENTRE_GROUP])
    assert cells(cast, "学习新思想") == []
    page = cast.client("officer").get(reverse("branch_life:unit", args=[cast.centre_group.pk]))
    assert "通读报告" in text_of(page)


def test_the_yearly_review_of_a_method_is_due_then_missing(cast, april):
    made = method(cast, from_on=D(2016, 1, 1))
    assert [(one.state, one.until) for one in cells(cast, "支部工作法评议")] == [
        (Standing.DUE, D(2018, 12, 31))
    ]
    (last,) = cells(cast, "支部工作法评议", 2017)
    assert (last.state, last.steps[0].label) == (Standing.MISSING, "补录评议")
    form = cast.client("secretary").get(last.steps[0].address)
    assert 'value="2018-04-20"' not in form.content.decode(), "on which day it was, a person must say"
    assert "未到期2018年：支部工作法评议（五有工作法）" in text_of(cast.client("secretary").get("/"))
    review_method(made, reviewed_on=TODAY, conclusion="continue", by=cast.actor("secretary"))
    assert [one.state for one in cells(cast, "支部工作法评议")] == [Standing.DONE]
    assert NOTHING in text_of(cast.client("secretary").get("/"))


def test_a_method_that_began_in_the_year_owes_no_review_for_it(cast, april):
    made = method(cast, from_on=D(2018, 2, 1))
    (cell,) = cells(cast, "支部工作法评议")
    assert (cell.state, cell.reason) == (Standing.NA, "五有工作法：年内才施行（2018年2月1日起）")
    page = text_of(cast.client("secretary").get(made.get_absolute_url()))
    assert "2018年还没有评议，年内才施行（2018年2月1日起），本年度不要求" in page


def test_whoever_only_reads_sees_it_without_steps_and_the_bureau_counts_it(cast, april):
    plan(cast, ItemValues(2, "学习党章"))
    page = screen(cast, "leader")
    assert "学习计划（学习党章）" in text_of(page)
    assert "/link/" not in page.content.decode()
    assert cast.client("officer").get("/").context["home"].lines == [], "February is not in this quarter"
    year = cast.client("officer").get(reverse("branch_life:bureau"), {"year": "2018", "part": "y"})
    assert "1个组织缺1项" in text_of(year)


@pytest.mark.parametrize("number", [1, 3])
def test_the_statements_grow_neither_with_units_nor_with_rows(cast, hold, number, django_assert_num_queries):
    units = [cast.first, *(Unit.objects.create(**_branch(cast, one)) for one in range(1, number))]
    by = cast.actor("officer")
    for unit in units:
        items = [ItemValues(one, f"第{one}次") for one in range(1, number + 1)]
        create_plan(unit=unit, year=2018, purpose=Purpose.BRANCH_STUDY, items=items, by=by)
        for one in range(number):
            add_method(unit=unit, name=f"{one}法", elements="", from_on=D(2017, 1, 1), by=by)
    campaign(cast, *(f"内容{one}" for one in range(number)))
    for one in range(number):
        hold(D(2018, 1, 8 + one), "theme-day", title="第1次")
    with django_assert_num_queries(15):
        found = outlook(cast.bureau.pk, units, periods.year(2018), TODAY)
    assert sum(len(line.prospects) for line in found.lines) == 3 * number * number


def _branch(cast, number):
    return {
        "bureau": cast.bureau,
        "kind": "branch",
        "code": f"z1{number}",
        "name": f"第{number}示例支部",
        "parent": cast.committee,
        "from_on": D(2016, 1, 1),
        "path": f"{cast.committee.path}z1{number}/",
    }
