import math
import re
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from qizhi.core.charts import Series, bar_chart, line_chart, small_multiples
from qizhi.core.charts.parts import make_scale, number_text

SVG = "{http://www.w3.org/2000/svg}"
CHARTS = [bar_chart, line_chart, small_multiples]
MONTHS = [f"{month}月" for month in range(1, 13)]
RED = "#B3261E"


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own output


def texts(svg):
    return [element.text for element in parsed(svg).iter(f"{SVG}text")]


def bars(svg, fill=None):
    return [
        one
        for one in parsed(svg).iter(f"{SVG}rect")
        if one.find(f"{SVG}title") is not None and fill in {None, one.get("fill")}
    ]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_is_an_image_with_a_name_and_its_values_in_words(chart):
    root = parsed(chart("各支部活动", ["一月", "二月"], [Series("第一党支部", (3, None))], unit="次"))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "各支部活动"
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert root[1].text == "一月：3次；二月：—次" or root[1].text == "一月：3次；二月：—"
    assert "各支部活动" in texts(chart("各支部活动", ["一月"], [Series("甲", (3,))]))
    assert "各支部活动" not in texts(chart("各支部活动", ["一月"], [Series("甲", (3,))], show_title=False))


@pytest.mark.parametrize("chart", CHARTS)
def test_nothing_that_a_strict_page_would_block(chart):
    svg = chart("题", MONTHS, [Series("甲", tuple(range(12))), Series("乙", (None,) * 12)], accent=1)
    names = {attribute for element in parsed(svg).iter() for attribute in element.attrib}
    assert not names & {"style", "href", "class", "id", "onload", "onclick"}
    tags = {element.tag.removeprefix(SVG) for element in parsed(svg).iter()}
    assert tags <= {"svg", "g", "title", "desc", "text", "rect", "line", "path", "circle"}
    assert "url(" not in svg
    assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize(
    ("labels", "series"),
    [
        ([], []),
        (["一月"], []),
        ([], [Series("甲", ())]),
        (["一月"], [Series("甲", (None,))]),
        (["一月"], [Series("甲", (math.nan,))]),
    ],
)
def test_no_data_says_so(chart, labels, series):
    assert "没有数据" in texts(chart("题", labels, series))


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("count", [1, 2, 30, 31, 200])
def test_one_to_two_hundred_points_stay_in_the_frame(chart, count):
    labels = [f"第{index}村民小组" for index in range(1, count + 1)]
    root = parsed(chart("题", labels, [Series("户", tuple(range(count)))], unit="户"))
    _, _, width, height = map(float, root.get("viewBox").split())
    assert (float(root.get("width")), float(root.get("height"))) == (width, height)
    if chart is small_multiples:
        return
    for box in root.iter(f"{SVG}rect"):
        assert 0 <= float(box.get("x")) <= float(box.get("x")) + float(box.get("width")) <= width + 0.1
        assert float(box.get("y")) + float(box.get("height")) <= height + 0.1


def test_bars_are_as_long_as_their_values():
    svg = bar_chart("题", ["甲", "乙", "丙"], [Series("次", (10, 5, Fraction(5, 2)))])
    widths = [float(one.get("width")) for one in bars(svg)]
    assert widths[0] / widths[1] == pytest.approx(2, rel=0.01)
    assert widths[0] / widths[2] == pytest.approx(4, rel=0.01)
    assert [one.find(f"{SVG}title").text for one in bars(svg)] == ["甲：10", "乙：5", "丙：2.5"]


def test_a_share_is_drawn_on_the_whole_scale():
    svg = bar_chart("率", ["甲", "乙"], [Series("率", (100, Decimal(50)))], unit="%", maximum=100)
    full, half = (float(one.get("width")) for one in bars(svg))
    tracks = [
        float(one.get("width")) for one in parsed(svg).iter(f"{SVG}rect") if one.find(f"{SVG}title") is None
    ]
    assert tracks == pytest.approx([full, full])
    assert half == pytest.approx(full / 2, abs=0.1)


def test_a_missing_value_is_a_dash_and_no_bar():
    svg = bar_chart("题", ["甲", "乙"], [Series("次", (0, None))], unit="次")
    assert len(bars(svg)) == 1
    assert "—" in texts(svg)
    assert "0次" in texts(svg)


def test_negative_bars_lie_left_of_zero():
    left, right = bars(bar_chart("题", ["甲", "乙"], [Series("次", (-2, 4))]))
    assert float(left.get("x")) + float(left.get("width")) == pytest.approx(float(right.get("x")), abs=0.1)


def test_one_bar_is_red():
    svg = bar_chart("题", MONTHS, [Series("次", tuple(range(1, 13)))], accent=3)
    assert [one.find(f"{SVG}title").text for one in bars(svg, RED)] == ["4月：4"]
    many = bar_chart("题", [str(index) for index in range(50)], [Series("次", (1,) * 50)], accent=7)
    assert [one.find(f"{SVG}title").text for one in bars(many, RED)] == ["7：1"]


def test_a_long_label_is_shortened_but_told_in_full():
    name = "综合技术中心（含国际旅行卫生保健中心）联合党支部委员会"
    svg = bar_chart("题", [name], [Series("次", (1,))], width=340)
    shown = next(text for text in texts(svg) if text.endswith("…"))
    assert name.startswith(shown[:-1])
    assert name in svg


def test_a_line_breaks_where_nothing_is_known():
    svg = line_chart("题", MONTHS[:5], [Series("甲", (1, 2, None, 3, 4))])
    path = next(parsed(svg).iter(f"{SVG}path")).get("d")
    assert re.sub(r"[^ML]", "", path) == "MLML"
    assert len(list(parsed(svg).iter(f"{SVG}circle"))) == 4


def test_a_lonely_point_is_seen_among_many():
    values = [None if index in {49, 51} else index for index in range(100)]
    svg = line_chart("题", [str(index) for index in range(100)], [Series("甲", tuple(values))])
    assert [dot.find(f"{SVG}title").text for dot in parsed(svg).iter(f"{SVG}circle")] == ["50：50"]


def test_lines_carry_their_names_without_overlap():
    series = [Series(name, (1, 2, 3)) for name in ("本年", "上年", "前年")]
    named = [
        one
        for one in parsed(line_chart("题", MONTHS[:3], series)).iter(f"{SVG}text")
        if one.text in {"本年", "上年", "前年"}
    ]
    heights = sorted(float(one.get("y")) for one in named)
    assert len(heights) == 3
    assert min(after - before for before, after in pairwise(heights)) >= 15
    assert [one.get("fill") for one in named if one.text == "本年"] == [RED]


def test_all_panels_share_one_scale():
    svg = small_multiples(
        "题", ["1月", "2月"], [Series("甲", (10, None)), Series("乙", (5, 0))], unit="次", accent=0
    )
    high, low, nothing = bars(svg)
    assert float(high.get("height")) == pytest.approx(2 * float(low.get("height")), abs=0.1)
    assert float(nothing.get("height")) == 0
    assert [one.get("fill") for one in (high, low)] == [RED, RED]
    assert {"最高 10次", "最高 5次"} <= set(texts(svg))


def test_axis_labels_do_not_run_into_each_other():
    for count in range(2, 61):
        labels = [f"{index}月" for index in range(count)]
        svg = line_chart("题", labels, [Series("甲", tuple(range(count)))], width=360)
        places = sorted(
            float(one.get("x")) for one in parsed(svg).iter(f"{SVG}text") if (one.text or "").endswith("月")
        )
        assert min(after - before for before, after in pairwise(places)) >= 20, count


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "—"),
        (0, "0"),
        (-0.0, "0"),
        (3, "3"),
        (2.25, "2.3"),
        (2.05, "2.1"),
        (99.96, "100"),
        (5269, "5269"),
        (-1.5, "-1.5"),
        (1e14, "1" + "0" * 14),
    ],
)
def test_numbers_are_rounded_once_half_up(value, written):
    assert number_text(value) == written


def test_scales_end_at_round_numbers_and_hold_zero():
    scale = make_scale([3, 7.2], 100, 0)
    assert (scale.low, scale.high) == (0, 8)
    assert scale.ticks() == [0, 2, 4, 6, 8]
    assert make_scale([], 0, 1).high > 0
    assert make_scale([-3], 0, 1).low <= -3


numbers = st.one_of(st.none(), st.integers(-(10**9), 10**9), st.floats(), st.fractions(), st.just(10**400))


@pytest.mark.parametrize("chart", CHARTS)
@hypothesis_settings(max_examples=60, deadline=None)
@given(
    title=st.text(max_size=30), labels=st.lists(st.text(max_size=12), max_size=40),
    rows=st.lists(st.lists(numbers, max_size=45), max_size=4), unit=st.text(max_size=3),
    maximum=numbers, accent=st.one_of(st.none(), st.integers(-2, 50)), width=st.integers(200, 1200),
)  # fmt: skip
def test_whatever_comes_is_well_formed(chart, title, labels, rows, unit, maximum, accent, width):  # noqa: PLR0917 - hypothesis fills them
    series = [Series(title, tuple(row)) for row in rows]
    svg = chart(
        title, labels, series, unit=unit, maximum=maximum, accent=accent, width=width, description=title
    )
    assert parsed(svg).tag == f"{SVG}svg"
    assert "nan" not in re.sub(
        r"<title>.*?</title>|<desc>.*?</desc>|<text.*?</text>|aria-label=\"[^\"]*\"", "", svg, flags=re.DOTALL
    )


@pytest.mark.parametrize("chart", CHARTS)
def test_markup_in_words_stays_words(chart):
    evil = '"><script>alert(1)</script>]]>&amp;'
    root = parsed(chart(evil, [evil], [Series(evil, (1,)), Series(evil, (2,))], unit="<b>", description=evil))
    assert root.get("aria-label") == evil
    assert not [element for element in root.iter() if element.tag.endswith("script")]
