"""Work in several processes gives what it gives in one."""

from __future__ import annotations

import math

import pytest

from qizhi.core import parallel


def test_each_keeps_the_order_in_one_process_and_in_two():
    numbers = [9, 4, 16, 1]
    assert parallel.each(math.isqrt, numbers, workers=1) == [3, 2, 4, 1]
    assert parallel.each(math.isqrt, numbers, workers=2) == [3, 2, 4, 1]
    assert parallel.each(math.isqrt, [], workers=2) == []


def test_each_raises_what_the_work_raised():
    with pytest.raises(ValueError, match=r"nonnegative"):
        parallel.each(math.isqrt, [4, -1], workers=2)
