"""Round numbers never say more than there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.reports.rules.wording import approximate, least


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (7, "7"),
        (9, "9"),
        (10, "10"),
        (11, "10余"),
        (20, "20"),
        (23, "20余"),
        (99, "90余"),
        (100, "100"),
        (432, "430余"),
        (999, "990余"),
        (1000, "上千"),
        (1999, "上千"),
        (2000, "数千"),
        (5269, "数千"),
        (9999, "数千"),
        (10_000, "上万"),
        (19_999, "上万"),
        (20_000, "数万"),
        (99_999, "数万"),
        (100_000, "10万"),
        (250_000, "25万"),
        (254_321, "25万余"),
    ],
)
def test_the_rule_at_its_edges(count, text):
    assert approximate(count) == text


@given(st.integers(min_value=0, max_value=10**12))
def test_it_never_exaggerates(count):
    assert least(approximate(count)) <= count


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=10**9))
def test_more_never_reads_as_less(one, other):
    low, high = sorted((one, other))
    assert least(approximate(low)) <= least(approximate(high))


def test_a_negative_number_is_no_count():
    with pytest.raises(ValueError, match="no count"):
        approximate(-1)


def test_a_text_of_another_hand_is_refused():
    with pytest.raises(ValueError, match="approximate"):
        least("许多")
