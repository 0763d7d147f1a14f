"""Lists and tasks on the first screen, and naming a record that is there already."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from qizhi.core import clock
from qizhi.gatherings.models import Gathering, Kind
from qizhi.gatherings.services import load_standard_kinds
from qizhi.tasks.enums import Purpose
from qizhi.tasks.models import Duty, DutyPart
from qizhi.tasks.services import create_plan
from qizhi.tasks.services.duties import DutyValues, create_list, give_task, issue_list

TODAY = dt.date(2018, 1, 15)
DUE = DutyValues("准备述职材料", due_on=dt.date(2018, 1, 31))


@pytest.fixture
def asked(cast):
    """An item of a list and a task that is over, for both branches."""
    by, units = cast.actor("officer"), [cast.first, cast.second]
    head = {"issuer": cast.committee, "year": 2018, "kind": "responsibility", "name": "", "units": units}
    issue_list(create_list(**head, items=[DUE], by=by), issued_on=TODAY, by=by)
    late = DutyValues("传达精神", due_on=dt.date(2018, 1, 12))
    give_task(issuer=cast.root, values=late, units=units, issued_on=dt.date(2018, 1, 8), by=by)


def part_of(text, unit):
    return DutyPart.objects.get(duty__text=text, unit=unit)


def text_of(page):
    return re.sub(r"<[^>]+>|\s+", "", page.content.decode().split("<main")[1])


def home(client):
    return client.get("/").content.decode().split("<main")[1]


def test_the_first_screen_lists_them_until_when_with_one_step_each(cast, asked):
    client = cast.client("secretary")
    page = home(client)
    assert "清单和任务还有 2 项要办（1 项已过期）" in page
    assert "2018年1月31日前" in page
    assert "2018年1月12日已截止" in page
    part = part_of("传达精神", cast.first)
    done = reverse("tasks:part_done", args=[part.pk])
    assert done in page
    assert (
        client.post(done, {"on": TODAY, "words": "已在支部会上传达"})["Location"] == part.get_absolute_url()
    )
    page = home(client)
    assert "已截止" not in page
    assert "清单和任务还有 1 项要办" in page
    assert "准备述职材料" not in home(cast.client("leader"))


def test_what_is_open_stands_by_its_day_whatever_asks_for_it(cast, asked):
    page = text_of(cast.client("secretary").get("/"))
    assert "最近的是准备述职材料，2018年1月31日前，还有16天。" in page
    told = page.split("本支部组织生活全貌")[0]
    assert told.index("2018年1月12日已截止") < told.rindex("2018年1月31日前")
    screen = text_of(cast.client("secretary").get(reverse("branch_life:unit", args=[cast.first.pk])))
    assert "最近的一项是准备述职材料：2018年1月31日前，还有16天。" in screen


def test_an_item_that_counts_gatherings_leads_to_recording_one(cast):
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))
    head = {
        "issuer": cast.committee,
        "year": 2018,
        "kind": "responsibility",
        "name": "",
        "units": [cast.first],
    }
    item = DutyValues("全年四次党课", due_on=dt.date(2018, 12, 31), figure="gatherings.lesson", target=4)
    by = cast.actor("officer")
    issue_list(create_list(**head, items=[item], by=by), issued_on=TODAY, by=by)
    client = cast.client("secretary")
    address = f"{reverse('gatherings:record')}?unit={cast.first.pk}&ledger=lesson"
    assert address.replace("&", "&amp;") in home(client)
    form = client.get(address).context["form"]
    assert form.initial["kinds"] == [str(Kind.objects.get(key="lesson").pk)]


def test_what_is_opened_for_hours_is_a_training_and_for_an_election_a_vote(cast):
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))
    page = cast.client("secretary").get(
        reverse("gatherings:record"), {"ledger": "training", "vote": "election"}
    )
    form = page.context["form"]
    assert form.initial["kinds"] == [str(Kind.objects.get(key="training").pk)]
    assert form.votes.forms[0]["threshold"].value() == "election"
    assert form.votes.is_used


def test_what_the_first_screen_has_no_room_for_is_counted(cast):
    for n in range(14):
        values = DutyValues(f"任务{n}", due_on=dt.date(2018, 1, 31))
        give_task(
            issuer=cast.root, values=values, units=[cast.first], issued_on=TODAY, by=cast.actor("officer")
        )
    page = home(cast.client("secretary"))
    assert page.count("布置的任务：") == 12
    assert "还有 2 项没有列在这里" in page
    assert "open=1" in page


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_first_screen_do_not_grow(cast, number, django_assert_num_queries):
    for n in range(number):
        values = DutyValues(f"任务{n}", due_on=dt.date(2018, 1, 31))
        give_task(
            issuer=cast.root, values=values, units=[cast.first], issued_on=TODAY, by=cast.actor("officer")
        )
    client = cast.client("secretary")
    client.get("/")
    with django_assert_num_queries(15):
        assert "还有" in client.get("/").content.decode()
    assert Duty.objects.count() == number


def test_a_gathering_a_plan_or_a_document_shows_that_it_is_done(cast, asked):
    gathering = Gathering.objects.create(
        bureau=cast.bureau,
        unit=cast.first,
        title="述职准备会",
        held_on=dt.date(2018, 1, 11),
        recorded_at=clock.now(),
    )
    other = Gathering.objects.create(
        bureau=cast.bureau,
        unit=cast.second,
        title="别的支部的会",
        held_on=dt.date(2018, 1, 11),
        recorded_at=clock.now(),
    )
    by = cast.actor("officer")
    plan = create_plan(unit=cast.first, year=2018, purpose=Purpose.BRANCH_STUDY, items=[], by=by)
    part, client = part_of("准备述职材料", cast.first), cast.client("secretary")
    address = reverse("web:part_record", args=[part.pk])
    page = client.get(address).content.decode()
    assert "述职准备会" in page
    assert plan.name in page
    assert "别的支部的会" not in page
    assert plan.name not in client.get(address, {"q": "述职准备"}).content.decode()
    for record in ("", other.get_absolute_url(), "https://example.com/"):
        assert client.post(address, {"record": record}).status_code == 422
    assert (
        client.post(address, {"record": gathering.get_absolute_url()})["Location"] == part.get_absolute_url()
    )
    part.refresh_from_db()
    assert (part.settled_as, part.settled_on) == ("done", dt.date(2018, 1, 11))
    assert (part.link_label, part.link_address) == ("述职准备会", gathering.get_absolute_url())
    assert "述职准备会" in client.get(part.get_absolute_url()).content.decode()


def test_only_the_branch_chooses(cast, asked):
    address = reverse("web:part_record", args=[part_of("准备述职材料", cast.first).pk])
    assert {
        who: cast.client(who).get(address).status_code for who in ("neighbour", "leader", "outsider")
    } == {
        "neighbour": 404,
        "leader": 403,
        "outsider": 404,
    }
