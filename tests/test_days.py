"""A month or a day in an address: shown as asked, or with a word that says what is shown instead."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.urls import reverse

from qizhi.core.days import day_asked, day_filling, day_narrowing, month_asked, month_narrowing
from qizhi.core.errors import Unread
from qizhi.core.years import year_narrowing

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(cast):
    def request(**asked):
        made = RequestFactory().get("/", asked)
        made.actor = cast.actor("officer")
        return made

    return request


@pytest.mark.parametrize("text", ["2017-03", "2017年3月", " ２０１７-３ ", "2017-03-08"])
def test_a_month_that_can_be_read_is_shown_however_it_is_written(ask, text):
    request = ask(month=text)
    assert month_asked(request).label == "2017年3月"
    assert month_narrowing(ask(month=text)) == month_asked(request)
    assert not hasattr(request, "unread")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc", "读不懂月份“abc”：要写成数字，如2018-01。"),
        ("2018", "读不懂月份“2018”：要写成数字，如2018-01。"),
        ("2018-13", "月份没有“2018-13”：没有13月。"),
        ("0000-01", "月份没有“0000-01”：年份0不合常理。"),
        ("9" * 5000, "读不懂月份“9999999999999999999999…”：要写成数字，如2018-01。"),
    ],
)
def test_a_month_out_of_reach_is_named_with_what_is_shown_instead(ask, text, said):
    request = ask(month=text, unit="z01")
    assert month_asked(request).label == "2018年1月"
    assert request.unread == [f"{said}下面是2018年1月的。"]
    assert request.GET.urlencode() == "unit=z01&month=2018-01", "files are of what the page shows"
    request = ask(month=text, unit="z01")
    assert month_narrowing(request) is None
    assert request.unread == [f"{said}下面没有按月份筛选。"]
    assert request.GET.urlencode() == "unit=z01"
    with pytest.raises(Unread) as refused:
        month_asked(ask(month=text, format="xlsx"))
    assert refused.value.message == f"{said}没有生成文件，也没有改用别的月份。"


def test_a_day_out_of_reach_is_named_and_several_words_stand_together(ask):
    assert day_asked(ask(on="2017年3月8日")) == dt.date(2017, 3, 8)
    request = ask(on="2018-02-30", year="abc")
    assert day_asked(request) == dt.date(2018, 1, 15)
    assert year_narrowing(request) is None
    assert request.unread[0] == "日期没有“2018-02-30”：2018年2月没有30日。下面是2018年1月15日的。"
    assert request.unread[1].startswith("读不懂“abc”：年份要写成四位数字")
    request = ask(to="2018-02")
    assert day_narrowing(request, "to", "截止日期") is None
    assert "下面没有按截止日期筛选。" in request.unread[0]
    request = ask(from_on="2018年1月5日", to_on="2018-01-32")
    assert day_filling(request, "from_on", "开始日期") == dt.date(2018, 1, 5)
    assert day_filling(request, "to_on", "截止日期") is None
    assert request.unread[0].endswith("。截止日期没有填入，请自己填写。")


def test_a_form_begins_with_the_days_of_its_address_or_says_which_it_could_not_read(cast):
    asked = {"from_on": "2018年1月5日", "to_on": "2018-02-30"}
    reply = cast.client("officer").get(reverse("regulations:exemption_new"), asked)
    assert 'name="from_on" value="2018-01-05"' in reply.content.decode()
    told = "截止日期没有“2018-02-30”：2018年2月没有30日。截止日期没有填入，请自己填写。"
    assert told in unescape(reply.content.decode())


def test_no_view_reads_a_month_or_a_day_by_itself():
    by_hand = re.compile(
        r"""GET(\.get\(|\[)["'](month|on|from|to)["']|asked(\.get\(|\[)["'](month|on)["']|fromisoformat\(request"""
    )
    for path in Path("qizhi").glob("*/views/*.py"):
        if path.match("regulations/views/exemptions.py"):  # fills in a form, where it is seen
            continue
        assert not by_hand.search(path.read_text(encoding="utf-8")), f"{path}: see qizhi/core/days.py"
