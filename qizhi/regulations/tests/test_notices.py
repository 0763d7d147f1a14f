"""Notices are read as the State Council publishes them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.regulations.models import CalendarPaper
from qizhi.regulations.rules import (
    NoticeHead,
    PaperDay,
    read_head,
    read_notice,
    read_number,
    write_notice,
)

D = dt.date
NOTICE_2018 = """国务院办公厅关于2018年部分节假日安排的通知
国办发明电〔2017〕12号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2018年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日放假，与周末连休。
二、春节：2月15日至21日放假调休，共7天。2月11日（星期日）、2月24日（星期六）上班。
三、清明节：4月5日至7日放假调休，共3天。4月8日（星期日）上班。
四、劳动节：4月29日至5月1日放假调休，共3天。4月28日（星期六）上班。
五、端午节：6月18日放假，与周末连休。
六、中秋节：9月24日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期六）、9月30日（星期日）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
国务院办公厅
2017年11月30日"""


def test_the_whole_notice_can_be_pasted():
    reading = read_notice(NOTICE_2018, 2018)
    assert reading.problems == ()
    work = [day.on for day in reading.days if day.is_working]
    assert work == [
        D(2018, 2, 11),
        D(2018, 2, 24),
        D(2018, 4, 8),
        D(2018, 4, 28),
        D(2018, 9, 29),
        D(2018, 9, 30),
    ]
    assert sum(not day.is_working for day in reading.days) == 1 + 7 + 3 + 3 + 1 + 1 + 7
    assert {day.name for day in reading.days if day.on.month == 2} == {"春节"}


@pytest.mark.parametrize(
    ("line", "year", "rest", "work"),
    [
        (
            "一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。",
            2019,
            [D(2018, 12, 30), D(2018, 12, 31), D(2019, 1, 1)],
            [D(2018, 12, 29)],
        ),
        ("四、劳动节：5月1日放假，5月2日（星期一）补休。", 2016, [D(2016, 5, 1), D(2016, 5, 2)], []),
        (
            "二、春节：2月13日至19日放假调休，共7天。2月20日（星期六）、21日（星期日）上班。",
            2010,
            [D(2010, 2, day) for day in range(13, 20)],
            [D(2010, 2, 20), D(2010, 2, 21)],
        ),
        (
            "六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。",
            2025,
            [D(2025, 10, day) for day in range(1, 9)],
            [D(2025, 9, 28), D(2025, 10, 11)],
        ),
        (
            "二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。",
            2025,
            [D(2025, 1, 28) + dt.timedelta(days=n) for n in range(8)],
            [],
        ),
        (
            """二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。
            鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。""",
            2024,
            [D(2024, 2, day) for day in range(10, 18)],
            [D(2024, 2, 4), D(2024, 2, 18)],
        ),
        (
            "一、2019年5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。",
            2019,
            [D(2019, 5, day) for day in range(1, 5)],
            [D(2019, 4, 28), D(2019, 5, 5)],
        ),
        ("2月15日至16日：放假。2月11日：上班。", 2018, [D(2018, 2, 15), D(2018, 2, 16)], [D(2018, 2, 11)]),
        ("抗战胜利70周年纪念日：9月3日放假。", 2015, [D(2015, 9, 3)], []),
        (
            """二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。
            2月14日（周六）、2月28日（周六）上班。""",
            2026,
            [D(2026, 2, day) for day in range(15, 24)],
            [D(2026, 2, 14), D(2026, 2, 28)],
        ),
        (
            "二、春节：2月5日（周五，除夕）至11日（周四，正月初六）放假调休，共7天。2月14日（星期日；调休）上班。",
            2027,
            [D(2027, 2, day) for day in range(5, 12)],
            [D(2027, 2, 14)],
        ),
        (
            "春节：2月15日至23日放假，2月26日（星期一）起正常上班。",
            2018,
            [D(2018, 2, day) for day in range(15, 24)],
            [],
        ),
        ("春节：2月5日(除夕，周五)至2月11日放假。", 2027, [D(2027, 2, day) for day in range(5, 12)], []),
    ],
)
def test_sentences_of_real_notices(line, year, rest, work):
    reading = read_notice(line, year)
    assert reading.problems == ()
    assert [day.on for day in reading.days if not day.is_working] == rest
    assert [day.on for day in reading.days if day.is_working] == work


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (NOTICE_2018, "国办发明电〔2017〕12号"),
        ("文号：国办发明电[2026] 7 号\n一、元旦：1月1日放假。", "国办发明电〔2026〕7号"),
        (
            "关于2027年部分节假日安排的通知 国办发明电〔2026〕7号 一、元旦：1月1日放假。",
            "国办发明电〔2026〕7号",
        ),
        ("根据《国务院办公厅通知》（国办发明电〔2026〕7号），我区安排如下：1月1日放假。", ""),
        ("甘政办发〔2026〕3号\n根据（国办发明电〔2026〕7号）：1月1日放假。", "甘政办发〔2026〕3号"),
        ("国办发明电〔2026〕7号、国办发明电〔2026〕8号：1月1日放假。", ""),
        ("春节：2月15日至21日放假。", ""),
        ("", ""),
    ],
)
def test_the_number_is_read_where_it_stands_and_never_from_what_is_cited(text, number):
    assert read_number(text) == number


def test_an_empty_number_is_filled_from_what_was_pasted(cast):
    officer, new = cast.client("officer"), "/regulations/calendar/papers/new/?year=2018"
    form = officer.get(new).context["form"]
    asked = {bound.name: bound.value() or "" for bound in form} | {"notice": NOTICE_2018, "doc_no": ""}
    nothing = officer.post(new, asked | {"notice": "春节：2月15日至21日放假。"})
    assert nothing.status_code == 422
    assert "粘贴的文字里也没有读出" in nothing.content.decode()
    other = officer.post(new, asked | {"year": 2017})
    assert other.status_code == 422
    assert "粘贴的通知是2018年的，这里填的是2017年" in other.content.decode()
    assert "请核对日期" not in other.content.decode(), (
        "the days are not held against a year that is not theirs"
    )
    assert officer.post(new, asked).status_code == 302
    paper = CalendarPaper.objects.get(year=2018)
    assert (paper.doc_no, paper.published_on) == ("国办发明电〔2017〕12号", D(2017, 11, 30))
    assert officer.get(new).context["form"]["year"].value() == 2019, "2018 has its notice"


@pytest.mark.parametrize(
    ("text", "head"),
    [
        (NOTICE_2018, NoticeHead(2018, "国务院办公厅关于2018年部分节假日安排的通知", D(2017, 11, 30))),
        ("经国务院批准，现将2007年元旦等节假日安排通知如下。", NoticeHead(2007)),
        ("按照《国务院办公厅关于2018年部分节假日安排的通知》，春节：2月15日放假。", NoticeHead()),
        ("国务院办公厅 2025年11月4日", NoticeHead(signed_on=D(2025, 11, 4))),
        ("2025年13月4日", NoticeHead()),
        ("", NoticeHead()),
    ],
)
def test_the_head_is_read_and_nothing_of_what_is_cited(text, head):
    assert read_head(text) == head


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("春节：2月15日至21日放假调休，共8天。", "共8天"),
        ("春节：2月11日（星期六）上班。", "是星期日"),
        ("春节：2月30日放假。", "没有这一天"),
        ("春节：15日放假。", "没有写月份"),
        ("春节：2月21日至15日放假。", "早于"),
        ("春节：2月15日。", "放假还是上班"),
        ("春节：2月15日放假。2月15日上班。", "既写放假又写上班"),
        ("春节：2019年2月15日放假。", "不在2018年"),
        ("延长2018年春节假期至2月23日（星期五），2月26日（星期一）起正常上班。", "没有写明从哪天起放假"),
        ("妇女节：3月8日下午放假。", "半天的日子仍是工作日"),
        ("妇女节：3月8日放假半天。", "半天的日子仍是工作日"),
        ("春节假期延长至2月23日。", "没有写明从哪天起放假"),
        ("2月26日（星期一）起正常上班。", "没有读出任何"),
        ("春节：2月15日放假。2月15日上班。", "2018年2月15日既写放假"),
        ("", "没有读出任何"),
        ("各部门要妥善安排好值班", "没有读出任何"),
    ],
)
def test_what_cannot_be_or_cannot_be_read_is_a_problem(line, problem):
    assert problem in "".join(read_notice(line, 2018).problems)


def test_days_are_written_in_the_words_of_a_notice():
    days = read_notice(NOTICE_2018, 2018).days
    assert write_notice(days, 2018).splitlines()[1] == "春节：2月15日至2月21日放假。2月11日、2月24日上班。"
    new_year = [PaperDay(D(2018, 12, 31), is_working=False), PaperDay(D(2019, 1, 1), is_working=False)]
    assert write_notice(new_year, 2019) == "2018年12月31日至2019年1月1日放假。"


@given(
    st.dictionaries(
        st.dates(D(2017, 12, 20), D(2018, 12, 31)),
        st.tuples(st.booleans(), st.sampled_from(["元旦", "春节", "国庆节、中秋节", ""])),
        min_size=1,
        max_size=40,
    )
)
def test_what_was_written_is_read_back_unchanged(said):
    days = tuple(PaperDay(on, *said[on]) for on in sorted(said))
    reading = read_notice(write_notice(days, 2018), 2018)
    assert reading.problems == ()
    assert reading.days == days
