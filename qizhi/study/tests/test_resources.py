"""Bases and role models, and the gatherings that belong to them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.gatherings.services import withdraw_gathering
from qizhi.study.enums import ResourceKind
from qizhi.study.models import Resource, ResourceLink
from qizhi.study.services.resources import link_resource, save_resource

D = dt.date
LIST = reverse("study:resources")


@pytest.fixture
def base(cast, hold):
    return save_resource(
        kind=ResourceKind.BASE, name="示例展览馆", from_on=D(2017, 1, 1), by=cast.actor("officer")
    )


@pytest.fixture
def model(cast, hold):
    return save_resource(
        kind=ResourceKind.ROLE_MODEL, name="示例先锋岗", from_on=D(2017, 1, 1), by=cast.actor("officer")
    )


def test_the_office_keeps_the_registers(cast, base):
    client = cast.client("officer")
    new = {"id": str(new_id()), "kind": "base", "name": "示例村史馆", "from_on": "2018-01-01"}
    for _ in range(2):
        assert client.post(reverse("study:resource_new"), new).status_code == 302
    assert Resource.objects.count() == 2
    assert client.post(reverse("study:resource_new"), new | {"id": str(new_id())}).status_code == 422
    edit = reverse("study:resource_edit", args=[base.pk])
    assert client.post(edit, new | {"id": "", "name": "展览馆", "to_on": "2017-01-01"}).status_code == 422
    assert client.post(edit, new | {"id": "", "name": "展览馆", "to_on": "2018-06-30"}).status_code == 302
    assert "展览馆" in client.get(LIST, {"kind": "base"}).content.decode()
    assert cast.client("secretary").get(edit).status_code == 403


def test_a_gathering_is_added_on_the_page_of_the_base_and_taken_away(cast, base, hold):
    visit = hold(cast.first, D(2018, 3, 9), "onsite", title="参观展览馆")
    client, link = cast.client("secretary"), reverse("study:resource_link", args=[base.pk])
    assert "参观展览馆" in client.get(base.get_absolute_url()).content.decode()
    for _ in range(2):
        client.post(link, {"gathering": str(visit.pk)})
    assert ResourceLink.objects.count() == 1
    assert "2018年 1 次" in client.get(base.get_absolute_url()).content.decode()
    client.post(link, {"gathering": "x"})
    assert cast.client("neighbour").post(link, {"gathering": str(visit.pk)}).status_code == 404
    other = cast.client("neighbour").get(base.get_absolute_url()).content.decode()
    assert "参观展览馆" not in other
    assert "另有 1 次由其他组织开展" in other
    client.post(link, {"gathering": str(visit.pk), "remove": "1"})
    assert not ResourceLink.objects.exists()


def test_a_gathering_says_all_of_its_own_at_once(cast, base, model, hold):
    visit = hold(cast.first, D(2018, 3, 9), "onsite", title="参观展览馆")
    page, client = reverse("study:gathering_resources", args=[visit.pk]), cast.client("secretary")
    assert page in client.get(visit.get_absolute_url()).content.decode()
    assert client.post(page, {"resources": [str(base.pk), str(model.pk)]}).status_code == 302
    assert ResourceLink.objects.count() == 2
    assert client.post(page, {"resources": [str(model.pk)]}).status_code == 302
    assert [link.resource for link in ResourceLink.objects.all()] == [model]
    assert cast.client("neighbour").get(page).status_code == 404


def test_a_withdrawn_gathering_is_no_visit(cast, base, hold):
    visit = hold(cast.first, D(2018, 3, 9), "onsite", title="参观展览馆")
    link_resource(base, visit, by=cast.actor("officer"))
    withdraw_gathering(visit, reason="重复登记", by=cast.actor("officer"))
    assert "共 <strong>0</strong> 次" in cast.client("officer").get(base.get_absolute_url()).content.decode()
    visit.refresh_from_db()
    with pytest.raises(Refused, match="已撤销"):
        link_resource(base, visit, by=cast.actor("officer"))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_registers_leave_the_house(cast, base, kind):
    page = cast.client("officer").get(LIST, {"format": kind})
    assert page["Content-Disposition"].startswith("attachment")
    if kind == "csv":
        assert "现场教育基地,示例展览馆,,2017-01-01,,0,," in page.content.decode("utf-8-sig")


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, base, hold, number, django_assert_num_queries):
    for day in range(1, number + 1):
        visit = hold(cast.first, D(2018, 3, day), "onsite", title="参观")
        link_resource(base, visit, by=cast.actor("officer"))
        hold(cast.second, D(2018, 3, day), "onsite", title="另一次")
    client = cast.client("officer")
    with django_assert_num_queries(4):
        client.get(LIST)
    with django_assert_num_queries(8):
        client.get(base.get_absolute_url())


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("pledge", "入党誓词"),
        ("tag", "社会主义核心价值观"),
        ("project", "通关时长压缩"),
        ("community", "示例社区"),
    ],
)
def test_a_pledge_a_tag_a_project_or_a_community_is_registered_and_named_by_a_gathering(
    cast, hold, kind, name
):
    gathering = hold(cast.first, D(2018, 1, 9), "theme-day", title="主题党日")
    new = {"id": str(new_id()), "kind": kind, "name": name, "from_on": "2017-01-01", "note": "不忘初心"}
    assert cast.client("officer").post("/study/resources/new/", new).status_code == 302
    made = Resource.objects.get(name=name)
    secretary = cast.client("secretary")
    page = reverse("study:gathering_resources", args=[gathering.pk])
    assert name in secretary.get(page).content.decode()
    assert secretary.post(page, {"resources": [str(made.pk)]}).status_code == 302
    own = secretary.get(gathering.get_absolute_url()).content.decode()
    assert f'{made.get_kind_display()}：<a href="{made.get_absolute_url()}">{name}</a>' in own
    shown = secretary.get(made.get_absolute_url()).content.decode()
    assert gathering.title in shown
    assert "不忘初心" in shown
    assert name in cast.client("member").get(LIST, {"kind": kind}).content.decode()
    assert name not in cast.client("member").get(LIST, {"kind": "base"}).content.decode()
