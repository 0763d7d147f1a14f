"""The table of completed courses: what goes out comes back, and each row says what became of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from qizhi.core import clock, imports
from qizhi.core.errors import Refused
from qizhi.core.imports import What
from qizhi.study.enums import Origin
from qizhi.study.models import Completion, Course
from qizhi.study.services.hours import record_completion, save_course

D = dt.date


@pytest.fixture(autouse=True)
def _spring(_clock):
    with clock.at(D(2020, 3, 10)):
        yield


@pytest.fixture
def course(cast):
    return save_course(
        name="党章党规网上学习", provider="廉石之光", hours=Decimal(12), by=cast.actor("officer")
    )


@pytest.fixture
def own_word(cast, course):
    """What a person wrote down: two and a half hours on 3 February."""
    return record_completion(
        person=cast.person("member"),
        course=course,
        hours=Decimal("2.5"),
        completed_on=D(2020, 2, 3),
        by=cast.actor("member"),
    )


@pytest.fixture
def take(cast):
    """Import a table of completed courses."""
    importer, officer = imports.get("study.completions"), cast.actor("officer")
    assert importer is not None

    def run(content):
        content = content.encode() if isinstance(content, str) else content
        draft = imports.keep_draft(importer, filename="完成名单", content=content, by=officer)
        return imports.apply_draft(importer, draft, officer)

    return run


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_was_exported_comes_back_and_changes_nothing(cast, own_word, take, kind):
    make = {"bureau": cast.bureau, "person": own_word.person, "course": own_word.course, "hours": 3}
    Completion.objects.create(**make, completed_on=D(2019, 2, 3))
    page = cast.client("officer").get("/tables/study.completions/export/", {"format": kind})
    assert page.status_code == 200
    assert [line.what for line in take(page.content).lines] == [What.SAME] * 2
    own_word.refresh_from_db()
    assert own_word.origin == Origin.SELF


@pytest.mark.parametrize(
    ("origin_cells", "hours", "becomes"),
    [
        (("", ""), "2.5", (What.SAME, Origin.SELF)),
        ((",来源", ","), "2.5", (What.SAME, Origin.SELF)),
        ((",来源", ",本人登记"), "2.5", (What.SAME, Origin.SELF)),
        ((",来源", ",导入"), "2.5", (What.CHANGED, Origin.IMPORTED)),
        (("", ""), "4", (What.CHANGED, Origin.IMPORTED)),
        ((",来源", ",本人登记"), "4", (What.CHANGED, Origin.SELF)),
    ],
)
def test_whose_word_a_row_is_changes_only_with_its_facts(own_word, take, origin_cells, hours, becomes):
    head, cell = origin_cells
    file = f"姓名,课程,平台,学时,完成日期{head}\n党员丁,{own_word.course},廉石之光,{hours},2020-02-03{cell}\n"
    what = take(file).lines[0].what
    own_word.refresh_from_db()
    assert (what, own_word.origin, own_word.hours) == (*becomes, Decimal(hours))


def test_a_course_is_known_by_its_platform_and_its_name(take):
    file = "姓名,课程,平台,学时,完成日期\n党员丁,新课程甲,{},2,2020-02-03\n党员庚,新课程甲,{},2,2020-02-03\n"
    outcome = take(file.format("廉石之光", "网上党性培训"))
    assert [line.text for line in outcome.lines] == [
        "党员丁：新课程甲（廉石之光），2 学时，2020-02-03；课程是新建的",
        "党员庚：新课程甲（网上党性培训），2 学时，2020-02-03；课程是新建的",
    ]
    assert set(Course.objects.values_list("provider", "completions__person__name")) == {
        ("廉石之光", "党员丁"),
        ("网上党性培训", "党员庚"),
    }
    assert [line.what for line in take(file.format("廉石之光", "网上党性培训")).lines] == [What.SAME] * 2
    with pytest.raises(Refused, match="什么也没有导入"):
        take("姓名,课程,学时,完成日期\n党员丁,新课程甲,2,2020-02-04\n")


def test_where_no_platform_is_named_one_completion_counts_once_and_it_is_told(course, own_word, take):
    line = take(f"姓名,课程,学时,完成日期\n党员丁,{course},2.5,2020-02-03\n").lines[0]
    assert (line.what, line.text.split("；")[1]) == (
        What.SAME,
        "表里没有写学习平台，按课程库里“廉石之光”的",
    )
    Course.objects.update(provider="")
    line = take(f"姓名,课程,平台,学时,完成日期\n党员丁,{course},廉石之光,3,2020-02-05\n").lines[0]
    assert line.what == What.CHANGED
    assert line.text.split("；")[1:] == [
        "课程库里这门课程没有写学习平台，不另建“廉石之光”的",
        "原为2.5 学时，2020-02-03（本人登记）",
    ]
    assert Course.objects.count() == 1


def test_two_platforms_may_have_a_course_of_one_name_and_the_choice_tells_them_apart(cast, course):
    by = cast.actor("officer")
    save_course(name=course.name, provider="网上党性培训", hours=None, by=by)
    with pytest.raises(Refused, match="“廉石之光”已有名为"):
        save_course(name=course.name, provider="廉石之光", hours=None, by=by)
    page = cast.client("member").get(reverse("study:completion_new")).content.decode()
    assert "党章党规网上学习（廉石之光）" in page
    assert "党章党规网上学习（网上党性培训）" in page
