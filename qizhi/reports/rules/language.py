"""What the text of an overview is made of, once read.

The language, line by line (positions count from 1, in characters):

* `# 标题` opens a chapter, `## 标题` a section; every other line that is not blank is a paragraph;
* `[[指标|时段|样式]]` prints a figure; span and style may be left out and stand in any order;
* `[[chart:名称|时段]]`, alone on its line, draws a chart;
* `{{年}}`, `{{核算日}}`, `{{单位}}`, `{{简称}}` print the report year, the day of reckoning and the names;
* `【可略：…】` marks a part of a sentence that is left out when a figure in it has nothing to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from qizhi.core.values import dataclass


class Style(StrEnum):
    """How a figure is written; the values are the words of the language."""

    EXACT = "精确"
    APPROXIMATE = "约数"
    SHARE = "份额"
    RUN = "连续"


class Place(StrEnum):
    """Words that the document fills in by itself."""

    YEAR = "年"
    AS_OF = "核算日"
    BUREAU = "单位"
    SHORT_NAME = "简称"


# Values are those of `core.figures.Span`; rules know no Django, so they name them by text. The first word
# of each span is the one that the editor inserts.
SPANS = {
    "报告年度": "year",
    "当年": "current",
    "当年截至核算日": "current",
    "近三年": "three_years",
    "近十二个月": "trailing_year",
    "近一年": "trailing_year",
    "累计": "to_date",
    "截至核算日累计": "to_date",
}


@dataclass(frozen=True)
class Entry:
    """What the parser knows of a figure: its key, its Chinese name, whether it is a day, a share or years."""

    key: str
    label: str
    is_day: bool = False
    is_share: bool = False
    is_years: bool = False


@dataclass(frozen=True)
class ChartEntry:
    """A chart that a text may call for, and whether a span may be named."""

    name: str
    label: str
    has_span: bool = False


@dataclass(frozen=True)
class Words:
    """Words that decide what a typed number is; data of the app, see `data/`.

    Attributes:
        names: proper nouns that hold numerals; `N` stands for any numeral.
        measures: words that turn the numeral before them into a quantity.
    """

    names: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Everything that a text may refer to.

    Attributes:
        find: the figure of a key, or None.
        entries: the figures to suggest from.
        charts: charts by name.
        words: see `Words`.
    """

    find: Callable[[str], Entry | None]
    entries: tuple[Entry, ...]
    charts: Mapping[str, ChartEntry]
    words: Words


@dataclass(frozen=True)
class Problem:
    """Something a person should look at: where, and a Chinese sentence that says what, why and what to do.

    Attributes:
        line: number of the line; 0 for the title.
        column: number of the first character.
        text: the characters concerned.
        message: the sentence.
        hints: keys or words that were probably meant.
        near: how the line begins, so that a person finds it in an editor without line numbers.
    """

    line: int
    column: int
    text: str
    message: str
    hints: tuple[str, ...] = ()
    near: str = ""

    @property
    def where(self) -> str:
        """The place in words."""
        return f"第 {self.line} 行第 {self.column} 字" if self.line else f"标题第 {self.column} 字"


@dataclass(frozen=True)
class Text:
    """Plain words; `typed` are the stretches (start, end) that hold a typed number."""

    text: str
    column: int
    typed: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Filled:
    """A word that the document fills in."""

    place: Place
    column: int


@dataclass(frozen=True)
class Reference:
    """A figure to print. `span` is a value of `core.figures.Span`, or empty for the figure's own."""

    key: str
    column: int
    span: str = ""
    style: Style = Style.EXACT


@dataclass(frozen=True)
class Optional:
    """A part of a sentence that is left out when a figure in it has nothing to show."""

    parts: tuple[Text | Filled | Reference, ...]
    column: int


Part = Text | Filled | Reference | Optional


@dataclass(frozen=True)
class Sentence:
    """Words up to a full stop: what stands or falls together."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Heading:
    """A chapter (level 1) or section (level 2) title."""

    line: int
    level: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as sentences."""

    line: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Chart:
    """A chart to draw; `span` is empty where none is named."""

    line: int
    name: str
    span: str = ""


Block = Heading | Paragraph | Chart


@dataclass(frozen=True)
class Parsed:
    """A text as read: its blocks, what keeps it from being saved, and the numbers typed into it."""

    title: tuple[Part, ...]
    blocks: tuple[Block, ...]
    errors: tuple[Problem, ...]
    typed: tuple[Problem, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every figure reference, in order."""
        found: list[Reference] = []
        for block in self.blocks:
            if isinstance(block, Paragraph):
                for sentence in block.sentences:
                    found += references_of(sentence.parts)
        return tuple(found)


def references_of(parts: tuple[Part, ...]) -> list[Reference]:
    """The figure references among parts, those in optional parts included."""
    found: list[Reference] = []
    for part in parts:
        if isinstance(part, Optional):
            found += [inner for inner in part.parts if isinstance(inner, Reference)]
        elif isinstance(part, Reference):
            found.append(part)
    return found
