"""How many departments a joint branch covers (BR-17): counted on a day, told on the screen and found."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.branch_life.queries import outlook
from qizhi.branch_life.queries.findings import check_clauses
from qizhi.core import periods
from qizhi.org.models import JointUnit, Unit
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import Standing

D = dt.date
TODAY = D(2018, 4, 20)
MONTH = periods.month_of(TODAY)


@pytest.fixture
def asked(cast, ask_for, april):
    """At most two units, generally."""
    return ask_for("joint", kind="joint_units", is_general=True, at_most=2)


@pytest.fixture
def cover(cast):
    """The first branch covers so many departments from a day on."""

    def make(number):
        for one in range(number):
            unit, _ = Unit.objects.get_or_create(
                bureau=cast.bureau,
                code=f"j{one}",
                defaults={
                    "kind": "department",
                    "name": f"{one}处",
                    "parent": cast.root,
                    "path": f"b/j{one}/",
                    "from_on": D(2015, 1, 1),
                },
            )
            JointUnit.objects.create(bureau=cast.bureau, unit=cast.first, covered=unit, from_on=D(2016, 1, 1))

    return make


def cell(cast, unit=None):
    unit = unit or cast.first
    told = outlook(cast.bureau.pk, [cast.first, cast.second], MONTH, TODAY)
    return next(cells[0] for line, cells in told.of(unit.pk) if line.label == "联合党支部覆盖单位")


def found(cast):
    return [
        (one.word, one.sentence) for line in check_clauses(cast.bureau.pk, MONTH, TODAY) for one in line.found
    ]


def test_none_or_one_is_no_joint_branch(cast, asked, cover):
    assert (cell(cast).state, cell(cast).reason) == (Standing.NA, "没有登记覆盖单位，不是联合党支部")
    cover(1)
    assert (cell(cast).state, cell(cast).reason) == (Standing.NA, "只覆盖1个单位，不是联合党支部")
    assert found(cast) == []


def test_up_to_the_bound_is_enough_and_one_more_is_a_warning(cast, asked, cover):
    cover(2)
    assert (cell(cast).state, cell(cast).said) == (Standing.DONE, "2个")
    assert found(cast) == []
    JointUnit.objects.all().delete()
    cover(3)
    told = cell(cast)
    assert (told.state, told.said, told.is_general) == (Standing.MISSING, "3个", True)
    assert told.reason == "联合党支部覆盖单位不超过2个，覆盖3个单位（0处、1处、2处）"
    assert [step.label for step in told.steps] == ["核对覆盖单位"]
    ((_, sentence),) = found(cast)
    assert sentence == (
        "第一党支部2018年4月20日：联合党支部覆盖单位不超过2个，覆盖3个单位（0处、1处、2处）。依据《joint制度》第一条。"
    )
    assert cell(cast, cast.second).state is Standing.NA


def test_only_departments_that_are_there_on_the_day_count(cast, asked, cover):
    cover(3)
    Unit.objects.filter(code="j2").update(to_on=D(2018, 4, 19))
    assert cell(cast).state is Standing.DONE
    JointUnit.objects.filter(covered__code="j1").update(to_on=D(2018, 4, 19))
    assert "只覆盖1个单位" in cell(cast).reason
    JointUnit.objects.update(to_on=D(2018, 4, 19))
    told = cell(cast)
    assert (told.state, told.reason) == (Standing.UNKNOWN, "登记过覆盖单位，当日没有登记")


def test_the_clause_speaks_of_branches(cast, ask_for, april):
    ask_for("joint", kind="joint_units", subject=Subject.DEPARTMENT, at_most=5)
    with pytest.raises(Exception, match="只判定党支部"):
        check_clauses(cast.bureau.pk, MONTH, TODAY)


@pytest.mark.parametrize("number", [1, 3])
def test_statements_do_not_grow_with_units(cast, asked, cover, number, django_assert_num_queries):
    cover(number)
    with django_assert_num_queries(7):
        outlook(cast.bureau.pk, [cast.first, cast.second], MONTH, TODAY)
