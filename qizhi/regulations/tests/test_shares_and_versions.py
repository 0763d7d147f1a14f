"""Caps are floored fractions; spans include both ends."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from qizhi.core.periods import Every, Period, half_of, split, year
from qizhi.regulations.kinds.cases import period_key, to_period
from qizhi.regulations.rules import floored_cap, is_in_force, least_of, overlap, say_share

D = dt.date


@pytest.mark.parametrize(
    ("share", "of", "expected"),
    [(Fraction(1, 3), 12, 4), (Fraction(20, 100), 47, 9), (Fraction(1, 3), 2, 0), (Fraction(1), 5, 5)],
)
def test_a_cap_is_a_fraction_rounded_down(share, of, expected):
    assert floored_cap(share, of) == expected


@pytest.mark.parametrize(
    ("share", "of", "least", "floored"),
    [
        (Fraction(4, 5), 10, 8, 8),
        (Fraction(4, 5), 11, 9, 8),
        (Fraction(1, 3), 12, 4, 4),
        (Fraction(1, 3), 13, 5, 4),
        (Fraction(1), 5, 5, 5),
        (Fraction(2, 3), 0, 0, 0),
    ],
)
def test_a_share_is_reached_exactly_or_with_whole_people(share, of, least, floored):
    assert least_of(share, of) == least
    assert least_of(share, of, is_floored=True) == floored
    assert all((present >= least) is (Fraction(present) >= share * of) for present in range(of + 1))
    assert say_share(Fraction(4, 5)) == "4/5"
    assert say_share(Fraction(1)) == "全部"


def test_half_years_have_names_and_cases_write_them():
    for text, half in (("2018-H1", half_of(D(2018, 6, 30))), ("2018-H2", half_of(D(2018, 7, 1)))):
        assert period_key(half, Every.HALF_YEAR) == text
        assert to_period(text, "期间") == half
    assert [half.label for half in split(year(2018), Every.HALF_YEAR)] == ["2018年上半年", "2018年下半年"]
    assert Period(D(2018, 1, 5), D(2018, 1, 5)).label == "2018年1月5日"


@pytest.mark.parametrize(("share", "of"), [(Fraction(4, 3), 12), (Fraction(-1, 3), 12), (Fraction(1, 3), -1)])
def test_a_senseless_cap_is_refused(share, of):
    with pytest.raises(ValueError, match="cap"):
        floored_cap(share, of)


def test_a_version_holds_on_its_first_and_last_day():
    assert is_in_force(D(2018, 10, 28), None, D(2018, 10, 28))
    assert not is_in_force(D(2018, 10, 28), None, D(2018, 10, 27))
    assert is_in_force(D(2018, 1, 1), D(2018, 1, 31), D(2018, 1, 31))
    assert not is_in_force(D(2018, 1, 1), D(2018, 1, 31), D(2018, 2, 1))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((D(2018, 1, 1), D(2018, 1, 31)), (D(2018, 2, 1), None), False),
        ((D(2018, 1, 1), D(2018, 2, 1)), (D(2018, 2, 1), None), True),
        ((D(2018, 1, 1), None), (D(2020, 1, 1), D(2020, 1, 2)), True),
        ((D(2020, 1, 1), D(2020, 1, 2)), (D(2018, 1, 1), None), True),
        ((D(2020, 1, 1), None), (D(2018, 1, 1), D(2019, 12, 31)), False),
    ],
)
def test_two_spans_overlap_when_they_share_a_day(first, second, expected):
    assert overlap(first, second) is expected
