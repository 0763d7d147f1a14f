"""What was found in a file of questions: the good ones, and every line that is none."""

from __future__ import annotations

import re
from dataclasses import field, replace
from itertools import pairwise

from qizhi.core.values import dataclass
from qizhi.study.rules.questions import Question, fault, tidy

_NUMBERED = re.compile(r"(\d{1,4})\s*[.．、)）]\s*(?!\d)")


@dataclass(frozen=True)
class Found:
    """A good question and the line on which it begins."""

    line: int
    question: Question


@dataclass(frozen=True)
class BadLine:
    """What is wrong in a line, in Chinese: the reason without full stop, and what to do."""

    line: int
    value: str
    reason: str
    fix: str


@dataclass
class Reading:
    """Everything that was found in a file."""

    found: list[Found] = field(default_factory=list)
    errors: list[BadLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, line: int, question: Question) -> None:
        """Take a question in, or say what is wrong with it, or that it stands in the file already."""
        question = tidy(question)
        if wrong := fault(question):
            self.refuse(line, question.text, wrong.reason, wrong.fix)
            return
        same = next((one for one in self.found if one.question.key == question.key), None)
        if same is not None:
            what = f"编号“{question.code}”" if question.code else "这道题"
            self.refuse(line, question.text, f"{what}与第{same.line}行重复", "请删去一道，或改用别的编号")
            return
        self.found.append(Found(line, question))

    def refuse(self, line: int, value: str, reason: str, fix: str) -> None:
        """Say that a line is no question."""
        self.errors.append(BadLine(line, " ".join(value.split())[:60], reason, fix))

    def without_numbers(self) -> Reading:
        """The same without 1. 2. 3. before the questions, where every one is numbered and they only grow.

        Whoever writes a list numbers it; drawn for a test, the third would begin with another number.
        """
        marks = [_NUMBERED.match(one.question.text) for one in self.found]
        numbers = [int(mark[1]) for mark in marks if mark]
        is_list = len(numbers) == len(marks) > 1 and all(a < b for a, b in pairwise(numbers))
        if not is_list:
            return self
        plain = Reading(errors=list(self.errors), notes=[*self.notes, "题干前面的题号没有导入。"])
        for one, mark in zip(self.found, marks, strict=True):
            if mark:
                plain.add(one.line, replace(one.question, text=one.question.text[mark.end() :]))
        return plain
