from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from qizhi.branch_life.models import MethodElement, WorkingMethod

D = dt.date
BUREAU = "/branch-life/"
METHODS = "/branch-life/methods/"


def page(unit):
    return reverse("branch_life:unit", args=[unit.pk])


def body(response):
    return response.content.decode().split("<main")[1]


@pytest.fixture
def method(cast):
    made = WorkingMethod.objects.create(
        bureau=cast.bureau, unit=cast.first, name="五有工作法", from_on=D(2017, 1, 1)
    )
    MethodElement.objects.create(bureau=cast.bureau, method=made, position=1, text="有朝气")
    return made


@pytest.mark.parametrize("who", ["officer", "inspector", "leader"])
def test_who_sees_all_branches(cast, rules, april, who):
    text = body(cast.client(who).get(BUREAU))
    assert "第一党支部" in text
    assert "第二党支部" in text


@pytest.mark.parametrize("who", ["member", "personnel"])
def test_who_sees_nothing(cast, rules, april, who):
    assert cast.client(who).get(BUREAU).status_code == 403
    assert cast.client(who).get(page(cast.first)).status_code == 403
    assert cast.client(who).get(METHODS).status_code == 403


def test_a_secretary_goes_straight_to_the_own_branch_and_to_no_other(cast, rules, april, method):
    client = cast.client("secretary")
    assert client.get(BUREAU)["Location"] == page(cast.first)
    assert client.get(page(cast.second)).status_code == 404
    assert client.get(page(cast.centre_group)).status_code == 404
    assert "五有工作法" not in body(cast.client("neighbour").get(METHODS))
    assert "第一党支部" not in body(cast.client("neighbour").get(METHODS))
    for name in ("method_edit", "method_end"):
        address = reverse(f"branch_life:{name}", args=[method.pk])
        assert cast.client("neighbour").get(address).status_code == 404
        assert cast.client("outsider").get(address).status_code == 404
        assert cast.client("leader").get(address).status_code == 403
    assert cast.client("outsider").get(page(cast.first)).status_code == 404
    assert "第一党支部" not in body(cast.client("outsider").get(BUREAU))


def test_the_branch_page_answers_first(cast, rules, hold):
    hold(cast.first, D(2018, 1, 8), "congress", "committee")
    text = body(cast.client("secretary").get(page(cast.first)))
    assert "还有 <strong>4</strong> 项要做，最近的一项是支部委员会会议：2018年4月30日前，还有10天。" in text
    assert "有 <strong>5</strong> 项已经过期，当时做了的请补录。还有" in text
    for words in (
        "2018年第2季度：<b>支部党员大会</b>",
        "一般每季度1次",
        "1月8日",
        "《congress制度》第一条",
    ):
        assert words in text
    assert text.count("btn-primary") == 1
    assert f"unit={cast.first.pk}&amp;kind=committee&amp;held_on=2018-04-20" in text
    reader = body(cast.client("leader").get(page(cast.first)))
    assert "record/?unit" not in reader


def test_what_is_past_is_recorded_with_a_day_that_the_person_says(cast, rules, hold):
    hold(cast.first, D(2018, 1, 8), "congress", "committee")
    client = cast.client("secretary")
    todos = client.get(page(cast.first)).context["todos"]
    due, past = (
        next(one for one in todos if one.wait.prospect.state == state) for state in ("due", "missing")
    )
    days = [client.get(one.steps[0].address).context["form"]["held_on"].value() for one in (due, past)]
    assert [str(days[0]), days[1]] == ["2018-04-20", None]


def test_the_branch_page_when_nothing_is_left(cast, ask_for, hold):
    ask_for("congress", counts="congress", every="quarter", at_least=1)
    hold(cast.first, D(2018, 1, 8), "congress")
    hold(cast.first, D(2018, 4, 8), "congress")
    client = cast.client("secretary")
    assert "2018年以来：该做的都做了" in body(client.get(page(cast.first)))
    assert "还没有开始，现在不用办" in body(client.get(page(cast.first), {"year": "2018", "part": "q3"}))


def test_what_is_to_be_done_follows_the_chosen_period(cast, rules, hold):
    hold(cast.first, D(2018, 1, 8), "congress", "committee")
    client = cast.client("secretary")
    everything = client.get(page(cast.first))
    assert "2018年以来：有 <strong>5</strong> 项已经过期" in body(everything)
    march = client.get(page(cast.first), {"year": "2018", "part": "m3"})
    todos = march.context["todos"]
    assert [one.wait.prospect.period.label for one in todos if one.wait.is_missing] == ["2018年3月"] * 2
    assert all(D(2018, 3, 15) in one.wait.prospect.period for one in todos)
    assert "2018年3月：有 <strong>2</strong> 项已经过期" in body(march)
    number = len(everything.context["todos"])
    assert number == 9
    assert f'<a href="{page(cast.first)}">2018年以来要办的共 {number} 项</a>' in body(march)


def test_the_branch_page_without_rules_and_of_other_years(cast, april):
    client = cast.client("secretary")
    assert "还没有要求本组织按期开展的条款" in body(client.get(page(cast.first)))
    for year in ("2016", "²", "99999", "-1"):
        assert client.get(page(cast.first), {"year": year}).status_code == 200


def test_neighbouring_cells_that_say_the_same_are_one(cast, rules, april):
    text = body(cast.client("neighbour").get(page(cast.second)))
    assert (
        '<td colspan="12" data-label="2018年1月—2018年12月"><div class="part"><span class="state state-na">不适用'
        '</span> <span class="state-why">无支部委员会（《committee制度》第一条只要求设支部委员会的党支部）</span>'
        in text
    )


def test_the_bureau_page_by_month_quarter_and_year(cast, rules, hold):
    hold(cast.first, D(2018, 1, 8), "congress", "committee")
    client = cast.client("officer")
    march = body(client.get(BUREAU, {"year": "2018", "part": "m3"}))
    assert "2018年3月：" in march
    assert "<strong>2</strong> 个组织缺 <strong>3</strong> 项" in march
    quarter = body(client.get(BUREAU, {"year": "2018", "part": "q1"}))
    assert "缺2期" in quarter
    assert '已完成</span> <span class="state-why">' not in quarter
    assert "1/3" in quarter
    year = client.get(BUREAU, {"year": "2018", "part": "y"})
    order = [unit.name for unit, _ in year.context["grids"][0].heads]
    assert order == ["第一党支部", "第二党支部"]
    assert client.get(BUREAU, {"part": "x", "year": "x"}).context["chosen"].label == "全年"


@pytest.mark.parametrize("address", [BUREAU, METHODS, "unit"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.usefixtures("rules", "method")
def test_every_list_goes_out(cast, hold, address, kind):
    hold(cast.first, D(2018, 1, 8), "congress", "committee")
    address = page(cast.first) if address == "unit" else address
    done = cast.client("officer").get(address, {"format": kind, "year": "2018", "part": "q1"})
    assert done["Content-Disposition"].startswith("attachment")
    if kind == "csv":
        text = done.content.decode("utf-8-sig")
        expected = (
            "五有工作法"
            if address == METHODS
            else "支部委员会会议,每月1次,2018年1月,1,1,已完成,,,,2018-01-08,《committee制度》第一条"
        )
        assert expected in text


def test_a_method_is_registered_corrected_and_ended(cast, april):
    client = cast.client("secretary")
    values = {
        "id": str(uuid.uuid4()),
        "unit": cast.first.pk,
        "name": "五有工作法",
        "elements": "",
        "from_on": "2017-01-01",
    }
    assert client.get("/branch-life/methods/new/", {"unit": "x"}).status_code == 200
    assert client.post("/branch-life/methods/new/", {**values, "name": ""}).status_code == 422
    assert client.post("/branch-life/methods/new/", {**values, "unit": cast.second.pk}).status_code == 422
    assert client.post("/branch-life/methods/new/", {**values, "from_on": "2014-01-01"}).status_code == 422
    address = client.post("/branch-life/methods/new/", values)["Location"]
    made = WorkingMethod.objects.get()
    assert address == made.get_absolute_url()
    edit, end = (reverse(f"branch_life:method_{verb}", args=[made.pk]) for verb in ("edit", "end"))
    assert client.get(edit).status_code == client.get(end).status_code == 200
    assert client.post(edit, {**values, "elements": "有朝气\n有热情"}).status_code == 302
    assert client.post(edit, {}).status_code == 422
    assert client.post(end, {"last_day": "2016-01-01"}).status_code == 422
    assert client.post(end, {"last_day": "2018-03-31"}).status_code == 302
    text = body(client.get(METHODS))
    assert "有朝气、有热情" in text
    assert "今天有 <strong>0</strong> 个党支部" in text
    assert "五有工作法" not in body(client.get(METHODS, {"active": "1"}))
    assert "五有工作法" in body(client.get(page(cast.first)))


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, rules, hold, number, django_assert_num_queries):
    for day in range(1, number + 1):
        hold(cast.first, D(2018, 2, day), "congress", "committee")
        WorkingMethod.objects.create(
            bureau=cast.bureau, unit=cast.first, name=f"法{day}", from_on=D(2017, 1, 1)
        )
    client = cast.client("officer")
    with django_assert_num_queries(16):
        client.get(BUREAU)
    with django_assert_num_queries(23):
        client.get(page(cast.first))
    with django_assert_num_queries(6):
        client.get(METHODS)
