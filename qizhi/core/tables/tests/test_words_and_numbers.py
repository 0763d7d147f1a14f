import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.core.tables.problems import BadValue
from qizhi.core.tables.tests.build import outcome
from qizhi.core.tables.values import (
    Choices,
    decimal,
    integer,
    is_blank,
    parse_decimal,
    parse_hours,
    parse_integer,
    parse_lines,
    parse_list,
    parse_name,
    parse_names,
    parse_text,
    parse_yes_no,
    text,
)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("　学习 贯彻\u200b ", "学习 贯彻"),
        ("学习\n贯彻", "学习贯彻"),
        ("a\r\nb", "a b"),
        ("，第一\n（二）", "，第一（二）"),
        (12, "12"),
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (True, "是"),
        (dt.date(2017, 3, 5), "2017-03-05"),
        (dt.datetime(2017, 3, 5, 8, 5), "2017-03-05 08:05"),  # noqa: DTZ001
        (dt.time(8, 5), "08:05"),
        ("\ufeff\x00x\x07", "x"),
    ],
)
def test_text(raw, value):
    assert parse_text(raw) == value
    assert parse_text(parse_text(raw)) == value


def test_text_keeps_lines_only_where_asked():
    assert parse_lines(" 一 \r\n\n\n\n二\u2028三 ") == "一\n\n二\n三"
    with pytest.raises(BadValue, match="有6个字，超过5个字"):
        text(5)("一二三四五六")
    assert text(5, is_multiline=True)("一\n二") == "一\n二"


def test_a_number_too_long_for_a_spreadsheet_is_no_text():
    with pytest.raises(BadValue, match="超过15位"):
        parse_text(110101199001011000)


@pytest.mark.parametrize("raw", [None, "", " ", "　", "/", "—", "——", "－", "\\", "\u200b", "\n"])
def test_blank(raw):
    assert is_blank(raw)


@pytest.mark.parametrize("raw", [0, False, "无", "0", "-1", dt.time()])
def test_not_blank(raw):
    assert not is_blank(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("张 三", "张三"),
        ("张　　三", "张三"),
        ("欧 阳 娜 娜", "欧阳娜娜"),
        ("欧阳 娜娜", "欧阳娜娜"),
        ("买买提.艾力", "买买提·艾力"),
        ("买买提 • 艾力", "买买提·艾力"),
        ("阿不都·卡德尔‧江", "阿不都·卡德尔·江"),
        ("John  Smith", "John Smith"),
        ("\u200b李四\n", "李四"),
    ],
)
def test_name(raw, value):
    assert parse_name(raw) == value
    assert parse_name(value) == value


@pytest.mark.parametrize(
    ("raw", "reason"),
    [("张三、李四", "几个人"), ("张三 李四", "几个人"), ("1024", "不像人名"), (7, "不像人名")],
)
def test_not_one_name(raw, reason):
    with pytest.raises(BadValue, match=reason):
        parse_name(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("张三、李四", ("张三", "李四")),
        ("张 三，李四；王五/赵六\n钱七", ("张三", "李四", "王五", "赵六", "钱七")),
        ("张三 李四　王五", ("张三", "李四", "王五")),
        ("张 三", ("张三",)),
        ("张 三 李四 王 五", ("张三", "李四", "王五")),
        ("李四 张 三", ("李四", "张三")),
        ("张 三丰", ("张三丰",)),
        ("李四 张 三丰 王五", ("李四", "张三丰", "王五")),
        ("John Smith", ("John Smith",)),
        ("张三、", ("张三",)),
    ],
)
def test_names(raw, value):
    assert parse_names(raw) == value


@pytest.mark.parametrize(
    ("raw", "reason"), [("张三、李四等5人", "“等”"), ("张 三 李 四", "分不清"), ("张三 李", "分不清")]
)
def test_names_that_nobody_can_tell(raw, reason):
    with pytest.raises(BadValue, match=reason):
        parse_names(raw)


def test_list():
    assert parse_list("一、二,三；四 五\n六/七") == ("一", "二", "三", "四", "五", "六", "七")
    assert parse_list("无") == ()


@pytest.mark.parametrize("raw", ["是", "√", "Y", "ｙ", "有", 1, "1", True, "TRUE", 1.0, " 是 "])
def test_yes(raw):
    assert parse_yes_no(raw) is True


@pytest.mark.parametrize("raw", ["否", "×", "n", "Ｎ", "无", 0, "0", False, "x"])
def test_no(raw):
    assert parse_yes_no(raw) is False


@pytest.mark.parametrize("raw", ["也许", "○", 2, "是否"])
def test_neither_yes_nor_no(raw):
    with pytest.raises(BadValue, match="看不出是还是否"):
        parse_yes_no(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("12", 12),
        ("１２", 12),
        ("12人", 12),
        ("12 人次", 12),
        ("1,234", 1234),
        ("1，234", 1234),
        ("十二", 12),
        ("二十人", 20),
        ("两次", 2),
        ("九十九", 99),
        ("-3", -3),
        ("1.2万", 12000),
        ("12.0", 12),
        (12.0, 12),
        (7, 7),
        ("¥100元", 100),
    ],
)
def test_integer(raw, value):
    found = parse_integer(raw)
    assert (found, type(found)) == (value, int)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("12.5", "不是整数"),
        (12.5, "不是整数"),
        ("1,23", "不是数字"),
        ("约12", "确切"),
        ("12余人", "确切"),
        ("3-5", "确切"),
        ("85%", "百分数"),
        ("12打", "单位"),
        ("多少", "确切"),
        ("abc", "不是数字"),
        (dt.date(2017, 3, 5), "日期"),
        (True, "是/否"),
        ("9" * 40, "18位"),
        (10**300, "18位"),
        (float("nan"), "18位"),
        ("二百", "不是数字"),
    ],
)
def test_not_an_integer(raw, reason):
    with pytest.raises(BadValue, match=reason):
        parse_integer(raw)


def test_bounds_and_places():
    assert integer(0, 10)("10") == 10
    with pytest.raises(BadValue, match="最大是10"):
        integer(0, 10)("11")
    with pytest.raises(BadValue, match="最小是0"):
        integer(0)("-1")
    assert decimal(2)("1.25") == Decimal("1.25")
    assert decimal(1)(0.1 + 0.2) == Decimal("0.3")
    with pytest.raises(BadValue, match="小数超过2位"):
        decimal(2)("1.255")


@given(st.decimals(-(10**12), 10**12, places=3))
def test_decimals_are_exact(number):
    assert parse_decimal(f"{number:f}") == number
    assert parse_decimal(f"{number:,f}") == number


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2小时", "2"),
        ("1.5h", "1.5"),
        ("90分钟", "1.5"),
        ("1小时30分", "1.5"),
        ("1个半小时", "1.5"),
        ("一个半小时", "1.5"),
        ("半小时", "0.5"),
        ("半个小时", "0.5"),
        ("两小时", "2"),
        ("1小时半", "1.5"),
        ("50分钟", "0.83"),
        ("1:30", "1.5"),
        ("１．５", "1.5"),
        (2, "2"),
        (10, "10"),
        (dt.time(1, 45), "1.75"),
        (dt.timedelta(hours=30), "30"),
    ],
)
def test_hours(raw, value):
    assert parse_hours(raw) == Decimal(value)
    assert f"{parse_hours(raw)}" == value


@pytest.mark.parametrize("raw", ["半天", "2学时左右", "-1", -1, 10**6, "1.2.3小时", "", "小时"])
def test_not_hours(raw):
    with pytest.raises(BadValue, match=r"看不出|不合常理|不是数字"):
        parse_hours(raw)


def test_choices():
    kinds = Choices([("a", "专题学习"), ("b", "集中学习")], {"集体学习": "b"})
    assert [kinds(word) for word in ("专题学习", " 专题 学习", "集体学习")] == ["a", "a", "b"]
    assert kinds.show("b") == "集中学习"
    with pytest.raises(BadValue, match="没有“专题学”这一项") as caught:
        kinds("专题学")
    assert caught.value.fix == "是不是“专题学习”？可以填：专题学习、集中学习"
    with pytest.raises(ValueError, match="cannot stand for"):
        Choices([("a", "同"), ("b", "同")])
    with pytest.raises(ValueError, match="cannot stand for"):
        Choices([("a", "甲")], {"乙": "c"})


RAW = st.one_of(
    st.none(),
    st.text(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
PARSERS = (
    parse_text,
    parse_lines,
    parse_name,
    parse_names,
    parse_list,
    parse_yes_no,
    parse_integer,
    parse_decimal,
    parse_hours,
    decimal(2),
    Choices([("a", "甲")]),
)


@given(RAW, st.sampled_from(PARSERS))
def test_a_parser_gives_a_value_or_a_reason(raw, parse):
    value = outcome(parse, raw)
    assert value is not None
    assert not isinstance(value, BadValue) or value.reason
