"""Clauses by which cases are judged, and the table of them by area."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Count, Q, QuerySet

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import Case
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.regulations.enums import Area
from qizhi.regulations.kinds import say_clause
from qizhi.regulations.models import Clause, Version

NO_AREA = "未分类"


def clauses_with_points(bureau_id: uuid.UUID) -> QuerySet[Clause]:
    """Enabled clauses of every published version that cost points, newest version first."""
    versions = Version.objects.published().filter(bureau_id=bureau_id)
    clauses = Clause.objects.filter(bureau_id=bureau_id, is_enabled=True, points__lt=0, version__in=versions)
    return clauses.select_related("version__regulation").order_by("-version__effective_from", "position")


def clause_keys(bureau_id: uuid.UUID) -> list[tuple[str, str]]:
    """Codes of the clauses that cost points, each by the source of its newest version."""
    found: dict[str, tuple[str, str]] = {}
    for clause in clauses_with_points(bureau_id):
        found.setdefault(clause.key, (clause.key, clause.source))
    return sorted(found.values())


@dataclass(frozen=True)
class Deduction:
    """A clause that costs points, as it binds on a day.

    Attributes:
        clause: with its version and document.
        area: of conduct, in words.
        final: cases by it that became final in the period.
    """

    clause: Clause
    area: str
    final: int

    @property
    def judged(self) -> str:
        """How it is judged: its kind and parameters in words, such as how often at most."""
        words = say_clause(self.clause)
        return "；".join([words.kind_label, *(f"{label}：{value}" for label, value in words.parameters)])

    @property
    def state(self) -> str:
        """Whether it is applied, and if not, why."""
        if self.clause.is_enabled:
            return "启用"
        return f"停用：{self.clause.note.removeprefix('停用：')}" if self.clause.note else "停用"


def deductions_on(bureau_id: uuid.UUID, day: dt.date, period: Period) -> list[Deduction]:
    """Clauses in force on the day that cost points, area by area, also those that are off; two queries."""
    binding = Q(effective_to__isnull=True) | Q(effective_to__gte=day)
    versions = Version.objects.published().filter(binding, bureau_id=bureau_id, effective_from__lte=day)
    clauses = Clause.objects.filter(bureau_id=bureau_id, points__lt=0, version__in=versions)
    finals = Case.objects.filter(
        bureau_id=bureau_id, status=CaseStatus.FINAL, final_on__range=(period.start, period.end)
    )
    number = dict(finals.order_by().values_list("clause__key").annotate(Count("pk")))
    order = [*Area.values, ""]
    rows = clauses.select_related("version__regulation").order_by("version__regulation__code", "position")
    found = [
        Deduction(clause, clause.get_area_display() or NO_AREA, number.get(clause.key, 0)) for clause in rows
    ]
    return sorted(found, key=lambda one: order.index(one.clause.area))
