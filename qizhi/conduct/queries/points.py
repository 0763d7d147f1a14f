"""The points ledger: sheets of people and units, added up from its lines."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from qizhi.conduct.models import PointsEntry
from qizhi.conduct.queries.procedure import procedure_on
from qizhi.conduct.rules.procedure import Procedure, Score, add_up, performance_points
from qizhi.core.periods import Period
from qizhi.org.models import Person, Unit


@dataclass(frozen=True)
class Sheet:
    """The points of a person or a unit in a period.

    Attributes:
        period: by the day on which points count.
        lines: what counts.
        taken_back: lines that were taken back, with their counter-entries: they add up to nothing.
        procedure: what binds at the end of the period.
        score: the sum of all lines, and what follows from it.
    """

    period: Period
    lines: list[PointsEntry]
    taken_back: list[PointsEntry]
    procedure: Procedure
    score: Score

    @property
    def performance(self) -> Decimal | None:
        """Points for the performance appraisal; None while no formula is laid down."""
        return performance_points(self.score, self.procedure)


def entries_in(bureau_id: uuid.UUID, period: Period) -> QuerySet[PointsEntry]:
    """Lines that count in the period, in order, with their cases."""
    rows = PointsEntry.objects.filter(bureau_id=bureau_id, counted_on__range=(period.start, period.end))
    return rows.select_related("case__clause__version__regulation", "person", "unit")


def sheet_of(person: Person, period: Period) -> Sheet:
    """The sheet of a person: what the office and the person see is the same."""
    rows = entries_in(person.bureau_id, period).filter(person=person)
    return _sheet(rows, period, procedure_on(person.bureau_id, period.end))


def sheet_of_unit(unit: Unit, period: Period) -> Sheet:
    """The sheet of a unit: what was laid to it, not what was laid to its people."""
    rows = entries_in(unit.bureau_id, period).filter(unit=unit, person__isnull=True)
    return _sheet(rows, period, procedure_on(unit.bureau_id, period.end))


def _sheet(rows: Iterable[PointsEntry], period: Period, procedure: Procedure) -> Sheet:
    entries = list(rows)
    reversed_ids = {entry.reverses_id for entry in entries if entry.reverses_id}
    taken_back = [entry for entry in entries if entry.reverses_id or entry.pk in reversed_ids]
    gone = {entry.pk for entry in taken_back}
    return Sheet(
        period,
        [entry for entry in entries if entry.pk not in gone],
        taken_back,
        procedure,
        add_up((entry.points for entry in entries), procedure),
    )


def standing_entries(bureau_id: uuid.UUID, period: Period) -> QuerySet[PointsEntry]:
    """Lines of the period that were not taken back."""
    return entries_in(bureau_id, period).filter(reverses__isnull=True, reversal__isnull=True)
