"""Series, templates and kinds in the browser."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.core.ids import new_id
from qizhi.gatherings import services
from qizhi.gatherings.models import Kind, LedgerEntry, Series, Template
from qizhi.regulations.services.calendar import load_national_calendar


@pytest.fixture
def series(cast):
    return Series.objects.create(bureau=cast.bureau, key="thanks", name="感恩月")


def test_years_in_a_row_are_counted_and_opened(cast, held, series):
    for year in (2013, 2015, 2016, 2017):
        held("campaign", unit=cast.root, day=f"{max(year, 2015)}-05-0{year - 2012}", series=series)
    held("campaign", unit=cast.second, day="2017-06-01", series=series)
    said = cast.client("member").get(series.get_absolute_url()).content.decode()
    assert "已连续开展 <strong>3</strong> 年（2015—2017 年）" in said
    assert "另有 1 次由其他组织开展" in said
    listed = cast.client("member").get(reverse("gatherings:series_list")).content.decode()
    assert '<td class="num">3</td>' in listed
    assert cast.client("outsider").get(series.get_absolute_url()).status_code == 404


def test_a_series_is_made_once_and_changed(cast):
    client, address = cast.client("officer"), reverse("gatherings:series_new")
    values = {"id": str(new_id()), "name": "志愿服务", "key": "volunteers", "note": "<x>", "is_active": "on"}
    for _ in range(2):
        assert client.post(address, values).status_code == 302
    made = Series.objects.get()
    again = client.post(address, values | {"id": str(new_id())})
    assert again.status_code == 422
    assert "已被使用" in again.content.decode()
    client.post(address, values | {"id": str(new_id()), "name": "读书", "key": ""})
    assert Series.objects.get(name="读书").key == "series-1"  # nobody has to think one up
    edit = reverse("gatherings:series_edit", args=[made.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, {"name": "党员志愿服务"}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.is_active) == ("党员志愿服务", False)
    for name in ("secretary", "member"):
        assert cast.client(name).post(edit, {"name": "x"}).status_code == 403
    assert cast.client("outsider").post(edit, {"name": "x"}).status_code == 404


def test_standard_kinds_are_loaded_by_one_button(cast):
    client = cast.client("officer")
    assert "载入标准类型和模板" in client.get(reverse("gatherings:kinds")).content.decode()
    for _ in range(2):
        assert client.post(reverse("gatherings:kind_new"), {"standard": "1"}).status_code == 302
    assert (Kind.objects.count(), Template.objects.count()) == (22, 5)
    assert cast.client("secretary").post(reverse("gatherings:kind_new"), {"standard": "1"}).status_code == 403


def test_a_kind_is_made_changed_and_switched_off(cast, held, kinds):
    row, client = held("theme-day"), cast.client("officer")
    values = {
        "id": str(new_id()),
        "key": "reading",
        "name": "读书会",
        "audience": "members",
        "unit_kinds": ["branch"],
        "ledgers": ["training"],
        "default_hours": "90分钟",
    }
    assert client.post(reverse("gatherings:kind_new"), values).status_code == 302
    made = Kind.objects.get(key="reading")
    assert (made.ledgers, float(made.default_hours), made.is_active) == (["training"], 1.5, False)
    assert client.post(reverse("gatherings:kind_new"), values | {"ledgers": ["like"]}).status_code == 422
    edit = reverse("gatherings:kind_edit", args=[kinds["theme-day"].pk])
    assert client.get(edit).context["form"]["ledgers"].value() == ["theme_day", "training"]
    changed = {"name": "统一活动日", "audience": "members", "ledgers": ["theme_day"], "is_active": "on"}
    assert client.post(edit, changed).status_code == 302
    assert [entry.ledger for entry in LedgerEntry.objects.filter(gathering=row)] == ["theme_day"]


def test_templates_say_when_they_fall_next(cast, kinds):
    load_national_calendar(cast.bureau, by=cast.actor("officer"))
    services.load_standard_templates(cast.bureau, by=cast.actor("officer"))
    said = cast.client("secretary").get(reverse("gatherings:templates")).content.decode()
    for words in ("2018年1月26日", "2018年7月2日", "每月最后一个星期五", "2019年1月2日", "用此模板登记"):
        assert words in said
    assert "用此模板登记" not in cast.client("member").get(reverse("gatherings:templates")).content.decode()


def test_without_a_paper_the_next_day_is_unknown(cast, kinds):
    services.load_standard_templates(cast.bureau, by=cast.actor("officer"))
    said = cast.client("secretary").get(reverse("gatherings:templates")).content.decode()
    assert "缺少2018年放假安排" in said or "缺少2019年放假安排" in said
    assert "2018年1月26日" in said


@pytest.mark.parametrize(
    ("rule", "day", "stored"),
    [
        ("", "", ""),
        ("first_working_day_of_year", "", "first_working_day_of_year"),
        ("fixed_date_or_nearest_working_day", "7月1日", "fixed_date_or_nearest_working_day:07-01"),
        ("last_weekday_of_month", "周五", "last_weekday_of_month:friday"),
        ("last_weekday_of_month", "星期天", "last_weekday_of_month:sunday"),
        ("fixed_day_of_month", "０5日", "fixed_day_of_month:5"),
        ("fixed_day_of_month", "32", None),
        ("last_weekday_of_month", "节日", None),
        ("fixed_date_or_nearest_working_day", "", None),
    ],
)
def test_a_day_is_given_in_words(cast, kinds, rule, day, stored):
    values = {
        "id": str(new_id()),
        "name": "模板",
        "title": "{年}年活动",
        "kinds": [str(kinds["lesson"].pk)],
        "rule": rule,
        "rule_day": day,
        "is_active": "on",
    }
    client = cast.client("officer")
    answer = client.post(reverse("gatherings:template_new"), values)
    assert answer.status_code == (422 if stored is None else 302)
    if stored is not None:
        made = Template.objects.get()
        assert made.day_rule == stored
        edit = reverse("gatherings:template_edit", args=[made.pk])
        form = client.get(edit).context["form"]
        again = {name: form[name].value() or "" for name in values if name != "is_active"}
        assert client.post(edit, again | {"is_active": "on"}).status_code == 302
        made.refresh_from_db()
        assert (made.day_rule, [kind.key for kind in made.kinds.all()]) == (stored, ["lesson"])


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_these_pages_do_not_grow(cast, held, series, django_assert_num_queries, number):
    lesson = Kind.objects.get(key="lesson")
    for index in range(number):
        held("campaign", unit=cast.root, day=f"2017-0{index + 1}-05", series=series)
        Series.objects.create(bureau=cast.bureau, key=f"s{index}", name=f"系列{index}")
        template = Template.objects.create(bureau=cast.bureau, name=f"模板{index}", title="x", series=series)
        template.kinds.set([lesson])
    client = cast.client("officer")
    for name, queries in (("series_list", 5), ("kinds", 4), ("templates", 6)):
        with django_assert_num_queries(queries):
            assert client.get(reverse(f"gatherings:{name}")).status_code == 200
    with django_assert_num_queries(7):
        assert client.get(series.get_absolute_url()).status_code == 200


def test_an_edition_of_this_year_carries_the_series_on(cast, held, series):
    for day in (dt.date(2017, 5, 1), dt.date(2018, 1, 3)):
        held("campaign", unit=cast.root, day=day.isoformat(), series=series)
    said = cast.client("secretary").get(series.get_absolute_url()).content.decode()
    assert "<strong>2</strong> 年（2017—2018 年）" in said


def test_the_month_of_a_series_is_said_and_what_was_held_in_another(cast, held, series):
    client, edit = cast.client("officer"), reverse("gatherings:series_edit", args=[series.pk])
    assert client.post(edit, {"name": "感恩月", "month": "11", "is_active": "on"}).status_code == 302
    series.refresh_from_db()
    assert series.month == 11
    for day in ("2016-11-03", "2017-05-04"):
        held("campaign", unit=cast.root, day=day, series=series)
    said = client.get(series.get_absolute_url()).content.decode()
    assert "每年 11 月开展" in said
    assert said.count("不在当月") == 1
    assert client.post(edit, {"name": "感恩月", "month": "13"}).status_code == 422
