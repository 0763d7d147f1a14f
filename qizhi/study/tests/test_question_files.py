"""Files of questions: out and back without loss, and other people's with a word for each bad line."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qizhi.core.tables.problems import UnreadableFile
from qizhi.study.gateways.aiken import read_aiken, write_aiken
from qizhi.study.gateways.gift import read_gift, write_gift
from qizhi.study.gateways.question_files import read_question_file, write_question_file
from qizhi.study.rules.questions import LETTERS, Question, Shape, fault, tidy

ODD = "~=#{}:\\%[]/-<>&$|\"'。，：；｛｝＝～＃（）【】、“”　 \n\r\t\ufeff\u2028纪律处分条例党章九十ABCabc019.)）=::////"
WORDS = st.one_of(
    st.text(st.sampled_from(ODD), max_size=24),
    st.text(max_size=12),
    st.sampled_from(
        (
            "ANSWER: A",
            "A. 甲",
            "B) 乙",
            "// 注",
            "$CATEGORY: 甲",
            "::名::题",
            "%50%半",
            "a -> b",
            "[html]甲",
            "TRUE",
            "####",
            "解析：甲",
            "答案：B",
            "\\n",
            "\\\\",
            "=5",
            "'=1+1",
        )
    ),
)


@st.composite
def questions(draw):
    """A tidy question that can be asked."""
    shape = draw(st.sampled_from(Shape))
    choices = tuple(draw(st.lists(WORDS, min_size=2, max_size=5))) if shape is not Shape.SHORT else ()
    right = draw(st.sets(st.sampled_from(LETTERS[: len(choices)]), min_size=1)) if choices else ()
    if shape is Shape.TRUE_FALSE:
        choices, right = ("正确", "错误"), draw(st.sampled_from("AB"))
    made = tidy(
        Question(
            shape=shape,
            text=draw(WORDS),
            choices=choices,
            right="".join(sorted(right)[: 1 if shape is Shape.SINGLE else None]),
            accepted=tuple(draw(st.lists(WORDS, min_size=1, max_size=3))),
            explanation=draw(WORDS),
            clause=draw(WORDS),
            topic=draw(WORDS),
            code=draw(WORDS),
        )
    )
    assume(fault(made) is None)
    return made


def unlike(found):
    """Questions of which no two are the same one."""
    return list({question.key: question for question in found}.values())


BANKS = st.lists(questions(), max_size=4).map(unlike)


def came_back(reading):
    assert reading.errors == []
    return [one.question for one in reading.found]


@settings(max_examples=60, deadline=None)
@given(questions())
def test_what_is_tidy_stays_as_it_is(question):
    assert tidy(question) == question


@settings(max_examples=60, deadline=None)
@given(BANKS)
def test_gift_goes_out_and_comes_back(bank):
    assert came_back(read_gift(write_gift(bank))) == bank


@settings(max_examples=60, deadline=None)
@given(BANKS)
def test_aiken_goes_out_and_comes_back(bank):
    bank = [question for question in bank if question.shape is not Shape.SHORT]
    assert came_back(read_aiken(write_aiken(bank))) == bank


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_table_goes_out_and_comes_back(form):
    bank = [
        Question(
            Shape.MULTIPLE,
            "下列属于“六大纪律”的有：\n（不含附则）",
            ("政治纪律", "=1+1", "'组织纪律", "5", "廉洁，纪律", "群众纪律", "a|b"),
            "ACG",
            explanation="第一行。\n第二行。",
            clause="《条例》第六条",
            topic="纪律处分条例",
            code="JL-001",
        ),
        Question(Shape.TRUE_FALSE, "党章是根本大法。", ("正确", "错误"), "A"),
        Question(Shape.SHORT, "组织原则是什么？", accepted=("民主集中制", "民主 集中制；")),
        Question(Shape.SINGLE, "影响期", ("一年", "二年"), "B"),
    ]
    bank = [tidy(question) for question in bank]
    content, ending, _ = write_question_file(bank, form, "题目")
    assert came_back(read_question_file(content, f"题目.{ending}")) == bank


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("form", ["gift", "aiken"])
def test_any_encoding_of_an_office_is_read(codec, form):
    bank = [
        Question(
            Shape.SINGLE,
            "《中国共产党纪律处分条例》规定的警告处分影响期是多长？",
            ("六个月", "一年", "一年半"),
            "B",
            explanation="警告一年：影响期内不得提升职务。",
            clause="《条例》第十条",
        )
    ]
    content = write_question_file(bank, form, "")[0].decode().encode(codec)
    assert came_back(read_question_file(content, "题.txt")) == bank


def test_gift_of_other_people_is_read():
    text = """// question: 1  name: Grants tomb
::Q1:: Who's buried in Grant's tomb in New York City? {
=Grant
~No one
#Was true for 12 years, but Grant's remains were buried in the tomb in 1897
~Napoleon#He was buried in France
}

Mahatma Gandhi's birthday is an Indian holiday on {
~%-50%15th
~%50%3rd
~%50%2nd
} of October.

Grant was buried in a tomb in New York City.{T}

The sun rises in the west.{FALSE#No#Yes
#### East.}

$CATEGORY: $course$/top/tom\\=dick

Two plus two equals {=four =4}

[html]<p>What is 3 \\: 4 \\~ ?</p>{

=<b>no</b>
~yes

}
"""
    found = came_back(read_gift(text))
    assert [one.shape for one in found] == [
        Shape.SINGLE,
        Shape.MULTIPLE,
        Shape.TRUE_FALSE,
        Shape.TRUE_FALSE,
        Shape.SHORT,
        Shape.SINGLE,
    ]
    assert found[0].code == "Q1"
    assert found[0].explanation.startswith("B：Was true for 12 years")
    assert found[1].text == "Mahatma Gandhi's birthday is an Indian holiday on _____ of October."
    assert (found[1].right, found[2].right, found[3].right) == ("BC", "A", "B")
    assert found[3].explanation == "East.\nNo\nYes"
    assert (found[4].accepted, found[4].topic) == (("four", "4"), "tom=dick")
    assert found[5].text == "What is 3 : 4 ~ ?"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("好题{=对~错}\n\n这是说明。", 3, "没有找到答案"),
        ("全角｛=对 ~错｝", 1, "花括号写成了全角的｛｝"),
        ("没有结束{=对 ~错\n\n好题{=甲~乙}", 1, "花括号没有结束"),
        ("论述{}", 1, "这是论述题，没有可以核对的答案"),
        ("数值{#3:1}", 1, "这是数值题，本系统没有这种题型"),
        ("匹配{\n=甲 -> 1\n=乙 -> 2\n}", 2, "这是匹配题，本系统没有这种题型"),
        ("两对{=a}和{=b}", 1, "一道题里有几对花括号"),
        ("没有标记{甲 乙}", 1, "答案前面没有 = 或 ~"),
        ("几个对{\n=甲\n=乙\n~丙\n}", 3, "单选题有几个标 = 的答案"),
        ("都错{~甲 ~乙}", 1, "没有正确答案"),
        ("::没完 题{=甲 ~乙}", 1, "题目名称没有结束的“::”"),
        ("半对{=%50%甲}", 1, "简答题的答案只得一部分分"),
        ("同题{=甲~乙}\n\n同题{=甲~乙}", 3, "这道题与第1行重复"),
    ],
)
def test_a_bad_line_of_gift_is_told(text, line, reason):
    errors = read_gift(text).errors
    assert [(error.line, error.reason) for error in errors] == [(line, reason)]
    assert errors[0].fix


def test_aiken_of_other_people_is_read():
    text = """What is the correct answer to this question?
A. Is it this one?
B. Maybe this answer?
C. Possibly this one?
ANSWER: C
党员受到警告处分
几年内不得提升？
A）一年
Ｂ、两年
答案：Ａ

选出两个
a) 甲
b) 乙
c) 丙
Answer: a, C
党章是根本大法
A. 对
B. 错
ANSWER: A
"""
    found = came_back(read_question_file(text.encode("gb18030"), "q.txt"))
    assert [(one.shape, one.right) for one in found] == [
        (Shape.SINGLE, "C"),
        (Shape.SINGLE, "A"),
        (Shape.MULTIPLE, "AC"),
        (Shape.TRUE_FALSE, "A"),
    ]
    assert found[1].text == "党员受到警告处分\n几年内不得提升？"
    assert found[3].choices == ("正确", "错误")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("题\nA. 甲\nB. 乙", 1, "这道题没有答案"),
        ("ANSWER: A", 1, "答案前面没有题目"),
        ("题\nANSWER: A", 2, "题目没有选项"),
        ("题\nA. 甲\nC. 乙\nANSWER: A", 3, "选项C的位置应是B"),
        ("题\nA. 甲\n接着\nB. 乙\nANSWER: A", 3, "这一行既不是选项也不是答案"),
        ("题\nA. 甲\nB. 乙\nANSWER: 甲", 4, "答案不是选项的字母"),
        ("题\nA. 甲\nB. 乙\nANSWER: D", 1, "答案D不在选项里"),
        ("题\nA. 甲\nB. 甲\nANSWER: A", 1, "有两个相同的选项"),
        ("题\nA. 甲\nANSWER: A", 1, "有1个选项"),
    ],
)
def test_a_bad_line_of_aiken_is_told(text, line, reason):
    errors = read_aiken(text).errors
    assert [(error.line, error.reason) for error in errors] == [(line, reason)]
    assert errors[0].fix


def test_a_table_of_other_people_is_read_and_its_bad_rows_are_told():
    text = (
        "题目,A,B,C,正确答案\n警告处分影响期,一年,两年,三年,A\n党章是根本大法,,,,√\n"
        '选两个,甲,乙,丙,"A,C"\n组织原则,,,,民主集中制\n缺项,甲,,,B\n没有答案,甲,乙,,\n'
    )
    reading = read_question_file(text.encode(), "题.csv")
    assert [one.question.shape for one in reading.found] == [
        Shape.SINGLE,
        Shape.TRUE_FALSE,
        Shape.MULTIPLE,
        Shape.SHORT,
    ]
    assert [error.line for error in reading.errors] == [6, 7]
    assert "答案" in reading.errors[1].reason


def test_a_numbered_list_loses_its_numbers_and_nothing_else_does():
    lines = [
        "1. 届期几年？",
        "A. 三年",
        "B. 五年",
        "ANSWER: A",
        "",
        "2、有没有表决权？",
        "A. 有",
        "B. 没有",
        "ANSWER: B",
    ]
    reading = read_question_file("\n".join(lines).encode(), "a.txt")
    assert [one.question.text for one in reading.found] == ["届期几年？", "有没有表决权？"]
    assert reading.notes == ["题干前面的题号没有导入。"]
    lines[5] = "有没有表决权？"
    reading = read_question_file("\n".join(lines).encode(), "a.txt")
    assert reading.found[0].question.text == "1. 届期几年？"
    lines[0], lines[5] = "1.5 米以内？", "2.5 米以内？"
    reading = read_question_file("\n".join(lines).encode(), "a.txt")
    assert reading.found[1].question.text == "2.5 米以内？"


def test_what_is_no_file_of_questions_is_said():
    assert read_question_file("你好".encode(), "信.txt").errors[0].reason == "没有找到答案"
    assert read_question_file(b"\n", "空.txt").errors[0].reason == "文件里没有找到题目"
    with pytest.raises(UnreadableFile):
        read_question_file(b"\x00\x01", "x.txt")
