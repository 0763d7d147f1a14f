"""Numbers that open to their rows.

An app declares its numbers in `figures.py`; assessment, dashboards and documents read them by key. A
figure is asked for a *set* of units and a period and answers with a `Value` and, separately, with the
rows behind it. `rows(ask)` always holds exactly `value.counted` rows (or rows whose `sums` column adds
up to it); `amount` is a stated function of `counted` and `out_of`. `amount is None` says that nothing
was due or nothing is known, which is not 0 and is shown as "—".
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Sum

from qizhi.core import clock, kept, periods
from qizhi.core.periods import Period
from qizhi.core.values import dataclass


class Measure(StrEnum):
    """Units of measure, closed: a new one is added here with its Chinese word."""

    TIMES = "次"
    PEOPLE = "人"
    PERSON_TIMES = "人次"
    YEARS = "年"
    UNITS = "个"
    ITEMS = "项"
    PIECES = "件"
    HOURS = "学时"
    DAY = "日"
    SHARE = "%"


class Span(StrEnum):
    """The period a number speaks of, told from the report year and the day of reckoning."""

    YEAR = "year"
    CURRENT = "current"
    THREE_YEARS = "three_years"
    TRAILING_YEAR = "trailing_year"
    TO_DATE = "to_date"


SPAN_LABELS = {
    Span.YEAR: "报告年度",
    Span.CURRENT: "当年截至核算日",
    Span.THREE_YEARS: "近三个整年",
    Span.TRAILING_YEAR: "近十二个月",
    Span.TO_DATE: "截至核算日累计",
}
BEGINNING = dt.date(1949, 10, 1)


@dataclass(frozen=True)
class Ask:
    """What a figure is asked: whose rows, which days, reckoned on which day.

    `unit_ids` is None for the whole bureau. Rows dated after `as_of` do not count.
    """

    bureau_id: uuid.UUID
    period: Period
    as_of: dt.date
    unit_ids: tuple[uuid.UUID, ...] | None = None

    @property
    def days(self) -> Period | None:
        """The part of the period that had come by `as_of`."""
        return self.period.until(self.as_of)


@dataclass(frozen=True)
class Value:
    """An answer: the number, how many rows it counts, out of how many that were due."""

    amount: Fraction | None
    counted: int
    out_of: int | None = None


NOTHING = Value(None, 0, None)


def count_value(counted: int, out_of: int | None = None) -> Value:
    """A plain count."""
    return Value(Fraction(counted), counted, out_of)


@dataclass(frozen=True)
class Tally:
    """An answer that is told from the number of some rows: the tallies of a page are counted together."""

    rows: QuerySet[Any]
    finish: Callable[[int], Value] = count_value


@dataclass(frozen=True)
class Column:
    """A column of the rows behind a number."""

    label: str
    get: Callable[[Any], object]


@dataclass(frozen=True)
class Figure:
    """A number by key.

    Attributes:
        key: stable key `app.name`, used in documents.
        label: Chinese name.
        measure: unit of measure.
        definition: one Chinese sentence: what counts and what does not.
        source: Chinese words for the records it comes from.
        span: the period it speaks of where none is named.
        reckon: answer for the units together: a value, or a tally of rows that is counted with others.
        rows: the rows behind it, ordered; a query, not yet run.
        columns: how a row is shown.
        link: address of a row's own page, or None.
        by_unit: answers a unit each, in a constant number of queries; None where it makes no sense.
        sums: name of the column that adds up to `counted`; empty when rows are counted.
        formula: Chinese formula where `amount` is not simply `counted`.
        kinds: kinds of unit that can have it; of others nothing is said, not 0. Empty: any.
    """

    key: str
    label: str
    measure: Measure
    definition: str
    source: str
    span: Span
    reckon: Callable[[Ask], Value | Tally]
    rows: Callable[[Ask], QuerySet[Any]]
    columns: tuple[Column, ...]
    link: Callable[[Any], str | None] = field(default=lambda _row: None)
    by_unit: Callable[[Ask], Mapping[uuid.UUID, Value]] | None = None
    sums: str = ""
    formula: str = ""
    kinds: frozenset[str] = frozenset()

    def value(self, ask: Ask) -> Value:
        """The answer for the units together."""
        return answers([(self, ask)])[0]

    def counted_from_rows(self, ask: Ask) -> int:
        """What the rows themselves add up to; always equals `value(ask).counted`."""
        rows = self.rows(ask)
        if self.sums:
            return int(rows.order_by().aggregate(total=Sum(self.sums))["total"] or 0)
        return rows.count()


Question = tuple[Figure, Ask]
MOST_COUNTED = 60
"""Counts in one statement: SQLite takes no more than a few hundred tables there."""


@kept.sharing()
def answers(questions: Sequence[Question]) -> list[Value]:
    """The value of each figure for what it is asked; all tallies among them are counted in one statement."""
    found: dict[tuple[str, Ask], Value] = {}
    tallies: dict[tuple[str, Ask], Tally] = {}
    for figure, ask in questions:
        key = (figure.key, ask)
        if key in found or key in tallies:
            continue
        reckoned = kept.find_number("figure", *key) or figure.reckon(ask)
        if isinstance(reckoned, Tally):
            tallies[key] = reckoned
        else:
            found[key] = reckoned
    counts = count_rows([tally.rows for tally in tallies.values()])
    found |= {
        key: tally.finish(counted) for (key, tally), counted in zip(tallies.items(), counts, strict=True)
    }
    for key, value in found.items():
        kept.put_number(value, "figure", *key)
    return [found[figure.key, ask] for figure, ask in questions]


def count_rows(many: Sequence[QuerySet[Any]]) -> list[int]:
    """How many rows each query has; one statement for all of them (for every `MOST_COUNTED`)."""
    counts = [0] * len(many)
    texts: list[tuple[int, str, tuple[Any, ...]]] = []
    for place, rows in enumerate(many):
        with suppress(EmptyResultSet):  # a query that can have no rows is not asked
            texts.append((place, *rows.order_by().values("pk").query.sql_with_params()))
    for start in range(0, len(texts), MOST_COUNTED):
        part = texts[start : start + MOST_COUNTED]
        select = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS c{place})" for place, sql, _ in part)  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {select}", [value for *_, values in part for value in values])
            for (place, *_), counted in zip(part, cursor.fetchone(), strict=True):
                counts[place] = counted
    return counts


_registry: dict[str, Figure] = {}


def register(figure: Figure) -> Figure:
    """Publish a figure; ValueError if the key is taken."""
    if figure.key in _registry and _registry[figure.key].label != figure.label:
        message = f"figure {figure.key} is declared twice"
        raise ValueError(message)
    _registry[figure.key] = figure
    return figure


Members = Callable[[uuid.UUID], Iterable[tuple[str, str]]]
_families: dict[str, Callable[[str], Figure | None]] = {}
_members: dict[str, Members] = {}


def register_family(
    prefix: str, make: Callable[[str], Figure | None], members: Members | None = None
) -> None:
    """Publish figures whose last part is data, such as `gatherings.series_years:<series>`.

    Args:
        prefix: the key up to the colon.
        make: gives the figure for what stands after the colon, or None if that can be none.
        members: what stands there for a bureau, each with the name of its figure in lists; None: in no list.
    """
    _families[prefix] = make
    if members is not None:
        _members[prefix] = members


def members_of(bureau_id: uuid.UUID) -> list[Figure]:
    """The figures of families that a bureau lists, each by the name that its data give it."""
    found = (
        (get(f"{prefix}:{argument}"), label)
        for prefix, members in _members.items()
        for argument, label in members(bureau_id)
    )
    return [replace(figure, label=label) for figure, label in found if figure]


def get(key: str) -> Figure | None:
    """The figure of that key, of the register or of a family, or None."""
    prefix, colon, argument = key.partition(":")
    if not colon:
        return _registry.get(key)
    make = _families.get(prefix)
    return make(argument) if make and argument else None


def all_figures() -> list[Figure]:
    """Every published figure in the order in which its app names them: what counts most comes first."""
    return list(_registry.values())


def span_period(span: Span, *, year: int, as_of: dt.date) -> Period:
    """The days of a span for a report year and a day of reckoning.

    Three years are three whole ones: a year that is not over would lower every average.
    """
    if span is Span.YEAR:
        return periods.year(year)
    if span is Span.CURRENT:
        return periods.year(as_of.year)
    if span is Span.THREE_YEARS:
        last = year if as_of >= periods.year(year).end else year - 1
        return periods.years(last - 2, last)
    if span is Span.TRAILING_YEAR:
        return periods.trailing_year(as_of)
    return Period(min(BEGINNING, as_of), as_of)


def report_year(as_of: dt.date) -> int:
    """The year an overview made on a day speaks of: until the end of March still the year before."""
    return as_of.year - 1 if as_of.month <= 3 else as_of.year  # noqa: PLR2004 - March


def say(value: Value, measure: Measure, places: int = 1) -> str:
    """The number as text, rounded once and here: "15", "15.3", "80.0%", "2018年1月2日" or "—"."""
    if value.amount is None:
        return "—"
    if measure is Measure.DAY:
        return periods.say_day(dt.date.fromordinal(int(value.amount)))
    amount = value.amount * 100 if measure is Measure.SHARE else value.amount
    if amount.denominator == 1 and measure is not Measure.SHARE:
        return str(amount.numerator)
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    text = str(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
    return f"{text}%" if measure is Measure.SHARE else text


def plain(value: Value, measure: Measure) -> int | Decimal | dt.date | None:
    """The number as a table holds it: rounded as `say` does, a share in hundredths."""
    if value.amount is None:
        return None
    if measure is Measure.DAY:
        return dt.date.fromordinal(int(value.amount))
    text = say(value, measure).removesuffix("%")
    return Decimal(text) if "." in text else int(text)


Cell = str | int | float | Decimal | dt.date | None


def plain_cell(value: object) -> Cell:
    """What a column gives, as a value that a table can hold."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(clock.ZONE):%Y-%m-%d %H:%M}"
    if value is None or isinstance(value, str | int | float | Decimal | dt.date):
        return value
    return str(value)


def cell_words(cell: Cell) -> str:
    """A value as a page shows it."""
    if cell is None or cell == "":
        return "—"
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return periods.say_day(cell) if isinstance(cell, dt.date) else str(cell)


def total(values: Iterable[Value]) -> Value:
    """The sum of counts over units; nothing due anywhere stays nothing."""
    known = [value for value in values if value.amount is not None]
    if not known:
        return NOTHING
    dues = [value.out_of for value in known if value.out_of is not None]
    return Value(
        sum((value.amount for value in known if value.amount is not None), Fraction(0)),
        sum(value.counted for value in known),
        sum(dues) if dues else None,
    )
