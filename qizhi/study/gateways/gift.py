"""GIFT, as Moodle reads and writes it.

A question is a block of lines without an empty one: `::title::text{answers####explanation}`. The title is our
code, `$CATEGORY:` our topic. The clause has no place in GIFT; it goes into a tag, which Moodle keeps in a
comment: `// [tag:依据 《条例》第三条]`. What we do not ask (numbers, pairs, essays) is told with its line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from qizhi.core.text import clean
from qizhi.study.gateways.found import Reading
from qizhi.study.rules.questions import LETTERS, MOST_CODE, Question, Shape

CLAUSE = "依据"
_SPECIAL = "~=#{}:\\"
# Escaped characters while the file is taken apart: characters that `clean` has removed from every text.
_MASKS = {f"\\{character}": chr(number) for number, character in enumerate(_SPECIAL + "n", start=1)}
_UNMASK = {ord(mask): escaped[1] if escaped != "\\n" else "\n" for escaped, mask in _MASKS.items()}
_ESCAPED = re.compile(r"\\[~=#{}:\\n]")
_TAG = re.compile(r"\[(tag|id):((?:\\.|[^\]\\])*)\]")
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_ANSWER = re.compile(r"[=~]")
_WEIGHT = re.compile(r"%(-?[0-9]+(?:\.[0-9]+)?)%")
_TRUTH = re.compile(r"(T|TRUE|F|FALSE)(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"(?:\$(?:course|system|module|cat[0-9]*)\$(?:/|$))+(?:top(?:/|$))?", re.IGNORECASE)
_WHOLE = 100.0


@dataclass
class _Block:
    line: int
    rows: list[str]
    topic: str
    clause: str = ""


@dataclass
class _Answer:
    sign: str
    weight: float | None
    text: str
    feedback: str
    offset: int
    is_pair: bool


class _Bad(Exception):  # noqa: N818 - caught here, told as a line
    def __init__(self, reason: str, fix: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.fix, self.offset = reason, fix, offset


def read_gift(text: str) -> Reading:
    """Every question of a GIFT file, and every line that is wrong."""
    reading = Reading()
    for block in _blocks(clean(text).replace("\ufeff", "")):
        body = "\n".join(block.rows)
        notes: list[str] = []
        try:
            question = _question(body, notes)
        except _Bad as bad:
            line = block.line + body.count("\n", 0, bad.offset)
            reading.refuse(line, _unmask(body), bad.reason, bad.fix)
        else:
            reading.notes += [f"第{block.line}行：{note}" for note in notes]
            reading.add(block.line, replace(question, topic=block.topic, clause=block.clause))
    return reading


@dataclass
class _Scanner:
    """Takes a file apart into blocks, line by line."""

    topic: str = ""
    clause: str = ""
    block: _Block | None = None
    made: list[_Block] = field(default_factory=list)

    def close(self) -> None:
        if self.block is not None:
            self.made.append(self.block)
        self.block = None

    def take(self, number: int, row: str) -> None:
        if row.startswith("//"):
            tags = (match[2] for match in _TAG.finditer(row) if match[1] == "tag")
            found = [re.sub(r"\\(.)", r"\1", tag) for tag in tags]
            self.clause = next((tag[len(CLAUSE) :] for tag in found if tag.startswith(CLAUSE)), self.clause)
        elif row.upper().startswith("$CATEGORY:"):
            self.close()
            self.topic = _ROOT.sub("", _unmask(_mask(row[len("$CATEGORY:") :].strip())))
        elif self.block is None:
            self.block = _Block(number, [row], self.topic, self.clause)
            self.clause = ""
        else:
            self.block.rows.append(row)


def _blocks(text: str) -> Iterator[_Block]:
    scanner = _Scanner()
    rows = [_mask(row) if not row.lstrip().startswith("//") else row for row in text.split("\n")]
    for number, row in enumerate(rows, start=1):
        if row.strip():
            scanner.take(number, row.strip())
        elif scanner.block is None or not _goes_on(scanner.block.rows, rows[number:]):
            scanner.close()
        else:
            scanner.block.rows.append("")
    scanner.close()
    yield from scanner.made


def _goes_on(before: list[str], after: list[str]) -> bool:
    """Whether braces are open that are closed further down, before another question opens its own."""
    text = "\n".join(before)
    if text.count("{") <= text.count("}"):
        return False
    mark = next((match[0] for row in after if (match := re.search(r"[{}]|^\s*::", row))), "")
    return mark == "}"


def _question(body: str, notes: list[str]) -> Question:
    """The question of a block; what was read otherwise than its file means it is added to the notes."""
    text, code = body, ""
    if text.startswith("::"):
        code, mark, text = text[2:].partition("::")
        if not mark:
            message = "题目名称没有结束的“::”"
            raise _Bad(message, "请写成“::名称::题干{答案}”")
    start, end = text.find("{"), text.rfind("}")
    at = len(body) - len(text)
    if start < 0 or end < start:
        raise _braceless(text)
    if text.count("{") > 1 or text.count("}") > 1:
        message = "一道题里有几对花括号"
        raise _Bad(message, "每题只留一对；题与题之间空一行；文字里的花括号写成 \\{ \\}", at + start)
    before, after = text[:start].strip(), text[end + 1 :].strip()
    words = f"{before} _____ {after}" if after else before
    answers, _, explanation = text[start + 1 : end].partition("####")
    question = _answered(answers, at + start + 1, notes)
    code = _unmask(code).strip()
    return replace(
        question,
        text=_said(words),
        code=code if len(code) <= MOST_CODE else "",
        explanation="\n".join(filter(None, (_said(explanation), question.explanation))),
    )


def _braceless(text: str) -> _Bad:
    if "｛" in text or "｝" in text:
        return _Bad("花括号写成了全角的｛｝", "请改成半角的 { }")
    if "{" in text:
        return _Bad("花括号没有结束", "请在答案后面补上 }，题与题之间空一行")
    if "}" in text:
        return _Bad("有 } 而没有 {", "请在答案前面补上 {")
    return _Bad("没有找到答案", "答案写在题干后面的半角花括号里，例如 {=对的 ~错的}；说明文字请在行首加 //")


def _answered(answers: str, offset: int, notes: list[str]) -> Question:
    """The question without its words, from what stands between the braces."""
    body = answers.strip()
    if match := _TRUTH.fullmatch(body):
        right = "A" if match[1].upper().startswith("T") else "B"
        told = "\n".join(filter(None, map(_said, (match[2] or "").split("#"))))
        return Question(Shape.TRUE_FALSE, "", ("正确", "错误"), right, explanation=told)
    if not body:
        message = "这是论述题，没有可以核对的答案"
        raise _Bad(message, "请写可接受的答案，例如 {=答案}，或删去这道题", offset)
    if body.startswith("#"):
        message = "这是数值题，本系统没有这种题型"
        raise _Bad(message, "请改成简答题，例如 {=8}", offset)
    found = list(_answers(answers, offset))
    if not found or answers[: found[0].offset - offset].strip():
        message = "答案前面没有 = 或 ~"
        raise _Bad(message, "正确的写 =，错误的写 ~；文字里的等号写成 \\=", offset)
    if pair := next((one for one in found if one.is_pair), None):
        message = "这是匹配题，本系统没有这种题型"
        raise _Bad(message, "请拆成几道单选题或简答题", pair.offset)
    return _weighed(found, notes)


def _answers(answers: str, offset: int) -> Iterator[_Answer]:
    marks = [match.start() for match in _ANSWER.finditer(answers)]
    for start, end in zip(marks, [*marks[1:], len(answers)], strict=False):
        rest, weight = answers[start + 1 : end].strip(), None
        if match := _WEIGHT.match(rest):
            rest, weight = rest[match.end() :].strip(), float(match[1])
        words, _, feedback = rest.partition("#")
        is_pair = "->" in words and not _FORMAT.match(words)
        yield _Answer(answers[start], weight, _said(words), _said(feedback), offset + start, is_pair)


def _weighed(found: list[_Answer], notes: list[str]) -> Question:
    told = "\n".join(
        f"{LETTERS[number] if number < len(LETTERS) else number + 1}：{one.feedback}"
        for number, one in enumerate(found)
        if one.feedback
    )
    if all(one.sign == "=" for one in found):
        if part := next((one for one in found if one.weight not in {None, _WHOLE}), None):
            message = "简答题的答案只得一部分分"
            raise _Bad(message, "这里只有对和错：算对的去掉 %…%，不算对的删去", part.offset)
        told = "\n".join(one.feedback for one in found if one.feedback)
        return Question(Shape.SHORT, "", accepted=tuple(one.text for one in found), explanation=told)
    if len(found) > len(LETTERS):
        message = f"有{len(found)}个选项"
        raise _Bad(message, f"请写2到{len(LETTERS)}个选项", found[len(LETTERS)].offset)
    equals = [one for one in found if one.sign == "="]
    # With one right answer the others may earn a part of the points; without, the right ones share them.
    if equals and any((one.weight or 0) > 0 for one in found if one.sign == "~"):
        notes.append("单选题里得一部分分的选项，按错误选项读入。")
    right = [one.sign == "=" or (not equals and (one.weight or 0) > 0) for one in found]
    if len(equals) > 1:
        message = "单选题有几个标 = 的答案"
        raise _Bad(message, "只留一个 =；多选题的正确项写成 ~%50%，错误项写成 ~%-100%", equals[1].offset)
    letters = "".join(letter for letter, is_right in zip(LETTERS, right, strict=False) if is_right)
    shape = Shape.MULTIPLE if len(letters) > 1 else Shape.SINGLE
    return Question(shape, "", tuple(one.text for one in found), letters, explanation=told)


def _mask(text: str) -> str:
    return _ESCAPED.sub(lambda match: _MASKS[match[0]], text)


def _unmask(text: str) -> str:
    return text.translate(_UNMASK)


def _said(text: str) -> str:
    """The words of a part, without the mark of their format and, in HTML, without tags."""
    text = text.strip()
    match = _FORMAT.match(text)
    text = _unmask(text[match.end() :] if match else text)
    if match and match[1].lower() == "html":
        text = re.sub(r"</p>|</li>|<br\s*/?>", "\n", text, flags=re.IGNORECASE)
        text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return text.strip()


def write_gift(questions: Iterable[Question]) -> str:
    """The questions as a GIFT file; nothing is lost."""
    rows: list[str] = []
    topic = ""
    for question in questions:
        if question.topic != topic:
            topic = question.topic
            rows.append(f"$CATEGORY: {_escaped(topic) if topic else '$course$'}\n")
        if question.clause:
            clause = re.sub(r"([\]\\])", r"\\\1", question.clause)
            rows.append(f"// [tag:{CLAUSE} {clause}]")
        title = f"::{_escaped(question.code)}::" if question.code else ""
        rows.append(f"{title}{_written(question.text)}{_braced(question)}\n")
    return "\n".join(rows)


def _braced(question: Question) -> str:
    told = f"####{_written(question.explanation)}" if question.explanation else ""
    if question.shape is Shape.TRUE_FALSE:
        return f"{{{'TRUE' if question.right == 'A' else 'FALSE'}{told}}}"
    if question.shape is Shape.SHORT:
        answers = [f"={_written(one)}" for one in question.accepted]
    elif question.shape is Shape.SINGLE:
        answers = [
            f"{'=' if letter in question.right else '~'}{_written(choice)}"
            for letter, choice in zip(LETTERS, question.choices, strict=False)
        ]
    else:
        share = f"{_WHOLE / len(question.right):.7g}"
        answers = [
            f"~%{share if letter in question.right else -100}%{_written(choice)}"
            for letter, choice in zip(LETTERS, question.choices, strict=False)
        ]
    return "{\n" + "".join(f"\t{answer}\n" for answer in answers) + told + "}"


def _written(text: str) -> str:
    """A part as it stands in the file; marked as plain where its words would be taken for something else."""
    starts = ("[", "//", "::", "$", "%")
    mark = "[plain]" if text.startswith(starts) or "->" in text else ""
    return mark + _escaped(text)


def _escaped(text: str) -> str:
    return re.sub(r"[~=#{}:\\]", lambda match: f"\\{match[0]}", text).replace("\n", "\\n")
