"""The table of completed courses: what goes out comes back, and each row says what became of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from qizhi.core import clock, imports
from qizhi.core.imports import What
from qizhi.study.enums import Origin
from qizhi.study.models import Completion
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
