from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from qizhi.core.tables import read_table
from qizhi.tasks.enums import Deed, Purpose
from qizhi.tasks.importers import PLANS
from qizhi.tasks.models import Plan, PlanItem
from qizhi.tasks.services import ItemValues, create_plan

LIST = "/tasks/"
SEEING = ("secretary", "neighbour", "officer", "inspector", "leader")
BLIND = ("member", "personnel")


def form(total=2, **values):
    blank = {
        f"items-{n}-{name}": "" for n in range(total) for name in ("id", "month", "topic", "lead", "ledger")
    }
    return {"items-TOTAL_FORMS": total, "items-INITIAL_FORMS": 0, **blank, **values}


def new(unit, **values):
    return form(
        id=str(uuid.uuid4()),
        unit=unit.pk,
        year=2018,
        purpose="branch_study",
        name="",
        adopted_on="",
        **values,
    )


@pytest.mark.parametrize("who", SEEING)
def test_the_list_opens(cast, who):
    assert cast.client(who).get(LIST).status_code == 200


@pytest.mark.parametrize("who", BLIND)
def test_the_list_is_not_for(cast, who):
    assert cast.client(who).get(LIST).status_code == 403


def test_a_secretary_sees_nothing_of_another_branch(cast, branch_plan):
    page = cast.client("neighbour").get(LIST)
    assert branch_plan.name not in page.content.decode()
    item = branch_plan.items.get()
    for who in ("neighbour", "outsider"):
        for address in (
            branch_plan.get_absolute_url(),
            reverse("tasks:plan_edit", args=[branch_plan.pk]),
            reverse("tasks:plan_delete", args=[branch_plan.pk]),
            reverse("tasks:item_cancel", args=[item.pk]),
            reverse("tasks:item_restore", args=[item.pk]),
            f"/tasks/new/?copy={branch_plan.pk}",
        ):
            assert cast.client(who).get(address).status_code == 404, (who, address)
    table = cast.client("neighbour").get(LIST, {"format": "csv"}).content.decode("utf-8-sig")
    assert "学习十九大报告" not in table


def test_a_leader_reads_but_does_not_write(cast, branch_plan):
    client = cast.client("leader")
    page = client.get(branch_plan.get_absolute_url())
    assert page.status_code == 200
    assert "取消" not in page.content.decode().split("<main")[1]
    assert client.get(reverse("tasks:plan_edit", args=[branch_plan.pk])).status_code == 403


@pytest.mark.parametrize("plans", [1, 3])
def test_queries_of_the_list_do_not_grow(cast, plans, django_assert_num_queries):
    for year in range(2016, 2016 + plans):
        items = [ItemValues(n, f"{n}月") for n in range(1, plans + 1)]
        create_plan(unit=cast.first, year=year, purpose=Purpose.OTHER, items=items, by=cast.actor("officer"))
    client = cast.client("officer")
    client.get(LIST)
    with django_assert_num_queries(7):
        assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("items", [1, 3])
def test_queries_of_a_plan_do_not_grow(cast, items, django_assert_num_queries):
    rows = [ItemValues(n, f"{n}月", cast.person("secretary")) for n in range(1, items + 1)]
    plan = create_plan(
        unit=cast.first, year=2018, purpose=Purpose.OTHER, items=rows, by=cast.actor("officer")
    )
    client = cast.client("officer")
    with django_assert_num_queries(6):
        assert client.get(plan.get_absolute_url()).status_code == 200
    with django_assert_num_queries(7):
        assert client.get(reverse("tasks:plan_edit", args=[plan.pk])).status_code == 200


def test_filters_that_cannot_be_read_filter_nothing(cast, branch_plan):
    page = cast.client("officer").get(LIST, {"year": "²", "unit": "x", "purpose": "y", "page": "z"})
    assert branch_plan.name in page.content.decode()
    only = cast.client("officer").get(LIST, {"year": "2017"})
    assert "没有符合条件的计划" in only.content.decode()


def test_a_plan_is_written_on_one_page(cast):
    values = {
        "items-0-month": "3",
        "items-0-topic": "学习新党章",
        "items-0-lead": "书记甲",
        "items-0-ledger": "theme_day",
    }
    done = cast.client("secretary").post("/tasks/new/", new(cast.first, **values))
    plan = Plan.objects.get()
    assert (done.status_code, done["Location"]) == (302, plan.get_absolute_url())
    item = plan.items.get()
    assert (item.month, item.topic, item.lead, item.ledger) == (
        3,
        "学习新党章",
        cast.person("secretary"),
        Deed.THEME_DAY,
    )
    page = cast.client("secretary").get(plan.get_absolute_url()).content.decode()
    assert "主题党日" in page


def test_a_wrong_row_is_said_and_nothing_typed_is_lost(cast):
    values = {"items-0-month": "", "items-0-topic": "学习新党章", "items-0-lead": "没有这个人"}
    page = cast.client("secretary").post("/tasks/new/", new(cast.first, **values))
    text = page.content.decode()
    assert page.status_code == 422
    for words in ("请选择月份", "没有“没有这个人”", "学习新党章", "有的行需要修改"):
        assert words in text
    assert not Plan.objects.exists()


def test_a_secretary_cannot_plan_for_another_branch(cast):
    page = cast.client("secretary").post("/tasks/new/", new(cast.second))
    assert page.status_code == 422
    assert not Plan.objects.exists()


def test_a_refusal_of_the_service_stands_at_its_field(cast, branch_plan):
    page = cast.client("secretary").post(
        "/tasks/new/", new(cast.first, **{"items-0-month": "1", "items-0-topic": "甲"})
    )
    assert page.status_code == 422
    assert "2018年已有支部学习计划" in page.content.decode()


def test_more_rows_without_script_keep_what_was_typed(cast):
    page = cast.client("secretary").post(
        "/tasks/new/", {**new(cast.first, **{"items-0-topic": "半句话"}), "more": "6"}
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert "半句话" in text
    assert 'name="items-7-topic"' in text
    assert "请选择月份" not in text
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    "broken", [{"items-TOTAL_FORMS": "x"}, {"items-TOTAL_FORMS": "99999"}, {"items-0-id": "x"}]
)
def test_a_broken_form_is_an_error_not_a_crash(cast, broken):
    client = cast.client("secretary")
    assert client.post("/tasks/new/", {**new(cast.first), "items-0-topic": "甲", **broken}).status_code == 422
    assert client.post("/tasks/new/", {**new(cast.first), **broken, "more": "6"}).status_code == 200


def test_next_years_plan_starts_from_this_one_even_untouched(cast, branch_plan):
    client = cast.client("secretary")
    page = client.get("/tasks/new/", {"copy": str(branch_plan.pk)})
    assert "学习十九大报告" in page.content.decode()
    assert page.context["form"]["year"].value() == 2019
    rows = page.context["rows"]
    sent = {field.html_name: field.value() or "" for row in rows for field in row if field.name != "DELETE"}
    sent |= {field.html_name: field.value() for field in rows.management_form}
    sent |= {field.html_name: field.value() or "" for field in page.context["form"]}
    client.post("/tasks/new/", sent)
    copied = Plan.objects.get(year=2019)
    assert list(copied.items.values_list("month", "topic", "ledger")) == [(2, "学习十九大报告", "theme_day")]


def test_a_plan_is_changed_and_rows_removed(cast, branch_plan):
    item = branch_plan.items.get()
    address = reverse("tasks:plan_edit", args=[branch_plan.pk])
    values = {
        "items-0-id": item.pk,
        "items-0-month": "2",
        "items-0-topic": item.topic,
        "items-0-DELETE": "on",
        "items-1-month": "4",
        "items-1-topic": "学习监察法",
    }
    done = cast.client("secretary").post(address, form(name="改名", adopted_on="2018-01-10", **values))
    assert done.status_code == 302
    branch_plan.refresh_from_db()
    assert branch_plan.name == "改名"
    assert list(branch_plan.items.values_list("month", "topic")) == [(4, "学习监察法")]
    missing = cast.client("secretary").post(address, form(name="", adopted_on="32"))
    assert missing.status_code == 422


def test_an_item_is_cancelled_with_its_reason_and_restored(cast, branch_plan):
    client, item = cast.client("secretary"), branch_plan.items.get()
    address = reverse("tasks:item_cancel", args=[item.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"because": ""}).status_code == 422
    assert client.post(address, {"because": "合并到三月"}).status_code == 302
    assert "合并到三月" in client.get(branch_plan.get_absolute_url()).content.decode()
    client.post(reverse("tasks:item_restore", args=[item.pk]))
    assert PlanItem.objects.get().cancelled_because == ""


def test_a_plan_is_deleted_after_a_question_and_an_adopted_one_is_not(cast, branch_plan):
    client, address = cast.client("secretary"), reverse("tasks:plan_delete", args=[branch_plan.pk])
    assert "1 个计划项" in client.get(address).content.decode()
    Plan.objects.update(adopted_on="2018-01-10")
    assert client.post(address).status_code == 409
    assert "不能删除" in client.get(address).content.decode()
    Plan.objects.update(adopted_on=None)
    assert client.post(address).status_code == 302
    assert not Plan.objects.exists()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_list_goes_out_as_the_table_that_comes_in(cast, branch_plan, centre_plan, kind):
    done = cast.client("officer").get(LIST, {"format": kind, "unit": str(cast.first.pk)})
    reading = read_table(done.content, f"计划.{kind}", PLANS)
    assert [row.values["topic"] for row in reading.rows] == ["学习十九大报告"]
    assert not reading.errors


def test_the_page_starts_with_the_likely_purpose(cast):
    new_page = "/tasks/new/"
    assert cast.client("secretary").get(new_page).context["form"]["purpose"].value() == Purpose.BRANCH_STUDY
    officer = cast.client("officer")
    chosen = officer.get(new_page, {"unit": str(cast.centre_group.pk)})
    assert chosen.context["form"]["purpose"].value() == Purpose.CENTRE_STUDY
    assert officer.get(new_page, {"unit": "x"}).context["form"]["purpose"].value() == Purpose.OTHER
