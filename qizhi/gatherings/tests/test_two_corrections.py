"""Two people correct one gathering at the same time: nobody's words are lost in silence."""

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.core.models import AuditEvent
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import GatheringFacts, comment_as_auditor, record_gathering
from qizhi.gatherings.services.standard import load_standard_kinds


@pytest.fixture
def gathering(cast):
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))
    kind = Kind.objects.get(bureau=cast.bureau, key="lesson")
    facts = GatheringFacts(unit=cast.first, held_on=dt.date(2018, 1, 12), kinds=(kind,), topics="原来的议题")
    return record_gathering(facts=facts, by=cast.actor("secretary"))


def opened(client, gathering):
    """The page as it stands, and what its form would send untouched."""
    page = client.get(reverse("gatherings:correct", args=[gathering.pk]))
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data |= {"votes-TOTAL_FORMS": "0", "votes-INITIAL_FORMS": "0"}
    assert data["seen"] in page.content.decode()
    return data


def save(client, gathering, data, **changes):
    return client.post(reverse("gatherings:correct", args=[gathering.pk]), data | changes)


def test_the_second_correction_is_told_of_the_first_and_keeps_what_was_typed(cast, gathering):
    officer, secretary = cast.client("officer"), cast.client("secretary")
    mine, theirs = opened(officer, gathering), opened(secretary, gathering)
    assert save(secretary, gathering, theirs, topics="书记改的议题").status_code == 302
    refused = save(officer, gathering, mine, place="干事改的地点")
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "书记甲在2018年1月15日 12:00更正过这次活动" in text
    assert "干事改的地点" in text
    gathering.refresh_from_db()
    assert (gathering.topics, gathering.place) == ("书记改的议题", "")


def test_saving_again_overrules_knowingly_and_the_log_keeps_both(cast, gathering):
    officer, secretary = cast.client("officer"), cast.client("secretary")
    mine = opened(officer, gathering)
    save(secretary, gathering, opened(secretary, gathering), topics="书记改的议题")
    seen = save(officer, gathering, mine, topics="干事改的议题").context["form"]["seen"].value()
    assert save(officer, gathering, mine, topics="干事改的议题", seen=seen).status_code == 302
    gathering.refresh_from_db()
    assert gathering.topics == "干事改的议题"
    events = AuditEvent.objects.filter(object_id=gathering.pk, verb="gatherings.correct").order_by("id")
    assert [event.after["topics"] for event in events] == ["书记改的议题", "干事改的议题"]


def test_a_second_click_on_one_correction_is_no_conflict(cast, gathering):
    officer = cast.client("officer")
    mine = opened(officer, gathering)
    assert save(officer, gathering, mine, topics="改过").status_code == 302
    assert save(officer, gathering, mine, topics="改过").status_code == 302
    assert AuditEvent.objects.filter(object_id=gathering.pk, verb="gatherings.correct").count() == 1


def test_a_comment_in_between_is_no_conflict_and_stays(cast, gathering):
    officer = cast.client("officer")
    auditor = opened(officer, gathering) | {"auditors": "局长丑"}
    assert save(officer, gathering, auditor).status_code == 302
    mine = opened(officer, gathering)
    comment_as_auditor(gathering, comment="讲得好", by=cast.actor("leader"))
    assert save(officer, gathering, mine, topics="改过").status_code == 302
    assert gathering.visitors.get().comment == "讲得好"
