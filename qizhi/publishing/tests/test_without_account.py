"""Complaints and suggestions from those without an account: an open form, a code, and nothing about who wrote."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from django.test import Client

from qizhi.core import audit
from qizhi.core.permissions import system
from qizhi.org.models import Bureau
from qizhi.publishing import views
from qizhi.publishing.forms import OpenComplaintForm
from qizhi.publishing.models import Complaint
from qizhi.publishing.services import answer_complaint, send_complaint
from qizhi.publishing.tests.conftest import CODE

OPEN, BY_CODE = "/complaints/without-account/", "/complaints/by-code/"


@pytest.fixture(autouse=True)
def forgotten():
    """Nothing was counted before."""
    views.SENT.forget()
    views.TRIED.forget()


def text_of(reply):
    return reply.content.decode()


def filled(to, **values):
    said = {"id": str(uuid.uuid4()), "code": CODE, "kind": "complaint", "text": "太慢", "page": ""}
    return {**said, "bureau": str(to.pk), **values}


@pytest.mark.parametrize("page", ["/login/", "/own/", "/no/such/page/", OPEN, BY_CODE])
def test_every_page_without_log_in_leads_there(cast, page):
    text = text_of(Client().get(page, follow=True))
    assert f'href="{OPEN}"' in text
    assert f'href="{BY_CODE}"' in text


def test_it_is_sent_answered_and_asked_again_without_an_account(cast, calendar):
    client = Client()
    page = client.get(OPEN)
    assert page["Cache-Control"] == "no-store, private"
    assert "data-draft" not in text_of(page)
    assert not re.search(r'name="is_unsigned"', text_of(page))
    sent = client.post(OPEN, filled(cast.bureau), follow=True)
    assert "ABCD-EFGH-2345" in text_of(sent)
    assert "ABCD-EFGH-2345" not in text_of(client.get(BY_CODE))
    made = Complaint.objects.get()
    assert (made.bureau_id, made.sent_by, made.page) == (cast.bureau.pk, None, "")
    answer_complaint(made, text="已加快", by=cast.actor("officer"))
    found = client.post(BY_CODE, {"code": "abcd efgh 2345"})
    assert "已加快" in text_of(found)
    assert found["Cache-Control"] == "no-store, private"
    again = {"code": CODE, "id": str(uuid.uuid4()), "because": "还是慢"}
    assert "还是慢" in text_of(client.post(BY_CODE, again))
    assert "太慢" in text_of(cast.client("officer").get("/complaints/"))
    assert "太慢" not in text_of(cast.client("outsider").get("/complaints/"))


def test_nothing_is_kept_of_who_or_where_from(cast):
    Client(REMOTE_ADDR="10.9.8.7").post(OPEN, filled(cast.bureau))
    made = Complaint.objects.get()
    events = list(audit.history(made).values("by_label", "by_id", "before", "after"))
    assert [(one["by_label"], one["by_id"]) for one in events] == [("未署名", None)]
    assert "10.9.8.7" not in json.dumps([events, list(Complaint.objects.values())], default=str)


def test_with_several_bureaus_one_is_named_and_with_one_it_is_not_asked(cast):
    assert Bureau.objects.count() > 1
    reply = Client().post(OPEN, filled(cast.bureau, bureau=""))
    assert reply.status_code == 422
    assert not Complaint.objects.exists()
    form = OpenComplaintForm({**filled(cast.bureau), "bureau": ""}, bureaus=[cast.bureau])
    assert form.is_valid()
    assert form.sent_to == cast.bureau
    assert "bureau" not in form.fields


def test_without_a_bureau_there_is_nobody_to_send_it_to(db):
    page = Client().get(OPEN)
    assert page.status_code == 200
    assert "还没有登记单位" in text_of(page)
    assert Client().post(OPEN, {"text": "甲"}).status_code == 422


def test_a_second_click_makes_no_second_row(cast):
    values = filled(cast.bureau)
    for _ in range(2):
        assert Client().post(OPEN, values).status_code == 302
    assert Complaint.objects.count() == 1
    assert Client().post(OPEN, {**values, "code": "ABCDEFGH9999"}).status_code == 422


def test_a_flood_from_one_address_stops_and_another_may_go_on(cast):
    client, codes = Client(REMOTE_ADDR="10.0.0.1"), "23456789ABCDEFGHJKMNP"
    replies = [client.post(OPEN, filled(cast.bureau, code=f"ABCDEFGHJK2{one}")) for one in codes[:20]]
    assert {one.status_code for one in replies} == {302}
    stopped = client.post(OPEN, filled(cast.bureau, code="ABCDEFGHJK3A"))
    assert stopped.status_code == 422
    assert "已提交 20 条" in text_of(stopped)
    assert "太慢" in text_of(stopped)  # what was typed is still there
    assert Complaint.objects.count() == 20
    other = Client(REMOTE_ADDR="10.0.0.2")
    assert other.post(OPEN, filled(cast.bureau, code="ABCDEFGHJK3B")).status_code == 302


def test_codes_cannot_be_guessed_at_length(cast, unsigned):
    client = Client()
    for _ in range(10):
        assert "没有这个查询码" in text_of(client.post(BY_CODE, {"code": "ABCDEFGH9999"}))
    assert "先停 10 分钟" in text_of(client.post(BY_CODE, {"code": CODE}))


def test_who_is_logged_in_gets_the_form_that_may_be_signed(cast):
    assert cast.client("member").get(OPEN)["Location"] == "/complaints/new/"


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_grow_with_the_bureaus(cast, many, django_assert_num_queries):
    for number in range(many):
        Bureau.objects.create(code=f"more{number}", name=f"示例{number}局", short_name=f"例{number}")
    send_complaint(kind="complaint", text="甲", page="", by=system(cast.bureau.pk), code=CODE)
    with django_assert_num_queries(2):
        Client().get(OPEN)
