from __future__ import annotations

import pytest
from django.urls import reverse

from qizhi.core.ids import new_id
from qizhi.core.tables import read_table
from qizhi.tasks.importers import DOCUMENTS
from qizhi.tasks.models import Document, Extension
from qizhi.tasks.services import documents as services
from qizhi.tasks.services.extensions import ExtensionValues, ask_extension
from qizhi.tasks.tests.documents import day, extend, make_department, make_document, make_head
from tests.walk import Page

PAGE = "/tasks/documents/"
ORDINARY = {
    "title": "关于报送材料的通知",
    "number": "示检〔2018〕1号",
    "sender": "上级局",
    "received_on": "2018-01-10",
    "handler": "党员丁",
    "working_days": "5",
}


def at(name, row):
    return reverse(f"tasks:{name}", args=[row.pk])


def text_of(page):
    return page.content.decode().split("<main")[1]


def login(client_class, account):
    client = client_class()
    client.force_login(account)
    return client


def test_an_ordinary_document_takes_six_inputs(cast, calendar):
    client = cast.client("officer")
    form = Page(client.get(f"{PAGE}new/").content.decode()).main_form
    given = {name: one.sent[0] for name, one in form.items() if one.sent and one.sent[0]}
    # The day of receipt is today, kind and reminder are chosen; what is left is typed.
    assert {"received_on", "kind", "remind_days", "id"} <= set(given)
    reply = client.post(f"{PAGE}new/", given | ORDINARY)
    made = Document.objects.get()
    assert reply["Location"] == made.get_absolute_url()
    assert len(ORDINARY) == 6
    assert (made.working_days, str(made.handlings.get().person)) == (5, "党员丁")
    page = text_of(client.get(made.get_absolute_url()))
    assert "2018年1月17日" in page
    assert "2018年1月10日收文，次日起 5 个工作日" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"handler": "没有此人"}, "人员库里没有"),
        ({"working_days": ""}, "没有写明什么时候办结"),
        ({"due_on": "2018-01-31"}, "只填一种"),
        ({"received_on": "2018-01-31"}, "不能晚于今天"),
        ({"title": ""}, "必填"),
    ],
)
def test_a_wrong_form_comes_back_with_everything_typed(cast, change, words):
    typed = {**ORDINARY, "kind": "incoming", "remind_days": "2", "id": str(new_id()), **change}
    reply = cast.client("officer").post(f"{PAGE}new/", typed)
    assert reply.status_code == 422
    text = text_of(reply)
    assert words in text
    for name in ("number", "sender"):
        assert f'value="{typed[name]}"' in text
    assert not Document.objects.exists()


def test_who_sees_a_document(cast, calendar, client):
    unit, person = make_department(cast)
    head, other_head = make_head(cast), make_head(cast, "处长卯", unit)
    document = make_document(cast)
    address = document.get_absolute_url()
    for who in ("member", "officer", "inspector", "leader"):
        assert cast.client(who).get(address).status_code == 200, who
        assert document.title in text_of(cast.client(who).get(PAGE)), who
    for who in ("neighbour", "secretary", "outsider"):
        assert cast.client(who).get(address).status_code == 404, who
        assert document.title not in text_of(cast.client(who).get(PAGE)), who
    client.force_login(head)
    assert client.get(address).status_code == 200
    client.force_login(other_head)
    assert client.get(address).status_code == 404
    # A document handed over stays readable for those who had it, and becomes so for those who get it.
    cast.client("officer").post(at("hand_over", document), {"handler": person.name, "on": "2018-01-08"})
    assert client.get(address).status_code == 200
    assert cast.client("member").get(address).status_code == 200
    assert cast.client("member").get(at("document_done", document)).status_code == 404


STEPS = (
    "document_edit",
    "document_done",
    "document_reopen",
    "document_withdraw",
    "document_restore",
    "hand_over",
    "extension_new",
)


@pytest.mark.parametrize("name", STEPS)
def test_the_steps_are_not_for_strangers(cast, calendar, name, client):
    _, person = make_department(cast)
    other_head = make_head(cast, "处长卯", person.placements.get().unit)
    document = make_document(cast)
    client.force_login(other_head)
    assert client.post(at(name, document), {}).status_code == 404
    own = name in {"document_done", "extension_new"}
    for who in ("neighbour", "leader", "outsider"):
        status = cast.client(who).post(at(name, document), {}).status_code
        assert status in ({404} if own or who == "outsider" else {403}), (who, status)
    if not own:
        assert cast.client("member").post(at(name, document), {}).status_code == 403


def test_the_handler_finishes_and_only_others_correct(cast, calendar):
    document = make_document(cast)
    member, officer = cast.client("member"), cast.client("officer")
    assert "登记办结" in text_of(member.get(document.get_absolute_url()))
    assert member.post(at("document_done", document), {"on": "2018-01-16"}).status_code == 422
    assert (
        member.post(at("document_done", document), {"on": "2018-01-09", "result": "已报"}).status_code == 302
    )
    page = text_of(officer.get(document.get_absolute_url()))
    assert "按期办结" in page
    assert "2018年1月15日补登" in page
    assert member.get(at("document_done", document)).status_code == 404
    officer.post(at("document_done", document), {"on": "2018-01-10", "result": "已报"})
    page = text_of(officer.get(document.get_absolute_url()))
    assert "逾期 1 个工作日" in page
    assert "国办发明电〔2017〕12号" in page
    assert "2018年1月9日 → 2018年1月10日" in page


def test_an_extension_is_asked_for_and_decided_by_another_person(cast, calendar, client):
    head = make_head(cast)
    document = make_document(cast)
    member = cast.client("member")
    asked = {"until": "2018-01-31", "because": "等回复", "asked_on": "2018-01-08", "id": str(new_id())}
    for _ in range(2):
        assert member.post(at("extension_new", document), asked).status_code == 302
    extension = Extension.objects.get()
    assert member.get(at("extension_decide", extension)).status_code == 403
    client.force_login(head)
    assert "等待批准的延期" in text_of(client.get(PAGE))
    assert "有 <strong>1</strong> 次延期申请等您批准" in text_of(client.get("/"))
    decision = {
        "state": "approved",
        "approved_until": "2018-01-26",
        "decided_on": "2018-01-09",
        "decided_by": "处长寅",
    }
    own = client.post(at("extension_decide", extension), {**decision, "decided_by": "党员丁"})
    assert own.status_code == 422
    assert "不能批准自己的延期" in text_of(own)
    assert client.post(at("extension_decide", extension), decision).status_code == 302
    page = text_of(member.get(document.get_absolute_url()))
    assert "2018年1月26日（已批准延期）" in page
    more = {**asked, **decision, "approved_until": "2018-01-24"}
    assert client.post(at("extension_edit", extension), more).status_code == 302
    assert "2018年1月24日" in text_of(member.get(document.get_absolute_url()))
    client.post(at("extension_withdraw", extension))
    assert "2018年1月9日" in text_of(member.get(document.get_absolute_url()))


def test_a_head_who_handles_a_document_does_not_decide_on_it(cast, calendar, client):
    head = make_head(cast)
    document = make_document(cast, handler=head.person)
    values = ExtensionValues(day("2018-01-31"), "等回复", day("2018-01-08"))
    extension = ask_extension(document, values=values, asked_by=head.person, by=cast.actor("officer"))
    client.force_login(head)
    assert "等待批准的延期" not in text_of(client.get(PAGE))
    for name in ("extension_decide", "extension_edit"):
        assert client.get(at(name, extension)).status_code == 404
    assert cast.client("officer").get(at("extension_decide", extension)).status_code == 200


def test_hand_overs_are_corrected_and_taken_back(cast, calendar):
    document = make_document(cast)
    officer = cast.client("officer")
    officer.post(at("hand_over", document), {"handler": "书记己", "on": "2018-01-08", "because": "休假"})
    second = document.handlings.latest("from_on")
    assert str(second.person) == "书记己"
    officer.post(at("handling_edit", second), {"handler": "党员庚", "on": "2018-01-09"})
    page = text_of(officer.get(document.get_absolute_url()))
    assert "党员庚" in page
    assert "2018年1月8日" in page  # until then the first
    bad = officer.post(at("handling_edit", second), {"handler": "党员庚", "on": "2018-01-02"})
    assert bad.status_code == 422
    officer.post(at("handling_undo", second))
    assert document.handlings.count() == 1


def test_the_list_is_narrowed(cast, calendar):
    late = make_document(cast, "逾期的")
    soon = make_document(cast, "快到的", received_on=day("2018-01-10"), due_on=day("2018-01-16"))
    far = make_document(cast, "还早的", cast.person("neighbour"), due_on=day("2018-03-30"), sender="上级局")
    done = make_document(cast, "办完的", received_on=day("2017-12-01"))
    services.finish_document(done, on=day("2017-12-05"), by=cast.actor("officer"))
    client = cast.client("officer")

    def shown(**asked):
        text = text_of(client.get(PAGE, asked)).partition("<table")[2]
        return {one.title for one in (late, soon, far, done) if one.title in text}

    everything = {"逾期的", "快到的", "还早的", "办完的"}
    assert shown() == everything - {"办完的"}
    assert shown(show="late") == {"逾期的"}
    assert shown(show="soon") == {"快到的"}
    assert shown(show="done") == {"办完的"}
    assert shown(show="all") == everything
    assert shown(show="withdrawn") == set()
    assert shown(q="上级局") == {"还早的"}
    handler = cast.person("neighbour")
    assert shown(person=handler.name) == shown(person=handler.staff_no) == {"还早的"}
    assert shown(person=f"{handler.name}（{handler.staff_no}）") == {"还早的"}
    assert shown(person=f"{handler.name}（9999）") == shown(person="查无此人") == set()
    assert shown(unit=str(cast.department.pk)) == everything - {"办完的"}
    assert shown(show="all", month="2017-12") == {"办完的"}
    assert shown(month="2017-13", unit="x", show="y", page="z") == everything - {"办完的"}
    assert shown(whose="mine") == set()
    answer = text_of(client.get(PAGE))
    assert "有 <strong>1</strong> 份已逾期，最早的是2018年1月9日到期的“逾期的”" in answer


def test_the_list_leaves_as_a_table_that_comes_in_again(cast, calendar):
    extend(cast, make_document(cast), day("2018-01-31"), day("2018-01-08"), day("2018-01-09"))
    file = cast.client("officer").get(PAGE, {"format": "csv"})
    reading = read_table(file.content, "公文.csv", DOCUMENTS)
    assert reading.errors == []
    assert reading.rows[0].values["due"] == 5
    assert reading.rows[0].values["extended_to"] == day("2018-01-31")
    assert "未到期" in file.content.decode()


def test_the_handler_is_reminded_on_the_first_page(cast, calendar):
    make_document(cast)
    make_document(cast, "快到的", received_on=day("2018-01-10"), due_on=day("2018-01-16"))
    page = text_of(cast.client("member").get("/"))
    assert (
        "由您承办、还没有办结的公文 2 份，<strong>1</strong> 份已逾期，<strong>1</strong> 份即将到期" in page
    )
    assert "限时办结公文" not in text_of(cast.client("neighbour").get("/"))


@pytest.mark.parametrize("show", ["open", "all"])
def test_the_register_asks_the_same_number_of_questions(cast, calendar, show, django_assert_num_queries):
    client = cast.client("officer")
    make_document(cast)
    client.get(PAGE)
    numbers = {"open": 10, "all": 15}
    with django_assert_num_queries(numbers[show]):
        client.get(PAGE, {"show": show})
    for title in ("二", "三"):
        extend(cast, make_document(cast, title), day("2018-01-31"), day("2018-01-08"), day("2018-01-09"))
    with django_assert_num_queries(numbers[show]):
        client.get(PAGE, {"show": show})


def test_a_document_asks_the_same_number_of_questions(cast, calendar, django_assert_num_queries):
    document = make_document(cast)
    client = cast.client("officer")
    extend(cast, document, day("2018-01-30"), day("2018-01-08"), day("2018-01-09"))
    client.get(document.get_absolute_url())
    with django_assert_num_queries(10):
        client.get(document.get_absolute_url())
    extend(cast, document, day("2018-01-31"), day("2018-01-09"), day("2018-01-10"))
    with django_assert_num_queries(10):
        page = client.get(document.get_absolute_url()).content.decode()
    told = page.split("变更记录", 1)[1]
    assert "申请人：党员丁" in told
    assert "已删除" not in told
    assert "单位：" not in told, "that it is of this bureau goes without saying"
