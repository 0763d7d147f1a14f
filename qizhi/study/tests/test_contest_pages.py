from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from qizhi.core import clock
from qizhi.core.ids import new_id
from qizhi.core.models import AuditEvent
from qizhi.core.tests.standing import left_standing
from qizhi.study.models import Contest, ContestQuestion, ContestRound, ContestTeam, TeamAnswer
from qizhi.study.rules.questions import Question, Shape
from qizhi.study.services.banks import create_bank, save_question
from qizhi.study.services.contests import RoundFacts, add_round, save_contest, set_teams

NINE = dt.datetime(2018, 1, 15, 9, tzinfo=clock.ZONE)


@left_standing
def bank(cast):
    made = create_bank(name="竞赛题", by=cast.actor("officer"))
    for number in range(1, 7):
        question = Question(Shape.SINGLE, f"第{number}问？", ("甲", "乙", "丙"), "A", clause="《条例》")
        save_question(made, question, by=cast.actor("officer"))
    return made


@pytest.fixture
def contest(cast, bank):
    """Two teams, a round of two questions that the host steps through, ten points each."""
    by = cast.actor("officer")
    made = save_contest(name="党规党纪知识竞赛", held_on=dt.date(2018, 1, 15), note="", by=by)
    set_teams(made, [("一队", "张三、李四"), ("二队", "")], by=by)
    add_round(made, RoundFacts("必答", "host", 10), bank=bank, topic="", number=2, by=by)
    return made


def run(client, contest, do, **more):
    played = ContestRound.objects.get(contest=contest, position=1)
    return client.post(reverse("study:round_run", args=[played.pk]), {"do": do, **more})


def page_of(team):
    return reverse("study:team_page", args=[ContestTeam.objects.get(name=team).key])


def asked(position=1):
    return ContestQuestion.objects.get(round__position=1, position=position)


def give(team, given, *, number=1, position=1, key=None):
    form = {"id": str(key or new_id()), "question": str(asked(position).pk), "number": number, "given": given}
    return Client().post(page_of(team), form, headers={"X-Contest": "1"})


def totals(client, contest):
    lines = client.get(reverse("study:board", args=[contest.pk])).context["lines"]
    return {line.team.name: line.total for line in lines}


def test_a_contest_is_played_from_the_first_question_to_the_board(cast, contest):
    host = cast.client("officer")
    assert give("一队", "A").status_code == 409
    run(host, contest, "start")
    assert "第 1 题" in host.get(reverse("study:board", args=[contest.pk])).content.decode()
    assert give("一队", "A").status_code == 200
    assert give("二队", "B").status_code == 200
    run(host, contest, "next", after="1")
    assert give("二队", "A").json()["message"] == "第 1 题已经截止，这个答案没有收下。"
    assert give("二队", "A", position=2).status_code == 200
    run(host, contest, "close")
    assert give("一队", "A", position=2).status_code == 409
    assert totals(host, contest) == {"一队": 0, "二队": 0}
    run(host, contest, "reveal")
    assert totals(host, contest) == {"一队": 10, "二队": 10}
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"study.start_round", "study.next_question", "study.close_round", "study.reveal_round"} <= verbs


def test_the_hall_sees_no_points_before_they_are_revealed(cast, contest):
    host, hall = cast.client("officer"), cast.client("member")
    run(host, contest, "start")
    give("一队", "A")
    assert run(host, contest, "reveal").status_code == 409
    run(host, contest, "close")
    text = hall.get(contest.get_absolute_url()).content.decode()
    assert "已公布 0 轮" in text
    assert "《条例》" not in text
    run(host, contest, "reveal")
    text = hall.get(contest.get_absolute_url()).content.decode()
    assert "《条例》" in text
    assert "张三、李四" in text
    run(host, contest, "hide")
    assert totals(hall, contest) == {"一队": 0, "二队": 0}


def test_the_host_sees_what_is_open_who_has_answered_and_what_the_button_will_do(cast, contest):
    host, address = cast.client("officer"), reverse("study:contest_host", args=[contest.pk])
    before = host.get(address).content.decode()
    assert "开始这一轮，出第 1 题" in before
    assert "现在没有开放的题目" in before
    run(host, contest, "start")
    give("二队", "B")
    page = host.get(address).content.decode()
    assert "出第 2 题" in page
    part = host.get(address, {"part": "1"}).content.decode()
    for shown in (page, part):
        assert "必答 第 1 题" in shown
        assert f"：{asked().text}" in shown
        assert "已作答（1／2 队）：二队" in shown
        assert "还没有作答：一队" in shown
    assert "<html" not in part
    assert "B" not in part
    run(host, contest, "next", after="1")
    last = host.get(address).content.decode()
    assert "已作答（0／2 队）：还没有" in last
    assert "出第 3 题" not in last


def test_an_answer_sent_twice_is_one_and_the_last_one_counts(cast, contest):
    host, first = cast.client("officer"), new_id()
    run(host, contest, "start")
    give("一队", "B", number=1, key=first)
    give("一队", "A", number=2)
    for _ in range(2):
        assert give("一队", "B", number=1, key=first).status_code == 200
    assert TeamAnswer.objects.count() == 2
    run(host, contest, "close")
    assert give("一队", "B", number=1, key=first).status_code == 200
    run(host, contest, "reveal")
    assert totals(host, contest) == {"一队": 10, "二队": 0}


def test_a_late_team_starts_with_what_is_open_and_finds_its_answer_again(cast, contest):
    host, page = cast.client("officer"), page_of("二队")
    assert "现在没有开放的题目" in Client().get(page).content.decode()
    run(host, contest, "start")
    run(host, contest, "next", after="1")
    shown = Client().get(page)
    assert [row["question"].position for row in shown.context["rows"]] == [2]
    give("二队", "B", position=2)
    again = Client().get(page)
    assert "已收到：B" in again.content.decode()
    assert again.context["rows"][0]["number"] == 2
    state = again.context["state"]
    assert Client().get(page, {"state": state}).status_code == 204
    run(host, contest, "close")
    over = Client().get(page, {"state": state})
    assert "答题已经结束" in over.content.decode()
    assert "<html" not in over.content.decode()


def test_a_team_hears_which_of_its_answers_counts(cast, contest):
    run(cast.client("officer"), contest, "start")
    assert give("一队", "A", number=3).json() == {"message": "已收到", "received": "已收到：A。", "number": 3}
    on_another_machine = give("一队", "B", number=1).json()
    assert (on_another_machine["received"], on_another_machine["number"]) == ("已收到：A。", 3)
    assert give("一队", "B", number=4).json()["received"] == "已收到：B。"


def test_the_address_alone_lets_a_team_in(cast, contest):
    run(cast.client("officer"), contest, "start")
    form = {"id": str(new_id()), "question": str(asked().pk), "number": 1, "given": "A"}
    client = Client(enforce_csrf_checks=True)
    assert client.post(page_of("一队"), form, headers={"X-Contest": "1"}).status_code == 200


def test_a_team_reads_where_complaints_go(cast, contest):
    foot = Client().get(page_of("一队")).content.decode().partition('class="foot"')[2]
    assert 'href="/complaints/without-account/"' in foot


def test_a_team_without_script_answers_with_the_button(cast, contest):
    run(cast.client("officer"), contest, "start")
    client, page = Client(), page_of("一队")
    row = client.get(page).context["rows"][0]
    form = {"id": row["id"], "question": row["question"].pk, "number": row["number"], "given": "A"}
    done = client.post(page, form, follow=True)
    assert "第 1 题的答案已收到" in done.content.decode()
    assert TeamAnswer.objects.get().given == "A"


def test_a_second_click_on_next_skips_no_question(cast, contest):
    host = cast.client("officer")
    run(host, contest, "start")
    for _ in range(2):
        run(host, contest, "next", after="1")
    assert asked(2).closed_at is None
    assert run(host, contest, "next", after="2").status_code == 409
    run(host, contest, "start")
    assert asked(1).closed_at is not None


def test_a_round_by_the_clock_needs_no_host(cast, contest, bank):
    facts = RoundFacts(
        "抢时", "clock", 5, seconds=20, opens_at=NINE, closes_at=NINE + dt.timedelta(seconds=40)
    )
    add_round(contest, facts, bank=bank, topic="", number=2, by=cast.actor("officer"))
    for seconds, positions in ((-1, []), (0, [1]), (19, [1]), (20, [2]), (39, [2]), (40, [])):
        with clock.at(NINE + dt.timedelta(seconds=seconds)):
            rows = Client().get(page_of("一队")).context["rows"]
        assert [row["question"].position for row in rows] == positions, seconds


def test_a_key_that_was_wrong_is_corrected_and_everything_follows(cast, contest):
    host = cast.client("officer")
    run(host, contest, "start")
    give("一队", "A")
    give("二队", "B")
    run(host, contest, "close")
    run(host, contest, "reveal")
    assert totals(host, contest) == {"一队": 10, "二队": 0}
    correct = reverse("study:key_correct", args=[asked().pk])
    assert host.post(correct, {"answer": "D", "because": "错"}).status_code == 422
    assert host.post(correct, {"answer": "b", "because": "原答案录错"}).status_code == 302
    assert totals(host, contest) == {"一队": 0, "二队": 10}
    assert "已更正：原答案录错" in host.get(contest.get_absolute_url()).content.decode()
    event = AuditEvent.objects.get(verb="study.correct_key")
    assert (event.before["right"], event.after["right"]) == ("A", "B")
    host.post(correct, {"answer": "B", "is_void": "on", "because": "题目有歧义"})
    assert totals(host, contest) == {"一队": 0, "二队": 0}
    assert asked().source.right == "A"


def test_the_board_keeps_the_fixed_order_until_the_host_says_otherwise(cast, contest):
    host = cast.client("officer")
    run(host, contest, "start")
    give("二队", "A")
    run(host, contest, "close")
    run(host, contest, "reveal")
    assert list(totals(host, contest)) == ["一队", "二队"]
    order = reverse("study:board_order", args=[contest.pk])
    host.post(order, {"by_total": "1"})
    assert list(totals(host, contest)) == ["二队", "一队"]
    host.post(order, {"fixed": "1"})
    assert list(totals(host, contest)) == ["一队", "二队"]


def test_the_board_answers_304_until_something_changes(cast, contest):
    host, address = cast.client("officer"), reverse("study:board", args=[contest.pk])
    first = host.get(address, {"part": "1"})
    again = host.get(address, {"part": "1"}, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    run(host, contest, "start")
    assert host.get(address, {"part": "1"}, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_what_is_prepared_can_be_changed(cast, bank):
    host, key = cast.client("inspector"), str(new_id())
    for _ in range(2):
        host.post(reverse("study:contest_new"), {"id": key, "name": "竞赛", "held_on": "2018-01-15"})
    made = Contest.objects.get()
    teams = reverse("study:contest_teams", args=[made.pk])
    host.post(teams, {"teams": "一队:张三\n二队"})
    assert list(made.teams.values_list("name", "members")) == [("一队", "张三"), ("二队", "")]
    assert host.post(teams, {"teams": "一队\n一队"}).status_code == 422
    address = reverse("study:round_new", args=[made.pk])
    form = {
        "name": "必答",
        "pace": "all",
        "points": 10,
        "source": str(bank.pk),
        "number": 9,
        "id": str(new_id()),
    }
    assert "只有 6 道" in host.post(address, form).content.decode()
    assert host.post(address, {**form, "pace": "clock", "number": 2}).status_code == 422
    assert host.post(address, {**form, "number": 4}).status_code == 302
    assert "只有 2 道" in host.post(address, {**form, "number": 3, "id": str(new_id())}).content.decode()
    run(host, made, "start")
    give("二队", "A")
    assert host.post(teams, {"teams": "一队"}).status_code == 422
    host.post(teams, {"teams": "二队\n一队：王五"})
    assert list(made.teams.values_list("name", flat=True)) == ["二队", "一队"]


@pytest.mark.parametrize("who", ["member", "secretary", "leader", "neighbour", "personnel"])
def test_only_those_who_run_it_may(cast, contest, who):
    client = cast.client(who)
    assert client.get(contest.get_absolute_url()).status_code == 200
    assert run(client, contest, "start").status_code == 403
    for name in ("contest_host", "contest_edit", "contest_teams", "round_new"):
        assert client.get(reverse(f"study:{name}", args=[contest.pk])).status_code == 403
    assert ContestTeam.objects.first().key not in client.get(contest.get_absolute_url()).content.decode()


def test_a_team_of_another_contest_or_a_wrong_address_gets_nothing(cast, contest):
    run(cast.client("officer"), contest, "start")
    assert Client().get("/study/teams/wrong/").status_code == 404
    other = save_contest(name="别的", held_on=dt.date(2018, 1, 15), note="", by=cast.actor("officer"))
    set_teams(other, [("三队", "")], by=cast.actor("officer"))
    assert give("三队", "A").status_code == 409
    assert Client().post(page_of("一队"), {"id": "x"}, headers={"X-Contest": "1"}).status_code == 409
    assert not TeamAnswer.objects.exists()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_results_go_out(cast, contest, kind):
    host = cast.client("officer")
    run(host, contest, "start")
    give("一队", "A")
    run(host, contest, "close")
    run(host, contest, "reveal")
    out = cast.client("member").get(contest.get_absolute_url(), {"format": kind})
    assert out["Content-Disposition"].startswith("attachment")
    if kind == "csv":
        assert "一队,张三、李四,10,10" in out.content.decode("utf-8-sig")


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, contest, bank, number, django_assert_num_queries):
    host, by = cast.client("officer"), cast.actor("officer")
    set_teams(contest, [(f"{count}队", "") for count in range(number)], by=by)
    run(host, contest, "start")
    for count in range(number):
        give(f"{count}队", "A")
    run(host, contest, "close")
    run(host, contest, "reveal")
    with django_assert_num_queries(4):
        host.get(reverse("study:contests"))
    with django_assert_num_queries(9):
        host.get(contest.get_absolute_url())
    with django_assert_num_queries(8):
        host.get(reverse("study:board", args=[contest.pk]))
    with django_assert_num_queries(8):
        host.get(reverse("study:contest_host", args=[contest.pk]))
    page = page_of("0队")
    with django_assert_num_queries(5):
        Client().get(page)
