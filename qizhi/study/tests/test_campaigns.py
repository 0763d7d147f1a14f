"""Campaigns: topic by layer and unit, from what is recorded; a person's word decides."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from qizhi.core import audit, clock, figures, periods
from qizhi.core.errors import Refused
from qizhi.core.figures import NOTHING, Ask
from qizhi.core.ids import new_id
from qizhi.gatherings.services import withdraw_gathering
from qizhi.study.enums import Layer
from qizhi.study.models import Campaign, CampaignMatch, CampaignPhase, CampaignTopic
from qizhi.study.queries.campaigns import campaigns_of, covered
from qizhi.study.rules.campaigns import Coverage, Deed, Ground, Wanted, bare, coverage, covering, words_of
from qizhi.study.services.campaigns import decide_topic, save_campaign, save_phase, save_topic

D = dt.date
DONE, DUE, MISSING, NA = Coverage.DONE, Coverage.DUE, Coverage.MISSING, Coverage.NA
ALL = Layer.values
LIST = reverse("study:campaigns")


@pytest.fixture
def campaign(cast, hold):
    """January to March 2018 with a phase in January; seen from 20 April."""
    by = cast.actor("officer")
    made = save_campaign(name="学习十九大精神", from_on=D(2018, 1, 1), to_on=D(2018, 3, 31), by=by)
    phase = save_phase(campaign=made, name="通读", from_on=D(2018, 1, 1), to_on=D(2018, 1, 31), by=by)
    save_topic(campaign=made, title="通读报告", words="十九大报告\n报告原文", layers=ALL, phase=phase, by=by)
    save_topic(campaign=made, title="学习新党章", words="", layers=[Layer.BRANCH], by=by)
    return made


def look(cast, as_of=None):
    found = campaigns_of(cast.bureau.pk)
    rows = covered(cast.bureau.pk, found, as_of or clock.today())[0].rows
    return {unit.name: [cell.state for cell in cells] for unit, cells in rows}


def wanted(words=""):
    title = "学习新党章"
    return Wanted(uuid.uuid4(), title, words_of(title, words), D(2018, 1, 1), D(2018, 3, 31))


def deed(day, text, *, is_campaign=False):
    return Deed(uuid.uuid4(), day, bare(text), is_campaign)


def test_words_are_compared_without_signs_and_only_in_the_days():
    assert words_of("“两学一做”学习", "") == ("两学一做学习",)
    assert words_of("甲", "党章、党规\n\n 准则 ") == ("党章党规", "准则")
    inside, outside = deed(D(2018, 3, 31), "支部：学习《新党章》"), deed(D(2018, 4, 1), "学习新党章")
    found = covering(wanted(words="新党章"), [inside, outside], set(), set())
    assert [(one.key, one.ground, one.word) for one in found] == [(inside.key, Ground.WORD, "新党章")]


def test_a_gathering_for_campaigns_needs_only_be_like_the_topic_and_a_person_decides():
    near, far = deed(D(2018, 2, 1), "学习党章研讨", is_campaign=True), deed(D(2018, 2, 2), "参观")
    topic = wanted()
    assert [one.ground for one in covering(topic, [near, far], set(), set())] == [Ground.LIKE]
    plain = deed(D(2018, 2, 1), "学习党章研讨")
    assert covering(topic, [plain], set(), set()) == []
    later = deed(D(2018, 5, 1), "补学")
    said = covering(topic, [near, later], {later.key}, {near.key})
    assert [(one.key, one.ground) for one in said] == [(later.key, Ground.PERSON)]


@pytest.mark.parametrize(
    ("unit_days", "as_of", "is_asked", "expected"),
    [
        ((D(2015, 1, 1), None), D(2018, 3, 31), True, (DUE, "")),
        ((D(2015, 1, 1), None), D(2018, 4, 1), True, (MISSING, "")),
        ((D(2018, 4, 1), None), D(2018, 4, 1), True, (NA, "当时尚未成立")),
        ((D(2015, 1, 1), D(2018, 2, 1)), D(2018, 4, 1), True, (NA, "期间内撤销")),
        ((D(2015, 1, 1), None), D(2018, 4, 1), False, (NA, "不要求这一层")),
    ],
)
def test_what_a_unit_owes(unit_days, as_of, is_asked, expected):
    assert coverage(wanted(), (), unit_days, as_of, is_asked=is_asked) == expected


def test_layers_by_hand(cast, campaign, hold):
    hold(cast.centre_group, D(2018, 1, 8), "centre-study", title="十九大报告专题")
    hold(cast.first, D(2018, 1, 26), "theme-day", title="主题党日", topics="学习报告原文")
    hold(cast.group, D(2018, 2, 5), "group-meeting", title="组会", topics="学习新党章")
    hold(cast.second, D(2018, 2, 5), "lesson", title="十九大报告专题")
    assert look(cast) == {
        "党组理论学习中心组": [DONE, NA],
        "机关党委": [MISSING, NA],
        "第一党支部": [DONE, DONE],
        "第二党支部": [MISSING, MISSING],
    }
    assert look(cast, D(2018, 2, 10))["第二党支部"] == [MISSING, DUE]
    figure = figures.get("study.campaign_coverage")
    assert figure is not None
    assert figure.by_unit is not None
    ask = Ask(cast.bureau.pk, periods.year(2018), clock.today())
    value = figure.value(ask)
    assert (value.counted, value.out_of) == (3, 6)
    assert figure.counted_from_rows(ask) == 3
    row = figure.rows(ask).get(pk=cast.first.pk)
    assert [column.get(row) for column in figure.columns] == ["第一党支部", 2, 2]
    assert figure.by_unit(ask)[cast.second.pk].amount == 0
    second = Ask(cast.bureau.pk, periods.year(2018), clock.today(), (cast.second.pk,))
    assert (figure.value(second).counted, figure.counted_from_rows(second)) == (0, 0)
    assert figure.value(Ask(cast.bureau.pk, periods.year(2017), clock.today())) == NOTHING


def test_a_withdrawn_gathering_covers_nothing(cast, campaign, hold):
    held = hold(cast.second, D(2018, 1, 9), "lesson", title="十九大报告专题")
    assert look(cast)["第二党支部"][0] is DONE
    withdraw_gathering(held, reason="重复登记", by=cast.actor("officer"))
    assert look(cast)["第二党支部"][0] is MISSING


def test_a_person_decides_on_the_page_of_the_cell(cast, campaign, hold):
    topic = campaign.topics.get(title="通读报告")
    late = hold(cast.first, D(2018, 2, 9), "lesson", title="支部党课")
    wrong = hold(cast.first, D(2018, 1, 9), "lesson", title="布置报告原文发放")
    page = reverse("study:topic_unit", args=[topic.pk, cast.first.pk])
    client = cast.client("secretary")
    assert "按识别词对应：报告原文" in client.get(page).content.decode()
    assert client.post(page, {"gathering": str(wrong.pk), "is_rejected": "on"}).status_code == 302
    assert look(cast)["第一党支部"][0] is MISSING
    assert client.post(page, {"gathering": str(late.pk)}).status_code == 302
    assert look(cast)["第一党支部"][0] is DONE
    assert "人工认定" in client.get(page).content.decode()
    verbs = [event.verb for event in audit.history(CampaignMatch.objects.get(gathering=late))]
    assert verbs == ["study.decide_topic"]
    assert client.post(page, {"gathering": "x"}).status_code == 422
    assert cast.client("neighbour").get(page).status_code == 404
    cast.client("leader").post(page, {"gathering": str(wrong.pk)})
    assert CampaignMatch.objects.get(gathering=wrong).is_rejected


def test_what_cannot_be_decided_is_refused(cast, campaign, hold):
    elsewhere = hold(cast.second, D(2018, 1, 9), "lesson", title="十九大报告")
    topic = campaign.topics.first()
    with pytest.raises(Refused, match="不是第一党支部的有效活动"):
        decide_topic(topic, cast.first, elsewhere, is_rejected=False, by=cast.actor("officer"))


def test_the_office_keeps_campaigns_phases_and_topics(cast, campaign):
    client = cast.client("officer")
    new = {"id": str(new_id()), "name": "两学一做", "from_on": "2018-04-01", "to_on": "", "note": ""}
    for _ in range(2):
        assert client.post(reverse("study:campaign_new"), new).status_code == 302
    made = Campaign.objects.get(name="两学一做")
    assert client.post(reverse("study:campaign_new"), new | {"id": str(new_id())}).status_code == 422
    edit = reverse("study:campaign_edit", args=[made.pk])
    assert client.post(edit, new | {"id": "", "to_on": "2018-03-01"}).status_code == 422
    assert client.post(edit, new | {"id": "", "to_on": "2018-12-31"}).status_code == 302
    phase = {"id": str(new_id()), "name": "学习", "from_on": "2018-04-01", "to_on": "2018-05-01"}
    assert client.post(reverse("study:phase_new", args=[made.pk]), phase).status_code == 302
    outside = phase | {"id": str(new_id()), "name": "早了", "from_on": "2018-03-01"}
    assert client.post(reverse("study:phase_new", args=[made.pk]), outside).status_code == 422
    kept = CampaignPhase.objects.get(campaign=made)
    topic = {"id": str(new_id()), "title": "学党章", "words": "", "phase": str(kept.pk), "layers": ALL}
    assert client.post(reverse("study:topic_new", args=[made.pk]), topic).status_code == 302
    row = CampaignTopic.objects.get(campaign=made)
    more = topic | {"id": "", "title": "学党规"}
    assert client.post(reverse("study:topic_edit", args=[row.pk]), more).status_code == 302
    assert client.post(reverse("study:phase_edit", args=[kept.pk]), phase | {"id": ""}).status_code == 302
    assert client.post(reverse("study:phase_remove", args=[kept.pk])).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.phase) == ("学党规", None)
    assert client.post(reverse("study:topic_remove", args=[row.pk])).status_code == 302
    assert not CampaignTopic.objects.filter(campaign=made).exists()
    assert cast.client("secretary").get(edit).status_code == 403


def test_the_pages_say_what_is_missing_and_what_nobody_placed(cast, campaign, hold):
    hold(cast.first, D(2018, 2, 9), "campaign", title="动员会")
    text = cast.client("officer").get(campaign.get_absolute_url()).content.decode()
    assert "到期还缺 <strong>6</strong> 项" in text
    assert "动员会" in text
    own = cast.client("neighbour").get(campaign.get_absolute_url()).content.decode()
    assert "第一党支部" not in own
    assert "第二党支部" in own
    assert "学习十九大精神" in cast.client("secretary").get(LIST).content.decode()
    assert cast.client("member").get(LIST).status_code == 403


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_tables_leave_the_house(cast, campaign, hold, kind):
    hold(cast.first, D(2018, 1, 26), "theme-day", title="学习报告原文")
    client = cast.client("officer")
    assert client.get(LIST, {"format": kind})["Content-Disposition"].startswith("attachment")
    page = client.get(campaign.get_absolute_url(), {"format": kind})
    assert page["Content-Disposition"].startswith("attachment")
    if kind == "csv":
        text = page.content.decode("utf-8-sig")
        assert "党支部,第一党支部,通读,通读报告,已开展,2018-01-26,1,2018-01-26" in text


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, campaign, hold, number, django_assert_num_queries):
    for day in range(1, number + 1):
        hold(cast.first, D(2018, 1, day), "theme-day", title="十九大报告")
        hold(cast.second, D(2018, 2, day), "campaign", title="动员")
    topic, client = campaign.topics.first(), cast.client("officer")
    with django_assert_num_queries(9):
        client.get(LIST)
    with django_assert_num_queries(12):
        client.get(campaign.get_absolute_url())
    with django_assert_num_queries(13):
        client.get(reverse("study:topic_unit", args=[topic.pk, cast.first.pk]))
