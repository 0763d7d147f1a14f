"""The language of the overview: what is read, and what people are told when it cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.reports.rules import Style, parse
from qizhi.reports.rules.language import Chart, Filled, Heading, Optional, Paragraph, Reference, Text
from qizhi.reports.tests.catalogues import CATALOGUE

STUDY = "gatherings.centre_study"


def read(body, title=""):
    return parse(body, CATALOGUE, title)


def sentences(body):
    (paragraph,) = read(body).blocks
    return ["".join(getattr(part, "text", "□") for part in one.parts) for one in paragraph.sentences]


def test_chapters_paragraphs_figures_and_charts():
    parsed = read(
        "# 学习\n\n## 计划\n开展[[gatherings.centre_study|近三年|约数]]次。\n[[chart:ledgers|报告年度]]\n"
    )
    assert parsed.errors == ()
    chapter, section, paragraph, chart = parsed.blocks
    assert (chapter, section.level) == (Heading(1, 1, (Text("学习", 3),)), 2)
    assert paragraph.sentences[0].parts == (
        Text("开展", 1),
        Reference(STUDY, 3, "three_years", Style.APPROXIMATE),
        Text("次。", 37),
    )
    assert chart == Chart(5, "ledgers", "year")


def test_span_and_style_may_stand_in_any_order_or_be_left_out():
    parsed = read("[[gatherings.lessons]][[gatherings.lessons|约数]][[gatherings.lessons|约数|累计]]")
    assert [(one.span, one.style) for one in parsed.references] == [
        ("", Style.EXACT),
        ("", Style.APPROXIMATE),
        ("to_date", Style.APPROXIMATE),
    ]


def test_full_width_brackets_and_bars_mean_the_same():
    assert read("［［gatherings.lessons｜当年］］").references[0].span == "current"
    assert isinstance(read("｛｛年｝｝").blocks[0].sentences[0].parts[0], Filled)


def test_every_filled_word_is_known():
    parsed = read("{{年}}{{核算日}}{{单位}}{{简称}}", title="{{单位}}综述")
    assert parsed.errors == ()
    assert [part.place for part in parsed.blocks[0].sentences[0].parts] == ["年", "核算日", "单位", "简称"]


def test_sentences_end_outside_quotation_marks():
    assert sentences("“今天读书了吗？可以分享吗？”如今常听到。甲（见附件。）乙！丙") == [
        "“今天读书了吗？可以分享吗？”",
        "如今常听到。",
        "甲（见附件。）",
        "乙！",
        "丙",
    ]


def test_a_figure_belongs_to_its_sentence():
    first, second = read("甲[[gatherings.lessons]]次。乙[[gatherings.centre_study]]次。").blocks[0].sentences
    assert [part.key for part in first.parts if isinstance(part, Reference)] == ["gatherings.lessons"]
    assert [part.key for part in second.parts if isinstance(part, Reference)] == [STUDY]


def test_a_part_that_may_be_left_out():
    (sentence,) = (
        read("党课[[gatherings.lessons]]次【可略：，学习[[gatherings.centre_study]]次】。")
        .blocks[0]
        .sentences
    )
    inner = sentence.parts[3]
    assert isinstance(inner, Optional)
    assert [part.key for part in inner.parts if isinstance(part, Reference)] == [STUDY]


@pytest.mark.parametrize(
    ("body", "line", "column", "words"),
    [
        (
            "甲\n[[gatherings.centrestudy]]",
            2,
            1,
            "没有名为“gatherings.centrestudy”的指标。最接近的是：gatherings.centre_study",
        ),
        ("[[中心组]]次", 1, 1, "最接近的是：gatherings.centre_study"),
        ("[[|近三年]]", 1, 1, "方括号里没有写指标"),
        ("[[zzzzzz]]", 1, 1, "请从下方“可用指标”中选"),
        ("[[gatherings.lessons|去年]]", 1, 1, "“去年”既不是时段也不是样式"),
        ("[[gatherings.lessons|当年|近三年]]", 1, 1, "时段写了两个"),
        ("[[gatherings.lessons|约数|精确]]", 1, 1, "样式写了两个"),
        ("[[gatherings.flag_ceremony_day|约数]]", 1, 1, "是日期，不能写成“约数”"),
        ("[[study.plan_done_share|约数]]", 1, 1, "是份额，不能写成“约数”"),
        ("[[gatherings.lessons|连续]]", 1, 1, "不是年数，不能写成“连续”"),
        ("开展[[gatherings.lessons次", 1, 3, "“[[”没有配对"),
        ("开展gatherings.lessons]]次", 1, 21, "“]]”没有配对"),
        ("{{年", 1, 1, "“{{”没有配对"),
        ("{{年份}}", 1, 1, "不认识“{{年份}}”"),
        ("#学习", 1, 1, "要空一格"),
        ("# ", 1, 1, "没有标题文字"),
        ("### 深", 1, 1, "标题只有两级"),
        ("# 学习[[gatherings.lessons]]次", 1, 5, "章节标题里不能引用指标"),
        ("见图[[chart:months]]", 1, 3, "图要单独占一行"),
        ("[[chart:pie]]", 1, 9, "没有名为“pie”的图。可用的图：months、ledgers"),
        ("[[chart:months|当年]]", 1, 9, "时段是固定的"),
        ("[[chart:ledgers|去年]]", 1, 9, "“去年”不能识别"),
        ("【可略：，没有指标】。", 1, 1, "里没有指标"),
        ("【可略：[[gatherings.lessons]]次。】", 1, 1, "只能在一句之内"),
        ("【可略：[[gatherings.lessons]]次", 1, 1, "没有结束"),
        ("【可略：【可略：[[gatherings.lessons]]】", 1, 5, "不能再套"),
        ("他说“好。", 1, 3, "没有配对"),
    ],
)
def test_an_error_says_where_what_and_what_to_do(body, line, column, words):
    problem = read(body).errors[0]
    assert (problem.line, problem.column) == (line, column)
    assert words in problem.message


def test_an_error_in_the_title_says_so():
    (problem,) = read("正文。", title="综述[[gatherings.lessons]]").errors
    assert problem.where == "标题第 3 字"


def test_an_unknown_figure_stays_in_its_sentence_so_that_it_is_never_printed_with_a_hole():
    assert [one.key for one in read("开展[[gone.figure]]次。").references] == ["gone.figure"]


def test_hints_are_keys_that_exist():
    (problem,) = read("[[gatherings.lesson]]").errors
    assert problem.hints[0] == "gatherings.lessons"


def test_a_bracket_of_the_text_itself_is_left_alone():
    parsed = read("【注】甲】乙")
    assert parsed.errors == ()
    assert sentences("【注】甲】乙") == ["【注】甲】乙"]


PIECES = [
    "[[",
    "]]",
    "{{",
    "}}",
    "|",
    "【可略：",
    "】",
    "# ",
    "\n",
    "\r",
    "“",
    "”",
    "。",
    "年",
    "chart:",
    STUDY,
    "十",
    "２",
    "万",
]


@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=40).map("".join),
    st.text(max_size=20),
)
def test_it_never_raises_and_every_problem_has_a_place(body, title):
    parsed = read(body, title)
    lines = body.splitlines() or [""]
    for problem in (*parsed.errors, *parsed.typed):
        assert 0 <= problem.line <= len(lines) + 1
        assert problem.column >= 1
        assert problem.message.endswith("。")
    assert all(isinstance(block, Heading | Paragraph | Chart) for block in parsed.blocks)


@given(
    st.text(
        alphabet=st.characters(
            exclude_characters="[]{}［］｛｝【】#＃\r\n\x0b\x0c\x85\u2028\u2029\x1c\x1d\x1e"
        ),
        min_size=1,
    ).filter(str.strip)
)
def test_plain_words_come_out_as_they_went_in(text):
    (paragraph,) = read(text).blocks
    assert "".join(part.text for one in paragraph.sentences for part in one.parts) == text.strip()
