from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.study.models import PlanMatch
from qizhi.tasks.enums import Purpose
from qizhi.tasks.services import create_plan

D = dt.date
BUREAU = "/study/"


def page(plan):
    return reverse("study:plan", args=[plan.pk])


@pytest.mark.parametrize("who", ["secretary", "neighbour", "officer", "inspector", "leader"])
def test_the_bureau_page_opens(cast, april, who):
    assert cast.client(who).get(BUREAU).status_code == 200


@pytest.mark.parametrize("who", ["member", "personnel"])
def test_the_bureau_page_is_not_for(cast, april, who):
    assert cast.client(who).get(BUREAU).status_code == 403


def test_the_office_sees_all_a_secretary_the_own_branch(cast, centre_plan, branch_plan):
    office = cast.client("officer").get(BUREAU).content.decode()
    for words in ("党组理论学习中心组", "第一党支部", "第二党支部", "未编制"):
        assert words in office
    own = cast.client("secretary").get(BUREAU).content.decode()
    assert "第一党支部" in own
    assert "第二党支部" not in own
    assert "中心组" not in own
    other = cast.client("neighbour").get(BUREAU).content.decode()
    assert "第一党支部" not in other


def test_strangers_learn_nothing(cast, branch_plan):
    item = branch_plan.items.first()
    for who in ("neighbour", "outsider"):
        for address in (
            page(branch_plan),
            reverse("study:item_link", args=[item.pk]),
            reverse("study:item_unlink", args=[item.pk]),
        ):
            assert cast.client(who).get(address).status_code == 404, (who, address)


def test_a_plan_that_is_not_for_study_has_no_page_here(cast, april):
    plan = create_plan(
        unit=cast.root, year=2018, purpose=Purpose.INSPECTION, items=[], by=cast.actor("officer")
    )
    assert cast.client("officer").get(page(plan)).status_code == 404


def test_a_year_that_is_none_is_this_year(cast, april):
    assert cast.client("officer").get(BUREAU, {"year": "²"}).context["year"] == 2018
    assert cast.client("officer").get(BUREAU, {"year": "99999"}).context["year"] == 2018
    assert cast.client("officer").get(BUREAU, {"year": "2017"}).context["year"] == 2017


def test_the_plan_page_says_what_is_done_missing_and_extra(cast, branch_plan, hold, client):
    hold(cast.first, D(2018, 4, 3), "theme-day", title="宪法专题学习")
    hold(cast.first, D(2018, 3, 6), "lesson", title="微党课之三")
    text = cast.client("secretary").get(page(branch_plan)).content.decode()
    for words in (
        "已开展",
        "未开展",
        "宪法专题学习",
        "2018年4月3日",
        "按月份和内容对应",
        "计划外的活动",
        "微党课之三",
    ):
        assert words in text
    leader = cast.client("leader").get(page(branch_plan)).content.decode()
    assert "选择活动" not in leader


def test_a_person_decides_in_one_step(cast, branch_plan, hold):
    march = hold(cast.first, D(2018, 3, 6), "lesson", title="学习党章")
    hold(cast.first, D(2018, 1, 6), "lesson", title="别的")
    client, item = cast.client("secretary"), branch_plan.items.first()
    link = reverse("study:item_link", args=[item.pk])
    choice = client.get(link)
    assert [one.title for one in choice.context["candidates"]] == ["学习党章", "别的"]
    done = client.post(link, {"gathering": str(march.pk)})
    assert (done.status_code, done["Location"]) == (302, page(branch_plan))
    assert "人工认定" in client.get(page(branch_plan)).content.decode()
    client.post(reverse("study:item_unlink", args=[item.pk]), {"gathering": str(march.pk)})
    assert PlanMatch.objects.get().is_rejected


def test_a_wrong_choice_is_said(cast, branch_plan, hold):
    elsewhere = hold(cast.second, D(2018, 3, 6), "lesson", title="学习党章")
    client, item = cast.client("secretary"), branch_plan.items.first()
    link = reverse("study:item_link", args=[item.pk])
    for wrong in ({}, {"gathering": "x"}, {"gathering": str(elsewhere.pk)}):
        assert client.post(link, wrong).status_code == 422
        assert client.post(reverse("study:item_unlink", args=[item.pk]), wrong).status_code == 302
    assert not PlanMatch.objects.exists()
    assert cast.client("leader").post(link, {"gathering": str(elsewhere.pk)}).status_code == 403


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_comparison_goes_out(cast, branch_plan, hold, kind):
    hold(cast.first, D(2018, 4, 3), "theme-day", title="宪法专题学习")
    done = cast.client("secretary").get(page(branch_plan), {"format": kind})
    assert done["Content-Disposition"].startswith("attachment")
    if kind == "csv":
        assert "4月,学习宪法,,已开展,2018-04-03,宪法专题学习,按月份和内容对应" in done.content.decode(
            "utf-8-sig"
        )


def test_sessions_and_discussions_by_year_by_twelve_months_and_on_average(cast, hold):
    for day in (D(2016, 5, 4), D(2017, 3, 1), D(2017, 6, 1), D(2018, 3, 1)):
        hold(cast.centre_group, day, "centre-study", title="学习")
    hold(cast.centre_group, D(2018, 4, 2), "centre-study", "centre-discussion", title="学习研讨")
    paces = cast.client("officer").get(BUREAU, {"year": "2018"}).context["paces"]
    sessions, discussions = paces
    assert (sessions["in_year"], sessions["trailing"], sessions["average"]) == ("2", "3", "1")
    assert (discussions["in_year"], discussions["trailing"], discussions["average"]) == ("1", "1", "—")
    assert sessions["years"] == "2015—2017年"  # 2018 goes on
    asked = {"year": "2018", "format": "csv", "table": "paces"}
    table = cast.client("officer").get(BUREAU, asked).content.decode("utf-8-sig").splitlines()
    assert table[1] == "中心组集中学习,2,3,1,2015—2017年"
    assert len(cast.client("secretary").get(BUREAU, asked).content.decode("utf-8-sig").splitlines()) == 1
    assert cast.client("secretary").get(BUREAU).context["paces"] == []


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, both_plans, hold, number, django_assert_num_queries):
    branch_plan = both_plans[1]
    for day in range(1, number + 1):
        hold(cast.first, D(2018, 2, day), "lesson", title="学习党章")
        hold(cast.centre_group, D(2018, 3, day), "centre-study", title="学习新党章")
    client = cast.client("officer")
    with django_assert_num_queries(13):
        client.get(BUREAU)
    with django_assert_num_queries(9):
        client.get(page(both_plans[0]))
    with django_assert_num_queries(6):
        client.get(reverse("study:item_link", args=[branch_plan.items.first().pk]))
