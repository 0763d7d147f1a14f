"""Reads the text of an overview; never raises, whatever was typed.

See `language` for the grammar. Errors keep a text from being saved; typed numbers are warnings while it is
edited, and keep it from being issued.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import pairwise

from qizhi.reports.rules.language import (
    SPANS,
    Block,
    Catalogue,
    Chart,
    Entry,
    Filled,
    Heading,
    Optional,
    Paragraph,
    Parsed,
    Part,
    Place,
    Problem,
    Reference,
    Sentence,
    Style,
    Text,
)
from qizhi.reports.rules.typed_numbers import FIGURE, HIDDEN, open_quote, typed_numbers

# Full-width brackets and bars are what a Chinese keyboard gives; they mean the same.
_PIECE = re.compile(
    r"(?:\[\[|［［)(?P<figure>[^\[\]［］]*)(?:\]\]|］］)"
    r"|(?:\{\{|｛｛)(?P<filled>[^{}｛｝]*)(?:\}\}|｝｝)"
    r"|(?P<optional>【可略[：:])"
    r"|(?P<end>】)"
    r"|(?P<stray>\[\[|［［|\]\]|］］|\{\{|｛｛|\}\}|｝｝)"
)
_HEADING = re.compile(r"(?P<marks>[#＃]+)(?P<gap>\s*)(?P<text>.*)")
_CHART = re.compile(r"\s*(?:\[\[|［［)\s*chart\s*[:：](?P<name>[^\[\]［］]*)(?:\]\]|］］)\s*")
_BARS = re.compile(r"[|｜]")
_ENDS, _CLOSERS, _OPENERS = "。！？!?", "”’」』》）)", "“‘「『《（("
_ENDS_AND_CLOSERS = (*_ENDS, *_CLOSERS)
_OPTIONAL = "【可略："
LEVELS = 2
NEAR = 12


def parse(body: str, catalogue: Catalogue, title: str = "") -> Parsed:
    """Read a text.

    Args:
        body: the text; any kind of line end.
        catalogue: the figures, charts and words that exist.
        title: the title of the document; may hold filled-in words, no figures.
    """
    reader = _Reader(catalogue)
    title_parts = reader.plain(title.strip(), 0, 1, "标题")
    lines = _lines(body)
    blocks = [block for number, line in enumerate(lines, 1) for block in reader.block(line, number)]
    errors, typed = _placed(reader.errors, lines), _placed(reader.typed, lines)
    return Parsed(title_parts, tuple(blocks), errors, typed)


def _placed(problems: list[Problem], lines: list[str]) -> tuple[Problem, ...]:
    """The problems with the beginning of the line in which each stands."""
    return tuple(
        replace(one, near=lines[one.line - 1].strip()[:NEAR]) if one.line else one for one in problems
    )


def _lines(body: str) -> list[str]:
    return re.split("\r\n|[\r\n\u2028\u2029\x85\x0b\x0c]", body)


class _Reader:
    """Collects problems while it turns lines into blocks."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.known = catalogue
        self.errors: list[Problem] = []
        self.typed: list[Problem] = []

    def block(self, line: str, number: int) -> list[Block]:
        """The block of a line; none for a blank one and for a heading or chart that cannot be read."""
        if not line.strip():
            return []
        start = len(line) - len(line.lstrip())
        heading = _HEADING.fullmatch(line, start)
        if heading:
            return self._heading(heading, number)
        chart = _CHART.fullmatch(line)
        if chart:
            return self._chart(chart, number)
        parts = self._marked(self._parts(line.rstrip(), number, start), line, number)
        return [Paragraph(number, _sentences(parts, _masked(parts, len(line))))]

    def plain(self, text: str, line: int, column: int, what: str) -> tuple[Part, ...]:
        """Words without figures: a title or heading that begins at a column."""
        parts = self._parts(" " * (column - 1) + text, line, column - 1)
        for part in parts:
            if isinstance(part, Reference | Optional):
                self._error(line, part.column, "", f"{what}里不能引用指标。请把数字写进正文。")
        kept = [part for part in parts if isinstance(part, Text | Filled)]
        return tuple(self._marked(kept, " " * (column - 1) + text, line))

    def _heading(self, found: re.Match[str], line: int) -> list[Block]:
        level, column = len(found["marks"]), found.start("marks") + 1
        text = found["text"].strip()
        if level > LEVELS:
            self._error(line, column, found["marks"], "标题只有两级：# 章，## 节。请删去多余的 #。")
        elif not text:
            self._error(
                line, column, found["marks"], "这一行只有 #，没有标题文字。请补上标题，或删去这一行。"
            )
        elif not found["gap"]:
            self._error(line, column, found["marks"], "# 与标题文字之间要空一格，例如“# 夯实党建根基”。")
        else:
            return [Heading(line, level, self.plain(text, line, found.start("text") + 1, "章节标题"))]
        return []

    def _chart(self, found: re.Match[str], line: int) -> list[Block]:
        column = found.start("name") + 1
        name, *options = [part.strip() for part in _BARS.split(found["name"])]
        entry = self.known.charts.get(name)
        if entry is None:
            hints = tuple(self.known.charts)
            message = (
                f"没有名为“{name}”的图。可用的图：{'、'.join(hints)}。" if hints else "目前没有可用的图。"
            )
            self._error(line, column, name, message, hints)
            return []
        chart = Chart(line, name)
        for option in filter(None, options):
            if option not in SPANS or not entry.has_span or chart.span:
                spans = "、".join(SPANS) if entry.has_span else "这幅图的时段是固定的，不用写时段"
                self._error(line, column, option, f"图“{entry.label}”后面的“{option}”不能识别。{spans}。")
                return []
            chart = replace(chart, span=SPANS[option])
        return [chart]

    def _parts(self, line: str, number: int, start: int) -> list[Part]:
        """The line from `start` as parts; a piece that cannot be read is told and left out."""
        parts: list[Part] = []
        opened: tuple[int, int] | None = None  # where an optional part began: in the list, and in the line
        at = start
        for found in _PIECE.finditer(line, start):
            if found["end"] is not None and opened is None:
                continue  # a bracket of the text itself
            parts += [Text(line[at : found.start()], at + 1)] if found.start() > at else []
            at = found.end()
            if found["optional"] is not None:
                opened = self._open(found, number, opened) or (len(parts), found.start() + 1)
            elif found["end"] is not None and opened is not None:
                parts[opened[0] :] = [self._optional(parts[opened[0] :], opened[1], number)]
                opened = None
            else:
                parts += self._piece(found, number)
        if opened is not None:
            self._error(number, opened[1], _OPTIONAL, f"“{_OPTIONAL}”没有结束。请在可以略去的文字后面加 】。")
        return [*parts, Text(line[at:], at + 1)] if at < len(line) else parts

    def _open(
        self, found: re.Match[str], line: int, opened: tuple[int, int] | None
    ) -> tuple[int, int] | None:
        if opened is not None:
            message = f"“{_OPTIONAL}”里面不能再套“{_OPTIONAL}”。请先用 】 结束前一处。"
            self._error(line, found.start() + 1, found[0], message)
        return opened

    def _optional(self, inner: list[Part], column: int, line: int) -> Optional:
        kept = tuple(part for part in inner if not isinstance(part, Optional))
        if not any(isinstance(part, Reference) for part in kept):
            self._error(
                line,
                column,
                "【可略：",
                "“【可略：…】”里没有指标，无从判断该不该略去。请去掉这对括号，或加上指标。",
            )
        if any(set(part.text) & set(_ENDS) for part in kept if isinstance(part, Text)):
            self._error(line, column, "【可略：", "“【可略：…】”只能在一句之内，里面不能有句号、问号、叹号。")
        return Optional(kept, column)

    def _piece(self, found: re.Match[str], line: int) -> list[Part]:
        column = found.start() + 1
        if found["figure"] is not None:
            return self._reference(found["figure"], line, column)
        if found["filled"] is not None:
            name = found["filled"].strip()
            if name in set(Place):
                return [Filled(Place(name), column)]
            message = (
                f"不认识“{{{{{name}}}}}”。可用的有：{'、'.join(f'{{{{{place}}}}}' for place in Place)}。"
            )
            self._error(line, column, found[0], message, tuple(get_close_matches(name, list(Place), 2, 0.3)))
            return []
        self._error(
            line,
            column,
            found[0],
            f"“{found[0]}”没有配对。指标写成 [[指标]]，自动文字写成 {{{{年}}}}；请补上另一半，或删去它。",
        )
        return []

    def _reference(self, inside: str, line: int, column: int) -> list[Part]:
        key, *options = [part.strip() for part in _BARS.split(inside)]
        if key.startswith(("chart:", "chart：")):
            self._error(line, column, key, "图要单独占一行，前后不能有文字。请把它移到下一行。")
            return []
        entry = self.known.find(key)
        if entry is None:
            hints = suggestions(key, self.known)
            near = f"最接近的是：{'、'.join(hints)}。" if hints else "请从下方“可用指标”中选。"
            what = f"没有名为“{key}”的指标。" if key else "方括号里没有写指标。"
            self._error(line, column, key, f"{what}{near}", hints)
        reference = Reference(key, column)
        seen: set[str] = set()
        for option in filter(None, options):
            reference = self._with_option(reference, option, seen, line)
        if entry is None:
            return [reference]
        if why := _why_not(entry, reference.style):
            self._error(line, column, key, f"“{entry.label}”{why}，不能写成“{reference.style}”。请去掉样式。")
        return [reference]

    def _with_option(self, reference: Reference, option: str, seen: set[str], line: int) -> Reference:
        kind = "时段" if option in SPANS else "样式"
        if option not in SPANS and option not in set(Style):
            names = [*SPANS, *Style]
            hints = tuple(get_close_matches(option, names, 3, 0.3))
            message = (
                f"“{option}”既不是时段也不是样式。时段有：{'、'.join(SPANS)}；样式有：{'、'.join(Style)}。"
            )
            self._error(line, reference.column, option, message, hints)
        elif kind in seen:
            self._error(
                line, reference.column, option, f"{kind}写了两个。请只留一个，删去“{option}”或另一个。"
            )
        elif kind == "时段":
            reference = replace(reference, span=SPANS[option])
        else:
            reference = replace(reference, style=Style(option))
        seen.add(kind)
        return reference

    def _marked(self, parts: Sequence[Part], line: str, number: int) -> list[Part]:
        """The same parts, with the typed numbers in them marked and told."""
        masked = _masked(parts, len(line))
        spots = typed_numbers(masked, self.known.words)
        for start, end in spots:
            text = line[start:end]
            if FIGURE in (masked[start - 1 : start], masked[end : end + 1]):
                message = f"“{text}”紧挨着指标，会改变数值。请删去；要写成约数，请用“约数”样式。"
            else:
                message = f"“{text}”是手工写的，背后没有记录。请换成指标；若是专有名称，请加“”或《》。"
            self.typed.append(Problem(number, start + 1, text, message))
        at = open_quote(masked)
        if at is not None:
            message = (
                f"引号或书名号没有配对：{line[at : at + 8]}… 引号里的数字不检查，所以必须配对。请补上另一半。"
            )
            self._error(number, at + 1, line[at], message)
        return [_with_spots(part, spots) for part in parts]

    def _error(self, line: int, column: int, text: str, message: str, hints: tuple[str, ...] = ()) -> None:
        self.errors.append(Problem(line, column, text, message, hints))


def suggestions(key: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Keys that were probably meant: near in spelling, or whose Chinese name is near or holds the word."""
    labels = {entry.label: entry.key for entry in catalogue.entries}
    found = [entry.key for entry in catalogue.entries if key and key in entry.label]
    found += get_close_matches(key, [entry.key for entry in catalogue.entries], 3, 0.6)
    found += [labels[label] for label in get_close_matches(key, list(labels), 3, 0.4)]
    return tuple(dict.fromkeys(found))[:3]


def _masked(parts: Sequence[Part], length: int) -> str:
    """The line with figures and everything unread replaced, so that positions stay what they were."""
    characters = [HIDDEN] * length
    for part in parts:
        inner = part.parts if isinstance(part, Optional) else (part,)
        for piece in inner:
            if isinstance(piece, Text):
                characters[piece.column - 1 : piece.column - 1 + len(piece.text)] = piece.text
            elif isinstance(piece, Reference):
                characters[piece.column - 1] = FIGURE
    return _closed_up("".join(characters))


def _closed_up(line: str) -> str:
    """A figure fills the whole of its brackets, so that what follows them stands beside it."""
    return re.sub(f"{FIGURE}{HIDDEN}*", lambda found: FIGURE * len(found[0]), line)


def _with_spots(part: Part, spots: Sequence[tuple[int, int]]) -> Part:
    if isinstance(part, Optional):
        inner = tuple(_with_spots(piece, spots) for piece in part.parts)
        return replace(part, parts=tuple(piece for piece in inner if not isinstance(piece, Optional)))
    if not isinstance(part, Text):
        return part
    start, end = part.column - 1, part.column - 1 + len(part.text)
    own = tuple((max(a, start) - start, min(b, end) - start) for a, b in spots if a < end and b > start)
    return replace(part, typed=own)


def _sentences(parts: list[Part], line: str) -> tuple[Sentence, ...]:
    """Parts grouped by the full stops that stand outside quotation marks; `line` is the masked line."""
    cuts = _cuts(line)
    groups: dict[int, list[Part]] = {}
    for part in parts:
        for piece in _split(part, cuts) if isinstance(part, Text) else [part]:
            groups.setdefault(bisect_right(cuts, piece.column - 1), []).append(piece)
    return tuple(Sentence(tuple(group)) for group in groups.values())


def _cuts(line: str) -> list[int]:
    """Positions behind the ends of sentences: a full stop, or a quotation that closes behind one."""
    cuts: list[int] = []
    depth, has_ended = 0, False
    for index, character in enumerate(line):
        is_closer = character in _CLOSERS
        depth = max(depth + (character in _OPENERS) - is_closer, 0)
        has_ended = character in _ENDS or (has_ended and is_closer)
        if has_ended and depth == 0 and line[index + 1 : index + 2] not in _ENDS_AND_CLOSERS:
            cuts.append(index + 1)
    return cuts


def _split(part: Text, cuts: list[int]) -> list[Text]:
    """A text cut at the positions that lie inside it, its typed numbers with it."""
    start, end = part.column - 1, part.column - 1 + len(part.text)
    edges = [start, *(cut for cut in cuts if start < cut < end), end]
    return [
        Text(
            part.text[a - start : b - start],
            a + 1,
            tuple(
                (max(x, a - start) - a + start, min(y, b - start) - a + start)
                for x, y in part.typed
                if x < b - start and y > a - start
            ),
        )
        for a, b in pairwise(edges)
    ]


def _why_not(entry: Entry, style: Style) -> str:
    """Why a figure cannot be written in a style, in Chinese; empty when it can."""
    if entry.is_day and style is not Style.EXACT:
        return "是日期"
    if entry.is_share and style is Style.APPROXIMATE:
        return "是份额"
    return "不是年数" if style is Style.RUN and not entry.is_years else ""
