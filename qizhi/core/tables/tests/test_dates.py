import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.core.tables.problems import BadValue
from qizhi.core.tables.tests.build import outcome
from qizhi.core.tables.values import DayOrMonth, parse_day, parse_day_or_month

DAY = DayOrMonth(dt.date(2017, 3, 5))
MONTH = DayOrMonth(dt.date(2017, 3, 1), "month")


@pytest.mark.parametrize(
    "raw",
    [
        "2017.3.5",
        "2017-03-05",
        "2017/3/5",
        "20170305",
        20170305,
        "2017年3月5日",
        "2017 年 3 月 5 日",
        "２０１７年３月５号",
        "２０１７．３．５",
        "2017。3。5",
        "2017—03—05",
        "2017.3.5.",
        "2017 3 5",
        "2017、3、5",
        "2017-03-05 00:00:00",
        "2017-03-05T14:30:00",
        "2017年3月5日14:30",
        "2017年3月5日（星期日）",
        "2017年3月5日 周天",
        "二〇一七年三月五日",
        "\u200b2017\u00a0年3月5日\u3000",
        42799,
        42799.75,
        dt.date(2017, 3, 5),
        dt.datetime(2017, 3, 5, 14, 30),  # noqa: DTZ001 - cells carry no zone
    ],
)
def test_a_day_in_any_dress(raw):
    assert parse_day_or_month(raw) == DAY
    assert parse_day(raw) == dt.date(2017, 3, 5)


@pytest.mark.parametrize(
    "raw",
    [
        "2017年3月",
        "2017.03",
        "2017.3",
        "201703",
        201703,
        2017.03,
        "2017-03",
        "２０１７／３",
        "2017年3月份",
        "二〇一七年三月",
    ],
)
def test_a_month_stays_a_month(raw):
    assert parse_day_or_month(raw) == MONTH
    with pytest.raises(BadValue, match="只写到月"):
        parse_day(raw)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("2017.2.30", "2017年2月没有30日"),
        ("2019-02-29", "2019年2月没有29日"),
        ("2017.03.00", "没有0日"),
        ("2017.13.1", "没有13月"),
        ("201713", "没有13月"),
        ("03/05/17", "没有写满四位"),
        ("7.3.5", "没有写满四位"),
        ("3月5日", "没有写年份"),
        ("5/3/2017", "不在最前面"),
        ("2017年", "只有年份"),
        (2017, "只有年份"),
        (2017.1, "1月，也可能是2017年10月"),
        (20173, "可能是2017年3月，也可能是日期序号（1955-03-25）"),
        ("42799", "日期序号"),
        ("170305", "看不出"),
        ("2017305", "看不出"),
        (12, "看不出"),
        ("2017.3-2018.5", "一段时间"),
        ("2017年3月至今", "一段时间"),
        ("2107.3.5", "年份2107不合常理"),
        ("1817年3月5日", "年份1817不合常理"),
        ("2017年3月5日（星期一）", "是星期日，不是星期一"),
        ("去年春天", "看不出"),
        (True, "要填日期"),
        (dt.time(8), "要填日期"),
        (10**400, "看不出"),
        (float("inf"), "看不出"),
        (dt.date(1850, 1, 1), "不合常理"),
    ],
)
def test_what_is_no_date_is_named(raw, reason):
    with pytest.raises(BadValue, match=reason) as caught:
        parse_day_or_month(raw)
    assert caught.value.fix


@pytest.mark.parametrize(
    "raw", ["17/3/5", "17.3.5", "17-03-05", "17年3月5日", "１７／３／５", "17年3月5日上午9:00"]
)
def test_a_year_of_two_digits_stands_first(raw):
    assert parse_day_or_month(raw) == DAY


def test_a_year_of_two_digits_belongs_to_the_nearer_century():
    assert parse_day("85.3.5") == dt.date(1985, 3, 5)
    assert parse_day("05年3月5日") == dt.date(2005, 3, 5)
    assert str(parse_day_or_month("17年3月")) == "2017年3月"


@pytest.mark.parametrize(
    "hour",
    [" 9:00", "上午", "下午3点", "14:30-16:00", " 上午9:00至11:30", "9时30分", "晚上7点半", "（星期日）上午"],
)
def test_the_hour_beside_the_day_is_no_trouble(hour):
    assert parse_day_or_month(f"2017年3月5日{hour}") == DAY


def test_a_part_of_the_day_may_stand_right_behind_the_figures():
    assert parse_day_or_month("2017.3.5下午2:30") == DAY
    assert parse_day_or_month("2017.3.5 9:00") == DAY


def test_a_month_is_kept_by_its_first_day():
    with pytest.raises(ValueError, match="first day"):
        DayOrMonth(dt.date(2017, 3, 5), "month")
    assert (str(MONTH), MONTH.last_day) == ("2017年3月", dt.date(2017, 3, 31))
    assert (str(DAY), DAY.last_day) == ("2017年3月5日", dt.date(2017, 3, 5))


@given(st.dates(dt.date(1930, 1, 1), dt.date(2100, 12, 31)), st.sampled_from(["-", ".", "/", "年"]))
def test_every_day_is_read_back(day, mark):
    middle = "月" if mark == "年" else mark
    for text in (
        f"{day.year}{mark}{day.month}{middle}{day.day}",
        f"{day.year}{mark}{day.month:02}{middle}{day.day:02}",
        day.strftime("%Y%m%d"),
        str(DayOrMonth(day)),
    ):
        assert parse_day(text) == day
    month = DayOrMonth(day.replace(day=1), "month")
    assert parse_day_or_month(str(month)) == month
    assert parse_day_or_month(f"{day:%Y%m}") == month


@given(st.dates(dt.date(1957, 7, 10), dt.date(2100, 12, 31)))
def test_every_serial_is_read_back(day):
    assert parse_day((day - dt.date(1899, 12, 30)).days) == day


@given(
    st.one_of(
        st.text(string.digits + "年月日.-/ 至十一二〇", max_size=14),
        st.text(),
        st.integers(),
        st.floats(),
        st.dates(),
        st.datetimes(),
        st.times(),
        st.timedeltas(),
    )
)
def test_anything_gives_a_plausible_date_or_a_reason(raw):
    found = outcome(parse_day_or_month, raw)
    if isinstance(found, BadValue):
        assert found.reason
        assert found.fix
    else:
        assert isinstance(found, DayOrMonth)
        assert 1900 <= found.first_day.year <= 2100
        assert parse_day_or_month(str(found)) == found
