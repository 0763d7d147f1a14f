"""The points ledger: sheets of people and units, added up from its lines."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from qizhi.conduct.models import PointsEntry
from qizhi.conduct.queries.procedure import counts_since, procedure_on
from qizhi.conduct.rules.procedure import Procedure, Score, add_up, performance_points
from qizhi.core import periods
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.org.models import Person, Unit


@dataclass(frozen=True)
class Sheet:
    """The points of a person or a unit in a period.

    Attributes:
        period: by the day on which points count.
        lines: what counts.
        taken_back: lines that were taken back, with their counter-entries: they add up to nothing.
        before: the lines of earlier years of which the carried sum is made.
        procedure: what binds at the end of the period.
        score: the sum of all lines and of what is carried from before, and what follows from it.
    """

    period: Period
    lines: list[PointsEntry]
    taken_back: list[PointsEntry]
    procedure: Procedure
    score: Score
    before: list[PointsEntry]

    @property
    def performance(self) -> Decimal | None:
        """Points for the performance appraisal; None while no formula is laid down."""
        return performance_points(self.score, self.procedure)


def entries_in(bureau_id: uuid.UUID, period: Period) -> QuerySet[PointsEntry]:
    """Lines that count in the period, in order, with their cases."""
    rows = PointsEntry.objects.filter(bureau_id=bureau_id, counted_on__range=(period.start, period.end))
    return rows.select_related("case", "person", "unit")


def sheet_of(person: Person, period: Period) -> Sheet:
    """The lines of a person in any period, with nothing carried into it."""
    rows = entries_in(person.bureau_id, period).filter(person=person)
    return _sheet(rows, period, procedure_on(person.bureau_id, period.end))


def sheet_of_unit(unit: Unit, period: Period) -> Sheet:
    """The same of a unit: what was laid to it, not what was laid to its people."""
    rows = entries_in(unit.bureau_id, period).filter(unit=unit, person__isnull=True)
    return _sheet(rows, period, procedure_on(unit.bureau_id, period.end))


def year_sheet(person: Person, year: int) -> Sheet:
    """The sheet of a person at the end of a year: the office and the person see the same. Three queries."""
    held = _Held.at(person.bureau_id, year)
    return held.sheet(held.entries.filter(person=person))


def year_sheet_of_unit(unit: Unit, year: int) -> Sheet:
    """The same of a unit."""
    held = _Held.at(unit.bureau_id, year)
    return held.sheet(held.entries.filter(unit=unit, person__isnull=True))


def sheet_years(person: Person, year: int) -> list[int]:
    """Years in which something counted for the person, and the one that is asked for; newest first."""
    rows = PointsEntry.objects.filter(bureau_id=person.bureau_id, person=person)
    return sorted({year, *(day.year for day in rows.dates("counted_on", "year"))}, reverse=True)


@dataclass(frozen=True)
class _Held:
    """What counts at the end of a year: its own lines, and those before that were not reset."""

    bureau_id: uuid.UUID
    period: Period
    since: dt.date | None
    procedure: Procedure

    @classmethod
    def at(cls, bureau_id: uuid.UUID, year: int) -> _Held:
        """Two queries."""
        period = periods.year(year)
        return cls(bureau_id, period, counts_since(bureau_id, year), procedure_on(bureau_id, period.end))

    @property
    def entries(self) -> QuerySet[PointsEntry]:
        """All lines, in order."""
        return entries_in(self.bureau_id, Period(self.since or dt.date.min, self.period.end))

    def sheet(self, rows: Iterable[PointsEntry]) -> Sheet:
        """The lines of the year, and the sum of those before."""
        entries = list(rows)
        own = [entry for entry in entries if entry.counted_on in self.period]
        before = [entry for entry in entries if entry.counted_on < self.period.start]
        return _sheet(own, self.period, self.procedure, before)


def _sheet(
    rows: Iterable[PointsEntry], period: Period, procedure: Procedure, before: Iterable[PointsEntry] = ()
) -> Sheet:
    entries = list(rows)
    standing, taken_back = _parted(entries)
    # A counter-entry counts on the day of its line: what was taken back is in no sum that is carried.
    carrying, _ = _parted(before)
    carried = sum((entry.points for entry in carrying), Decimal(0))
    score = add_up((entry.points for entry in entries), procedure, carried)
    return Sheet(period, standing, taken_back, procedure, score, carrying)


def _parted(rows: Iterable[PointsEntry]) -> tuple[list[PointsEntry], list[PointsEntry]]:
    """Lines that stand, and those that were taken back with their counter-entries."""
    entries = list(rows)
    reversed_ids = {entry.reverses_id for entry in entries if entry.reverses_id}
    gone = {entry.pk for entry in entries if entry.reverses_id} | reversed_ids
    standing = [entry for entry in entries if entry.pk not in gone]
    return standing, [entry for entry in entries if entry.pk in gone]


def standing_entries(bureau_id: uuid.UUID, period: Period) -> QuerySet[PointsEntry]:
    """Lines of the period that were not taken back."""
    return entries_in(bureau_id, period).filter(reverses__isnull=True, reversal__isnull=True)


def line_values(entry: PointsEntry) -> dict[str, object]:
    """A line as a row of a table that leaves the system."""
    return {
        "counted_on": entry.counted_on,
        "who": str(entry.person or entry.unit),
        "staff_no": entry.person.staff_no if entry.person else "",
        "points": entry.points,
        "case": str(entry.case),
        "clause": entry.case.cited,
        "kind": entry.get_kind_display(),
        "reason": entry.reason,
    }


def say_formula(procedure: Procedure) -> str:
    """Chinese: how points become points of the performance appraisal."""
    if procedure.performance_factor is None:
        return "制度没有规定与绩效挂钩的公式，只列分值"
    return f"绩效分＝本年计入的分值（封顶后）×{procedure.performance_factor}"


def say_rules(procedure: Procedure) -> str:
    """Chinese: start, cap, floor and reset, each as it is laid down or not."""

    def said(value: object) -> str:
        return "未规定" if value in (None, "") else str(value)

    reset = "每年清零" if procedure.reset_every == "year" else "未规定清零，历年累计"
    words = (
        f"起始分{said(procedure.start_points)}",
        f"最低分{said(procedure.floor)}",
        f"一期最多扣{said(procedure.cap)}",
        reset,
    )
    return "，".join(words)


def appraisal_rows(bureau_id: uuid.UUID, year: int) -> list[dict[str, object]]:
    """Each person and unit with standing lines, by staff number, never by points. Three queries."""
    held = _Held.at(bureau_id, year)
    of: dict[tuple[str, str], list[PointsEntry]] = {}
    for entry in held.entries.filter(reverses__isnull=True, reversal__isnull=True):
        key = (entry.person.staff_no, str(entry.person)) if entry.person else ("", str(entry.unit))
        of.setdefault(key, []).append(entry)
    known = {
        "year": year,
        "formula": say_formula(held.procedure),
        "rule": held.procedure.cited or "没有施行的办理程序条款",
        "parameters": say_rules(held.procedure),
    }
    rows = []
    for (staff_no, who), entries in sorted(of.items(), key=lambda pair: pair[0]):
        sheet = held.sheet(entries)
        rows.append(
            {
                **known,
                "staff_no": staff_no,
                "who": who,
                "carried": sheet.score.carried,
                "own": sheet.score.total - sheet.score.carried,
                "total": sheet.score.total,
                "counted": sheet.score.counted,
                "score": sheet.score.score,
                "performance": sheet.performance,
                "cases": _say_cases(sheet.lines),
                "cases_before": _say_cases(sheet.before),
            }
        )
    return rows


def _say_cases(entries: Iterable[PointsEntry]) -> str:
    """Chinese: the cases that lines come from, each with its rule as it stood in its version."""
    return "；".join(f"{entry.case}（{entry.case.cited}）" for entry in entries)


@dataclass(frozen=True)
class Counts:
    """How many cases became final in a period, and the sum of their points."""

    final: int
    points: Decimal


def counts_of(bureau_id: uuid.UUID, period: Period) -> Counts:
    """From lines that were not taken back; one query."""
    entries = standing_entries(bureau_id, period).select_related(None).order_by()
    found = entries.aggregate(number=Count("pk"), points=Sum("points"))
    return Counts(found["number"], found["points"] or Decimal(0))
