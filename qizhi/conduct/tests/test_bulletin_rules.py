"""What a bulletin may tell: cells that stand for enough people, months that say nothing happened."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.conduct.rules.bulletins import (
    LEAST,
    OTHER_CLAUSES,
    OTHER_UNITS,
    Told,
    cells_of,
    days_of,
    months_of,
    names_in,
    numbers_over,
    private_in,
)
from qizhi.core.periods import Period

D = dt.date


def told(unit, clause, person, number=0, points=-1):
    key = f"{unit}{clause}{person}{number}"
    return Told(key, unit, clause, Decimal(points), D(2018, 1, 31), person, person and f"某{person}")


def shown(cases):
    return [(cell.unit, cell.clause, cell.cases, cell.people, cell.points) for cell in cells_of(cases)]


def test_six_a_year_cover_every_day_once():
    assert days_of(2018, 1) == Period(D(2018, 1, 1), D(2018, 2, 28))
    assert days_of(2016, 1).end == D(2016, 2, 29)
    assert days_of(2018, 6) == Period(D(2018, 11, 1), D(2018, 12, 31))
    assert numbers_over(2018, D(2018, 2, 28)) == []
    assert numbers_over(2018, D(2018, 3, 1)) == [1]
    assert numbers_over(2017, D(2018, 3, 1)) == [1, 2, 3, 4, 5, 6]
    with pytest.raises(ValueError, match="7"):
        days_of(2018, 7)


def test_enough_people_stand_by_unit_and_clause():
    cases = [told("一处", "甲", "1"), told("一处", "甲", "2"), told("一处", "甲", "3")]
    assert shown(cases) == [("一处", "甲", 3, 3, Decimal(-3))]


def test_three_cases_of_one_person_are_still_one_person():
    cases = [told("一处", "甲", "1", n) for n in range(3)]
    assert shown(cases) == [(OTHER_UNITS, OTHER_CLAUSES, 3, 1, Decimal(-3))]


def test_single_people_of_several_units_go_together_by_clause():
    cases = [told(f"{unit}处", "甲", unit) for unit in "一二三"]
    assert shown(cases) == [(OTHER_UNITS, "甲", 3, 3, Decimal(-3))]


def test_people_of_one_unit_with_a_clause_each_go_together_by_unit():
    cases = [told("一处", clause, clause) for clause in "甲乙丙"]
    assert shown(cases) == [("一处", OTHER_CLAUSES, 3, 3, Decimal(-3))]


def test_the_last_one_is_never_left_to_be_had_by_subtraction():
    cases = [told("一处", "甲", str(n)) for n in range(3)] + [told("二处", "乙", "9")]
    assert shown(cases) == [(OTHER_UNITS, OTHER_CLAUSES, 4, 4, Decimal(-4))]


def test_what_is_laid_to_a_unit_itself_is_told():
    cases = [told("一处", "甲", ""), told("二处", "乙", "9")]
    assert shown(cases) == [
        ("一处", "甲", 1, 1, Decimal(-1)),
        (OTHER_UNITS, OTHER_CLAUSES, 1, 1, Decimal(-1)),
    ]


CASES = st.lists(
    st.builds(told, st.sampled_from("一二三四"), st.sampled_from("甲乙丙"), st.sampled_from("123456789")),
    max_size=30,
)


@given(CASES)
def test_no_cell_points_at_fewer_people_than_allowed(cases):
    cases = list({case.key: case for case in cases}.values())
    cells = cells_of(cases)
    assert sum(cell.cases for cell in cells) == len(cases)
    assert sum(cell.points for cell in cells) == sum(case.points for case in cases)
    for cell in cells:
        is_alone = len(cells) == 1 and (cell.unit, cell.clause) == (OTHER_UNITS, OTHER_CLAUSES)
        assert cell.people >= LEAST or is_alone
    assert len({(cell.unit, cell.clause) for cell in cells}) == len(cells)


@given(CASES)
def test_of_a_unit_or_clause_with_one_person_nothing_is_told(cases):
    people = defaultdict(set)
    for case in cases:
        people[case.unit].add(case.person)
        people[case.clause].add(case.person)
    for cell in cells_of(cases):
        for name in {cell.unit, cell.clause} - {OTHER_UNITS, OTHER_CLAUSES}:
            assert len(people[name]) >= LEAST


def test_order_follows_the_units_and_not_their_numbers():
    cases = [told("二处", "甲", str(n)) for n in range(3)] + [told("一处", "甲", str(n)) for n in range(9)]
    assert [cell.unit for cell in cells_of(cases)] == ["二处", "一处"]


def test_a_month_without_a_case_says_so():
    months = months_of(days_of(2018, 1), [told("一处", "甲", "1")])
    assert [month.sentence for month in months] == ["1月生效1件，扣1分。", "2月没有生效的事项。"]


@pytest.mark.parametrize(
    "text",
    [
        "联系电话13912345678",
        "手机：139 1234 5678",
        "139-1234-5678",
        "０５１２－６８７６５４３２",
        "0512-68765432",
        "身份证号32050119800101123X。",
        "320501 19800101 1234",
        "老证320501800101123",
    ],
)
def test_numbers_of_people_are_found(text):
    assert private_in(text)


@pytest.mark.parametrize(
    "text", ["2018年1月至2月共3件", "示检党通〔2018〕1号", "2018-01-15至2018-02-28", "记-1.5分，共12次", ""]
)
def test_other_numbers_are_left_alone(text):
    assert private_in(text) == []


def test_names_are_found_spaced_too():
    assert names_in("对 党 员丁 提出批评", ["党员丁", "党员庚"]) == ["党员丁"]
