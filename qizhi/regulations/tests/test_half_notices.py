"""Half a notice is not a whole year; numbers and titles are checked; a paper is taken back; PDFs are read."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core.errors import Refused
from qizhi.regulations.models import DayOrdinal
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import (
    PaperDay,
    UnknownCalendarError,
    read_head,
    read_notice,
    read_number,
    spoken_of,
)
from qizhi.regulations.services import put_calendar_paper
from qizhi.regulations.services.files import HOLIDAYS, read_papers
from qizhi.regulations.tests.notices_of_2028 import AS_COPIED, HEAD, REST, WHOLE

D = dt.date
ADDRESS = "/regulations/calendar/"
VALUES = {
    "scope": "national",
    "year": 2028,
    "title": "国务院办公厅关于2028年部分节假日安排的通知",
    "doc_no": "国办发明电〔2027〕9号",
    "confirmation": "R",
}


def put(cast, notice, **more):
    return put_calendar_paper(values={**VALUES, "notice": notice, **more}, by=cast.actor("officer"))


def test_every_paper_that_comes_with_the_product_speaks_of_its_whole_year():
    by_year: dict[int, list[PaperDay]] = {}
    for entry in read_papers(HOLIDAYS):
        by_year.setdefault(entry.year, []).extend(entry.days)
    assert [year for year, days in by_year.items() if spoken_of(year, days).missing] == []


@pytest.mark.parametrize(
    ("notice", "missing", "until"),
    [
        (WHOLE, (), D(2028, 12, 31)),
        (HEAD, ("清明节", "劳动节", "端午节", "中秋节", "国庆节"), D(2028, 1, 31)),
        (REST, ("元旦", "春节"), D(2027, 12, 31)),
        (WHOLE.replace("国庆节、中秋节", "国庆节"), ("中秋节",), D(2028, 5, 29)),
        ("元旦：1月1日放假。", ("春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"), D(2028, 1, 1)),
    ],
)
def test_what_a_notice_says_nothing_of_leaves_the_year_unknown_from_there(notice, missing, until):
    found = spoken_of(2028, read_notice(notice, 2028).days)
    assert (found.missing, found.until) == (missing, until)


def test_days_without_a_name_are_taken_by_where_they_lie_and_the_old_list_had_four():
    days = [D(2007, 1, 1), D(2007, 2, 18), D(2007, 5, 1), D(2007, 10, 1)]
    assert spoken_of(2007, [PaperDay(day, is_working=False) for day in days]).missing == ()
    assert spoken_of(2008, [PaperDay(day, is_working=False) for day in days]).missing[0] == "元旦"


def test_half_a_notice_is_not_a_whole_year_until_the_other_half_is_there(cast):
    paper = put(cast, HEAD)
    calendar = calendar_for(cast.bureau.pk)
    assert calendar.is_working_day(D(2028, 1, 22))
    with pytest.raises(UnknownCalendarError, match="2028年的放假安排通知只说到1月31日"):
        calendar.is_working_day(D(2028, 10, 9))
    assert not DayOrdinal.objects.filter(on__gt=D(2028, 1, 31)).exists()
    following = {"year": 2029, "title": "2029年", "doc_no": "待核"}
    put(cast, "元旦：1月1日放假。", **following)
    assert not calendar_for(cast.bureau.pk).is_known(D(2028, 10, 9)), "the next year's says nothing of it"
    put_calendar_paper(values={**VALUES, "notice": WHOLE}, by=cast.actor("officer"), paper=paper)
    assert calendar_for(cast.bureau.pk).is_working_day(D(2028, 10, 8))


def test_two_papers_of_a_year_are_read_together(cast):
    put(cast, HEAD)
    put(cast, REST, title="2028年后一份", doc_no="国办发明电〔2028〕1号")
    assert calendar_for(cast.bureau.pk).is_working_day(D(2028, 12, 29))


def test_the_page_names_what_is_missing(cast):
    office = cast.client("officer")
    page = office.post(f"{ADDRESS}papers/new/", {**VALUES, "notice": HEAD}, follow=True).content.decode()
    assert "通知没有说到清明节、劳动节、端午节、中秋节、国庆节，2月1日起仍按未知处理" in page
    assert "2月1日起的工作日一律按“未知”处理" in page
    assert "2028年1月31日" in page
    assert "2028年12月31日" not in page


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        (
            {"title": "国务院办公厅关于2027年部分节假日安排的通知"},
            "title",
            "标题写的是2027年，年份填的是2028年",
        ),
        ({"doc_no": "国办发明电〔2026〕7号"}, "doc_no", "粘贴的文字里是“国办发明电〔2027〕9号”"),
    ],
)
def test_title_year_and_number_are_held_against_each_other(cast, more, field, said):
    with pytest.raises(Refused, match=said) as caught:
        put(cast, WHOLE, **more)
    assert caught.value.field == field
    page = cast.client("officer").post(f"{ADDRESS}papers/new/", {**VALUES, "notice": WHOLE, **more})
    assert page.status_code == 422
    assert said in page.content.decode()


def test_a_number_belongs_to_one_paper(cast):
    put(cast, WHOLE)
    twice = {"year": 2029, "title": "关于2029年的通知", "doc_no": "国办发明电[２０２７]9 号"}
    with pytest.raises(Refused, match="2028年已有文号为国办发明电〔2027〕9号的通知《"):
        put(cast, "元旦：1月1日放假。", **twice)
    put(cast, "元旦：1月1日放假。", **{**twice, "doc_no": "待核"})
    put(cast, "元旦：1月1日放假。", year=2030, title="2030年", doc_no="待核")


def test_the_page_of_the_year_keeps_what_was_taken_away_and_why(cast):
    paper, office = put(cast, WHOLE), cast.client("officer")
    address = f"{ADDRESS}papers/{paper.pk}/remove/"
    page = office.post(address, {"because": "录错了年份"}, follow=True).content.decode()
    assert "已删除：国务院办公厅关于2028年部分节假日安排的通知（国办发明电〔2027〕9号）" in page
    assert "录错了年份" in page
    assert not DayOrdinal.objects.exists()
    assert "录错了年份" not in office.get(f"{ADDRESS}?year=2027").content.decode()


def test_what_a_pdf_gives_is_read_like_what_was_printed():
    reading = read_notice(AS_COPIED, 2028)
    assert reading.problems == ()
    assert reading.days == read_notice(WHOLE, 2028).days
    assert read_number(AS_COPIED) == "国办发明电〔2027〕9号"
    assert read_head(AS_COPIED) == read_head(WHOLE)


@pytest.mark.parametrize(
    ("text", "rest", "work"),
    [
        ("１月１日 放假", [D(2028, 1, 1)], []),
        ("元 旦： 1 月 1 日 至 1 月 3 日 放假", [D(2028, 1, 1), D(2028, 1, 2), D(2028, 1, 3)], []),
        ("元旦\n1月1日放假\n1月8日上班", [D(2028, 1, 1)], [D(2028, 1, 8)]),
        ("元旦：1月1日放假\n清明节：4月4日放假", [D(2028, 1, 1), D(2028, 4, 4)], []),
        ("1、元旦 1 月 1\n日放假\n2、4 月 4 日放假", [D(2028, 1, 1), D(2028, 4, 4)], []),
        ("局属各单位：\n1月8日上班\n综合处\n2027年12月1日", [], [D(2028, 1, 8)]),
        ("2027 年 12 月 31 日至 2028 年 1 月\n1 日放假。", [D(2027, 12, 31), D(2028, 1, 1)], []),
    ],
)
def test_spaces_and_broken_lines(text, rest, work):
    reading = read_notice(text, 2028)
    assert reading.problems == ()
    assert [day.on for day in reading.days if not day.is_working] == rest
    assert [day.on for day in reading.days if day.is_working] == work
