"""Times of day as ledgers write them."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core.tables.problems import BadValue
from qizhi.core.tables.values import parse_time, time_beside_day


@pytest.mark.parametrize(
    ("raw", "time"),
    [
        ("14:30", (14, 30)),
        ("１４：３０", (14, 30)),
        ("9:05", (9, 5)),
        ("14:30:00", (14, 30)),
        ("下午2:30", (14, 30)),
        ("下午 2点半", (14, 30)),
        ("14时", (14, 0)),
        ("上午9点", (9, 0)),
        ("晚上7点15分", (19, 15)),
        ("上午9:00-11:30", (9, 0)),
        ("14点整", (14, 0)),
        (dt.time(9, 30, 59), (9, 30)),
        (dt.datetime(2017, 3, 5, 9, 30), (9, 30)),  # noqa: DTZ001 - cells carry no zone
        (0.604166666, (14, 30)),
    ],
)
def test_a_time_in_any_dress(raw, time):
    assert parse_time(raw) == dt.time(*time)


@pytest.mark.parametrize("raw", ["下午", "25:00", "9:60", "两点", "很早", "2017-03-05", 9.5, 14, True])
def test_what_is_no_time_is_told(raw):
    with pytest.raises(BadValue, match="看不出几点几分"):
        parse_time(raw)


@pytest.mark.parametrize(
    ("raw", "time"),
    [
        ("2017-03-05 14:30", (14, 30)),
        ("2017-03-05T14:30:00", (14, 30)),
        ("2017年3月5日14:30", (14, 30)),
        ("2017年3月5日下午2点半", (14, 30)),
        ("3月5日上午9:00-11:30", (9, 0)),
        ("2017年3月5日（星期日）上午9：00", (9, 0)),
        (dt.datetime(2017, 3, 5, 14, 30), (14, 30)),  # noqa: DTZ001
        (dt.datetime(2017, 3, 5), None),  # noqa: DTZ001
        ("2017-03-05 00:00:00", None),
        ("2017-03-05", None),
        ("2017年3月5日", None),
        ("2017.3.5", None),
        ("20170305", None),
        ("2017年3月5日下午", None),
        ("2017年3月", None),
        (42799.75, None),
        (dt.date(2017, 3, 5), None),
    ],
)
def test_the_time_beside_a_day(raw, time):
    assert time_beside_day(raw) == (dt.time(*time) if time else None)
