"""What a secretary reports on: every number of a branch for a year, and what was asked of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence

from django.apps import apps

from qizhi.branch_life.queries import Cell, Line, states
from qizhi.branch_life.rules import State
from qizhi.core import figures, periods
from qizhi.core.documents.model import Document, Heading, Kind, Paragraph, Run, Table
from qizhi.core.figures import Figure
from qizhi.core.values import dataclass
from qizhi.org.models import Bureau, Unit
from qizhi.reports.queries import Number, Numbers, Reckoning

STATES = (
    (State.DONE, "done", "已完成"),
    (State.LATE, "late", "已补录"),
    (State.DUE, "due", "未到期"),
    (State.MISSING, "missing", "缺"),
    (State.EXCUSED, "excused", "已免除"),
    (State.NA, "na", "不适用"),
    (State.UNKNOWN, "unknown", "未知"),
)


@dataclass(frozen=True)
class DutyLine:
    """One thing that clauses ask for, through the year: how many periods stand in which state."""

    line: Line
    counts: tuple[tuple[str, str, int], ...]
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


def figures_by_unit() -> list[Figure]:
    """Every figure that can be told of one unit."""
    return [figure for figure in figures.all_figures() if figure.by_unit]


def secretary_report(
    unit: Unit, year: int, as_of: dt.date, unit_ids: tuple[uuid.UUID, ...]
) -> SecretaryReport:
    """Read the report; `unit_ids` are the branch with its groups."""
    reckoning = Reckoning(unit.bureau_id, year, as_of, unit, unit_ids)
    numbers, period = Numbers(reckoning), periods.year(year)
    chosen = figures_by_unit()
    numbers.ask((figure, period) for figure in chosen)
    groups: dict[str, list[Number]] = {}
    for figure in chosen:
        label = str(apps.get_app_config(figure.key.partition(".")[0]).verbose_name)
        groups.setdefault(label, []).append(numbers.of_days(figure, period))
    cells = states(unit.bureau_id, [unit], period, as_of).cells
    return SecretaryReport(unit, year, as_of, list(groups.items()), _duties(cells))


def _duties(cells: Sequence[Cell]) -> list[DutyLine]:
    lines = {cell.line.key: cell.line for cell in cells}
    found = []
    for key, line in lines.items():
        own = [cell for cell in cells if cell.line.key == key]
        numbers = Counter(cell.state for cell in own)
        counts = tuple((kind, words, numbers[state]) for state, kind, words in STATES if numbers[state])
        said = (
            f"{cell.period.label}{cell.judged.reason}"
            for cell in own
            if cell.state in {State.MISSING, State.UNKNOWN, State.EXCUSED} and cell.judged.reason
        )
        found.append(DutyLine(line, counts, tuple(said)))
    return found


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
            (duty.line.label, "，".join(f"{words}{number}期" for _, words, number in duty.counts))
            for duty in report.duties
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
