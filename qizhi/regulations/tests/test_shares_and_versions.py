"""Caps are floored fractions; spans include both ends."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from qizhi.regulations.rules import floored_cap, is_in_force, overlap

D = dt.date


@pytest.mark.parametrize(
    ("share", "of", "expected"),
    [(Fraction(1, 3), 12, 4), (Fraction(20, 100), 47, 9), (Fraction(1, 3), 2, 0), (Fraction(1), 5, 5)],
)
def test_a_cap_is_a_fraction_rounded_down(share, of, expected):
    assert floored_cap(share, of) == expected


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
