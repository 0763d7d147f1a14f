"""Calls and works in the browser: opened, handed in, corrected, selected, sent on, taken back."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qizhi.core.ids import new_id
from qizhi.culture.models import Call, Work
from qizhi.culture.services import withdraw_work

CALLS = "/culture/"


def at(name, row):
    return reverse(f"culture:{name}", args=[row.pk])


def text_of(page):
    return page.content.decode().split("<main")[1]


def step(cast, call, works, **values):
    data = {"work": [str(work.pk) for work in works], **values}
    return cast.client("officer").post(at("works_decide", call), data, follow=True)


def test_the_office_opens_a_call_once_and_corrects_it(cast, kinds):
    office = cast.client("officer")
    values = {"id": str(new_id()), "kind": "maxim", "title": "党员格言征集", "unit": str(cast.root.pk)}
    values |= {"opened_on": "2018-01-02", "due_on": "2018-01-01"}
    wrong = office.post(f"{CALLS}new/", values)
    assert wrong.status_code == 422
    assert "截止日期早于发布日期" in text_of(wrong)
    for _ in range(2):
        assert office.post(f"{CALLS}new/", values | {"due_on": "2018-02-28"}).status_code == 302
    call = Call.objects.get()
    assert "正在征集 <strong>1</strong> 项" in text_of(cast.client("member").get(CALLS))
    again = office.post(f"{CALLS}new/", values | {"id": str(new_id()), "due_on": ""})
    assert "已有名为“党员格言征集”的征集" in text_of(again)
    office.post(
        at("call_edit", call), values | {"title": "格言征集", "due_on": "2018-01-10", "is_blind": "on"}
    )
    call.refresh_from_db()
    assert (call.title, call.due_on, call.is_blind) == ("格言征集", dt.date(2018, 1, 10), True)
    assert "现在没有正在进行的征集" in text_of(office.get(CALLS))
    assert cast.client("secretary").get(f"{CALLS}new/").status_code == 403


def test_a_call_without_works_can_be_removed_one_with_works_cannot(cast, opened, handed):
    call, office = opened(), cast.client("officer")
    work = handed(call)
    assert "已登记 1 件作品，不能删除" in office.post(at("call_remove", call)).content.decode()
    Work.objects.filter(pk=work.pk).delete()
    assert office.post(at("call_remove", call)).status_code == 302
    assert not Call.objects.exists()


def test_a_member_hands_in_their_own_work_and_is_asked_neither_who_nor_where(cast, opened):
    call, client = opened("maxim", due_on=dt.date(2018, 1, 12)), cast.client("member")
    form = client.get(at("work_new", call)).context["form"]
    assert "author" not in form.fields
    assert "unit" not in form.fields
    values = {"id": str(new_id()), "text": "印章在手，\n分寸在心", "handed_in_on": "2018-01-15"}
    for _ in range(2):
        assert client.post(at("work_new", call), values).status_code == 302
    work = Work.objects.get()
    assert (work.title, work.author, work.unit) == ("印章在手， 分寸在心", cast.person("member"), cast.first)
    assert work.is_late
    assert "逾期" in text_of(client.get(work.get_absolute_url()))
    empty = client.post(at("work_new", call), {"id": str(new_id()), "handed_in_on": "2018-01-15"})
    assert "题目和内容至少写一样" in text_of(empty)
    early = client.post(at("work_new", call), {**values, "id": str(new_id()), "handed_in_on": "2018-01-01"})
    assert "收到日期早于发布日期" in text_of(early)
    same = client.post(at("work_new", call), {**values, "id": str(new_id())})
    assert "已经登记（第1号）" in text_of(same)


def test_a_secretary_hands_in_for_the_branch_and_for_nobody_else(cast, opened):
    call, client = opened(), cast.client("secretary")
    values = {"title": "把支部建在业务链上", "handed_in_on": "2018-01-10"}
    ok = client.post(at("work_new", call), {**values, "id": str(new_id()), "author": "党员丁"})
    assert ok.status_code == 302
    whole = client.post(at("work_new", call), {**values, "id": str(new_id()), "unit": str(cast.first.pk)})
    assert whole.status_code == 302
    assert Work.objects.get(author=None).author_label == "集体"
    other = client.post(at("work_new", call), {**values, "id": str(new_id()), "author": "党员庚"})
    assert "您只能登记本人和本支部的作品" in text_of(other)
    nobody = client.post(at("work_new", call), {**values, "id": str(new_id())})
    assert "请写明作者" in text_of(nobody)
    unknown = client.post(at("work_new", call), {**values, "id": str(new_id()), "author": "查无此人"})
    assert "人员库里没有“查无此人”" in text_of(unknown)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("member", 200),
        ("secretary", 200),
        ("officer", 200),
        ("neighbour", 404),
        ("leader", 404),
        ("outsider", 404),
    ],
)
def test_the_words_of_a_work_are_for_the_few(cast, opened, handed, name, status):
    call = opened()
    work = handed(call, text="只给评审看")
    assert cast.client(name).get(work.get_absolute_url()).status_code == status
    page = cast.client(name).get(call.get_absolute_url())
    assert ("谈心谈话谈什么" in page.content.decode()) == (status == 200)


def test_works_are_selected_sent_on_and_called_back(cast, opened, handed):
    call = opened()
    works = [handed(call, f"第{number}篇") for number in range(3)]
    assert "没有勾选作品" in text_of(step(cast, call, [], step="selected"))
    sent = {"step": "forward", "forwarded_on": "2018-01-12", "forwarded_to": "示例总局"}
    assert "还没有入选，不能报送" in step(cast, call, works[:1], **sent).content.decode()
    assert "2 件作品改为“入选”" in text_of(step(cast, call, works[:2], step="selected"))
    assert "请填写报送日期" in text_of(step(cast, call, works[:1], step="forward", forwarded_on="昨天"))
    assert (
        "请写明报送给哪个单位"
        in step(cast, call, works[:1], step="forward", forwarded_on="2018-01-12").content.decode()
    )
    said = text_of(step(cast, call, works[:2], **sent))
    assert "2 件作品已登记报送示例总局" in said
    assert "收到 <strong>3</strong> 件，入选 <strong>2</strong> 件，报送 <strong>2</strong> 件" in said
    assert "请先取消报送" in step(cast, call, works[:1], step="passed_over").content.decode()
    assert "1 件作品已取消报送" in text_of(step(cast, call, works[:1], step="call_back"))
    assert "1 件作品改为“未入选”" in text_of(step(cast, call, works[:1], step="passed_over"))
    assert cast.client("secretary").post(at("works_decide", call)).status_code == 403


def test_what_was_decided_the_author_changes_no_more_and_the_office_still_can(cast, opened, handed):
    call = opened()
    work = handed(call)
    member, office = cast.client("member"), cast.client("officer")
    values = {"title": "改了题目", "text": "正文", "handed_in_on": "2018-01-10", "may_show": "on"}
    assert member.post(at("work_edit", work), values).status_code == 302
    work.refresh_from_db()
    assert (work.title, work.may_show, work.author) == ("改了题目", True, cast.person("member"))
    step(cast, call, [work], step="selected")
    assert member.get(at("work_edit", work)).status_code == 404
    form = office.get(at("work_edit", work)).context["form"]
    assert form["author"].value() == "党员丁(0004)"
    changed = office.post(at("work_edit", work), values | {"author": "党员丁", "title": "再改"})
    assert changed.status_code == 302
    assert "改了题目" in text_of(office.get(work.get_absolute_url()))  # in the log


def test_a_work_is_taken_back_with_a_reason_and_comes_back(cast, opened, handed):
    call = opened()
    work, client = handed(call), cast.client("member")
    assert client.post(at("work_withdraw", work), {"because": ""}).status_code == 422
    assert client.post(at("work_withdraw", work), {"because": "重写"}).status_code == 302
    assert "已撤回" in text_of(client.get(work.get_absolute_url()))
    assert "收到 <strong>0</strong> 件" in text_of(client.get(call.get_absolute_url()))
    assert "已撤回（重写），不能评选" in step(cast, call, [work], step="selected").content.decode()
    assert client.post(at("work_restore", work)).status_code == 302
    assert "收到 <strong>1</strong> 件" in text_of(client.get(call.get_absolute_url()))


def test_judges_of_a_blind_call_see_numbers_and_no_author(cast, opened, handed):
    call = opened(is_blind=True)
    handed(call, text="正文一")
    back = handed(call, "撤回的")
    withdraw_work(back, because="重写", by=cast.actor("officer"))
    said = text_of(cast.client("leader").get(at("reading", call)))
    assert "第 1 号" in said
    assert "正文一" in said
    for word in ("党员丁", "第一党支部", "撤回的"):
        assert word not in said
    open_call = opened(title="公开评审")
    handed(open_call)
    assert "党员丁" in text_of(cast.client("leader").get(at("reading", open_call)))
    assert cast.client("secretary").get(at("reading", call)).status_code == 403


def test_lists_are_found_and_leave_as_files(cast, opened, handed):
    call = opened()
    handed(call, "第一篇")
    handed(call, "第二篇", name="neighbour")
    office = cast.client("officer")
    assert "第二篇" not in text_of(office.get(call.get_absolute_url(), {"q": "党员丁"}))
    assert "第一篇" not in text_of(office.get(call.get_absolute_url(), {"state": "selected"}))
    file = office.get(call.get_absolute_url(), {"format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert [row["题目"] for row in rows] == ["第一篇", "第二篇"]
    own = cast.client("member").get(call.get_absolute_url(), {"format": "csv"}).content.decode("utf-8-sig")
    assert "第二篇" not in own
    register = office.get(CALLS, {"format": "csv", "kind": "essay", "year": "2018"}).content.decode(
        "utf-8-sig"
    )
    assert "2018年征文" in register
    assert "没有符合条件的征集" in text_of(office.get(CALLS, {"kind": "maxim"}))


def test_the_database_holds_that_only_the_selected_are_sent_on(cast, opened, handed):
    work = handed(opened())
    for values in ({"forwarded_on": dt.date(2018, 1, 12), "forwarded_to": "示例总局"}, {"forwarded_to": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Work.objects.filter(pk=work.pk).update(**values)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_pages_do_not_grow(cast, opened, handed, django_assert_num_queries, number):
    calls = [opened(title=f"第{count}次征集") for count in range(number)]
    for count in range(number):
        handed(calls[0], f"第{count}篇")
    client = cast.client("officer")
    with django_assert_num_queries(6):
        assert client.get(CALLS).status_code == 200
    with django_assert_num_queries(8):
        assert client.get(calls[0].get_absolute_url()).status_code == 200
    with django_assert_num_queries(5):
        assert client.get(at("reading", calls[0])).status_code == 200
