"""Generates the overview: the text with every reference answered.

A number without rows cannot be printed. A sentence that holds such a number is left out of the document
and listed with its reason; so is a part in `【可略：…】`, which takes only itself along. A chapter that is
left with nothing is left out with its heading.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from qizhi.core import figures, periods
from qizhi.core.documents.wording import Scope, heading_number
from qizhi.core.figures import Figure, Measure, Span
from qizhi.core.values import dataclass
from qizhi.org.models import Bureau
from qizhi.reports.queries import (
    Number,
    Numbers,
    Question,
    Reckoning,
    TemplateText,
    current_template,
    entry_of,
    figures_of,
    say_years,
    words,
)
from qizhi.reports.rules import Catalogue, Entry, Parsed, Problem, parse
from qizhi.reports.rules.language import (
    Block,
    Chart,
    Filled,
    Heading,
    Optional,
    Paragraph,
    Part,
    Place,
    Reference,
    Sentence,
    Style,
    Text,
    references_of,
)
from qizhi.reports.services.charts import CHARTS, DrawnChart

MOST_CHARACTERS = int(Scope.COMPREHENSIVE)
MOST_NUMBERED = 99  # as far as heading numbers in Chinese go


@dataclass(frozen=True)
class Run:
    """A stretch of text: plain, a number with its rows, or a number that somebody typed."""

    text: str
    number: Number | None = None
    is_typed: bool = False


@dataclass(frozen=True)
class Title:
    """A heading of level 1 or 2 as it is printed, with its number."""

    kind: ClassVar = "title"
    level: int
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """All runs as one text."""
        return text_of(self.runs)


@dataclass(frozen=True)
class Passage:
    """A paragraph as it is printed."""

    kind: ClassVar = "passage"
    line: int
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """All runs as one text."""
        return text_of(self.runs)


def text_of(runs: Iterable[Run]) -> str:
    """Runs as one text, without marks."""
    return "".join(run.text for run in runs)


Piece = Title | Passage | DrawnChart


@dataclass(frozen=True)
class Chapter:
    """A chapter: its pieces in order, the heading first (a text may begin without one)."""

    pieces: tuple[Piece, ...]

    @property
    def title(self) -> str:
        """The heading as it is printed, or empty."""
        first = self.pieces[0]
        return first.text if isinstance(first, Title) else ""


@dataclass(frozen=True)
class Omitted:
    """Something left out of the document: where it stands in the template, its words, and why."""

    line: int
    text: str
    reason: str
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True)
class Overview:
    """The overview of a year as it can be said on a day.

    Attributes:
        bureau: whose.
        reckoning: year and day.
        template: the text it was made from.
        head: the title as it is printed.
        chapters: in order.
        omitted: what could not be printed.
        typed: numbers typed into the text; they keep it from being issued.
        errors: what cannot be read in the text, such as a figure that no longer exists.
    """

    bureau: Bureau
    reckoning: Reckoning
    template: TemplateText
    head: tuple[Run, ...]
    chapters: tuple[Chapter, ...]
    omitted: tuple[Omitted, ...]
    typed: tuple[Problem, ...]
    errors: tuple[Problem, ...]

    @property
    def title(self) -> str:
        """The title as one text."""
        return text_of(self.head)

    @property
    def pieces(self) -> Iterator[Piece]:
        """Everything that is printed, in order."""
        for chapter in self.chapters:
            yield from chapter.pieces

    @property
    def numbers(self) -> list[Number]:
        """Every number that is printed in words, in order; the same number may stand there twice."""
        passages = [piece for piece in self.pieces if isinstance(piece, Passage)]
        return [run.number for passage in passages for run in passage.runs if run.number is not None]

    @property
    def charts(self) -> list[DrawnChart]:
        """The charts."""
        return [piece for piece in self.pieces if isinstance(piece, DrawnChart)]

    @property
    def all_numbers(self) -> list[Number]:
        """The numbers in words and those in charts that have something to show."""
        drawn = [number for chart in self.charts for number in chart.numbers]
        return self.numbers + [number for number in drawn if number.is_printable]

    @property
    def characters(self) -> int:
        """Characters of the text, blanks not counted, charts left out."""
        texts = [piece.text for piece in self.pieces if isinstance(piece, Title | Passage)]
        return sum(len("".join(text.split())) for text in [self.title, *texts])

    @property
    def years_meant(self) -> str:
        """Chinese: which three years are meant where the year of the report is none of them; else empty."""
        asked = (one.period for one in self.numbers if one.span is Span.THREE_YEARS)
        period = next((one for one in asked if one.end.year < self.reckoning.year), None)
        return f"近三年指{say_years(period)}三个完整年度" if period else ""

    @property
    def excess(self) -> int:
        """How many characters there are beyond what a comprehensive report should hold."""
        return max(0, self.characters - MOST_CHARACTERS)


def catalogue(bureau_id: uuid.UUID) -> Catalogue:
    """Everything that a bureau's text may refer to, as it is published now."""
    return _catalogue(figures_of(bureau_id))


def _catalogue(known: Iterable[Figure]) -> Catalogue:
    entries = {figure.key: entry_of(figure) for figure in known}
    charts = {name: kind.entry for name, kind in CHARTS.items()}
    return Catalogue(lambda key: _entry(key, entries), tuple(entries.values()), charts, words())


def _entry(key: str, known: Mapping[str, Entry]) -> Entry | None:
    if key in known:
        return known[key]
    figure = figures.get(key)
    return entry_of(figure) if figure else None


def generate(
    bureau: Bureau, as_of: dt.date, year: int | None = None, *, template: TemplateText | None = None
) -> Overview:
    """Answer every reference of the text.

    Args:
        bureau: whose overview.
        as_of: day of reckoning; rows dated later do not count.
        year: report year; told from `as_of` if not given (see `figures.report_year`).
        template: the text; the one in force if not given.

    Returns:
        The overview. Each distinct figure and span is asked once, whatever the number of rows.
    """
    template = template or current_template(bureau.pk)
    year = figures.report_year(as_of) if year is None else year
    known = figures_of(bureau.pk)
    parsed = parse(template.body, _catalogue(known), template.title)
    return _Writer(bureau, Reckoning(bureau.pk, year, as_of), known).write(template, parsed)


class _Writer:
    """Turns what was read into what is printed."""

    def __init__(self, bureau: Bureau, reckoning: Reckoning, known: Iterable[Figure]) -> None:
        self.bureau = bureau
        self.reckoning = reckoning
        self.numbers = Numbers(reckoning)
        self.known = {figure.key: figure for figure in known}
        self.omitted: list[Omitted] = []

    def write(self, template: TemplateText, parsed: Parsed) -> Overview:
        self.numbers.ask(self._questions(parsed))
        head = tuple(self._runs(parsed.title))
        chapters = _numbered(self._chapters(parsed.blocks))
        return Overview(
            bureau=self.bureau,
            reckoning=self.reckoning,
            template=template,
            head=head,
            chapters=chapters,
            omitted=tuple(self.omitted),
            typed=parsed.typed,
            errors=parsed.errors,
        )

    def _questions(self, parsed: Parsed) -> Iterator[Question]:
        """All that the text refers to, so that it is asked together; the writing then finds the answers."""
        for block in parsed.blocks:
            if isinstance(block, Chart):
                span = Span(block.span) if block.span else None
                yield from CHARTS[block.name].asks(self.reckoning, span)
        for reference in parsed.references:
            figure = self._figure(reference)
            if figure is not None:
                span = Span(reference.span) if reference.span else figure.span
                yield figure, self.reckoning.ask(span).period

    def _figure(self, reference: Reference) -> Figure | None:
        return self.known.get(reference.key) or figures.get(reference.key)

    def _chapters(self, blocks: Sequence[Block]) -> list[Chapter]:
        chapters: list[list[tuple[int, Piece]]] = [[]]
        for block in blocks:
            if isinstance(block, Heading) and block.level == 1:
                chapters.append([])
            piece = self._piece(block)
            if piece is not None:
                chapters[-1].append((block.line, piece))
        return [Chapter(tuple(kept)) for pieces in chapters if (kept := self._without_empty(pieces))]

    def _without_empty(self, pieces: list[tuple[int, Piece]]) -> list[Piece]:
        """The pieces without headings under which nothing is left; those are listed."""
        kept: list[Piece] = []
        for index, (line, piece) in enumerate(pieces):
            below = [other for _, other in pieces[index + 1 :]]
            has_content = any(not isinstance(other, Title) for other in _until_next(below, piece))
            if isinstance(piece, Title) and not has_content:
                self.omitted.append(Omitted(line, piece.text, "标题下面没有可以列入的内容。"))
            else:
                kept.append(piece)
        return kept

    def _piece(self, block: Block) -> Piece | None:
        match block:
            case Heading():
                return Title(block.level, tuple(self._runs(block.parts)))
            case Chart():
                return self._chart(block)
            case Paragraph():
                runs = [run for sentence in block.sentences for run in self._sentence(sentence, block.line)]
                return Passage(block.line, tuple(runs)) if any(run.text.strip() for run in runs) else None

    def _chart(self, block: Chart) -> DrawnChart | None:
        kind = CHARTS[block.name]
        drawn = kind.draw(self.numbers, Span(block.span) if block.span else None)
        if drawn is None:
            self.omitted.append(Omitted(block.line, f"图：{kind.entry.label}", "这段时间没有可以画的记录。"))
        return drawn

    def _sentence(self, sentence: Sentence, line: int) -> list[Run]:
        """The runs of a sentence; none, and a line in the list, if a number in it cannot be printed."""
        bound = tuple(part for part in sentence.parts if not isinstance(part, Optional))
        lacking = self._lacking(bound)
        if lacking:
            self._omit(line, sentence.parts, lacking)
            return []
        return self._runs(sentence.parts, line)

    def _runs(self, parts: Sequence[Part], line: int = 0) -> list[Run]:
        runs: list[Run] = []
        for part in parts:
            match part:
                case Text():
                    runs += _plain(part)
                case Filled():
                    runs.append(Run(self._filled(part.place)))
                case Reference():
                    number = self._number(part)
                    runs += _worded(number) if number else []
                case Optional():
                    lacking = self._lacking(part.parts)
                    if lacking:
                        self._omit(line, part.parts, lacking)
                    else:
                        runs += self._runs(part.parts, line)
        return runs

    def _number(self, reference: Reference) -> Number | None:
        figure = self._figure(reference)
        if figure is None:
            return None
        return self.numbers.get(figure, Span(reference.span) if reference.span else None, reference.style)

    def _lacking(self, parts: Sequence[Part]) -> list[tuple[Reference, Number | None]]:
        asked = [(reference, self._number(reference)) for reference in references_of(tuple(parts))]
        return [pair for pair in asked if pair[1] is None or not pair[1].is_printable]

    def _omit(self, line: int, parts: Sequence[Part], lacking: list[tuple[Reference, Number | None]]) -> None:
        text = "".join(self._shown(part) for part in parts)
        reasons = dict.fromkeys(_reason(reference, number) for reference, number in lacking)
        numbers = tuple(number for _, number in lacking if number is not None)
        self.omitted.append(Omitted(line, text, "".join(reasons), numbers))

    def _shown(self, part: Part) -> str:
        """A part as the list of what was left out shows it."""
        match part:
            case Text():
                return part.text
            case Filled():
                return self._filled(part.place)
            case Reference():
                number = self._number(part)
                if number is None or not number.is_printable:
                    return "—"
                return "".join(run.text for run in _worded(number))
            case Optional():
                return "".join(self._shown(inner) for inner in part.parts)

    def _filled(self, place: Place) -> str:
        return {
            Place.YEAR: str(self.reckoning.year),
            Place.AS_OF: periods.say_day(self.reckoning.as_of),
            Place.BUREAU: self.bureau.name,
            Place.SHORT_NAME: self.bureau.short_name,
        }[place]


def _reason(reference: Reference, number: Number | None) -> str:
    if number is None:
        return f"没有名为“{reference.key}”的指标。"
    name = f"“{number.figure.label}”（{number.span_label}）"
    if number.value.amount is None:
        return f"{name}没有应计的记录。"
    if number.value.counted == 0:
        word = number.figure.measure if number.figure.measure is not Measure.DAY else ""
        return f"{name}为 0 {word}，没有可以核对的记录。"
    return f"{name}没有分母，不能写成份额。"


def _worded(number: Number) -> list[Run]:
    """A number as it is printed; years in a row bring their words, for one year is no row."""
    told = Run(number.text, number)
    if number.style is not Style.RUN:
        return [told]
    is_one = number.value.amount == 1
    return [Run("为开展的第" if is_one else "已连续开展"), told, Run("年")]


def _plain(part: Text) -> list[Run]:
    """A text as runs, the typed numbers in runs of their own."""
    runs: list[Run] = []
    at = 0
    for start, end in part.typed:
        runs += [Run(part.text[at:start])] if start > at else []
        runs.append(Run(part.text[start:end], is_typed=True))
        at = end
    return [*runs, Run(part.text[at:])] if at < len(part.text) else runs


def _until_next(pieces: list[Piece], piece: Piece) -> Iterator[Piece]:
    """What stands under a heading: up to the next of its level or above."""
    for other in pieces:
        if isinstance(other, Title) and isinstance(piece, Title) and other.level <= piece.level:
            return
        yield other


def _numbered(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """The chapters with numbers before their headings, told only now that it is known which are left."""
    numbered: list[Chapter] = []
    chapter_count = 0
    for chapter in chapters:
        chapter_count += bool(chapter.title)
        section_count = 0
        pieces: list[Piece] = []
        for piece in chapter.pieces:
            if isinstance(piece, Title):
                section_count += piece.level > 1
                count = section_count if piece.level > 1 else chapter_count
                number = heading_number(piece.level, count) if count <= MOST_NUMBERED else f"{count}、"
                pieces.append(replace(piece, runs=(Run(number), *piece.runs)))
            else:
                pieces.append(piece)
        numbered.append(Chapter(tuple(pieces)))
    return tuple(numbered)
