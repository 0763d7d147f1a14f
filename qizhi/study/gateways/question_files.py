"""A file of questions in whatever form it comes: GIFT, Aiken, XLSX or CSV."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qizhi.core.tables.delimited import decode
from qizhi.core.tables.problems import UnreadableFile
from qizhi.core.text import LINE_ENDS
from qizhi.study.gateways.aiken import read_aiken, write_aiken
from qizhi.study.gateways.found import Reading
from qizhi.study.gateways.gift import read_gift, write_gift
from qizhi.study.gateways.question_table import read_question_table, write_question_table
from qizhi.study.rules.questions import Question

FORMS = ("gift", "aiken", "xlsx", "csv")
MOST_QUESTIONS = 5000
_TABLES = (".xlsx", ".xls", ".xlsm", ".csv", ".et")
_GIFT_SIGN = re.compile(
    r"^\s*::|(?<!\\)\{\s*(?:[=~#}]|(?:T|F|TRUE|FALSE)\s*[#}])", re.IGNORECASE | re.MULTILINE
)
_ANSWER_LINE = re.compile(r"^\s*(?:ANSWERS?|参考答案|正确答案|答案)\s*[:：]", re.IGNORECASE | re.MULTILINE)


def read_question_file(data: bytes, filename: str) -> Reading:
    """Every question of a file, and every line that is wrong.

    A text is Aiken where a line says ANSWER: and no brace opens the answers of a question, GIFT otherwise:
    braces of program text stand in questions of either form.

    Raises:
        UnreadableFile: neither a table nor a text, or more questions than one file may hold.
    """
    if filename.lower().endswith(_TABLES) or data.startswith(b"PK\x03\x04"):
        reading = read_question_table(data, filename)
    else:
        text = LINE_ENDS.sub("\n", decode(data))
        is_aiken = _ANSWER_LINE.search(text) and not _GIFT_SIGN.search(text)
        reading = (read_aiken(text) if is_aiken else read_gift(text)).without_numbers()
    if len(reading.found) > MOST_QUESTIONS:
        message = f"文件里有 {len(reading.found)} 道题，一次最多导入 {MOST_QUESTIONS} 道。请分成几个文件。"
        raise UnreadableFile(message)
    if not reading.found and not reading.errors:
        reading.refuse(1, filename, "文件里没有找到题目", "请选择 GIFT、Aiken 文本或题目表格")
    return reading


def write_question_file(questions: Iterable[Question], form: str, title: str) -> tuple[bytes, str, str]:
    """The questions as a file of one of `FORMS`: content, ending of its name, and type."""
    if form == "gift":
        return write_gift(questions).encode(), "gift.txt", "text/plain; charset=utf-8"
    if form == "aiken":
        return write_aiken(questions).encode(), "aiken.txt", "text/plain; charset=utf-8"
    if form == "csv":
        return write_question_table(questions, form, title), "csv", "text/csv; charset=utf-8"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return write_question_table(questions, form, title), "xlsx", kind
