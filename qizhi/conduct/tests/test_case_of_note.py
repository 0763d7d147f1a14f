"""A note under the negative list may become a draft: a person's word, linked both ways, nothing by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qizhi.conduct.models import Case, PointsEntry
from qizhi.conduct.services.drafts import draft_case, drop_case
from qizhi.conduct.services.hearing import notify_case
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.tasks.enums import ListKind
from qizhi.tasks.services.duties import DutyValues
from qizhi.tasks.services.parts import Reference, add_note, withdraw_note
from qizhi.tasks.tests.duties import make_list

NOTED_ON = dt.date(2018, 1, 10)


@pytest.fixture
def duty(cast, rules):
    """An item of the negative list that names its clause."""
    clause = rules["MV-9"]
    item = DutyValues("着装不规范", regulation=clause.version.regulation, provision="第二条")
    return make_list(cast, ListKind.NEGATIVE, [item]).duties.get()


@pytest.fixture
def note(cast, duty):
    """What was noted of the member of the first branch, with the record that shows it."""
    return noted(cast, duty)


def noted(cast, duty, words="1月10日未着制服", **more):
    known = {"unit": cast.first, "person": cast.person("member"), "noted_on": NOTED_ON, "words": words}
    return add_note(
        duty, **{**known, "record": Reference("检查表", "/x/"), **more}, by=cast.actor("inspector")
    )


def page_of(note):
    return reverse("conduct:case_from_note", args=[note.pk])


def item_seen_by(cast, name, duty):
    return cast.client(name).get(duty.get_absolute_url()).content.decode()


def test_the_page_is_filled_in_and_a_second_click_finds_the_draft(cast, duty, note, rules):
    office = cast.client("inspector")
    assert page_of(note) in item_seen_by(cast, "inspector", duty)
    form = office.get(page_of(note)).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert values["clause"] == rules["MV-9"].pk
    assert (values["person"], values["fact"]) == ("党员丁(0004)", "1月10日未着制服")
    assert "着装不规范" in values["evidence"]
    assert values["evidence"].endswith("原始记录：检查表"), "the label, no address inside the system"
    values |= {"clause": str(rules["MV-9"].pk), "happened_on": NOTED_ON.isoformat()}
    for _ in range(2):
        assert office.post(page_of(note), values)["Location"] == Case.objects.get().get_absolute_url()
    case = Case.objects.get()
    assert (case.note, case.status, case.person) == (note, "draft", cast.person("member"))
    assert not PointsEntry.objects.exists()
    again = office.post(page_of(note), values | {"id": str(new_id())})
    assert again.status_code == 422
    assert f"已经据此立案（{case}）" in again.content.decode()


def test_each_leads_to_the_other_and_a_draft_is_told_to_nobody_else(cast, duty, note, story):
    case = draft_case(story.facts(note=note, happened_on=NOTED_ON), by=cast.actor("inspector"))
    assert case.get_absolute_url() in item_seen_by(cast, "inspector", duty)
    assert page_of(note) not in item_seen_by(cast, "inspector", duty)
    back = f"{duty.get_absolute_url()}#note-{note.pk}"
    assert back in cast.client("inspector").get(case.get_absolute_url()).content.decode()
    for name in ("secretary", "officer"):
        said = item_seen_by(cast, name, duty)
        assert "1月10日未着制服" in said
        assert str(case) not in said
    notify_case(case, notified_on=dt.date(2018, 1, 15), by=cast.actor("inspector"))
    assert "着装不规范" in cast.client("member").get(case.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("name", "status"), [("secretary", 403), ("officer", 403), ("leader", 403), ("outsider", 404)]
)
def test_only_those_who_record_cases_draft_one(cast, note, name, status):
    client = cast.client(name)
    assert client.get(page_of(note)).status_code in {status, 403}
    client.post(page_of(note), {"fact": "x"})
    assert not Case.objects.exists()


def test_a_good_deed_becomes_no_case(cast, rules):
    good = make_list(cast, ListKind.INCENTIVE, [DutyValues("获得表彰")]).duties.get()
    note = noted(cast, good)
    assert cast.client("inspector").get(page_of(note)).status_code == 404
    assert "草拟事项" not in item_seen_by(cast, "inspector", good)


def test_what_was_taken_back_is_no_ground(cast, duty, note, story):
    case = draft_case(story.facts(note=note, happened_on=NOTED_ON), by=cast.actor("inspector"))
    withdraw_note(note, because="看错了人", by=cast.actor("inspector"))
    assert "记事已撤回" in cast.client("inspector").get(case.get_absolute_url()).content.decode()
    drop_case(case, reason="记事撤回", by=cast.actor("inspector"))
    with pytest.raises(Refused, match="这条记事已经撤回（看错了人）"):
        draft_case(story.facts(note=note, happened_on=NOTED_ON), by=cast.actor("inspector"))


def test_after_a_draft_was_given_up_another_can_be_made(cast, duty, note, story):
    first = draft_case(story.facts(note=note, happened_on=NOTED_ON), by=cast.actor("inspector"))
    drop_case(first, reason="依据不足", by=cast.actor("inspector"))
    said = item_seen_by(cast, "inspector", duty)
    assert str(first) in said
    assert page_of(note) in said
    draft_case(story.facts(note=note, happened_on=NOTED_ON), by=cast.actor("inspector"))


def test_the_database_holds_one_case_a_note_and_keeps_its_origin_once_told(cast, duty, note, story):
    case = notify_case(
        draft_case(story.facts(note=note, happened_on=NOTED_ON), by=cast.actor("inspector")),
        notified_on=dt.date(2018, 1, 15),
        by=cast.actor("inspector"),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(note=noted(cast, duty, "另一件"))
    other = story.drafted()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=other.pk).update(note=note)


def test_the_branch_itself_can_be_the_one_concerned(cast, duty, rules):
    note = noted(cast, duty, person=None)
    initial = cast.client("inspector").get(page_of(note)).context["form"].initial
    assert (initial["person"], initial["unit"]) == ("", cast.first.pk)


def test_another_version_or_no_clause_leaves_the_choice_open(cast, note, rules):
    early = noted(cast, note.duty, noted_on=dt.date(2015, 6, 1))
    assert cast.client("inspector").get(page_of(early)).context["form"].initial["clause"] is None
    plain = make_list(cast, ListKind.NEGATIVE, [DutyValues("别的")], year=2019).duties.get()
    note = noted(cast, plain)
    assert cast.client("inspector").get(page_of(note)).context["form"].initial["clause"] is None


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_notes_and_cases(cast, duty, story, django_assert_num_queries, number):
    for count in range(number):
        note = noted(cast, duty, f"第{count}次")
        facts = story.facts(happened_on=NOTED_ON, note=note, despite="另一件事")
        draft_case(facts, by=story.recorder)
        noted(cast, duty, f"又第{count}次")
    client = cast.client("inspector")
    client.get(duty.get_absolute_url())
    with django_assert_num_queries(7):
        assert client.get(duty.get_absolute_url()).content.decode().count("草拟事项") == number
