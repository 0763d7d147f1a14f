"""How the words of an official document are written: numbers, dates, headings, line breaks.

Source: GB/T 9704-2012, 7.2.5 (number), 7.3.1 (title), 7.3.3 (levels), 7.3.5 (date), 7.3.4 (attachments).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum

from qizhi.core.documents.model import Attachment, Block, Document, Heading, Paragraph
from qizhi.core.patterns import late
from qizhi.core.text import clean, one_line, width_em

DOCUMENT_NUMBER = late(r"[\u4e00-\u9fff]+〔\d{4}〕[1-9]\d*号", re.ASCII)
DRAFT = "草稿"
"""What stands on top of a document that was not issued."""
DIGITS = "零一二三四五六七八九"
CLOSING = "，。、；：？！）》」』】〕”’…—·,.;:?!)]%"
OPENING = "（《「『【〔“‘(["
# Words of titles: a line may well begin with one of the first, had better not begin with one of the second
# (they lean on the word before), and must not cut any of them in two.
STARTING_WORDS = "关于 印发 开展 实施 进一步 加强 完善 推进 落实 做好 调整 表彰 检查 考核 管理 规范"
LEANING_WORDS = (
    "工作 情况 问题 会议 活动 建设 教育 学习 通知 通报 公告 决定 意见 报告 请示 批复 纪要 综述 方案 办法 "
    "总结 要点 计划 规定 制度 年度 季度 机关 部门 单位 委员会"
)
STARTING, LEANING = tuple(STARTING_WORDS.split()), tuple(LEANING_WORDS.split())


class Scope(IntEnum):
    """Kinds of report, by the number of characters above which they are too long."""

    SPECIAL = 4000
    COMPREHENSIVE = 5000


def is_document_number(text: str) -> bool:
    """Whether the text is a number such as `苏检党〔2018〕3号`: no leading zero, no 第, brackets 〔〕."""
    return DOCUMENT_NUMBER.fullmatch(text) is not None


def chinese_date(day: dt.date) -> str:
    """Write a day as `2018年1月2日`, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_number(number: int) -> str:
    """Write 1 to 99 in Chinese (`二十一`).

    Raises:
        ValueError: outside 1 to 99.
    """
    if not 1 <= number <= 99:  # noqa: PLR2004 - said in the docstring
        msg = f"no Chinese heading number for {number}"
        raise ValueError(msg)
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones else "")


def heading_number(level: int, number: int) -> str:
    """Number of a heading with its mark: level 1 `一、`, 2 `（一）`, 3 `1.`, 4 `（1）`."""
    if level == 1:
        return f"{chinese_number(number)}、"
    if level == 2:  # noqa: PLR2004 - the four levels of the standard
        return f"（{chinese_number(number)}）"
    return f"{number}." if level == 3 else f"（{number}）"  # noqa: PLR2004


def number_headings(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with a number before each heading; levels start anew under a higher one."""
    counters = [0, 0, 0, 0]
    numbered: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            counters[block.level - 1] += 1
            counters[block.level :] = [0] * (4 - block.level)
            number = heading_number(block.level, counters[block.level - 1])
            numbered.append(replace(block, text=number + block.text))
        else:
            numbered.append(block)
    return tuple(numbered)


def attachment_lines(attachments: Sequence[Attachment]) -> tuple[tuple[str, str], ...]:
    """Lines of the attachment note as (lead, name): `附件：1.`, then `2.`; names end without a stop."""
    names = [one_line(attachment.name).rstrip("。.；;") for attachment in attachments]
    if len(names) == 1:
        return (("附件：", names[0]),)
    leads = ["附件：1."] + [f"{index}." for index in range(2, len(names) + 1)]
    return tuple(zip(leads, names, strict=False))


def salutation_line(salutation: str) -> str:
    """The line of the addressees, closed by a full-width colon."""
    return one_line(salutation).rstrip("：:") + "："


def count_characters(document: Document) -> int:
    """Number of characters of the title and body text, blanks not counted, tables and pictures left out."""
    texts = [document.title, document.salutation or ""]
    texts += [block.text for block in document.blocks if isinstance(block, Heading | Paragraph)]
    return sum(1 for text in texts for character in text if not character.isspace())


def length_warning(document: Document, scope: Scope) -> str | None:
    """Say in Chinese that a report is longer than its kind should be; None if it is not.

    A report on special work should hold at most 4,000 characters, a comprehensive one 5,000.
    """
    characters = count_characters(document)
    if characters <= scope:
        return None
    kind = "专项工作" if scope is Scope.SPECIAL else "综合"
    return (
        f"正文共 {characters} 字，{kind}报告一般不超过 {int(scope)} 字，超出 {characters - scope} 字。"
        "请删减内容，或把细目移到附件后再印发。"
    )


def title_lines(title: str, per_line: int = 20) -> tuple[str, ...]:
    """Break a title into lines of at most `per_line` characters, about equally long, words kept whole.

    Line feeds in the title are kept as breaks. A line does not begin with 的 or a closing sign, does not end
    with an opening sign, and does not cut a number, a year or a word that is common in titles.
    """
    lines = [line for part in clean(title).split("\n") for line in _balanced(part.strip(), per_line)]
    return tuple(lines) or ("",)


def _balanced(text: str, per_line: int) -> list[str]:
    """Cut one line into the fewest lines, each at the cheapest place near the even share."""
    lines: list[str] = []
    rest, width = text, width_em(text)
    while width > per_line:
        count = -(-int(width + 0.5) // per_line)
        near = range(1, min(len(rest), 3 * per_line))
        cuts = [at for at in near if width_em(rest[:at]) <= per_line] or [1]
        spare = width - (count - 1) * per_line
        cut = min(cuts, key=lambda at: _cut_cost(rest, at, width / count, spare))
        lines.append(rest[:cut].strip())
        width -= width_em(rest[:cut])
        rest = rest[cut:]
    return [*lines, rest.strip()] if rest.strip() else lines


def _cut_cost(text: str, at: int, share: float, spare: float) -> float:
    """Cost of beginning a new line at a place; the unit is one character of unevenness.

    A first line shorter than `spare` leaves more than the other lines can hold.
    """
    before, after = text[:at], text[at : at + 8]
    cost = abs(width_em(before) - share)
    cost += 50.0 if width_em(before) < spare else 0.0
    cost += 30.0 if after[0] in CLOSING or before[-1] in OPENING else 0.0
    cost += 20.0 if _cuts_number(before[-1], after[0]) or _cuts_word(before, after) else 0.0
    cost += 12.0 if after[0] in "的之和与及等" or before[-1] in "和与及第" else 0.0
    cost += 4.0 if after.startswith(LEANING) else 0.0
    ends_well = before[-1] in "的、》”）" or before.endswith("关于")
    return cost - (2.5 if ends_well or after[0] in "《“" or after.startswith(STARTING) else 0.0)


def _cuts_number(left: str, right: str) -> bool:
    return (left.isascii() and left.isalnum() and right.isascii() and right.isalnum()) or (
        left.isdigit() and right in "年月日号%个次"
    )


def _cuts_word(before: str, after: str) -> bool:
    return any(
        before.endswith(word[:split]) and after.startswith(word[split:])
        for word in STARTING + LEANING
        for split in range(1, len(word))
    )
