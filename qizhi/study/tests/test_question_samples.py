"""Every construct of GIFT and Aiken that Moodle documents or programs write, in our own words.

Each is read, or is told with its line; in any line end and any encoding of an office.
"""

from __future__ import annotations

import pytest

from qizhi.study.gateways.question_files import read_question_file
from qizhi.study.rules.questions import Shape

CODECS = ("utf-8", "utf-8-sig", "utf-16", "gb18030")
ENDS = ("\n", "\r\n", "\r")

# Construct → the text, and what comes of it: shape with right letters or accepted answers.
GIFT = {
    "one right": ("警告处分的影响期是？{~半年 =一年 ~两年}", Shape.SINGLE, "B"),
    "blank inside the words": ("警告的影响期是{~半年 =一年}。", Shape.SINGLE, "B"),
    "each choice on a line": ("题干？{\n\t~甲\n\t=乙\n\t~丙\n}", Shape.SINGLE, "B"),
    "empty lines between braces": ("题干？\n{\n\n=甲\n\n~乙\n\n}", Shape.SINGLE, "A"),
    "the brace on a line of its own": ("::编号1::\n题干？\n{\n=甲\n~乙\n}", Shape.SINGLE, "A"),
    "words on several lines": ("第一行\n第二行？{=甲 ~乙}", Shape.SINGLE, "A"),
    "true": ("党章是根本大法。{T}", Shape.TRUE_FALSE, "A"),
    "TRUE with blanks": ("党章是根本大法。{ TRUE }", Shape.TRUE_FALSE, "A"),
    "false in small letters": ("党章可以不学。{false}", Shape.TRUE_FALSE, "B"),
    "true with two feedbacks": ("党章是根本大法。{T#错了#对了####见总纲}", Shape.TRUE_FALSE, "A"),
    "short with several answers": ("组织原则是{=民主集中制 =民主 集中制}。", Shape.SHORT, ("民主集中制",)),
    "short with full weight": ("组织原则是{=%100%民主集中制}", Shape.SHORT, ("民主集中制",)),
    "several right by weight": ("选两个{~%50%甲 ~%50%乙 ~%-100%丙}", Shape.MULTIPLE, "AB"),
    "weights with fractions": (
        "选三个{~%33.33333%甲 ~%33.33333%乙 ~%33.33333%丙 ~%-33.33333%丁}",
        Shape.MULTIPLE,
        "ABC",
    ),
    "wrong ones that cost": ("题干{=甲 ~%-33.33333%乙 ~%-33.33333%丙}", Shape.SINGLE, "A"),
    "wrong ones that earn a part": ("题干{=甲 ~%50%乙 ~丙}", Shape.SINGLE, "A"),
    "full weight instead of =": ("题干{~%100%甲 ~%0%乙}", Shape.SINGLE, "A"),
    "feedback to each": ("题干{=甲#对 ~乙#不对，见第一条}", Shape.SINGLE, "A"),
    "feedback on the next line": ("题干{\n=甲\n#对\n~乙\n#不对\n}", Shape.SINGLE, "A"),
    "feedback to all": ("题干{=甲 ~乙\n####见第一条}", Shape.SINGLE, "A"),
    "html": ("[html]<p>题干<br/>第二行</p>{=<b>甲</b> ~<i>乙</i>}", Shape.SINGLE, "A"),
    "html with entities": ("[html]A &amp; B&nbsp;？{=甲 ~乙}", Shape.SINGLE, "A"),
    "html with escaped attributes": (
        '[html]<p style\\="color\\:red">题干</p>{=甲 ~乙}',
        Shape.SINGLE,
        "A",
    ),
    "moodle, plain, markdown": ("[moodle]题干{=[plain]甲 ~[markdown]乙}", Shape.SINGLE, "A"),
    "escaped marks": ("1 \\= 1 \\~ 2 \\# 3 \\: \\{4\\} \\\\{=a\\=b ~c\\~d}", Shape.SINGLE, "A"),
    "an escaped line end": ("第一行\\n第二行{=甲 ~乙}", Shape.SINGLE, "A"),
    "a comment before": ("// 说明\n题干{=甲 ~乙}", Shape.SINGLE, "A"),
    "a comment inside": ("题干{\n// 先写对的\n=甲\n~乙\n}", Shape.SINGLE, "A"),
    "a comment as Moodle writes it": (
        "// question: 12  name: 第一题\n// [id:JL-1] [tag:廉政]\n::第一题::题干{=甲 ~乙}",
        Shape.SINGLE,
        "A",
    ),
    "a category": ("$CATEGORY: $course$/top/纪律处分\n\n题干{=甲 ~乙}", Shape.SINGLE, "A"),
    "a category without an empty line": ("$CATEGORY: 纪律处分\n题干{=甲 ~乙}", Shape.SINGLE, "A"),
    "an arrow that is no pair": ("题干{=[plain]甲->乙 ~丙}", Shape.SINGLE, "A"),
    "a point after the brace": ("题干是{=甲 ~乙}.", Shape.SINGLE, "A"),
}
# Construct → the text, and its bad line with the reason.
GIFT_TOLD = {
    "number": ("圆周率？{#3.14:0.01}", 1, "这是数值题，本系统没有这种题型"),
    "range": ("圆周率？{#3.1..3.2}", 1, "这是数值题，本系统没有这种题型"),
    "numbers with weights": (
        "哪年？{#\n=1921:0 #对\n=%50%1921:2 #接近\n}",
        1,
        "这是数值题，本系统没有这种题型",
    ),
    "pairs": ("连线{\n=警告 -> 一年\n=严重警告 -> 一年半\n}", 2, "这是匹配题，本系统没有这种题型"),
    "pairs on a line": ("连线{=警告->一年 =严重警告->一年半}", 1, "这是匹配题，本系统没有这种题型"),
    "essay": ("谈谈体会{}", 1, "这是论述题，没有可以核对的答案"),
    "essay over lines": ("谈谈体会\n{\n}", 2, "这是论述题，没有可以核对的答案"),
    "description": ("以下是第二部分。", 1, "没有找到答案"),
    "several blanks": ("水由{=2}个氢原子和{=1}个氧原子组成", 1, "一道题里有几对花括号"),
    "several right ones by =": ("选两个{\n=甲\n=乙\n~丙}", 3, "单选题有几个标 = 的答案"),
    "short with a part": ("地名{\n=南京\n=%75%南津\n}", 3, "简答题的答案只得一部分分"),
    "no empty line between": ("一{=甲 ~乙}\n二{=甲 ~乙}", 1, "一道题里有几对花括号"),
    "braces of other people's formulas": ("$x^{2}$ 是？{=甲 ~乙}", 1, "一道题里有几对花括号"),
    "not closed": ("题干{=甲 ~乙", 1, "花括号没有结束"),
    "full-width braces": ("题干｛=甲 ~乙｝", 1, "花括号写成了全角的｛｝"),
    "one choice": ("题干{=甲 ~甲}", 1, "有两个相同的选项"),
    "nothing right": ("题干{~甲 ~%-50%乙}", 1, "没有正确答案"),
}
AIKEN = {
    "points": ("题干？\nA. 甲\nB. 乙\nANSWER: B", Shape.SINGLE, "B"),
    "brackets": ("题干？\nA) 甲\nB) 乙\nANSWER: B", Shape.SINGLE, "B"),
    "small letters": ("题干？\na. 甲\nb) 乙\nanswer: b", Shape.SINGLE, "B"),
    "no blank": ("题干？\nA.甲\nB.乙\nANSWER:B", Shape.SINGLE, "B"),
    "blanks before": ("  题干？\n  A. 甲\n  B. 乙\n  ANSWER: B  ", Shape.SINGLE, "B"),
    "empty lines between": ("题干？\n\nA. 甲\n\nB. 乙\n\nANSWER: B", Shape.SINGLE, "B"),
    "a point after the answer": ("题干？\nA. 甲\nB. 乙\nANSWER: B.", Shape.SINGLE, "B"),
    "several right": ("选两个\nA. 甲\nB. 乙\nC. 丙\nANSWER: A, C", Shape.MULTIPLE, "AC"),
    "several right in a row": ("选两个\nA. 甲\nB. 乙\nC. 丙\nANSWERS: AC", Shape.MULTIPLE, "AC"),
    "full width": ("题干？\nＡ、甲\nＢ、乙\n答案：Ｂ", Shape.SINGLE, "B"),
    "Chinese words": ("题干？\nA．甲\nB．乙\n正确答案：B", Shape.SINGLE, "B"),
    "a number before": ("12. 题干？\nA. 甲\nB. 乙\nANSWER: B", Shape.SINGLE, "B"),
    "right or wrong": ("党章是根本大法。\nA. True\nB. False\nANSWER: A", Shape.TRUE_FALSE, "A"),
    "program text with braces": (
        "int main() { 有几个参数？\nA. 0 个\nB. f(x) {2} 个\nANSWER: A",
        Shape.SINGLE,
        "A",
    ),
    "program text over lines": ("这段做什么？ if (x) {\nA. 判断\nB. 循环\nANSWER: A", Shape.SINGLE, "A"),
}
AIKEN_TOLD = {
    "no answer": (
        "题干？\nA. 甲\nB. 乙\n\n又一题？\nA. 甲\nB. 乙\nANSWER: A",
        5,
        "这一行既不是选项也不是答案",
    ),
    "no colon": (
        "题干？\nA. 甲\nB. 乙\nANSWER B\n\n二？\nA. 甲\nB. 乙\nANSWER: B",
        4,
        "这一行既不是选项也不是答案",
    ),
    "a word as answer": ("题干？\nA. 甲\nB. 乙\nANSWER: 乙", 4, "答案不是选项的字母"),
    "a letter left out": ("题干？\nA. 甲\nC. 乙\nANSWER: A", 3, "选项C的位置应是B"),
    "a choice on two lines": ("题干？\nA. 甲\n接上行\nB. 乙\nANSWER: A", 3, "这一行既不是选项也不是答案"),
    "no such choice": ("题干？\nA. 甲\nB. 乙\nANSWER: E", 1, "答案E不在选项里"),
}


def said(good):
    question = good.question
    return question.shape, question.accepted if question.shape is Shape.SHORT else question.right


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("end", ENDS, ids=["unix", "windows", "mac"])
@pytest.mark.parametrize("samples", [GIFT, AIKEN], ids=["gift", "aiken"])
def test_every_construct_is_read_in_any_line_end_and_encoding(samples, end, codec):
    wrong = {}
    for name, (text, shape, right) in samples.items():
        reading = read_question_file(text.replace("\n", end).encode(codec), "题.txt")
        if reading.errors or [said(one) for one in reading.found] != [(shape, right)]:
            wrong[name] = (reading.errors, reading.found)
    assert wrong == {}


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("end", ENDS, ids=["unix", "windows", "mac"])
@pytest.mark.parametrize("samples", [GIFT_TOLD, AIKEN_TOLD], ids=["gift", "aiken"])
def test_what_cannot_be_read_is_told_with_its_line(samples, end, codec):
    wrong = {}
    for name, (text, line, reason) in samples.items():
        errors = read_question_file(text.replace("\n", end).encode(codec), "题.txt").errors
        told = [(error.line, error.reason) for error in errors][:1]
        if told != [(line, reason)] or not errors[0].fix:
            wrong[name] = errors
    assert wrong == {}


def test_all_of_them_in_one_file_are_read_and_the_bad_ones_told_beside_them(tell):
    good, bad = [text for text, *_ in GIFT.values()], [text for text, *_ in GIFT_TOLD.values()]
    # Those that open a brace and do not close it, or a category, speak for what follows them.
    bad = [text for text in bad if text.count("{") == text.count("}")]
    mixed = [f"// {number}\n{text}" for number, text in enumerate([*good, *bad])]
    reading = read_question_file("\n\n".join(mixed).encode(), "题.txt")
    repeated = [error for error in reading.errors if "重复" in error.reason]
    assert len(reading.found) + len(repeated) == len(good)
    assert len(reading.errors) - len(repeated) == len(bad)
    tell(
        "GIFT",
        f"{len(GIFT)} constructs read, {len(GIFT_TOLD)} told with their line; Aiken {len(AIKEN)}, {len(AIKEN_TOLD)}",
    )


def test_a_part_of_the_points_is_noted_where_another_answer_is_right():
    reading = read_question_file("好{=甲 ~乙}\n\n题干{=甲 ~%50%乙 ~丙}".encode(), "题.txt")
    assert reading.notes == ["第3行：单选题里得一部分分的选项，按错误选项读入。"]
    assert [one.question.right for one in reading.found] == ["A", "A"]


def test_the_words_survive_their_marks():
    text, *_ = GIFT["escaped marks"]
    (found,) = read_question_file(text.encode(), "题.txt").found
    assert found.question.text == "1 = 1 ~ 2 # 3 : {4} \\"
    assert found.question.choices == ("a=b", "c~d")
    text, *_ = GIFT["html with escaped attributes"]
    (found,) = read_question_file(text.encode(), "题.txt").found
    assert found.question.text == "题干"
