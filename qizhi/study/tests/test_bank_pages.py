from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qizhi.core import clock
from qizhi.core.ids import new_id
from qizhi.core.models import AuditEvent, ImportDraft
from qizhi.study.models import Bank, BankQuestion
from qizhi.study.rules.questions import Question, Shape
from qizhi.study.services.banks import create_bank, save_question

GIFT = """$CATEGORY: 条例

// [tag:依据 《条例》第十条]
::JL-1::警告处分的影响期是多长？{
=一年
~两年
####警告一年。
}

::JL-2::组织原则是什么？{=民主集中制}
"""


@pytest.fixture
def bank(cast):
    """A bank with one question."""
    made = create_bank(name="党规党纪", by=cast.actor("officer"))
    add(cast, made, "党章是根本大法。")
    return made


def add(cast, bank, text):
    question = Question(Shape.TRUE_FALSE, text, ("正确", "错误"), "A", topic="党章")
    return save_question(bank, question, by=cast.actor("officer"))


def send(client, bank, content, name="题.txt"):
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return client.post(reverse("study:bank_import", args=[bank.pk]), {"file": file})


@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("inspector", 200), ("outsider", 404)])
def test_a_bank_opens_for_those_who_keep_it(cast, bank, who, status):
    assert cast.client(who).get(bank.get_absolute_url()).status_code == status


@pytest.mark.parametrize("who", ["member", "secretary", "neighbour", "leader", "personnel"])
def test_keys_are_not_shown_to_others(cast, bank, who):
    client = cast.client(who)
    for address in (reverse("study:banks"), bank.get_absolute_url()):
        assert client.get(address).status_code == 403


def test_a_bank_is_made_once_and_changed(cast, db):
    client, key = cast.client("officer"), str(new_id())
    for _ in range(2):
        done = client.post(reverse("study:bank_new"), {"id": key, "name": "纪律", "note": ""})
        assert done.status_code == 302
    made = Bank.objects.get()
    again = client.post(reverse("study:bank_new"), {"id": str(new_id()), "name": "纪律", "note": ""})
    assert again.status_code == 422
    assert "已有名为“纪律”的题库" in again.content.decode()
    client.post(reverse("study:bank_edit", args=[made.pk]), {"name": "党纪", "note": "", "is_open": "on"})
    made.refresh_from_db()
    assert (made.name, made.is_open) == ("党纪", True)
    event = AuditEvent.objects.filter(verb="study.change_bank").get()
    assert (event.before["name"], event.after["name"]) == ("纪律", "党纪")


def test_a_question_is_written_corrected_and_retired(cast, bank):
    client = cast.client("inspector")
    typed = {
        "shape": "multiple",
        "text": "哪些是纪律？",
        "choices": "政治纪律\n组织纪律\n交通纪律",
        "answer": "a、b",
        "clause": "《条例》第六条",
        "id": str(new_id()),
    }
    address = reverse("study:question_new", args=[bank.pk])
    for _ in range(2):
        assert client.post(address, typed).status_code == 302
    made = BankQuestion.objects.get(text="哪些是纪律？")
    assert (made.right, made.choices) == ("AB", ["政治纪律", "组织纪律", "交通纪律"])
    edit = reverse("study:question_edit", args=[made.pk])
    assert "政治纪律\n组织纪律" in client.get(edit).content.decode()
    wrong = client.post(edit, {**typed, "answer": "AD"})
    assert wrong.status_code == 422
    assert "答案D不在选项里" in wrong.content.decode()
    assert client.post(edit, {**typed, "answer": "AC"}).status_code == 302
    made.refresh_from_db()
    assert made.right == "AC"
    retire = reverse("study:question_retire", args=[made.pk])
    client.post(retire, {"retire": "1"})
    assert "已停用" in client.get(bank.get_absolute_url()).content.decode()
    client.post(retire, {"restore": "1"})
    made.refresh_from_db()
    assert not made.is_retired


def test_the_same_question_twice_is_refused(cast, bank):
    form = {"shape": "true_false", "text": "党章是根本大法。", "answer": "错", "id": str(new_id())}
    answer = cast.client("officer").post(reverse("study:question_new", args=[bank.pk]), form)
    assert answer.status_code == 422
    assert "题库里已有这道题" in answer.content.decode()


def test_a_file_is_looked_at_then_taken_in_and_the_same_again_changes_nothing(cast, bank):
    client = cast.client("officer")
    sent = send(client, bank, GIFT)
    page = client.get(sent["Location"]).content.decode()
    assert "新增 2 道" in page
    assert BankQuestion.objects.count() == 1
    assert "题.txt" in client.get(bank.get_absolute_url()).content.decode()
    assert client.post(sent["Location"]).status_code == 302
    question = BankQuestion.objects.get(code="JL-1")
    assert (question.right, question.clause, question.topic) == ("A", "《条例》第十条", "条例")
    assert client.post(sent["Location"]).status_code == 409
    again = send(client, bank, GIFT)
    assert "完全相同，不需要导入" in client.get(again["Location"]).content.decode()
    client.post(again["Location"])
    assert AuditEvent.objects.filter(verb="study.import_question").count() == 2


def test_a_corrected_file_changes_the_question_of_its_code(cast, bank):
    client = cast.client("officer")
    client.post(send(client, bank, GIFT)["Location"])
    corrected = GIFT.replace("警告处分的影响期是多长", "警告的影响期是多长").replace(
        "=一年\n~两年", "~一年\n=两年"
    )
    sent = send(client, bank, corrected)
    page = client.get(sent["Location"]).content.decode()
    assert "更新 1 道" in page
    assert "原为：警告处分的影响期是多长？" in page
    client.post(sent["Location"])
    assert BankQuestion.objects.get(code="JL-1").right == "B"
    event = AuditEvent.objects.filter(verb="study.import_question").order_by("-at", "-id").first()
    assert (event.before["right"], event.after["right"]) == ("A", "B")


def test_one_bad_line_and_nothing_comes_in(cast, bank):
    client = cast.client("officer")
    sent = send(client, bank, GIFT + "\n这不是题目\n")
    page = client.get(sent["Location"]).content.decode()
    assert "有 1 处需要改正" in page
    assert "没有找到答案" in page
    assert '<td class="num">12</td>' in page
    assert client.post(sent["Location"]).status_code == 409
    assert BankQuestion.objects.count() == 1
    assert ImportDraft.objects.get().applied_at is None


def test_two_lines_for_one_question_are_told(cast, bank):
    client = cast.client("officer")
    client.post(send(client, bank, GIFT)["Location"])
    twice = "::JL-2::别的？{=甲}\n\n组织原则是什么？{=民主集中制}\n"
    page = client.get(send(client, bank, twice)["Location"]).content.decode()
    assert "与第1行是题库里的同一道题" in page


def test_a_file_that_cannot_be_read_is_refused_at_once(cast, bank):
    client = cast.client("officer")
    assert send(client, bank, b"\x00\x01").status_code == 422
    assert client.post(reverse("study:bank_import", args=[bank.pk])).status_code == 422
    assert not ImportDraft.objects.exists()


@pytest.mark.parametrize("kind", ["gift", "aiken", "xlsx", "csv"])
def test_a_bank_goes_out_and_comes_back_into_an_empty_one(cast, bank, kind):
    client = cast.client("officer")
    client.post(send(client, bank, GIFT)["Location"])
    out = client.get(bank.get_absolute_url(), {"format": kind})
    assert out["Content-Disposition"].startswith("attachment")
    other = create_bank(name="另一个", by=cast.actor("officer"))
    client.post(
        send(client, other, out.content, f"题.{'txt' if kind in {'gift', 'aiken'} else kind}")["Location"]
    )
    fields = ("text", "choices", "right", "accepted", "explanation", "clause", "topic", "code")
    first = [row for row in bank.questions.values(*fields) if kind != "aiken" or not row["accepted"]]
    assert list(other.questions.values(*fields)) == first


def test_a_file_that_was_mended_is_listed_no_longer(cast, bank):
    client = cast.client("officer")
    send(client, bank, "::A::没有答案的题？{}")
    send(client, bank, "::B::另一份坏题？{}", name="另一份.txt")
    assert "题.txt" in client.get(bank.get_absolute_url()).content.decode()
    with clock.at(clock.now() + dt.timedelta(minutes=5)):
        mended = send(client, bank, GIFT)
        client.post(mended["Location"])
    page = client.get(bank.get_absolute_url()).content.decode()
    assert ">题.txt</a>" not in page
    assert ">另一份.txt</a>" in page


def test_a_file_of_another_bank_is_not_found(cast, bank):
    client = cast.client("officer")
    other = create_bank(name="另一个", by=cast.actor("officer"))
    sent = send(client, bank, GIFT)
    assert client.get(sent["Location"].replace(str(bank.pk), str(other.pk))).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, bank, number, django_assert_num_queries):
    for count in range(1, number):
        add(cast, bank, f"题{count}")
        create_bank(name=f"题库{count}", by=cast.actor("officer"))
    client = cast.client("officer")
    sent = send(client, bank, GIFT)
    with django_assert_num_queries(4):
        client.get(reverse("study:banks"))
    with django_assert_num_queries(9):
        client.get(bank.get_absolute_url())
    with django_assert_num_queries(6):
        client.get(sent["Location"])
