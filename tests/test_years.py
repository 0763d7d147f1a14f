"""A year in an address: shown as asked, or with a word that says what is shown instead; never another in silence."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.test import RequestFactory

from qizhi.core import clock
from qizhi.core.errors import Unread
from qizhi.core.years import year_asked, year_narrowing, years_offered, years_on_record
from qizhi.gatherings.models import Gathering
from qizhi.org.models import Bureau, BureauRow, Unit
from qizhi.tasks.models import Plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(cast):
    def request(text="", **more):
        made = RequestFactory().get("/", ({"year": text} if text else {}) | more)
        made.actor = cast.actor("officer")
        return made

    return request


def held_in(cast, year, **more):
    return Gathering.objects.create(
        bureau=cast.bureau,
        unit=cast.first,
        held_on=dt.date(year, 3, 1),
        title="旧事",
        recorded_at=clock.now(),
        **more,
    )


def test_the_menu_begins_with_the_first_record_of_the_bureau_and_of_no_other(cast, ask):
    request = ask()
    assert year_asked(request) == 2018
    assert years_offered(request) == [2018]
    held_in(cast, 2009)
    held_in(cast, 2003, withdrawn_at=clock.now())
    other = Bureau.objects.create(code="other", name="别局", short_name="别局")
    unit = Unit.objects.create(
        bureau=other, kind="branch", code="d1", name="支部", from_on=dt.date(2000, 1, 1)
    )
    Plan.objects.create(bureau=other, unit=unit, year=2001, purpose="branch_study", name="计划")
    request = ask()
    year_asked(request)
    assert years_offered(request) == list(range(2018, 2008, -1))


def test_a_page_that_looks_ahead_offers_next_year_and_whatever_is_planned(cast, ask):
    request = ask()
    year_asked(request, is_ahead=True)
    assert years_offered(request) == [2019, 2018]
    Plan.objects.create(bureau=cast.bureau, unit=cast.first, year=2021, purpose="branch_study", name="计划")
    request = ask()
    year_asked(request, is_ahead=True)
    assert years_offered(request) == [2021, 2020, 2019, 2018]
    assert years_on_record(cast.bureau.pk) == (2021, 2021)
    request = ask()
    year_asked(request)
    assert years_offered(request) == [2018]


@pytest.mark.parametrize("text", ["2015", "２０１５", " 2015 "])
def test_a_year_that_can_be_judged_is_shown_be_it_in_the_menu_or_not(ask, text):
    request = ask(text)
    assert year_asked(request) == 2015
    assert request.years.words == ""
    assert years_offered(request) == [2018, 2015]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc", "读不懂“abc”：年份要写成四位数字，如2018。"),
        ("二〇一五", "读不懂“二〇一五”：年份要写成四位数字，如2018。"),
        ("2015年", "读不懂“2015年”"),
        ("-2015", "读不懂“-2015”"),
        ("9" * 5000, "读不懂“99999999999"),
        ("0", "查不到0年：年份应在1900年到2100年之间。"),
        ("99999", "查不到99999年：年份应在1900年到2100年之间。"),
    ],
)
def test_a_year_out_of_reach_is_named_with_what_is_shown_instead(cast, ask, text, said):
    held_in(cast, 2015)
    request = ask(text)
    assert year_asked(request) == 2018
    assert said in request.years.words
    assert request.years.words.endswith("下面是2018年的；可以选2015年至2018年。")
    request = ask(text)
    assert year_narrowing(request) is None
    assert request.years.words.endswith("下面没有按年度筛选；可以选2015年至2018年。")
    with pytest.raises(Unread, match="没有改用别的年份") as refused:
        year_asked(ask(text, format="xlsx"))
    assert said in refused.value.message


def test_what_a_page_links_to_is_of_the_year_that_it_shows(cast, ask):
    request = ask("abc", unit="z01")
    year_asked(request)
    assert request.GET.urlencode() == "unit=z01&year=2018"
    assert "读不懂“abc”" in request.years.words
    request = ask("abc", unit="z01")
    year_narrowing(request)
    assert request.GET.urlencode() == "unit=z01"
    page = cast.client("officer").get("/ledgers/meetings/", {"year": "abc"}).content.decode()
    assert "year=2018&amp;format=xlsx" in page or "format=xlsx&amp;year=2018" in page
    assert "year=abc" not in page


def test_a_year_that_has_not_begun_is_no_year_of_a_page_that_looks_back(ask):
    request = ask("2020")
    assert year_asked(request, last=2018) == 2018
    assert request.years.words.startswith("2020年还没有开始")
    assert year_asked(ask("2020")) == 2020


def test_nothing_is_changed_under_a_year_that_cannot_be_read(cast):
    request = RequestFactory().post("/?year=abc")
    request.actor = cast.actor("officer")
    with pytest.raises(Unread):
        year_asked(request)


def test_who_is_sent_on_takes_the_year_along(cast):
    reply = cast.client("secretary").get("/branch-life/", {"year": "2015", "part": "q1"})
    assert reply.url == f"/branch-life/units/{cast.first.pk}/?year=2015&part=q1"
    reply = cast.client("member").get("/study/hours/mine/", {"year": "abc"})
    assert reply.url.endswith("?year=abc")


def test_no_view_reads_a_year_by_itself():
    for path in Path("qizhi").glob("*/views/*.py"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"""GET(\.get\(|\[)["']year["']""", source), f"{path}: see qizhi/core/years.py"


def test_tables_with_a_year_name_a_column_of_theirs():
    named = [one for one in apps.get_models() if issubclass(one, BureauRow) and one.years_by]
    assert len(named) >= 15
    for model in named:
        assert model.years_by in {field.name for field in model._meta.fields}, model
