"""Aiken: a question on a line, its choices each on a line after a letter, and `ANSWER: B`.

Read more widely than Moodle does: full-width marks, 答案 for ANSWER, several right letters, a question on
several lines. What Aiken has no place for stands after the answer, each on a line with its Chinese word
(解析, 依据, 主题, 编号); a line end inside a text is `<br>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from qizhi.study.gateways.found import Reading
from qizhi.study.rules.questions import LETTERS, Question, Shape

_CHOICE = re.compile(r"([A-Za-zＡ-Ｚａ-ｚ])\s*[.．)）、:：](?:\s*)(.*)")
_ANSWER = re.compile(r"(?:ANSWERS?|参考答案|正确答案|答案)\s*[:：]\s*(.*)", re.IGNORECASE)
_MORE = re.compile(r"(解析|依据|主题|编号)\s*[:：]\s*(.*)")
_MARKS = re.compile(r"[\s,，、;；和.。]+")
_HALF = {ord("Ａ") + number: chr(ord("A") + number) for number in range(26)}


@dataclass
class _Block:
    line: int
    text: list[str]
    choices: list[str] = field(default_factory=list)
    right: str = ""
    more: dict[str, str] = field(default_factory=dict)
    is_answered: bool = False
    is_bad: bool = False


def read_aiken(text: str) -> Reading:
    """Every question of an Aiken file, and every line that is wrong."""
    reading = Reading()
    block: _Block | None = None
    may_have_more = False
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        row = raw.replace("\ufeff", "").strip()
        if not row:
            may_have_more = False
            continue
        more = _MORE.fullmatch(row) if may_have_more else None
        if block is not None and more is not None:
            block.more[more[1]] = more[2]
            continue
        if block is None or block.is_answered:
            _close(reading, block)
            block = _begin(reading, number, row)
            continue
        _take(reading, block, number, row)
        may_have_more = block.is_answered
    _close(reading, block)
    return reading


def _begin(reading: Reading, number: int, row: str) -> _Block:
    block = _Block(number, [row])
    if _ANSWER.fullmatch(row):
        reading.refuse(number, row, "答案前面没有题目", "请在答案之前写题干和选项，或删去这一行")
        block.is_answered = block.is_bad = True
    return block


def _take(reading: Reading, block: _Block, number: int, row: str) -> None:
    """A line of a question that has begun: a choice, the answer, or more of its words."""
    if answer := _ANSWER.fullmatch(row):
        block.is_answered = True
        block.right = _MARKS.sub("", answer[1]).upper().translate(_HALF)
        if not block.choices:
            _spoil(reading, block, (number, row), "题目没有选项", "请在答案之前写选项，每行一个，如“A. 内容”")
        elif not re.fullmatch("[A-Z]+", block.right):
            _spoil(reading, block, (number, row), "答案不是选项的字母", "请写成“ANSWER: B”")
        return
    choice = _CHOICE.fullmatch(row)
    wanted = LETTERS[len(block.choices)] if len(block.choices) < len(LETTERS) else ""
    if choice and choice[1].upper().translate(_HALF) == wanted:
        block.choices.append(choice[2])
    elif not block.choices:
        block.text.append(row)
    elif choice and wanted:
        letter = choice[1].upper()
        _spoil(reading, block, (number, row), f"选项{letter}的位置应是{wanted}", "请按 A、B、C 的顺序写选项")
    else:
        fix = "一题写完要有“ANSWER: 字母”一行；选项不能换行"
        _spoil(reading, block, (number, row), "这一行既不是选项也不是答案", fix)


def _spoil(reading: Reading, block: _Block, place: tuple[int, str], reason: str, fix: str) -> None:
    if not block.is_bad:
        reading.refuse(*place, reason, fix)
    block.is_bad = True


def _close(reading: Reading, block: _Block | None) -> None:
    if block is None or block.is_bad:
        return
    if not block.is_answered:
        reading.refuse(
            block.line, block.text[0], "这道题没有答案", "请在选项之后写“ANSWER: 字母”，例如 ANSWER: B"
        )
        return
    question = Question(
        shape=Shape.MULTIPLE if len(set(block.right)) > 1 else Shape.SINGLE,
        text="\n".join(block.text),
        choices=tuple(block.choices),
        right=block.right,
        explanation=block.more.get("解析", ""),
        clause=block.more.get("依据", ""),
        topic=block.more.get("主题", ""),
        code=block.more.get("编号", ""),
    )
    reading.add(block.line, question)


def write_aiken(questions: Iterable[Question]) -> str:
    """The questions with choices; a short one has no place in Aiken and is left out."""
    blocks = []
    for question in questions:
        if question.shape is Shape.SHORT:
            continue
        text = _flat(question.text)
        # An empty line before it, which nobody sees, keeps a text from being taken for an answer.
        rows = [f"<br>{text}" if _ANSWER.fullmatch(text) else text]
        rows += [f"{letter}. {choice}" for letter, choice in zip(LETTERS, question.choices, strict=False)]
        rows.append(f"ANSWER: {', '.join(question.right)}")
        more = (
            ("解析", question.explanation),
            ("依据", question.clause),
            ("主题", question.topic),
            ("编号", question.code),
        )
        rows += [f"{word}：{_flat(value)}" for word, value in more if value]
        blocks.append("\n".join(rows) + "\n")
    return "\n".join(blocks)


def _flat(text: str) -> str:
    return text.replace("\n", "<br>")
