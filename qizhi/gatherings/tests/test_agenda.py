"""Agendas: what a line says of its length, what is too long by the clause of the day, and the page with the clock."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from qizhi.core import clock, periods
from qizhi.core.figures import Ask
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.rules.agenda import LONGEST, Item, items_of, say_length, times_of, too_long, total_of
from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.models import Clause, Version
from qizhi.regulations.services import load_national_regulations

PLAN = "/gatherings/agenda/"


@pytest.mark.parametrize(
    ("line", "title", "minutes"),
    [
        ("传达文件 40分钟", "传达文件", 40),
        ("传达文件（40分钟）", "传达文件", 40),
        ("传达文件（约４０ 分钟）。", "传达文件", 40),
        ("传达文件：四十五分钟", "传达文件", 45),
        ("传达文件，不超过二十分钟", "传达文件", 20),
        ("传达文件 十分钟以内", "传达文件", 10),
        ("讨论 1小时", "讨论", 60),
        ("讨论 1.5小时", "讨论", 90),
        ("讨论一个半小时", "讨论", 90),
        ("讨论 1小时20分钟", "讨论", 80),
        ("讨论 两小时", "讨论", 120),
        ("讨论 2个小时", "讨论", 120),
        ("讨论 2小时半", "讨论", 150),
        ("讨论 半小时", "讨论", 30),
        ("讨论 半个小时", "讨论", 30),
        ("讨论 一刻钟", "讨论", 15),
        ("讨论 三刻钟", "讨论", 45),
        ("讨论 40min", "讨论", 40),
        ("讨论 40分", "讨论", 40),
        ("讨论 (40分)", "讨论", 40),
        ("学习第3条 15分钟", "学习第3条", 15),
        ("30分钟", "30分钟", 30),
        ("学习党章", "学习党章", None),
        ("通报测试成绩，最高100分", "通报测试成绩，最高100分", None),
        ("交流发言，每人5分钟", "交流发言，每人5分钟", None),
        ("交流发言，每人不超过5分钟", "交流发言，每人不超过5分钟", None),
        ("学习40分钟的视频", "学习40分钟的视频", None),
        ("休息 0分钟", "休息 0分钟", None),
        ("学习 1200分钟", "学习 1200分钟", None),
        ("学习 1.5分钟", "学习 1.5分钟", None),
        ("部署下一小时的工作", "部署下一小时的工作", None),
    ],
)
def test_the_length_stands_at_the_end_of_a_line(line, title, minutes):
    (item,) = items_of(line)
    assert (item.title, item.minutes) == (title, minutes)


@given(st.text(max_size=60))
def test_any_text_is_an_agenda(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    items = items_of(text)
    assert len(items) == len(lines)
    assert all(item.title and (item.minutes is None or 0 < item.minutes <= LONGEST) for item in items)


def test_lengths_in_words_and_together():
    assert [say_length(one) for one in (40, 60, 80, 600)] == ["40分钟", "1小时", "1小时20分钟", "10小时"]
    items = items_of("甲 40分钟\n乙\n丙 1小时")
    assert total_of(items) == 100
    assert total_of(items_of("甲\n乙")) is None


def test_times_are_known_until_an_item_says_no_length():
    items = items_of("甲 40分钟\n乙 20分钟\n丙\n丁 5分钟")
    at = [one and f"{one:%H:%M}" for one in times_of(items, dt.time(14, 30))]
    assert at == ["14:30", "15:10", "15:30", None]
    assert times_of(items, None) == [None] * 4


def test_only_what_one_person_says_may_be_too_long():
    items = items_of(
        "工作报告 61分钟\n主要负责同志讲话 60分钟\n讨论工作报告 90分钟\n观看辅导报告 90分钟\n学习大会报告 2小时\n党课 90分钟"
    )
    assert too_long(items, 60) == [Item("工作报告", 61, is_report=True)]


@pytest.fixture
def row(cast, held):
    load_national_regulations(cast.bureau, by=cast.actor("officer"))
    with clock.at(dt.date(2024, 9, 2)):
        topics = "年度工作报告 90分钟\n讨论 30分钟\n表决"
        yield held("congress", day="2024-09-02", topics=topics, starts_at=dt.time(14, 30))


def seen(cast, address, name="member"):
    page = cast.client(name).get(address)
    assert page.status_code == 200
    return page.content.decode()


def test_a_gathering_shows_each_length_their_total_and_what_is_too_long(cast, row):
    said = seen(cast, row.get_absolute_url())
    for words in (
        "计划共 <strong>2小时</strong>；另有 1 项没有写时长。",
        "“年度工作报告”计划1小时30分钟，超过1小时；请核对，能短则短。",
        "按《整治形式主义为基层减负若干规定》（待确认）",
        ">16:00<",
    ):
        assert words in said
    Gathering.objects.update(topics="年度工作报告\n讨论")
    plain = seen(cast, row.get_absolute_url())
    assert "计划共" not in plain
    assert "<p>年度工作报告<br>讨论</p>" in plain


def test_the_limit_is_that_of_the_clause_in_force_on_the_day(cast, row, held):
    _next_version(cast, 7, {"minutes": 100})
    _next_version(cast, 8, {"minutes": "一小时"})
    marked = {}
    for day in (5, 6, 7, 8):
        one = held("congress", day=f"2024-08-0{day}", topics="工作报告 90分钟")
        marked[day] = "请核对" in seen(cast, one.get_absolute_url())
    assert marked == {5: False, 6: True, 7: False, 8: False}  # of the last the clause cannot be read


def _next_version(cast, day, parameters):
    """A version of the provisions that begins on a day of August 2024."""
    old = Version.objects.filter(bureau=cast.bureau, regulation__code="formalism-provisions").latest("pk")
    days = {"effective_from": dt.date(2024, 8, day)}
    make = {"bureau": cast.bureau}
    version = Version.objects.create(**make, regulation=old.regulation, label=f"{day}日", **days)
    words = {"key": "FB-02", "text": "新的", "kind": "main_report", "parameters": parameters}
    Clause.objects.create(**make, version=version, **words)
    version.published_by_id = cast.officer.pk  # signed first: then the version before ends
    version.save()
    Version.objects.filter(pk=old.pk).update(effective_to=dt.date(2024, 8, day - 1))
    version.status = "published"
    version.save()


def test_nothing_is_found_of_it(cast, row):
    kind, ask = kind_by_key("main_report"), Ask(cast.bureau.pk, periods.year(2024), clock.today())
    assert list(kind.scan(Clause.objects.get(key="FB-02"), ask)) == []


def test_the_clock_of_a_gathering_shows_its_agenda_and_keeps_nothing(cast, row):
    said = seen(cast, reverse("gatherings:agenda", args=[row.pk]))
    assert said.count("<tr data-minutes=") == 3
    assert 'data-minutes="90"' in said
    assert "系统不记谁来了、每项用了多久" in said
    assert "第一党支部 · 2024年9月2日 · 14:30" in said
    assert cast.client("neighbour").get(reverse("gatherings:agenda", args=[row.pk])).status_code == 404
    Gathering.objects.update(topics="")
    assert "这次活动没有写议题" in seen(cast, reverse("gatherings:agenda", args=[row.pk]))


def test_an_agenda_is_planned_before_and_goes_into_the_record(cast, kinds):
    client = cast.client("secretary")
    assert "看议程" in client.get(PLAN).content.decode()
    page = client.get(PLAN, {"topics": "传达文件 40分钟\n讨论", "title": "支部会", "starts_at": "14:30"})
    said = page.content.decode()
    assert "计划共 <strong>40分钟</strong>" in said
    assert ">15:10<" in said
    form = client.get(page.context["record"]).context["form"]
    assert form["topics"].value() == "传达文件 40分钟\n讨论"
    assert (form["title"].value(), form["starts_at"].value()) == ("支部会", "14:30")
    assert "登记这次活动" not in cast.client("member").get(PLAN, {"topics": "讨论"}).content.decode()
    assert client.get(PLAN, {"topics": "长" * 361}).status_code == 422
    assert not Gathering.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_items(cast, held, django_assert_num_queries, number):
    row = held("congress", topics="工作报告 90分钟\n" * number)
    client = cast.client("member")
    with django_assert_num_queries(7):
        assert client.get(reverse("gatherings:agenda", args=[row.pk])).status_code == 200
