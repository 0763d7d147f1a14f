from __future__ import annotations

import pytest
from django.urls import reverse

from qizhi.core.ids import new_id
from qizhi.core.models import AuditEvent
from qizhi.study.models import BankQuestion, SelfAnswer, SelfTest
from qizhi.study.rules.questions import Question, Shape
from qizhi.study.services.banks import change_bank, create_bank, save_question

HOME = "/study/self-tests/"


@pytest.fixture
def bank(cast):
    """An open bank with a question of each shape, two of them on the constitution."""
    by = cast.actor("officer")
    made = create_bank(name="党规党纪", is_open=True, by=by)
    for question in (
        Question(Shape.SINGLE, "影响期？", ("一年", "两年"), "A", explanation="警告一年", clause="《条例》"),
        Question(Shape.MULTIPLE, "哪些？", ("甲", "乙", "丙"), "AC", topic="党章"),
        Question(Shape.TRUE_FALSE, "对吗？", ("正确", "错误"), "B", topic="党章"),
        Question(Shape.SHORT, "原则？", accepted=("民主集中制",)),
    ):
        save_question(made, question, by=by)
    return made


def draw(client, source, number=10, key=None):
    form = {"id": str(key or new_id()), "source": source, "number": number}
    return client.post(HOME, form)


def typed(test, **by_text):
    """The form of the page, with answers by the words of the question."""
    data: dict = {"shown": []}
    for row in SelfAnswer.objects.filter(test=test).select_related("question"):
        data["shown"].append(row.position)
        if row.question.text in by_text:
            data[f"q{row.position}"] = by_text[row.question.text]
    return data


def test_everybody_may_draw_and_a_second_click_draws_no_other(cast, bank):
    client, key = cast.client("member"), new_id()
    assert "不统计、不排序，也不用于考核" in client.get(HOME).content.decode()
    for _ in range(2):
        assert draw(client, str(bank.pk), 10, key)["Location"] == f"{HOME}{key}/"
    test = SelfTest.objects.get()
    assert (test.person, test.answers.count()) == (cast.person("member"), 4)


def test_a_topic_limits_what_is_drawn_and_retired_questions_are_not(cast, bank):
    BankQuestion.objects.filter(text="哪些？").update(is_retired=True)
    draw(cast.client("member"), f"{bank.pk}|党章")
    assert [row.question.text for row in SelfAnswer.objects.select_related("question")] == ["对吗？"]


def test_a_bank_that_is_not_open_cannot_be_drawn_from(cast, bank):
    change_bank(bank, name=bank.name, note="", is_open=False, by=cast.actor("officer"))
    client = cast.client("member")
    assert draw(client, str(bank.pk)).status_code == 422
    assert "现在没有开放的题库" in client.get(HOME).content.decode()
    assert not SelfTest.objects.exists()


def test_answers_are_kept_as_they_are_given_and_found_again(cast, bank):
    client = cast.client("member")
    page = draw(client, str(bank.pk))["Location"]
    test = SelfTest.objects.get()
    saved = client.post(page, typed(test, **{"影响期？": "A"}), headers={"HX-Request": "true"})
    assert "已保存 1 题" in saved.content.decode()
    assert "<html" not in saved.content.decode()
    client.post(page, typed(test, **{"影响期？": "B", "哪些？": ["C", "A", "Z"], "save": "1"}))
    again = client.get(page).content.decode()
    assert "已保存 2 题" in again
    assert again.count(" checked") == 3
    assert "警告一年" not in again
    given = {row.question.text: row.given for row in test.answers.select_related("question")}
    assert given == {"影响期？": "B", "哪些？": "AC", "对吗？": "", "原则？": ""}


def test_handing_in_shows_what_was_right_and_why(cast, bank):
    client = cast.client("member")
    page = draw(client, str(bank.pk))["Location"]
    test = SelfTest.objects.get()
    answers = {"影响期？": "A", "哪些？": ["A"], "对吗？": "B", "原则？": " 民主集中制。"}
    client.post(page, {**typed(test, **answers), "finish": "1"})
    shown = client.get(page)
    assert shown.context["right"] == 3
    for words in ("警告一年", "《条例》", "A. 甲；C. 丙", "不对", "只有您本人看得到"):
        assert words in shown.content.decode()
    assert client.post(page, typed(test, **{"影响期？": "B"})).status_code == 409
    assert test.answers.get(question__text="影响期？").given == "A"


def test_nobody_else_sees_it_and_no_log_tells_of_it(cast, bank):
    page = draw(cast.client("member"), str(bank.pk))["Location"]
    for who in ("secretary", "officer", "inspector", "leader", "personnel", "neighbour", "outsider"):
        client = cast.client(who)
        assert client.get(page).status_code == 404
        assert client.post(page, {"finish": "1"}).status_code == 404
        assert client.post(f"{page}remove/").status_code == 404
        assert page not in client.get(HOME).content.decode()
    assert page in cast.client("member").get(reverse("web:mine")).content.decode()
    assert not AuditEvent.objects.filter(model__contains="selftest").exists()
    assert not AuditEvent.objects.filter(by_id=cast.member.pk).exists()


def test_one_may_forget_a_test(cast, bank):
    client = cast.client("member")
    page = draw(client, str(bank.pk))["Location"]
    assert client.post(f"{page}remove/").status_code == 302
    assert not SelfTest.objects.exists()


def test_an_account_without_a_person_is_told(cast, bank):
    cast.member.person = None
    cast.member.save()
    done = draw(cast.client("member"), str(bank.pk))
    assert done.status_code == 422
    assert "没有对应的人员" in done.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, bank, number, django_assert_num_queries):
    client = cast.client("member")
    BankQuestion.objects.filter(
        pk__in=list(BankQuestion.objects.values_list("pk", flat=True)[number:])
    ).update(is_retired=True)
    page = [draw(client, str(bank.pk))["Location"] for _ in range(number)][-1]
    with django_assert_num_queries(6):
        client.get(HOME)
    with django_assert_num_queries(6):
        client.get(page)
