"""What a secretary reports on: every number of a branch for a year, and what was asked of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence

from django.apps import apps

from qizhi.branch_life.queries import outlook
from qizhi.core import figures, periods
from qizhi.core.documents.model import Document, Heading, Kind, Paragraph, Run, Table
from qizhi.core.figures import Figure
from qizhi.core.values import dataclass
from qizhi.org.models import Bureau, Unit
from qizhi.regulations.kinds import OutlookLine, Prospect, Standing
from qizhi.regulations.kinds.outlook import STANDING_WORDS
from qizhi.reports.queries import Number, Numbers, Reckoning

UNSETTLED = frozenset({Standing.MISSING, Standing.UNKNOWN, Standing.EXCUSED})


@dataclass(frozen=True)
class DutyLine:
    """One line of the one screen through the year: its states with their words, and why it is not done."""

    line: OutlookLine
    states: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class SecretaryReport:
    """The numbers of a branch by app, and its duties.

    Attributes:
        unit: the branch.
        year: the year.
        as_of: the day of reckoning.
        groups: Chinese name of the app, and its numbers.
        duties: what was asked.
    """

    unit: Unit
    year: int
    as_of: dt.date
    groups: list[tuple[str, list[Number]]]
    duties: list[DutyLine]

    @property
    def title(self) -> str:
        """The heading of page and file."""
        return f"{self.unit.name}{self.year}年书记述职底稿"


def figures_by_unit(kind: str) -> list[Figure]:
    """Every figure that can be told of one unit of a kind."""
    told = [figure for figure in figures.all_figures() if figure.by_unit]
    return [figure for figure in told if not figure.kinds or kind in figure.kinds]


def secretary_report(
    unit: Unit, year: int, as_of: dt.date, unit_ids: tuple[uuid.UUID, ...]
) -> SecretaryReport:
    """Read the report; `unit_ids` are the branch with its groups."""
    reckoning = Reckoning(unit.bureau_id, year, as_of, unit, unit_ids)
    numbers, period = Numbers(reckoning), periods.year(year)
    chosen = figures_by_unit(unit.kind)
    numbers.ask((figure, period) for figure in chosen)
    groups: dict[str, list[Number]] = {}
    for figure in chosen:
        label = str(apps.get_app_config(figure.key.partition(".")[0]).verbose_name)
        groups.setdefault(label, []).append(numbers.of_days(figure, period))
    told = outlook(unit.bureau_id, [unit], period, as_of).of(unit.pk)
    duties = [_duty(line, prospects) for line, prospects in told]
    return SecretaryReport(unit, year, as_of, list(groups.items()), duties)


_ORDER = list(STANDING_WORDS)


def _order(pair: tuple[tuple[Standing, str], int]) -> tuple[int, str]:
    return _ORDER.index(pair[0][0]), pair[0][1]


def _usual(one: Prospect) -> str:
    """The word of its state; of leave and of what a superior has excused, which differ, its own."""
    return one.said if one.state is Standing.EXCUSED else STANDING_WORDS[one.state]


def _duty(line: OutlookLine, prospects: Sequence[Prospect]) -> DutyLine:
    """Asked once, in its own words; asked again and again, how many periods stand in which state."""
    if len(prospects) == 1:
        one = prospects[0]
        people = f" {one.counted}/{one.required}人" if one.people and one.required else ""
        states: tuple[tuple[str, str], ...] = ((one.state.value, f"{one.said}{people}"),)
    else:
        numbers = Counter((one.state, _usual(one)) for one in prospects)
        states = tuple(
            (state.value, f"{words} {number} 期")
            for (state, words), number in sorted(numbers.items(), key=_order)
        )
    said = (
        f"{one.period.label}{one.reason}"
        for one in prospects
        if one.state in UNSETTLED and one.reason and not one.people
    )
    return DutyLine(line, states, tuple(said))


def document_of(report: SecretaryReport, bureau: Bureau) -> Document:
    """The report as a document to go on writing in; only numbers that have rows are printed."""
    blocks: list[Heading | Paragraph | Table] = []
    for label, numbers in report.groups:
        printable = [number for number in numbers if number.is_printable]
        if printable:
            blocks.append(Heading(1, label))
        blocks += [_said(number) for number in printable]
    if report.duties:
        blocks.append(Heading(1, "组织生活"))
        rows = tuple(
            (duty.line.label, "，".join(words for _, words in duty.states)) for duty in report.duties
        )
        blocks.append(Table(("要求", "情况"), rows))
    return Document(
        kind=Kind.OVERVIEW,
        issuer_mark=bureau.mark or bureau.name,
        title=report.title,
        blocks=tuple(blocks),
        note=f"底稿，数据截至{periods.say_day(report.as_of)}",
    )


def _said(number: Number) -> Paragraph:
    figure = number.figure
    return Paragraph(
        (Run(f"{figure.label}"), Run(number.text, figure_key=figure.key), Run(f"{number.unit_word}。"))
    )
