"""The form of a gathering: six inputs at most, nothing lost, once however often it is sent; list and detail."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.gatherings.models import Gathering, Kind, LedgerEntry, RollEntry
from qizhi.gatherings.services.facts import GatheringFacts
from qizhi.gatherings.services.records import record_gathering
from qizhi.gatherings.services.standard import load_standard_kinds
from qizhi.org.models import Leave

ID = "01940000-0000-7000-8000-0000000000aa"


@pytest.fixture
def kinds(cast):
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))
    return {kind.key: kind for kind in Kind.objects.filter(bureau=cast.bureau)}


def typed(cast, kinds, *keys, **more):
    """What the page sends when a secretary chooses kinds and a day."""
    return {
        "id": ID,
        "unit": str(cast.first.pk),
        "held_on": "2018-01-12",
        "kinds": [str(kinds[key].pk) for key in keys],
        "votes-TOTAL_FORMS": "0",
        "votes-INITIAL_FORMS": "0",
        **more,
    }


def hold(cast, kinds, day="2018-01-12", key="theme-day", unit=None):
    facts = GatheringFacts(unit=unit or cast.first, held_on=dt.date.fromisoformat(day), kinds=(kinds[key],))
    return record_gathering(facts=facts, by=cast.actor("officer"))


def test_a_meeting_is_recorded_from_kinds_and_topics_alone(cast, kinds):
    client = cast.client("secretary")
    page = client.get(reverse("gatherings:record"))
    assert page.status_code == 200
    answer = client.post(
        reverse("gatherings:record"), typed(cast, kinds, "theme-day", "lesson", topics="学习")
    )
    assert answer.status_code == 302
    row = Gathering.objects.get(pk=ID)
    assert row.title
    ledgers = set(LedgerEntry.objects.filter(gathering=row).values_list("ledger", flat=True))
    assert ledgers == {"theme_day", "lesson", "training"}
    assert client.get(answer["Location"]).status_code == 200


def test_sent_twice_it_is_there_once(cast, kinds):
    client = cast.client("secretary")
    for _ in range(2):
        assert client.post(reverse("gatherings:record"), typed(cast, kinds, "lesson")).status_code == 302
    assert Gathering.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kinds": []}, "活动类型"),
        ({"held_on": "2018-01-16"}, "日期"),
        ({"held_on": "2014-12-31"}, "日期"),
        ({"held_on": "2018-02-30"}, "日期"),
        ({"held_on": "\u202e<script>"}, "日期"),
        ({"chair": "没有这个人"}, "没有这个人"),
        ({"due_total": "3", "present_total": "5"}, "人数"),
    ],
    ids=["no kind", "future", "before founding", "no such day", "hostile", "stranger", "more than due"],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(cast, kinds, change, said):
    values = typed(cast, kinds, "lesson", topics="不要丢<b>这句</b>") | change
    page = cast.client("secretary").post(reverse("gatherings:record"), values)
    assert page.status_code == 422
    text = page.content.decode()
    assert said in text
    assert "不要丢&lt;b&gt;这句&lt;/b&gt;" in text
    assert not Gathering.objects.exists()


def test_a_secretary_records_only_in_the_own_branch(cast, kinds):
    values = typed(cast, kinds, "lesson") | {"unit": str(cast.second.pk)}
    page = cast.client("secretary").post(reverse("gatherings:record"), values)
    assert page.status_code == 422
    assert not Gathering.objects.exists()
    assert cast.client("inspector").get(reverse("gatherings:record")).status_code == 403


def test_approved_leave_is_filled_in_by_itself(cast, kinds):
    Leave.objects.create(
        bureau=cast.bureau, person=cast.person("member"), kind="annual", from_on=dt.date(2018, 1, 8)
    )
    address = reverse("gatherings:record")
    page = cast.client("secretary").get(f"{address}?unit={cast.first.pk}&kind=lesson&held_on=2018-01-12")
    assert "年休假" in page.content.decode()


def test_another_branch_does_not_find_it(cast, kinds):
    row = hold(cast, kinds)
    for name in ("detail", "correct", "withdraw", "roll_sheet"):
        address = reverse(f"gatherings:{name}", args=[row.pk])
        assert cast.client("neighbour").get(address).status_code in {403, 404}
        assert cast.client("outsider").get(address).status_code in {403, 404}


def test_a_withdrawn_gathering_leaves_every_ledger_and_comes_back(cast, kinds):
    row = hold(cast, kinds)
    client = cast.client("secretary")
    answer = client.post(reverse("gatherings:withdraw", args=[row.pk]), {"reason": "重复登记"})
    assert answer.status_code == 302
    assert not LedgerEntry.objects.filter(gathering=row).exists()
    assert client.post(reverse("gatherings:restore", args=[row.pk])).status_code == 302
    assert LedgerEntry.objects.filter(gathering=row).count() == 2


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_list_and_detail_do_not_grow(cast, kinds, django_assert_num_queries, number):
    rows = [hold(cast, kinds, f"2018-01-0{day + 2}") for day in range(number)]
    for row in rows:
        RollEntry.objects.create(
            bureau=cast.bureau, gathering=row, person=cast.person("member"), state="absent"
        )
    client = cast.client("officer")
    with django_assert_num_queries(9):
        assert client.get(reverse("gatherings:gatherings")).status_code == 200
    with django_assert_num_queries(12):
        assert client.get(reverse("gatherings:detail", args=[rows[-1].pk])).status_code == 200


def test_the_list_is_filtered_and_goes_out_as_a_file(cast, kinds):
    hold(cast, kinds)
    hold(cast, kinds, "2017-05-10", "lesson", cast.second)
    client = cast.client("officer")
    address = reverse("gatherings:gatherings")
    assert "2018年1月12日" in client.get(address, {"ledger": "theme_day"}).content.decode()
    assert "2018年1月12日" not in client.get(address, {"ledger": "lesson"}).content.decode()
    assert (
        client.get(address, {"from": "x", "to": "2017-99-99", "unit": "?", "page": "-3"}).status_code == 200
    )
    for kind in ("xlsx", "csv"):
        assert "attachment" in client.get(address, {"format": kind})["Content-Disposition"]
