"""Spreadsheets saved by LibreOffice, kept as branches keep them: uploaded, looked at, imported, uploaded again.

Merged titles and cells, `2017.3.5`, 2017年3月, full-width digits, names with spaces, real days among typed ones,
two people of one name, blank rows, totals and signatures.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qizhi.core.permissions import system
from qizhi.gatherings.models import Gathering, RollEntry
from qizhi.gatherings.services import load_standard_kinds
from qizhi.org.models import Membership, Person
from qizhi.tasks.models import PlanItem

DATA = Path(__file__).parent / "data"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
D = dt.date


@pytest.fixture
def bring(cast):
    """Upload a file and look at the preview; say yes; the text of each page without its tags."""
    load_standard_kinds(cast.bureau, by=system(cast.bureau.pk))
    client = cast.client("officer")

    def bring_in(key, name):
        file = SimpleUploadedFile(f"{name}.xlsx", (DATA / f"{name}.xlsx").read_bytes(), XLSX)
        answer = client.post(reverse("web:upload", args=[key]), {"file": file})
        assert answer.status_code == 302, words_of(answer)
        preview = words_of(client.get(answer["Location"]))
        done = client.post(answer["Location"], follow=True)
        assert done.status_code == 200, preview
        return preview, words_of(done)

    return bring_in


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


@pytest.fixture
def people(bring):
    return bring("org.people", "people")


@pytest.fixture
def members(bring, people):
    return bring("org.memberships", "members")


def test_people(bring, people):
    preview, done = people
    assert "可以导入。" in preview
    assert "新增 4 条" in preview
    assert "4 条新增" in done
    found = {one.staff_no: one for one in Person.objects.filter(staff_no__startswith="800")}
    assert {key: (one.name, one.entered_on) for key, one in found.items()} == {
        "8001": ("张三", D(2017, 3, 5)),
        "8002": ("李四", D(2017, 3, 1)),
        "8003": ("王五", D(2016, 7, 1)),
        "8004": ("王五", D(2016, 7, 1)),
    }
    assert {one.placements.get().unit.name for one in found.values()} == {"示例处"}
    assert [found[key].ranks.count() for key in sorted(found)] == [1, 1, 0, 1]


def test_members(bring, members):
    preview, done = members
    assert "新增 3 条" in preview
    assert "3 条新增" in done
    rows = Membership.objects.filter(person__staff_no__startswith="800").order_by("person__staff_no")
    assert [
        (one.person.name, one.unit.name, str(one.group or ""), one.status, one.from_on) for one in rows
    ] == [
        ("张三", "第一党支部", "第一党小组", "full", D(2017, 3, 5)),
        ("李四", "第一党支部", "第一党小组", "probationary", D(2017, 3, 1)),
        ("王五", "第一党支部", "", "full", D(2016, 7, 1)),
    ]


def test_plans(bring, members):
    preview, done = bring("tasks.plans", "plans")
    assert "新增 3 条" in preview
    assert "3 条新增" in done
    items = PlanItem.objects.filter(plan__year=2018).order_by("month")
    assert [(one.plan.unit.name, one.month, one.topic, str(one.lead or ""), one.ledger) for one in items] == [
        ("第一党支部", 1, "学习党的十九大报告第一部分", "张三", "theme_day"),
        ("第一党支部", 2, "学习新党章", "书记甲", "lesson"),
        ("第一党支部", 3, "观看警示教育片", "", ""),
    ]


def test_gatherings(bring, members):
    preview, done = bring("gatherings.gatherings", "gatherings")
    assert "新增 4 条" in preview
    assert "4 条新增" in done
    rows = Gathering.objects.order_by("held_on")
    assert [(one.unit.name, one.held_on, one.precision, one.place, str(one.chair)) for one in rows] == [
        ("第一党支部", D(2017, 3, 5), "day", "三楼会议室", "书记甲"),
        ("第一党支部", D(2017, 4, 7), "day", "三楼会议室", "书记甲"),
        ("第一党支部", D(2017, 5, 19), "day", "三楼会议室", "委员乙"),
        ("第一党支部", D(2017, 6, 1), "month", "", "书记甲"),
    ]
    assert [[kind.key for kind in one.kinds.all()] for one in rows] == [
        ["congress"],
        ["lesson"],
        ["theme-day"],
        ["committee"],
    ]
    excused = RollEntry.objects.filter(state="excused").order_by("gathering__held_on", "person__staff_no")
    assert [(one.person.name, one.reason) for one in excused] == [
        ("党员丁", "出差"),
        ("党员丁", "事假"),
        ("李四", "病假"),
    ]
    assert [str(one.person) for one in rows[1].lecturers.all()] == ["张三"]


@pytest.mark.parametrize(
    ("key", "name", "count"),
    [
        ("org.people", "people", 4),
        ("org.memberships", "members", 3),
        ("tasks.plans", "plans", 3),
        ("gatherings.gatherings", "gatherings", 4),
    ],
)
def test_the_same_file_again_changes_nothing(bring, people, key, name, count):
    for first, file in (("org.memberships", "members"), (key, name)):
        bring(first, file)
    preview, _ = bring(key, name)
    assert f"表里的 {count} 条与系统中的完全相同，不需要导入。" in preview
