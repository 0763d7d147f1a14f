from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from qizhi.core import clock
from qizhi.publishing.models import Complaint
from qizhi.publishing.services import answer_complaint, send_complaint
from qizhi.publishing.tests.conftest import CODE

NEW, INBOX, BY_CODE = "/complaints/new/", "/complaints/", "/complaints/by-code/"


def text_of(reply):
    return reply.content.decode()


def filled(**values):
    return {
        "id": str(uuid.uuid4()),
        "code": CODE,
        "kind": "complaint",
        "text": "太慢",
        "page": "/tasks/",
        **values,
    }


@pytest.mark.parametrize("who", ["member", "officer", "leader"])
@pytest.mark.parametrize("page", ["/", "/mine/", "/regulations/"])
def test_every_page_leads_there_and_hands_its_address_on(cast, who, page):
    client = cast.client(who)
    address = re.search(r'href="(/complaints/new/\?page=[^"]+)"', text_of(client.get(page))).group(1)
    assert f'value="{page}"' in text_of(client.get(address))


def test_an_error_page_leads_there_without_handing_on_what_was_asked_for(cast):
    page = text_of(cast.client("member").get("/no/such/page/"))
    assert 'href="/complaints/new/"' in page


def test_signed_it_goes_to_the_own_list_with_its_answer(cast, calendar):
    client = cast.client("member")
    reply = client.post(NEW, filled())
    made = Complaint.objects.get()
    assert reply["Location"] == made.get_absolute_url()
    assert (made.sent_by, made.code_digest) == (cast.person("member"), "")
    page = text_of(client.get(made.get_absolute_url()))
    assert "2018年1月29日（10 个工作日）" in page
    assert "<h1>投诉" in page
    answer_complaint(made, text="已加快", by=cast.actor("officer"))
    mine = text_of(client.get("/mine/"))
    assert "太慢" in mine
    assert "已加快" in mine
    again = reverse("publishing:complaint_reopen", args=[made.pk])
    assert client.post(again, {"id": str(uuid.uuid4()), "because": "还是慢"}).status_code == 302
    assert "待答复" in text_of(client.get("/mine/"))


def test_unsigned_the_code_is_shown_once_and_nothing_leads_to_the_writer(cast, calendar):
    client = cast.client("member")
    page = text_of(client.post(NEW, filled(is_unsigned="on"), follow=True))
    assert "ABCD-EFGH-2345" in page
    assert "ABCD-EFGH-2345" not in text_of(client.get(BY_CODE))
    assert "太慢" not in text_of(client.get("/mine/"))
    made = Complaint.objects.get()
    assert client.get(made.get_absolute_url()).status_code == 404
    found = text_of(client.post(BY_CODE, {"code": "abcd efgh 2345"}))
    assert "太慢" in found
    assert "党员丁" not in found.split("<main")[1]
    answer_complaint(made, text="已加快", by=cast.actor("officer"))
    found = text_of(client.post(BY_CODE, {"code": CODE, "id": str(uuid.uuid4()), "because": "还是慢"}))
    assert "已加快" in found
    assert "还是慢" in found
    assert client.post(BY_CODE, {"code": "ABCDEFGH9999"}).status_code == 422


def test_a_wrong_form_keeps_what_was_typed(cast):
    reply = cast.client("member").post(NEW, filled(text="", page="/tasks/"))
    assert reply.status_code == 422
    assert 'value="/tasks/"' in text_of(reply)
    assert cast.client("member").post(NEW, filled(code="x")).status_code == 422
    assert Complaint.objects.count() == 0


def test_the_office_answers_from_its_inbox(cast, calendar, signed, unsigned):
    client = cast.client("officer")
    page = text_of(client.get(INBOX))
    assert "有 <strong>2</strong> 条待答复" in page
    assert "未署名" in page
    assert "党员丁" in page
    answer = reverse("publishing:complaint_answer", args=[unsigned.pk])
    assert client.post(answer, {"id": str(uuid.uuid4()), "text": ""}).status_code == 422
    assert client.post(answer, {"id": str(uuid.uuid4()), "text": "只报一次"}).status_code == 302
    assert "有 <strong>1</strong> 条待答复" in text_of(client.get(INBOX))
    assert "材料报了两遍" not in text_of(client.get(INBOX, {"state": "waiting"}))
    assert "最近的截止" not in text_of(client.get(INBOX, {"kind": "complaint"}))
    with clock.at(dt.date(2018, 1, 30)):
        assert "超期未答复" in text_of(client.get(INBOX))


def test_who_answers_finds_on_the_first_screen_what_waits(cast, calendar, signed):
    assert "条投诉建议</a>等您答复" in text_of(cast.client("officer").get("/"))
    assert "条投诉建议" not in text_of(cast.client("secretary").get("/"))
    answer_complaint(signed, text="已经改了。", by=cast.actor("officer"))
    assert "条投诉建议" not in text_of(cast.client("officer").get("/"))


def test_an_unknown_calendar_is_said(cast, signed):
    assert "未知（工作日历不全）" in text_of(cast.client("officer").get(INBOX))
    assert "算不出是哪一天" in text_of(cast.client("member").get(signed.get_absolute_url()))


def test_the_inbox_goes_out_as_a_table(cast, calendar, signed, unsigned):
    client = cast.client("officer")
    lines = client.get(INBOX, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "收到日期,类别,提出人,关于页面,内容,情况,答复截止,答复日期,答复"
    assert "2018-01-15,投诉,未署名,/,材料报了两遍,待答复,2018-01-29,," in lines
    assert client.get(INBOX, {"format": "xlsx"}).content[:2] == b"PK"


def test_others_see_nothing(cast, signed):
    for who in ("secretary", "leader", "inspector", "personnel", "outsider"):
        assert cast.client(who).get(signed.get_absolute_url()).status_code == 404, who
        expected = 200 if who == "outsider" else 403  # an officer, of another bureau
        assert cast.client(who).get(INBOX).status_code == expected, who
    assert "最近的截止" not in text_of(cast.client("outsider").get(INBOX))
    address = reverse("publishing:complaint_reopen", args=[signed.pk])
    assert cast.client("officer").get(address).status_code == 404
    assert cast.client("outsider").get(signed.get_absolute_url() + "answer/").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_queries_of_the_inbox_do_not_grow(cast, calendar, many, django_assert_num_queries):
    for number in range(many):
        made = send_complaint(kind="complaint", text=f"{number}", page="", by=cast.actor("member"))
        answer_complaint(made, text="好", by=cast.actor("officer"))
    client = cast.client("officer")
    client.get(INBOX)
    with django_assert_num_queries(8):
        client.get(INBOX)
