"""The working calendar in the browser."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core.models import AuditEvent
from qizhi.regulations.models import CalendarPaper
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import UnknownCalendarError
from qizhi.regulations.services import put_calendar_paper

ADDRESS = "/regulations/calendar/"
PAPER = {
    "year": "2027",
    "scope": "national",
    "title": "国务院办公厅关于2027年部分节假日安排的通知",
    "doc_no": "待核",
    "confirmation": "R",
    "notice": "一、元旦：1月1日放假，与周末连休。",
}


def test_a_year_with_its_papers(cast, national):
    page = cast.client("member").get(ADDRESS).content.decode()
    assert "2018年工作日历" in page
    assert "250 个工作日" in page
    assert "国办发明电〔2017〕12号" in page
    assert '<td class="day-makeup" title="春节">11<i>班</i>' in page
    assert '<td class="day-rest" title="春节">15<i>休</i>' in page
    assert "未知：没有" not in page


def test_a_year_without_a_paper_is_unknown_and_says_so(cast, national):
    page = cast.client("member").get(ADDRESS, {"year": "2027"}).content.decode()
    assert "这一年工作日未知" in page
    assert "请联系政工处或人事部门录入" in page
    assert "个工作日" not in page
    assert '<td class="day-' not in page


def test_the_part_of_a_year_that_no_paper_vouches_for_is_unknown(cast):
    client = cast.client("officer")
    whole = (
        "元旦：1月1日放假。\n春节：2月5日至11日放假。\n清明节：4月5日放假。\n劳动节：5月1日放假。\n"
        "端午节：6月9日放假。\n中秋节：9月15日放假。\n国庆节：10月1日至7日放假。"
    )
    client.post(f"{ADDRESS}papers/new/", {**PAPER, "notice": whole, "confirmed_until": "2027-06-30"})
    page = client.get(ADDRESS, {"year": "2027"}).content.decode()
    assert "有一部分日期未知" in page
    assert page.count("<i>？</i>") == 184  # July to December
    assert "6月 <small>21 个工作日" in page
    assert "7月 <small>未知" in page


def test_the_last_days_of_december_may_still_move(cast, every_year):
    client = cast.client("member")
    assert "可能被2027年的通知调整" in client.get(ADDRESS, {"year": "2026"}).content.decode()
    assert "可能被" not in client.get(ADDRESS, {"year": "2018"}).content.decode()


@pytest.mark.parametrize("year", ["", "x", "0", "99999", "２０１８", "-1"])
def test_a_senseless_year_shows_this_one(cast, year):
    assert "2018年工作日历" in cast.client("member").get(ADDRESS, {"year": year}).content.decode()


@pytest.mark.parametrize("who", ["officer", "personnel"])
def test_a_paper_is_entered_and_counts_at_once(cast, who):
    client = cast.client(who)
    page = client.get(f"{ADDRESS}papers/new/", {"year": "2027"})
    assert "2027年部分节假日" in page.content.decode()
    values = {**PAPER, "id": page.context["form"]["id"].value()}
    assert client.post(f"{ADDRESS}papers/new/", values).headers["Location"] == f"{ADDRESS}?year=2027"
    assert client.post(f"{ADDRESS}papers/new/", values).status_code == 302
    assert CalendarPaper.objects.count() == 1
    assert not calendar_for(cast.bureau.pk).is_working_day(dt.date(2027, 1, 1))


def test_a_paper_that_contradicts_itself_comes_back_with_what_was_typed(cast):
    client = cast.client("officer")
    wrong = {**PAPER, "notice": "春节：2月5日至11日放假，共8天。", "confirmed_until": "2026-01-01"}
    page = client.post(f"{ADDRESS}papers/new/", wrong)
    assert page.status_code == 422
    text = page.content.decode()
    assert "写明共8天，读出的是7天" in text
    assert "2月5日至11日放假" in text
    assert "应当是2027年内的一天" in text
    with pytest.raises(UnknownCalendarError):
        calendar_for(cast.bureau.pk).is_working_day(dt.date(2027, 3, 1))


def test_the_same_paper_twice_is_refused(cast):
    client = cast.client("officer")
    client.post(f"{ADDRESS}papers/new/", PAPER)
    page = client.post(f"{ADDRESS}papers/new/", PAPER)
    assert page.status_code == 422
    assert "没有重复录入" in page.content.decode()


def test_the_same_number_twice_and_another_year_in_the_title_are_refused(cast):
    client = cast.client("officer")
    client.post(f"{ADDRESS}papers/new/", {**PAPER, "doc_no": "国办发明电〔2026〕9号"})
    again = {**PAPER, "doc_no": "国办发明电〔2026〕9号", "title": "国务院办公厅关于放假的通知"}
    page = client.post(f"{ADDRESS}papers/new/", again)
    assert page.status_code == 422
    assert "已有文号为国办发明电〔2026〕9号的通知" in page.content.decode()
    other = {**PAPER, "title": "国务院办公厅关于2028年部分节假日安排的通知", "notice": "元旦：1月1日放假。"}
    page = client.post(f"{ADDRESS}papers/new/", other)
    assert page.status_code == 422
    assert "标题写的是2028年，年份填的是2027年" in page.content.decode()
    assert CalendarPaper.objects.count() == 1


def test_a_paper_that_was_entered_by_mistake_is_taken_away_with_a_reason(cast):
    client = cast.client("officer")
    client.post(f"{ADDRESS}papers/new/", PAPER)
    paper = CalendarPaper.objects.get()
    address = f"{ADDRESS}papers/{paper.pk}/remove/"
    assert address in client.get(paper.get_absolute_url()).content.decode()
    assert cast.client("secretary").post(address, {"because": "x"}).status_code == 403
    assert client.post(address, {"because": " "}).status_code == 422
    assert client.post(address, {"because": "重复录入"}).status_code == 302
    assert client.post(address, {"because": "重复录入"}).status_code == 404
    with pytest.raises(UnknownCalendarError):
        calendar_for(cast.bureau.pk).is_working_day(dt.date(2027, 3, 1))
    event = AuditEvent.objects.get(verb="regulations.remove_paper")
    assert event.after["删除原因"] == "重复录入"
    assert event.before["doc_no"] == paper.doc_no


def test_a_paper_is_corrected(cast):
    client = cast.client("officer")
    client.post(f"{ADDRESS}papers/new/", PAPER)
    paper = CalendarPaper.objects.get()
    address = f"{ADDRESS}papers/{paper.pk}/edit/"
    assert "1月1日放假" in client.get(address).content.decode()
    assert client.post(address, {**PAPER, "notice": "元旦：1月4日放假。"}).status_code == 302
    assert calendar_for(cast.bureau.pk).is_working_day(dt.date(2027, 1, 1))
    assert client.post(address, {**PAPER, "notice": "元旦"}).status_code == 422


def test_others_do_not_enter_papers(cast):
    assert cast.client("secretary").get(f"{ADDRESS}papers/new/").status_code == 403
    assert cast.client("secretary").post(f"{ADDRESS}papers/new/", PAPER).status_code == 403
    assert not CalendarPaper.objects.exists()


def test_papers_of_another_bureau_are_not_found(cast, national):
    paper = CalendarPaper.objects.filter(bureau=national).first()
    assert paper is not None
    assert cast.client("outsider").get(f"{ADDRESS}papers/{paper.pk}/edit/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_papers(cast, django_assert_num_queries, rows):
    for number in range(rows):
        values = {**PAPER, "year": 2018, "title": f"通知{number}", "confirmed_until": None}
        put_calendar_paper(values=values, by=cast.actor("officer"))
    calendar_for(cast.bureau.pk)
    client = cast.client("member")
    with django_assert_num_queries(9):
        page = client.get(ADDRESS).content.decode()
    assert page.partition("各年的通知")[0].count(">待核</td>") == rows
