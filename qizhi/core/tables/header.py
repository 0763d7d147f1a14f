"""Finds the row of headings, wherever it is and however it is written."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from qizhi.core.tables.cells import Copied, Row, Sheet, column_letters
from qizhi.core.tables.problems import BadValue
from qizhi.core.tables.schema import Column, TableSchema
from qizhi.core.tables.values.plain import as_text, clean, compact, shorten
from qizhi.core.values import dataclass

_SEARCHED_ROWS = 40
_LAST_RESORT = 10  # more than there are ways to read a heading
_MOST_SEEN = 15
_MOST_ABOVE = 500
_MAX_HEADING = 100  # what is longer is a title or a remark
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_CHINESE = re.compile("[\u4e00-\u9fff]+")
_BYTES = 256
_TRIMMED = "*:#.、;,"


@dataclass(frozen=True)
class Header:
    """Where the columns of a sheet are.

    Attributes:
        last_row: Number of the row of headings, the lower one if there are two.
        columns: Column of the sheet → what it holds.
        ignored: Headings that mean nothing here, as they stand in the file.
        texts: For each row of headings, column of the sheet → heading, to know the rows again further down.
        above: What stands above the headings: the title of the table.
    """

    last_row: int
    columns: dict[int, Column]
    ignored: tuple[str, ...]
    texts: tuple[dict[int, str], ...]
    above: str = ""


class BadHeader(Exception):  # noqa: N818 - caught and shown
    """No usable row of headings.

    Attributes:
        reason: Chinese sentence: what is missing and what was seen.
        fix: What to do.
        row: The row that looks most like headings, or 0.
        matched: How many of the columns it has.
    """

    def __init__(self, reason: str, fix: str, row: int = 0, matched: int = 0) -> None:
        """Keep what is said and where it belongs."""
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.row = row
        self.matched = matched


class _Claim(NamedTuple):
    """A column of the sheet that may be a column of the schema; the lower the rank the better."""

    rank: int
    place: int
    column: Column


@dataclass(frozen=True)
class _Candidate:
    rows: tuple[Row, ...]
    claims: list[_Claim]

    @cached_property
    def columns(self) -> dict[int, Column]:
        """One column of the sheet for each column of the schema: the one that fits best."""
        settled: dict[int, Column] = {}
        for claim in sorted(self.claims, key=lambda claim: claim[:2]):
            if claim.place not in settled and claim.column not in settled.values():
                settled[claim.place] = claim.column
        return dict(sorted(settled.items()))

    @property
    def matched(self) -> set[str]:
        return {column.key for column in self.columns.values()}

    @property
    def likeness(self) -> int:
        """How many texts the row has, where nothing in it is known; two rows are no better than one."""
        if self.claims or len(self.rows) > 1:
            return 0
        return sum(cell.is_own and isinstance(cell.value, str) for cell in self.rows[0].cells)

    def twins(self) -> list[_Claim]:
        """Claims of one column that fit equally well: nobody can tell which is meant."""
        best: dict[str, list[_Claim]] = {}
        for claim in sorted(self.claims, key=lambda claim: claim[:2]):
            if self.columns.get(claim.place) in {None, claim.column}:
                best.setdefault(claim.column.key, []).append(claim)
        alike = ([claim for claim in claims if claim.rank == claims[0].rank] for claims in best.values())
        return next((claims for claims in alike if len(claims) > 1), [])


def heading_key(text: str) -> str:
    """The heading as it is compared: no spaces, narrow, small letters, no asterisk or colon around."""
    return compact(text).lower().strip(_TRIMMED)


def find_header(sheet: Sheet, schema: TableSchema) -> Header:
    """The row, or two rows, of headings that know most of the columns.

    Titles above are passed over, columns may come in any order, and of two rows the upper one may hold merged
    groups.

    Raises:
        BadHeader: A required column is missing, or two columns claim to be the same.
    """
    known = _known_headings(schema)
    rows = [row for row in sheet.rows if any(cell.is_own for cell in row.cells)][:_SEARCHED_ROWS]
    candidates = [_candidate((row,), known) for row in rows]
    candidates += [_candidate(pair, known) for pair in pairwise(rows) if pair[0].number + 1 == pair[1].number]
    # max keeps the first of equals: one row before two, upper rows before lower ones.
    # Where no heading is known, the row with most texts is the one to quote, not the title.
    best = max(candidates, key=lambda candidate: (len(candidate.matched), candidate.likeness), default=None)
    if best is None:
        message = "表里没有内容"
        raise BadHeader(message, "请检查是否选错了文件")
    _refuse_twins(best)
    columns = best.columns
    missing = _absent(schema, best.matched)
    if missing or not columns:
        raise _missing(best, missing or [column.label for column in schema.columns])
    texts = tuple(_texts(row) for row in best.rows)
    ignored = tuple(
        dict.fromkeys(text for place, text in _seen(best).items() if text and place not in columns)
    )
    return Header(best.rows[-1].number, columns, ignored, texts, _above(rows, best.rows[0]))


def _absent(schema: TableSchema, matched: set[str]) -> list[str]:
    """Labels of the columns that a sheet needs and does not have."""
    labels = {column.key: column.label for column in schema.columns}
    missing = [column.label for column in schema.columns if column.required and column.key not in matched]
    groups = [group for group in schema.one_of if not matched.intersection(group)]
    return missing + ["”或“".join(labels[key] for key in group) for group in groups]


def _above(rows: list[Row], first: Row) -> str:
    """The texts above the headings, in one line each."""
    texts = [
        clean(cell.value)
        for row in rows
        if row.number < first.number
        for cell in row.cells
        if cell.is_own and isinstance(cell.value, str)
    ]
    return "\n".join(texts)[:_MOST_ABOVE]


def _known_headings(schema: TableSchema) -> dict[str, list[tuple[int, Column]]]:
    """Comparable heading → columns with a malus. The label of a column wins over an alias of another."""
    known = {heading_key(column.label): [(0, column)] for column in schema.columns}
    for column in schema.columns:
        for alias in (*column.aliases, column.key):
            known.setdefault(heading_key(alias), [(0, column)])
    for column in schema.columns:
        for malus, alias in enumerate(column.last_resorts, start=_LAST_RESORT):
            known.setdefault(heading_key(alias), []).append((malus, column))
    return known


def _texts(row: Row, *, across: bool = False) -> dict[int, str]:
    """Column → comparable heading; with `across` merged groups are repeated over their columns."""
    texts: dict[int, str] = {}
    for cell in row.cells:
        if cell.copied is not Copied.ACROSS or across:
            try:
                texts[cell.column] = heading_key(as_text(cell.value))
            except BadValue:  # a number of many digits is no heading
                continue
    return {column: text for column, text in texts.items() if 0 < len(text) <= _MAX_HEADING}


def _candidate(rows: tuple[Row, ...], known: dict[str, list[tuple[int, Column]]]) -> _Candidate:
    options = _one_row(rows[0]) if len(rows) == 1 else _two_rows(rows[0], rows[1])
    claims: list[_Claim] = []
    for place, texts in options.items():
        rank, meant = next(((rank, known[text]) for rank, text in enumerate(texts) if text in known), (0, []))
        claims += [_Claim(rank + malus, place, column) for malus, column in meant]
    return _Candidate(rows, claims)


def _one_row(row: Row) -> dict[int, list[str]]:
    """Column → ways to read its heading, the best first."""
    return {column: [text, _BRACKETS.sub("", text).strip(_TRIMMED)] for column, text in _texts(row).items()}


def _two_rows(upper: Row, lower: Row) -> dict[int, list[str]]:
    """Column → ways to read a heading under a group: group and heading together, heading, group alone."""
    groups, headings = _texts(upper, across=True), _texts(lower, across=True)
    options: dict[int, list[str]] = {}
    group = ""
    for column in range(1, max([*groups, *headings], default=0) + 1):
        heading = headings.get(column, "")
        # A group reaches to the right as long as its own row is empty: merged cells are lost in CSV.
        group = groups.get(column, group if heading else "")
        if heading and group and heading != group:
            pairs = [f"{group}-{heading}", f"{group}{heading}", heading]
            options[column] = [*pairs, *(_BRACKETS.sub("", text).strip(_TRIMMED) for text in pairs)]
        elif heading or column in groups:
            text = heading or groups[column]
            options[column] = [text, _BRACKETS.sub("", text).strip(_TRIMMED)]
    return options


def _refuse_twins(candidate: _Candidate) -> None:
    twins = candidate.twins()
    if twins:
        letters = "、".join(column_letters(claim.place) for claim in twins)
        reason = f"有{len(twins)}列都像“{twins[0].column.label}”（{letters}列），不知道该读哪一列"
        row = candidate.rows[-1].number
        raise BadHeader(reason, "请只留一列，或者把其他列改名", row, len(candidate.matched))


def _seen(candidate: _Candidate) -> dict[int, str]:
    """Column → heading as it stands in the file, of two rows the lower one if it has one."""
    return {
        cell.column: shorten(" ".join(clean(str(cell.value)).split()))
        for row in candidate.rows
        for cell in row.cells
        if cell.value is not None and (cell.is_own or len(candidate.rows) > 1)
    }


def _missing(candidate: _Candidate, missing: list[str]) -> BadHeader:
    named = "、".join(f"“{label}”" for label in missing)
    seen = [text for text in _seen(candidate).values() if text]
    shown = "、".join(seen[:_MOST_SEEN]) + ("等" if len(seen) > _MOST_SEEN else "")
    row = candidate.rows[-1].number
    if candidate.claims:
        count = "这一列" if len(missing) == 1 else f"这{len(missing)}列"
        reason = f"缺少{named}{count}；第{row}行读到的列名是：{shown}"
        fix = "请在表里补上，列名写得和模板一样；顺序不限"
    else:
        reason = f"没有找到写着列名的那一行，需要的列有：{named}；第{row}行读到的是：{shown}"
        fix = _say_misread(seen) or "请下载模板，把内容复制到模板里，再上传"
    return BadHeader(reason, fix, row, len(candidate.matched))


def _say_misread(seen: list[str]) -> str:
    """What to do where the Chinese of a CSV file was read in a Western code on its way; or nothing."""
    raw = [_western_bytes(text) for text in seen[:_MOST_SEEN]]
    for code in ("utf-8", "gb18030"):
        meant = [text for one in raw if _CHINESE.fullmatch(text := one.decode(code, "replace"))]
        if len(meant) * 2 > len(raw):  # an invisible character or two may have been lost on the way
            told = f"这些字像是“{'、'.join(meant)}”，打开时选错了编码"
            return f"{told}。请重新打开原来的文件，编码选 {code.upper()}，另存后再上传"
    return ""


def _western_bytes(text: str) -> bytes:
    """What the text was before it was read as windows-1252; empty where it cannot have been."""
    try:
        return b"".join(
            one.encode("latin-1") if ord(one) < _BYTES else one.encode("windows-1252") for one in text
        )
    except UnicodeEncodeError:
        return b""
