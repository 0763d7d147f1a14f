"""Questions as a table: a row for each, its choices in columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from qizhi.core.tables import BadValue, Column, TableSchema, read_table, write_csv, write_xlsx
from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.values import Choices, text
from qizhi.core.tables.values.plain import as_text
from qizhi.study.gateways.found import BadLine, Reading
from qizhi.study.rules import questions as rules
from qizhi.study.rules.questions import LETTERS, Question, Shape, truth

SHAPES = (
    (Shape.SINGLE, "单选题"),
    (Shape.MULTIPLE, "多选题"),
    (Shape.TRUE_FALSE, "判断题"),
    (Shape.SHORT, "简答题"),
)
_ALSO = {
    "单选": "single",
    "单项选择题": "single",
    "单选择题": "single",
    "多选": "multiple",
    "多项选择题": "multiple",
    "不定项选择题": "multiple",
    "判断": "true_false",
    "是非题": "true_false",
    "简答": "short",
    "填空题": "short",
    "填空": "short",
}
_OFFERED = 6
_SEPARATORS = re.compile(r"[\s,，、;；和.。/]+")


def _lines(raw: CellValue) -> str:
    return rules.lines(as_text(raw))


def _answer(raw: CellValue) -> str:
    """Letters, right or wrong, or lines of text; a truth of the spreadsheet is one too."""
    if isinstance(raw, bool):
        return "正确" if raw else "错误"
    return rules.lines(as_text(raw)) or _nothing()


def _nothing() -> str:
    message = "没有答案"
    raise BadValue(message, "请填选项的字母、对或错，或简答题的答案")


QUESTIONS = TableSchema(
    "questions",
    "题目",
    (
        Column(
            key="code",
            label="编号",
            parse=text(rules.MOST_CODE),
            aliases=("题号", "题目编号"),
            help="以后改题用它认出同一道题；可留空",
            example="JL-001",
        ),
        Column(
            key="shape",
            label="题型",
            parse=Choices(SHAPES, _ALSO),
            aliases=("类型", "题目类型"),
            help="留空则按选项和答案判断",
            example="单选题",
        ),
        Column(
            key="text",
            label="题干",
            parse=_lines,
            required=True,
            aliases=("题目", "试题", "试题内容", "题目内容", "问题"),
            width=48,
        ),
        *(
            Column(
                key=f"choice_{letter}",
                label=f"选项{letter}",
                parse=lambda raw: rules.line(as_text(raw)),
                aliases=(letter, f"选项 {letter}", f"答案选项{letter}"),
                help="判断题和简答题不填" if letter == "A" else "",
                is_offered=number <= _OFFERED,
                width=20,
            )
            for number, letter in enumerate(LETTERS, start=1)
        ),
        Column(
            key="answer",
            label="答案",
            parse=_answer,
            required=True,
            aliases=("正确答案", "参考答案", "标准答案"),
            help="字母（多选如 ACD）、对或错；简答题每行一个可接受的答案",
            example="B",
        ),
        Column(
            key="explanation",
            label="解析",
            parse=_lines,
            aliases=("答案解析", "试题解析", "说明"),
            width=40,
        ),
        Column(
            key="clause",
            label="依据",
            parse=text(rules.MOST_CLAUSE),
            aliases=("依据条款", "出处", "来源"),
            help="写到条款",
            example="《中国共产党章程》第三十条",
            width=30,
        ),
        Column(
            key="topic",
            label="主题",
            parse=text(rules.MOST_TOPIC),
            aliases=("知识点", "分类", "章节"),
            example="党章",
        ),
    ),
)


def read_question_table(data: bytes, filename: str) -> Reading:
    """Every question of a table, and every cell that is wrong.

    Raises:
        UnreadableFile: no table.
    """
    table = read_table(data, filename, QUESTIONS)
    reading = Reading(notes=list(table.notes))
    for row in table.rows:
        reading.add(row.number, question_from(row.values))
    reading.errors += [
        BadLine(error.row, error.value, f"{error.column_label}：{error.reason}", error.fix)
        for error in table.errors
    ]
    reading.errors.sort(key=lambda error: error.line)
    return reading


def question_from(values: Mapping[str, Any]) -> Question:
    """The question that a row, or a form with the same names, describes; not yet tidy or checked."""
    answer = str(values["answer"])
    choices = [values.get(f"choice_{letter}") or "" for letter in LETTERS]
    while choices and not choices[-1]:
        choices.pop()
    picked = _SEPARATORS.sub("", answer).upper()
    is_true = truth(answer)
    shape = values.get("shape") or _guess(choices, picked, is_true=is_true)
    right, accepted = picked, ()
    if shape == Shape.TRUE_FALSE:
        choices = choices or list(rules.TRUE_FALSE_CHOICES)
        right = picked if is_true is None else "A" if is_true else "B"
    elif shape == Shape.SHORT:
        right, accepted = "", tuple(answer.split("\n"))  # type: ignore[assignment]
    return Question(
        shape=Shape(shape),
        text=values["text"],
        choices=tuple(choices),
        right=right,
        accepted=accepted,
        explanation=values.get("explanation") or "",
        clause=values.get("clause") or "",
        topic=values.get("topic") or "",
        code=values.get("code") or "",
    )


def _guess(choices: list[str], picked: str, *, is_true: bool | None) -> Shape:
    if choices:
        return Shape.MULTIPLE if len(picked) > 1 else Shape.SINGLE
    return Shape.SHORT if is_true is None else Shape.TRUE_FALSE


def question_rows(questions: Iterable[Question]) -> Iterable[dict[str, Any]]:
    """A row for each question, as it is read."""
    for question in questions:
        is_truth = question.shape is Shape.TRUE_FALSE
        choices = () if is_truth else question.choices
        answer = question.right
        if is_truth:
            answer = rules.TRUE_FALSE_CHOICES["AB".index(question.right)]
        elif question.shape is Shape.SHORT:
            answer = "\n".join(question.accepted)
        yield {
            "code": question.code or None,
            "shape": question.shape.value,
            "text": question.text,
            **{f"choice_{letter}": choice for letter, choice in zip(LETTERS, choices, strict=False)},
            "answer": answer,
            "explanation": question.explanation or None,
            "clause": question.clause or None,
            "topic": question.topic or None,
        }


def write_question_table(questions: Iterable[Question], kind: str, title: str) -> bytes:
    """The questions as XLSX or CSV, with as many columns of choices as are needed."""
    rows = list(question_rows(questions))
    used = {key for row in rows for key in row}
    columns = tuple(column for column in QUESTIONS.columns if column.is_offered or column.key in used)
    return write_csv(columns, rows) if kind == "csv" else write_xlsx(columns, rows, title)
