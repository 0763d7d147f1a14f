"""Numbers asked for on a day, and what the pages about them need to know."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import field
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from qizhi.core import figures
from qizhi.core.figures import Ask, Figure, Measure, Span, Value, cell_words, plain_cell, span_period
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.enums import UnitKind
from qizhi.org.models import Bureau, Unit
from qizhi.org.queries.belonging import belonging_of
from qizhi.reports.models import OverviewTemplate
from qizhi.reports.permissions import SEE_FIGURES
from qizhi.reports.rules import Entry, Style, Words, approximate

TEMPLATE_NAME = "党建工作综述"
DATA = "qizhi.reports.data"
SHOWN_KINDS = (UnitKind.BRANCH, UnitKind.CENTRE_GROUP, UnitKind.PARTY_GROUP, UnitKind.COMMITTEE)
DAYS = ("held_on", "done_on", "due_on", "from_on")
"""Columns that say when a row was, first come first taken."""


@dataclass(frozen=True)
class Reckoning:
    """What all numbers of a page share: whose, for which report year, reckoned on which day.

    `unit` is the unit somebody chose; `unit_ids` the units that count, `kinds` of which kinds they
    are, None for the whole bureau.
    """

    bureau_id: uuid.UUID
    year: int
    as_of: dt.date
    unit: Unit | None = None
    unit_ids: tuple[uuid.UUID, ...] | None = None
    kinds: frozenset[str] | None = None

    def ask(self, span: Span) -> Ask:
        """The question for a span."""
        return self.ask_days(span_period(span, year=self.year, as_of=self.as_of))

    def ask_days(self, period: Period) -> Ask:
        """The question for any days."""
        return Ask(self.bureau_id, period, self.as_of, self.unit_ids)

    def has(self, figure: Figure) -> bool:
        """Whether any of the units is of a kind that can have it."""
        return self.kinds is None or not figure.kinds or not figure.kinds.isdisjoint(self.kinds)

    def seen(self, figure: Figure, value: Value) -> Value:
        """The answer; none, which is not 0, where none of the units can have it."""
        return value if value.counted or self.has(figure) else Value(None, 0)

    @property
    def address_query(self) -> dict[str, str]:
        """The part of an address that carries it."""
        query = {"year": str(self.year), "as_of": self.as_of.isoformat()}
        return {**query, "unit": self.unit.code} if self.unit else query


@dataclass(frozen=True)
class Number:
    """A figure with its answer. `span` is None for days of one's own, such as a month of a chart."""

    figure: Figure
    reckoning: Reckoning
    span: Span | None
    period: Period
    value: Value
    style: Style = Style.EXACT

    @property
    def ask(self) -> Ask:
        """The question it answers."""
        return self.reckoning.ask_days(self.period)

    @property
    def has_rows(self) -> bool:
        """Whether there is an answer with at least one row behind it."""
        return self.value.amount is not None and self.value.counted > 0

    @property
    def is_printable(self) -> bool:
        """Whether a document may hold it: it has rows and, as a share, a whole."""
        return self.has_rows and self.text != "—"

    @property
    def text(self) -> str:
        """As it is printed; "—" when nothing was due, nothing is known, or a share has no whole."""
        if self.value.amount is None:
            return "—"
        if self.style is Style.SHARE and self.figure.measure is not Measure.SHARE:
            whole = self.value.out_of
            share = Fraction(self.value.counted, whole) if whole else None
            return figures.say(Value(share, self.value.counted, whole), Measure.SHARE)
        if self.style is Style.APPROXIMATE and self.value.amount.denominator == 1:
            return approximate(int(self.value.amount))
        return figures.say(self.value, self.figure.measure)

    @property
    def unit_word(self) -> str:
        """The unit of measure that follows the number; nothing after a day or a percentage."""
        has_own = self.figure.measure in {Measure.DAY, Measure.SHARE} or self.style is Style.SHARE
        return "" if has_own or self.value.amount is None else str(self.figure.measure)

    @property
    def span_label(self) -> str:
        """The span in words; of three years it says which: the year that goes on is none of them."""
        if self.span is None:
            return self.period.label
        label = figures.SPAN_LABELS[self.span]
        return f"{label}（{say_years(self.period)}）" if self.span is Span.THREE_YEARS else label

    @property
    def span_said(self) -> str:
        """The span with its days, as it stands beside the definition."""
        is_said = self.span in {None, Span.THREE_YEARS}
        return self.span_label if is_said else f"{self.span_label}（{self.period.label}）"

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows behind it; a query, not yet run."""
        rows = self.figure.rows(self.ask)
        return rows.select_related("unit") if _has_unit(rows) else rows

    @property
    def address(self) -> str:
        """The page of its rows."""
        query = self.reckoning.address_query
        if self.span:
            query["span"] = self.span.value
        else:
            query |= {"start": self.period.start.isoformat(), "end": self.period.end.isoformat()}
        return f"{reverse('reports:rows', args=[self.figure.key])}?{urlencode(query)}"


Question = tuple[Figure, Period]


@dataclass
class Numbers:
    """Numbers of one reckoning; each question is put to its figure once."""

    reckoning: Reckoning
    _known: dict[tuple[str, Period], Value] = field(default_factory=dict)

    def get(self, figure: Figure, span: Span | None = None, style: Style = Style.EXACT) -> Number:
        """The figure's number for a span, its own if none is named."""
        span = span or figure.span
        return self._number(figure, span, self.reckoning.ask(span).period, style)

    def of_days(self, figure: Figure, period: Period) -> Number:
        """The figure's number for any days."""
        return self._number(figure, None, period, Style.EXACT)

    def ask(self, questions: Iterable[Question]) -> None:
        """Put many questions at once: those that only count rows are counted in one statement."""
        new = {(figure.key, period): figure for figure, period in questions}
        new = {key: figure for key, figure in new.items() if key not in self._known}
        asked = [(figure, self.reckoning.ask_days(period)) for (_, period), figure in new.items()]
        answers = zip(new.items(), figures.answers(asked), strict=True)
        self._known |= {key: self.reckoning.seen(figure, value) for (key, figure), value in answers}

    def _number(self, figure: Figure, span: Span | None, period: Period, style: Style) -> Number:
        key = (figure.key, period)
        if key not in self._known:
            self.ask([(figure, period)])
        return Number(figure, self.reckoning, span, period, self._known[key], style)


def say_years(period: Period) -> str:
    """Chinese: the years of a period of whole ones: 2023年至2025年."""
    return f"{period.start.year}年至{period.end.year}年"


def _has_unit(rows: QuerySet[Any]) -> bool:
    try:
        found = rows.model._meta.get_field("unit")
    except FieldDoesNotExist:
        return False
    return bool(found.many_to_one) and not rows.query.combinator  # a union cannot be joined any further


def row_facts(row: Any) -> dict[str, str | None]:
    """What every row can say of itself: its id, name, day and unit (None where it has none)."""
    day = next((getattr(row, name) for name in DAYS if getattr(row, name, None)), None)
    return {
        "id": str(row.pk),
        "label": str(row),
        "date": day.isoformat() if day else None,
        "unit": _unit_name(row),
    }


def _unit_name(row: Any) -> str | None:
    """The unit of a row, or of the plan or gathering that it belongs to."""
    for owner in (row, getattr(row, "plan", None), getattr(row, "gathering", None)):
        unit = owner if isinstance(owner, Unit) else getattr(owner, "unit", None)
        if isinstance(unit, Unit):
            return unit.full_label if unit.kind == UnitKind.GROUP else unit.name
    return None


def cell_text(value: object) -> str:
    """What a column gives, as text for programs: days in ISO form, nothing as an empty text."""
    cell = plain_cell(value)
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return "" if cell is None or cell == "" else cell_words(cell)


def entry_of(figure: Figure) -> Entry:
    """What the language knows of a figure."""
    kinds = (figure.measure is one for one in (Measure.DAY, Measure.SHARE, Measure.YEARS))
    return Entry(figure.key, figure.label, *kinds)


def figures_of(bureau_id: uuid.UUID) -> list[Figure]:
    """Every figure of a bureau: the published ones, and those that its own series and clauses make."""
    return [*figures.all_figures(), *figures.members_of(bureau_id)]


def find_figure(bureau_id: uuid.UUID, key: str) -> Figure | None:
    """The figure of a key, under the name that the bureau gives it."""
    figure = figures.get(key)
    if figure is None or ":" not in key:
        return figure
    return next((own for own in figures_of(bureau_id) if own.key == key), figure)


@lru_cache(maxsize=1)
def words() -> Words:
    """The words that decide what a typed number is, from the data of the app."""
    return Words(_lines("proper_nouns.txt"), _lines("measure_words.txt"))


def _lines(name: str) -> tuple[str, ...]:
    text = resources.files(DATA).joinpath(name).read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and line[0] != "#")


@dataclass(frozen=True)
class TemplateText:
    """The text of an overview: a saved version, or the default (version 0)."""

    title: str
    body: str
    version: int = 0
    id: uuid.UUID | None = None

    @classmethod
    def of(cls, saved: OverviewTemplate) -> TemplateText:
        """The text of a saved version."""
        return cls(saved.title, saved.body, saved.version, saved.pk)


def current_template(bureau_id: uuid.UUID) -> TemplateText:
    """The bureau's text in force, or the default one while none was saved."""
    saved = OverviewTemplate.objects.filter(bureau_id=bureau_id, name=TEMPLATE_NAME, is_current=True).first()
    return TemplateText.of(saved) if saved else default_template()


@lru_cache(maxsize=1)
def default_template() -> TemplateText:
    """The default text: the first line of the data file is the title."""
    text = resources.files(DATA).joinpath("overview.zh.txt").read_text(encoding="utf-8")
    title, _, body = text.partition("\n")
    return TemplateText(title.strip(), body.strip("\n"))


def saved_templates(bureau_id: uuid.UUID) -> QuerySet[OverviewTemplate]:
    """Saved versions, newest first."""
    return OverviewTemplate.objects.filter(bureau_id=bureau_id, name=TEMPLATE_NAME).order_by("-version")


def next_version(bureau_id: uuid.UUID) -> int:
    """The number of the version that is saved next."""
    return int(saved_templates(bureau_id).aggregate(last=Max("version"))["last"] or 0) + 1


def units_seen(actor: Actor, as_of: dt.date) -> list[Unit]:
    """Units whose figures the actor may choose to see, as they stand on the day."""
    reach, there = actor.reach(SEE_FIGURES), Period(as_of, as_of)
    units = belonging_of(actor.bureau_id).units_within(there, *SHOWN_KINDS)
    return [unit for unit in units if reach.covers(unit.pk, unit.path)]


def reckoning_for(actor: Actor, *, year: int, as_of: dt.date, unit: Unit | None) -> Reckoning:
    """The reckoning of one who asks: their choice of unit, inside what their posts let them see."""
    reach = actor.reach(SEE_FIGURES)
    if unit is None and reach.is_all:
        return Reckoning(actor.bureau_id, year, as_of)
    own = [
        one
        for one in belonging_of(actor.bureau_id).units.values()
        if reach.covers(one.pk, one.path) and (unit is None or one.path.startswith(unit.path))
    ]
    kinds = frozenset(one.kind for one in own)
    return Reckoning(actor.bureau_id, year, as_of, unit, tuple(sorted(one.pk for one in own)), kinds)


def unit_by_code(bureau_id: uuid.UUID, code: str) -> Unit | None:
    """The unit of a code, or None."""
    return Unit.objects.filter(bureau_id=bureau_id, code=code).first()


def bureau_of_id(bureau_id: uuid.UUID) -> Bureau:
    """The bureau of an actor."""
    return Bureau.objects.get(pk=bureau_id)


def bureaus_named(code: str = "") -> list[Bureau]:
    """The bureau of a code; all bureaus if none is given."""
    return list(Bureau.objects.filter(Q(code=code) if code else Q()).order_by("code"))


def numbers_of(numbers: Numbers, chosen: Iterable[Figure], span: Span | None = None) -> list[Number]:
    """A number for each figure, for a span or for each one's own."""
    chosen = list(chosen)
    spans = [span or figure.span for figure in chosen]
    numbers.ask(
        (figure, numbers.reckoning.ask(one).period) for figure, one in zip(chosen, spans, strict=True)
    )
    return [numbers.get(figure, span) for figure in chosen]
