"""So many sessions a year for everybody of a rank: due until 31 December, missing after it, asked of the bureau."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from qizhi.branch_life.queries import outlook
from qizhi.core import clock, periods
from qizhi.org.models import Person, RankTenure, Unit
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import Standing

D = dt.date
INSIDE, LAST, AFTER = D(2018, 11, 27), D(2018, 12, 31), D(2019, 1, 10)
YEAR = periods.year(2018)
RANKED = ("secretary", "neighbour", "officer", "leader")


@pytest.fixture
def clause(cast, ask_for):
    for name in RANKED:
        person = cast.person(name)
        RankTenure.objects.create(bureau=cast.bureau, person=person, rank="section", from_on=D(2015, 1, 1))
    return ask_for(
        "warning",
        subject=Subject.PERSON,
        kind="attendance",
        gathering="warning",
        from_rank="section",
        make_up_days=30,
        at_least=1,
    )


def told(cast, as_of, unit=None, span=YEAR):
    unit = unit or cast.root
    found = outlook(cast.bureau.pk, [unit], span, as_of)
    return [cell for _, here in found.of(unit.pk) for cell in here]


def test_it_is_due_until_the_last_day_of_the_year_and_missing_after_it(cast, clause, hold):
    hold(cast.first, D(2017, 3, 1), "theme-day")
    for day in (INSIDE, LAST):
        with clock.at(day):
            (cell,) = told(cast, day)
        assert (cell.state, cell.until, cell.said) == (Standing.DUE, LAST, "4人没有安排")
        assert (cell.required, cell.counted, cell.reason) == (4, 0, "还没有举办")
    with clock.at(AFTER):
        (cell,) = told(cast, AFTER)
    assert (cell.state, cell.steps[0].label) == (Standing.MISSING, "补录")


def test_whoever_was_due_at_a_session_is_arranged_for(cast, clause, hold):
    hold(cast.first, D(2018, 3, 1), "warning")
    (cell,) = told(cast, INSIDE)
    assert (cell.state, cell.said, cell.counted) == (Standing.DUE, "3人没有安排", 1)
    assert "书记己" in cell.reason
    hold(cast.root, D(2018, 4, 1), "warning")
    (cell,) = told(cast, INSIDE)
    assert (cell.state, len(cell.marks)) == (Standing.DONE, 2)


def test_a_branch_is_told_who_arranges_it_and_years_before_the_rule_ask_nothing(cast, clause):
    (cell,) = [one for one in told(cast, INSIDE, cast.first) if one.reason]
    assert (cell.state, cell.reason) == (
        Standing.NA,
        "这段时间没有举办；每人每年至少1次，由本局统一安排",
    )
    assert told(cast, INSIDE, span=periods.year(2015)) == []


def test_pages_say_it_of_the_bureau(cast, clause, hold):
    hold(cast.first, D(2017, 3, 1), "theme-day")
    with clock.at(INSIDE):
        client = cast.client("officer")
        (line,) = [one for one in client.get("/").context["home"].lines if one.unit == cast.root]
        assert (line.due, line.missing) == (1, 0)
        page = client.get(reverse("branch_life:unit", args=[cast.root.pk])).content.decode()
        text = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))
        assert "警示教育（全年安排）4人没有安排（还没有举办）2018年12月31日前，还有34天" in text
        ranked = client.get(reverse("branch_life:ranked"), {"year": "2018"}).content.decode()
        assert "还没有安排" in ranked
        assert "2018年12月31日前" in ranked
    with clock.at(AFTER):
        ranked = cast.client("officer").get(reverse("branch_life:ranked"), {"year": "2018"}).content.decode()
        assert "answer-missing" in ranked
        assert "2018年12月31日前" not in ranked


@pytest.mark.parametrize("number", [1, 3])
def test_statements_do_not_grow_with_sessions(cast, clause, hold, number, django_assert_num_queries):
    for count in range(number):
        hold(cast.root, D(2018, 3, 1 + count), "warning")
    with django_assert_num_queries(11):
        outlook(cast.bureau.pk, [Unit.objects.get(pk=cast.root.pk)], YEAR, INSIDE)
    assert Person.objects.exists()
