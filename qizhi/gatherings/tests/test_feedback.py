"""Words without a name: who may say and hear them, when they are shown, and that nothing tells who spoke."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.models import AuditEvent
from qizhi.gatherings.enums import Remark
from qizhi.gatherings.forms.feedback import new_token
from qizhi.gatherings.models import Feedback
from qizhi.gatherings.rules.feedback import OPEN_DAYS, Voices, is_open, take_in
from qizhi.gatherings.services import RollFact, withdraw_gathering
from qizhi.gatherings.services.feedback import say_unnamed, strike_line
from qizhi.org.models import Membership
from qizhi.org.services.transfer import transferred_models


def at(name, row):
    return reverse(f"gatherings:{name}", args=[row.pk])


def seen(cast, name, row):
    return cast.client(name).get(at("detail", row)).content.decode()


def say(row, word="useful", line="", token="", most=5):
    return say_unnamed(row, word=word, line=line, token=token or new_token(), most=most)


@pytest.fixture
def row(held):
    return held("congress")


def test_voices_are_shown_three_by_three():
    shown, waiting = Voices(), Voices()
    seen_after = []
    for word in ("useful", "shorter", "useful", "go_out", "go_out", "useful", "timely"):
        shown, waiting = take_in(shown, waiting, word=word, line="")
        seen_after.append(shown.number)
    assert seen_after == [0, 0, 3, 3, 3, 6, 6]
    assert shown.words == {"go_out": 2, "shorter": 1, "useful": 3}
    assert waiting == Voices(1, {"timely": 1})


VOICE = st.tuples(st.sampled_from(["", *Remark.values]), st.text(max_size=5))


@given(st.lists(VOICE, max_size=9), st.randoms())
def test_nothing_in_what_is_kept_tells_in_which_order_they_spoke(voices, chance):
    """Whoever came first, second and third: what is shown of a round is the same for every order of them."""

    def kept(spoken):
        shown, waiting = Voices(), Voices()
        for word, line in spoken:
            shown, waiting = take_in(shown, waiting, word=word, line=line)
        return repr((shown.plain(), waiting.plain()))

    rounds = [voices[start : start + 3] for start in range(0, len(voices), 3)]
    mixed = [voice for one in rounds for voice in chance.sample(one, len(one))]
    assert kept(voices) == kept(mixed)


def test_it_is_open_from_the_day_on_for_thirty_days():
    day = dt.date(2018, 1, 12)
    days = [day - dt.timedelta(1), day, day + dt.timedelta(OPEN_DAYS), day + dt.timedelta(OPEN_DAYS + 1)]
    assert [is_open(day, one) for one in days] == [False, True, True, False]


def test_a_member_says_a_word_by_one_tap_and_the_branch_hears_it_of_three(cast, row):
    clients = [cast.client("member") for _ in range(3)]  # three people at three devices
    for number, client in enumerate(clients):
        page = client.get(at("detail", row))
        assert "还没有可以显示的" in page.content.decode(), number
        token = page.context["feedback_form"]["token"].value()
        answer = client.post(at("feedback", row), {"token": token, "word": "more_talk", "line": "多  说说"})
        assert answer.status_code == 302
    said = seen(cast, "secretary", row)
    assert "3 人说过：希望多讨论 3 人" in said
    assert said.count("<span>“多  说说”</span>") == 3
    assert "已经说过了" in clients[0].get(at("detail", row)).content.decode()


@pytest.mark.parametrize("name", ["officer", "inspector", "leader", "neighbour", "outsider", "personnel"])
def test_nobody_outside_the_branch_hears_or_says_anything(cast, row, name):
    for _ in range(3):
        say(row, line="只有本支部知道")
    page = cast.client(name).get(at("detail", row)).content.decode()
    assert "只有本支部知道" not in page
    assert "匿名反馈" not in page
    assert cast.client(name).get(at("feedback", row)).status_code == 404
    assert cast.client(name).post(at("feedback", row), {"word": "useful"}).status_code == 404
    assert cast.client(name).post(at("feedback_strike", row), {"line": "x"}).status_code in {403, 404}


def test_nothing_is_stored_of_who_spoke_or_when(cast, row):
    client = cast.client("member")
    page = client.get(at("detail", row))
    token = page.context["feedback_form"]["token"].value()
    before = set(AuditEvent.objects.values_list("pk")), set(Session.objects.values_list())
    client.post(at("feedback", row), {"token": token, "word": "useful", "line": "一句"})
    assert before == (set(AuditEvent.objects.values_list("pk")), set(Session.objects.values_list()))
    kept = Feedback.objects.get()
    columns = {field.name for field in Feedback._meta.concrete_fields}
    assert columns == {"id", "bureau", "gathering", "shown", "waiting", "tokens", "struck"}
    assert kept.pk.version == 4  # a key of version 7 would carry the time
    words = f"{kept.shown} {kept.waiting} {kept.tokens}"
    account = cast.member
    for trace in (account.pk, account.person_id, account.username, account.person.name):
        assert str(trace) not in words
        assert getattr(trace, "hex", "") == "" or trace.hex not in words
    assert Feedback not in transferred_models()


def test_the_mark_in_the_browser_is_the_same_for_everybody_and_knows_no_time(cast, row):
    marks = []
    for day, name in ((15, "member"), (16, "secretary")):
        client = cast.client(name)
        with clock.at(dt.date(2018, 1, day)):
            client.post(at("feedback", row), {"token": new_token(), "word": "useful"})
            mark = client.cookies["said"]
            marks.append(mark.value)
            assert (mark["path"], mark["httponly"]) == (at("detail", row), True)
    assert marks[0] == marks[1]
    again = {"token": new_token(), "word": "useful"}
    client = cast.client("member")
    client.cookies["said"] = marks[0]
    refused = client.post(at("feedback", row), again, follow=True)
    assert "没有收下：这台浏览器上对这次活动已经说过了" in refused.content.decode()
    assert Feedback.objects.get().waiting["number"] == 2


def test_the_same_form_counts_once_and_there_are_never_more_voices_than_people(row):
    for _ in range(3):
        say(row, token="same")
    assert Feedback.objects.get().waiting["number"] == 1
    for _ in range(4):
        say(row)
    with pytest.raises(Refused, match="应到5人，反馈已经收满5份"):
        say(row)


def test_nothing_said_is_refused_with_everything_typed(cast, row):
    client = cast.client("member")
    answer = client.post(at("feedback", row), {"token": new_token(), "word": "", "line": " "})
    assert answer.status_code == 422
    assert "还没有说什么" in answer.content.decode()
    assert client.post(at("feedback", row), {"token": "t", "line": "长" * 61}).status_code == 422
    assert client.post(at("feedback", row), {"token": "t", "word": "like"}).status_code == 422
    assert not Feedback.objects.exists()


def test_who_was_not_due_hears_and_says_nothing(cast, held):
    row = held("committee")
    said = seen(cast, "member", row)
    assert "您不在这次活动的应到名单里" in said
    refused = cast.client("member").post(at("feedback", row), {"token": "t", "word": "useful"}, follow=True)
    assert "没有收下：您不在这次活动的应到名单里" in refused.content.decode()
    assert "不足5人" in seen(cast, "secretary", row)


def test_who_was_away_may_speak_too_and_who_has_left_hears_no_more(cast, held):
    row = held("congress", roll=(RollFact(cast.person("member"), "excused", "出差"),))
    assert (
        cast.client("member").post(at("feedback", row), {"token": "t", "word": "useful"}).status_code == 302
    )
    Membership.objects.filter(person=cast.person("member")).update(unit=cast.second, group=None)
    assert cast.client("member").get(at("feedback", row)).status_code == 404


def test_after_thirty_days_it_is_heard_and_no_more_said(cast, row):
    for _ in range(3):
        say(row)
    with clock.at(dt.date(2018, 2, 12)):
        said = seen(cast, "member", row)
    assert "内容有收获 3 人" in said
    assert "活动过去30天以后，不再收匿名反馈" in said


def test_a_withdrawn_gathering_and_one_of_a_month_ask_nothing(cast, held):
    row = held("congress", precision="month", held_on=dt.date(2018, 1, 1))
    assert "您不在这次活动的应到名单里" in seen(cast, "member", row)
    withdraw_gathering(row, reason="重复", by=cast.actor("secretary"))
    assert "匿名反馈" not in seen(cast, "member", row)


def test_a_line_that_names_somebody_is_struck_out_by_the_branch_and_the_log_does_not_repeat_it(cast, row):
    for line in ("某某念稿子", "多讨论", ""):
        say(row, line=line)
    assert cast.client("member").post(at("feedback_strike", row), {"line": "某某念稿子"}).status_code == 403
    client = cast.client("secretary")
    said = client.post(at("feedback_strike", row), {"line": "某某念稿子"}, follow=True).content.decode()
    assert "某某念稿子" not in said
    assert "另有 1 句写到个人，支部已划去" in said
    assert "划去一句匿名反馈" in said
    assert "某某念稿子" not in str(list(AuditEvent.objects.values_list("before", "after", "object_label")))
    again = client.post(at("feedback_strike", row), {"line": "某某念稿子"}, follow=True).content.decode()
    assert "没有找到这一句" in again
    assert strike_line(row, "没有", by=cast.actor("secretary")) is False


def test_the_database_holds_one_row_a_gathering(cast, row):
    say(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(id=uuid.uuid4(), bureau=cast.bureau, gathering=row)


@pytest.mark.parametrize("number", [3, 9])
def test_queries_do_not_grow_with_voices(cast, row, django_assert_num_queries, number):
    for _ in range(number):
        say(row, line="一句", most=9)
    client = cast.client("member")
    with django_assert_num_queries(18):
        assert client.get(at("detail", row)).status_code == 200
