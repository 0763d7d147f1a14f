"""Numbers typed into the text are found; names that hold numerals are not taken for numbers."""

import pytest

from qizhi.reports.rules import parse
from qizhi.reports.rules.language import Paragraph, Text
from qizhi.reports.tests.catalogues import CATALOGUE

FIGURE = "[[gatherings.lessons]]"


def typed(line):
    return [problem.text for problem in parse(line, CATALOGUE).typed]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("平均每年集中学习15次，研讨6次", ["15", "6"]),
        ("收到征文20余篇、格言40条", ["20余", "40"]),
        ("全角１２次，序号①，罗马Ⅷ", ["１２", "①", "Ⅷ"]),
        ("占80.0%，又占１.５％", ["80.0%", "１.５％"]),
        ("2018年1月2日举行", ["2018年1月2日"]),
        ("收到二十余篇", ["二十余篇"]),
        ("配置上千册图书、数千册藏书", ["上千册", "数千册"]),
        ("连续六年开展", ["六年"]),
        ("三分之一的支部", ["三分之一"]),
        ("完成百分之八十", ["百分之八十"]),
        ("十一个支部", ["十一个"]),
        ("第二十次会议", ["第二十次"]),
        ("走访三百五十", ["三百五十"]),
        ("开展了一次活动", ["一次"]),
        ("两个支部，五名党员", ["两个", "五名"]),
        ("翻两番，增长三倍", ["两番", "三倍"]),
    ],
)
def test_a_typed_number_is_found(line, found):
    assert typed(line) == found


@pytest.mark.parametrize(
    "line",
    [
        "党的十九大召开后，深入推进“两学一做”学习教育",
        "严格三会一课、民主评议，落实一岗双责",
        "“五星榜”“一周五星”《2018年学习计划》",
        "“七一”建党日和七一前后",
        "第十一党支部、第三党支部组织活动",
        "党的十九届四中全会精神，十四五规划",
        "一个支部一座堡垒，一名党员一面旗帜",
        "统一名称，逐一落实，进一步加强，之一",
        "第一时间组织学习，一把手带头，第三方调查",
        "千方百计为百姓办实事，十分重视",
        "近三年平均每年开展",
        "一分耕耘一分收获，万众一心",
    ],
)
def test_a_name_is_no_number(line):
    assert typed(line) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"藏书{FIGURE}万册", ["万册"]),
        (f"近{FIGURE}次", ["近"]),
        (f"超{FIGURE}次", ["超"]),
        (f"收到{FIGURE}余篇", ["余"]),
        (f"完成{FIGURE}%", ["%"]),
        (f"十{FIGURE}次", ["十"]),
        (f"开展{FIGURE}次", []),
        (f"处级以上{FIGURE}名", []),
    ],
)
def test_what_would_change_a_figure_beside_it_is_found(line, found):
    assert typed(line) == found


def test_an_open_quotation_mark_hides_nothing():
    parsed = parse("他说“共15次", CATALOGUE)
    assert [one.text for one in parsed.typed] == ["15"]
    assert "没有配对" in parsed.errors[0].message


def passage(body):
    return next(block for block in parse(body, CATALOGUE).blocks if isinstance(block, Paragraph))


def test_the_place_is_told_and_the_stretch_is_marked():
    (problem,) = parse("# 学习\n党课共15次。", CATALOGUE).typed
    assert (problem.where, problem.text) == ("第 2 行第 4 字", "15")
    assert passage("# 学习\n党课共15次。").sentences[0].parts == (Text("党课共15次。", 1, ((3, 5),)),)


def test_marks_follow_the_sentence_they_stand_in():
    first, second = passage("甲一次。乙15次。").sentences
    assert first.parts == (Text("甲一次。", 1, ((1, 3),)),)
    assert second.parts == (Text("乙15次。", 5, ((1, 3),)),)


def test_titles_and_headings_are_looked_at_too():
    parsed = parse("# 学习15次", CATALOGUE, "2017年综述")
    assert [(one.line, one.text) for one in parsed.typed] == [(0, "2017年"), (1, "15")]
