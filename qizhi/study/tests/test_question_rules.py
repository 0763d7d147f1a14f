from __future__ import annotations

import pytest

from qizhi.study.rules.questions import Question, Shape, fault, is_right, letters, normal, tidy


@pytest.mark.parametrize(
    ("given", "expected"),
    [("AC", True), ("CA", True), ("A", False), ("ABC", False), ("", False)],
)
def test_a_multiple_choice_is_right_only_as_a_whole(given, expected):
    assert is_right(Shape.MULTIPLE, right="AC", accepted=(), given=given) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("民主集中制", True),
        (" 民主 集中制。", True),
        ("“民主集中制”", True),
        ("集中制", False),
        ("", False),
        ("。", False),
    ],
)
def test_a_short_answer_is_compared_without_blanks_and_marks_at_its_ends(given, expected):
    assert is_right(Shape.SHORT, right="", accepted=["民主集中制"], given=given) is expected


def test_full_width_and_case_say_the_same():
    assert normal("ＡＢＣ１２") == normal("abc12")
    assert normal("3.5") != normal("35")


def test_only_letters_of_choices_count():
    assert letters(["c", "A", "Z", "a"], 3) == "AC"


def test_a_choice_between_right_and_wrong_is_true_or_false():
    asked = tidy(Question(Shape.SINGLE, " 对吗<br/>？ ", ("错", "对"), "b"))
    assert (asked.shape, asked.choices, asked.right) == (Shape.TRUE_FALSE, ("正确", "错误"), "A")
    assert asked.text == "对吗\n？"


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (Question(Shape.SHORT, ""), "没有题干"),
        (Question(Shape.SHORT, "问"), "简答题没有可接受的答案"),
        (Question(Shape.SINGLE, "问", ("甲",), "A"), "有1个选项"),
        (Question(Shape.SINGLE, "问", ("甲", ""), "A"), "选项B是空的"),
        (Question(Shape.SINGLE, "问", ("甲", "甲"), "A"), "有两个相同的选项"),
        (Question(Shape.SINGLE, "问", ("甲", "乙"), "C"), "答案C不在选项里"),
        (Question(Shape.SINGLE, "问", ("甲", "乙")), "没有正确答案"),
        (Question(Shape.SINGLE, "问", ("甲", "乙"), "AB"), "单选题有几个正确选项"),
        (Question(Shape.MULTIPLE, "问", ("甲", "乙"), "A"), "多选题只有一个正确选项"),
        (Question(Shape.SHORT, "问" * 1001, accepted=("答",)), "题干超过1000个字"),
        (Question(Shape.SHORT, "问", accepted=("答",), code="x" * 81), "编号超过80个字"),
    ],
)
def test_what_cannot_be_asked_is_said(question, reason):
    assert fault(tidy(question)).reason == reason
    assert fault(tidy(question)).fix
