"""Questions: what a good one is, and whether an answer is right.

An answer to a question with choices is the letters picked, in order (`AC`); to a short one it is a text. A
multiple choice is right when exactly the right choices are picked: half right is not right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import replace
from enum import StrEnum

from qizhi.core.text import clean
from qizhi.core.values import dataclass

LETTERS = "ABCDEFGHIJKL"
MOST_TEXT, MOST_CHOICE, MOST_ACCEPTED, MOST_EXPLANATION = 1000, 300, 100, 2000
MOST_CLAUSE, MOST_TOPIC, MOST_CODE = 200, 80, 80
"""Lengths in characters; the columns of the table have the same."""
TRUE_FALSE_CHOICES = ("正确", "错误")
_TRUE = frozenset({"正确", "对", "是", "true", "t", "√"})
_FALSE = frozenset({"错误", "错", "否", "false", "f", "×"})
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_ENDS = " 。.，,；;！!、：:\"'“”‘’《》"


class Shape(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    SHORT = "short"


@dataclass(frozen=True)
class Question:
    """A question as plain values.

    Attributes:
        shape: how it is answered.
        text: what is asked; may have several lines.
        choices: for all shapes but the short one, in the order of their letters.
        right: the letters of the right choices, in order.
        accepted: answers that count as right, for the short shape.
        explanation: why, in words; may have several lines.
        clause: where it stands.
        topic: what it belongs to.
        code: a name that stays when the words are corrected; unique in a bank, or empty.
    """

    shape: Shape
    text: str
    choices: tuple[str, ...] = ()
    right: str = ""
    accepted: tuple[str, ...] = ()
    explanation: str = ""
    clause: str = ""
    topic: str = ""
    code: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What says that two questions are the same one: the code, or else the words."""
        return ("code", self.code) if self.code else ("text", self.text, *self.choices)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a question, and what to do."""

    reason: str
    fix: str


def truth(word: str) -> bool | None:
    """Whether a word says yes or no; None for another word."""
    word = word.strip().casefold()
    return True if word in _TRUE else False if word in _FALSE else None


def lines(text: str) -> str:
    """Several lines without needless blanks: one space for a run of them, no empty line."""
    text = _LINE_BREAK.sub("\n", clean(text).replace("\ufeff", ""))
    return "\n".join(filter(None, (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))))


def line(text: str) -> str:
    """One line without needless blanks."""
    return _BLANKS.sub(" ", lines(text)).strip()


def tidy(question: Question) -> Question:
    """The same question in the one form in which it is kept and compared.

    A choice between right and wrong is a true-or-false question, whatever it was called.
    """
    choices = tuple(line(choice) for choice in question.choices)
    right = "".join(sorted(set(question.right.upper())))
    shape = question.shape
    says = [truth(choice) for choice in choices]
    if shape in {Shape.SINGLE, Shape.TRUE_FALSE} and sorted(map(str, says)) == ["False", "True"]:
        shape = Shape.TRUE_FALSE
        if says == [False, True]:
            right = {"A": "B", "B": "A"}.get(right, right)
        choices = TRUE_FALSE_CHOICES
    accepted: dict[str, str] = {}
    for one in filter(None, map(line, question.accepted)):
        accepted.setdefault(normal(one), one)
    return replace(
        question,
        shape=shape,
        text=lines(question.text),
        choices=choices if shape is not Shape.SHORT else (),
        right=right if shape is not Shape.SHORT else "",
        accepted=tuple(accepted.values()) if shape is Shape.SHORT else (),
        explanation=lines(question.explanation),
        clause=line(question.clause),
        topic=line(question.topic).lstrip("$ "),
        code=line(question.code),
    )


def fault(question: Question) -> Fault | None:
    """What is wrong with a tidy question; None when it can be asked."""
    if not question.text:
        return Fault("没有题干", "请写出题目")
    if found := _too_long(question):
        return found
    if question.shape is Shape.SHORT:
        return None if question.accepted else Fault("简答题没有可接受的答案", "请至少写一个答案")
    return _choice_fault(question)


def _choice_fault(question: Question) -> Fault | None:
    count = len(question.choices)
    if not 2 <= count <= len(LETTERS):  # noqa: PLR2004 - one choice is none
        return Fault(f"有{count}个选项", f"请写2到{len(LETTERS)}个选项")
    if "" in question.choices:
        return Fault(f"选项{LETTERS[question.choices.index('')]}是空的", "请写出内容，或删去这个选项")
    if len(set(question.choices)) < count:
        return Fault("有两个相同的选项", "请改成不同的内容")
    return _key_fault(question.shape, question.right, LETTERS[:count])


def _key_fault(shape: Shape, right: str, allowed: str) -> Fault | None:
    """What is wrong with the letters of the right choices."""
    if strange := [letter for letter in right if letter not in allowed]:
        return Fault(f"答案{strange[0]}不在选项里", f"请填{allowed[0]}到{allowed[-1]}")
    if not right:
        return Fault("没有正确答案", "请标出正确的选项")
    if shape is Shape.MULTIPLE and len(right) == 1:
        return Fault("多选题只有一个正确选项", "请标出两个以上，或改为单选题")
    if shape is not Shape.MULTIPLE and len(right) > 1:
        return Fault("单选题有几个正确选项", "请只留一个，或改为多选题")
    return None


def _too_long(question: Question) -> Fault | None:
    limits = (
        ("题干", MOST_TEXT, (question.text,)),
        ("选项", MOST_CHOICE, question.choices),
        ("答案", MOST_ACCEPTED, question.accepted),
        ("解析", MOST_EXPLANATION, (question.explanation,)),
        ("依据", MOST_CLAUSE, (question.clause,)),
        ("主题", MOST_TOPIC, (question.topic,)),
        ("编号", MOST_CODE, (question.code,)),
    )
    for name, most, texts in limits:
        if any(len(text) > most for text in texts):
            return Fault(f"{name}超过{most}个字", f"请把{name}写短一些")
    return None


def normal(text: str) -> str:
    """A short answer as it is compared: full-width as half-width, no blanks, no marks at the ends."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return _BLANKS.sub("", text).strip(_ENDS) or _BLANKS.sub("", text)


def letters(picked: Iterable[str], count: int) -> str:
    """The letters picked, in order, without those that are no choice."""
    allowed = LETTERS[:count]
    return "".join(letter for letter in allowed if letter in {one.strip().upper() for one in picked})


def is_right(shape: str, *, right: str, accepted: Collection[str], given: str) -> bool:
    """Whether an answer is right; an empty one is not.

    Args:
        shape: of the question.
        right: letters of the right choices.
        accepted: accepted texts of a short question.
        given: letters or a text.
    """
    if shape == Shape.SHORT:
        return bool(given.strip()) and normal(given) in {normal(one) for one in accepted}
    return bool(given) and sorted(given) == sorted(right)
