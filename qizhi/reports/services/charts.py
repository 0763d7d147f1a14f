"""Charts of the overview: the same drawing on the page, in the docx and in the PDF, with its numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import ClassVar

from qizhi.core import figures, periods
from qizhi.core.charts import Series, bar_chart, small_multiples
from qizhi.core.figures import Span
from qizhi.core.periods import Every, Period
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Ledger
from qizhi.reports.queries import Number, Numbers, Question, Reckoning
from qizhi.reports.rules import ChartEntry

CENTRE_STUDY = "gatherings.centre_study"
BRANCH_LEDGERS = (
    Ledger.CONGRESS,
    Ledger.COMMITTEE,
    Ledger.GROUP,
    Ledger.LESSON,
    Ledger.THEME_DAY,
    Ledger.ORG_LIFE,
    Ledger.APPRAISAL,
    Ledger.INTEGRITY,
    Ledger.CAMPAIGN,
    Ledger.ONSITE,
    Ledger.VOLUNTEER,
    Ledger.PAIRING,
)
YEARS_SHOWN = 3
MONTHS = tuple(f"{month}月" for month in range(1, 13))


@dataclass(frozen=True)
class ChartRow:
    """A row of the table beside a chart: its name and a number for each column."""

    name: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class DrawnChart:
    """A chart with the numbers that it shows.

    Attributes:
        name: the name by which a text calls for it.
        caption: printed below it.
        svg: the drawing.
        columns: headings of the table.
        rows: the same numbers as a table; each opens to its rows.
    """

    kind: ClassVar = "chart"
    name: str
    caption: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[ChartRow, ...]

    @property
    def numbers(self) -> list[Number]:
        """All numbers, row by row."""
        return [number for row in self.rows for number in row.numbers]


@dataclass(frozen=True)
class ChartKind:
    """A chart that a text may call for.

    Attributes:
        entry: what the language knows of it.
        asks: everything it will ask, so that it can be asked together with the rest of the text.
        draw: the drawing; None when there is nothing to show.
    """

    entry: ChartEntry
    asks: Callable[[Reckoning, Span | None], list[Question]]
    draw: Callable[[Numbers, Span | None], DrawnChart | None]


def _centre_months(numbers: Numbers, _span: Span | None) -> DrawnChart | None:
    """Sessions of the centre group by month: a panel a year, the three years up to the report year."""
    figure = figures.get(CENTRE_STUDY)
    if figure is None:
        return None
    rows = [
        ChartRow(_year(year, numbers.reckoning), tuple(numbers.of_days(figure, month) for month in months))
        for year, months in _months_shown(numbers.reckoning)
    ]
    if not _has_any(rows):
        return None
    caption = f"党组理论学习中心组集中学习逐月次数（{rows[0].name}至{_until(numbers.reckoning)}）"
    panels = [Series(row.name, tuple(_amount(number) for number in row.numbers)) for row in rows]
    svg = small_multiples(caption, MONTHS, panels, unit="次", show_title=False)
    return DrawnChart("centre_months", caption, svg, MONTHS, tuple(rows))


def _until(reckoning: Reckoning) -> str:
    """The end of what is shown: the last month of which something is known, if the year is not over."""
    year = periods.year(reckoning.year)
    return year.label if year.end <= reckoning.as_of else f"{year.start.year}年{reckoning.as_of.month}月"


def _year(year: int, reckoning: Reckoning) -> str:
    """A year, and until when it is known while it goes on: 2017年, 2026年截至11月27日."""
    day = reckoning.as_of
    is_over = periods.year(year).end <= day
    return f"{year}年" if is_over else f"{year}年截至{day.month}月{day.day}日"


def _known(number: Number) -> str:
    """The part of a period of which something is known."""
    days, year = number.ask.days or number.period, number.period.start.year
    is_year = number.period == periods.year(year) and year == number.reckoning.as_of.year
    return _year(year, number.reckoning) if is_year else days.label


def _months_shown(reckoning: Reckoning) -> list[tuple[int, list[Period]]]:
    years = range(reckoning.year - YEARS_SHOWN + 1, reckoning.year + 1)
    begun = [year for year in years if dt.date(year, 1, 1) <= reckoning.as_of]
    return [(year, periods.split(periods.year(year), Every.MONTH)) for year in begun]


def _ask_centre_months(reckoning: Reckoning, _span: Span | None) -> list[Question]:
    figure = figures.get(CENTRE_STUDY)
    months = [month for _, months in _months_shown(reckoning) for month in months]
    return [(figure, month) for month in months] if figure else []


def _ask_branch_ledgers(reckoning: Reckoning, span: Span | None) -> list[Question]:
    period = reckoning.ask(span or Span.YEAR).period
    found = [figures.get(f"gatherings.{ledger.value}") for ledger in BRANCH_LEDGERS]
    return [(figure, period) for figure in found if figure]


def _branch_ledgers(numbers: Numbers, span: Span | None) -> DrawnChart | None:
    """Activities by ledger, each a bar; an activity that counts for two ledgers stands in both."""
    figure_of = {ledger: figures.get(f"gatherings.{ledger.value}") for ledger in BRANCH_LEDGERS}
    asked = [
        (ledger.label, numbers.get(figure, span or Span.YEAR))
        for ledger, figure in figure_of.items()
        if figure
    ]
    rows = [ChartRow(str(label), (number,)) for label, number in asked if number.is_printable]
    if not rows:
        return None
    rows.sort(key=lambda row: -row.numbers[0].value.counted)
    caption = f"各类活动次数（{_known(rows[0].numbers[0])}；一次活动可以计入几类）"
    series = Series("次数", tuple(_amount(row.numbers[0]) for row in rows))
    svg = bar_chart(caption, [row.name for row in rows], [series], unit="次", show_title=False)
    return DrawnChart("branch_ledgers", caption, svg, ("次数",), tuple(rows))


def _amount(number: Number) -> int | None:
    return None if number.value.amount is None else int(number.value.amount)


def _has_any(rows: Sequence[ChartRow]) -> bool:
    return any(number.is_printable for row in rows for number in row.numbers)


CHARTS = {
    kind.entry.name: kind
    for kind in (
        ChartKind(ChartEntry("centre_months", "中心组集中学习逐月次数"), _ask_centre_months, _centre_months),
        ChartKind(
            ChartEntry("branch_ledgers", "各类活动次数", has_span=True), _ask_branch_ledgers, _branch_ledgers
        ),
    )
}
