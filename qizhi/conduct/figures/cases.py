"""Final cases and inspections in numbers; what is not final, or was cleared, is in none of them.

More people read figures than may open a case: the rows say which clause and which unit, never whom, and lead
nowhere.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from functools import partial

from django.db.models import Count, QuerySet

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import Case, Inspection
from qizhi.conduct.queries.clauses import clause_keys
from qizhi.core import kept
from qizhi.core.figures import (
    Ask,
    Column,
    Figure,
    Measure,
    Span,
    Tally,
    Value,
    count_value,
    register,
    register_family,
)
from qizhi.regulations.kinds import register_clause_figures

Rows = Callable[[Ask], QuerySet[Case]]
_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
DEDUCTIONS = "conduct.deductions"


def _final(ask: Ask) -> QuerySet[Case]:
    """Cases that became final in the period, up to the day of reckoning."""
    rows = Case.objects.filter(
        bureau_id=ask.bureau_id,
        status=CaseStatus.FINAL,
        final_on__range=(ask.period.start, ask.period.end),
        final_on__lte=ask.as_of,
    )
    if ask.unit_ids is not None:
        rows = rows.filter(unit_id__in=ask.unit_ids)
    return rows.select_related("unit", "clause__version__regulation").order_by("final_on", "year", "serial")


def _of_clause(key: str) -> Rows:
    def rows(ask: Ask) -> QuerySet[Case]:
        return _final(ask).filter(clause__key=key)

    return rows


def _by_unit(rows: Rows) -> Callable[[Ask], dict[uuid.UUID, Value]]:
    def by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
        found = rows(ask).order_by().values_list("unit_id").annotate(number=Count("pk"))
        numbers = {pk: number for pk, number in found if pk is not None}
        return {pk: count_value(numbers.get(pk, 0)) for pk in {*numbers, *(ask.unit_ids or ())}}

    return by_unit


_COLUMNS = (
    Column("编号", str),
    Column("组织", lambda case: str(case.unit or "")),
    Column("依据", lambda case: case.clause.source),
    Column("分值", lambda case: case.final_points),
    Column("生效", lambda case: case.final_on),
)


def _figure(key: str, label: str, definition: str, rows: Rows) -> Figure:
    return Figure(
        key=key,
        label=label,
        measure=Measure.TIMES,
        definition=definition,
        source="微违规事项",
        span=Span.YEAR,
        reckon=lambda ask: Tally(rows(ask)),
        rows=rows,
        columns=_COLUMNS,
        by_unit=_by_unit(rows),
    )


register(
    _figure(
        "conduct.final_cases",
        "生效的微违规事项",
        "期间内生效、至今没有被复核撤销的事项数；草拟、陈述、申诉中的和不予扣分的都不计。",
        _final,
    )
)


def _deductions(key: str) -> Figure | None:
    """How often one clause has cost points."""
    if not _KEY.fullmatch(key):
        return None
    definition = f"期间内依据条款 {key} 生效的扣分次数；没有生效的和被撤销的不计。"
    return _figure(f"{DEDUCTIONS}:{key}", f"条款 {key} 扣分", definition, _of_clause(key))


def _clauses_listed(bureau_id: uuid.UUID) -> list[tuple[str, str]]:
    """Each clause that costs points, by its document and place."""
    known = kept.keep(partial(clause_keys, bureau_id), "conduct.clause_keys", bureau_id)
    return [(key, f"{source}扣分") for key, source in known]


register_family(DEDUCTIONS, _deductions, _clauses_listed)
register_clause_figures(DEDUCTIONS)


def _inspections(ask: Ask) -> QuerySet[Inspection]:
    rows = Inspection.objects.filter(
        bureau_id=ask.bureau_id,
        held_on__range=(ask.period.start, ask.period.end),
        held_on__lte=ask.as_of,
    )
    if ask.unit_ids is not None:
        rows = rows.filter(units__in=ask.unit_ids).distinct()
    return rows.select_related("led_by").order_by("held_on", "id")


register(
    Figure(
        key="conduct.inspections",
        label="月度检查",
        measure=Measure.TIMES,
        definition="期间内已经进行的月度检查次数；只计划、没有检查日期的不计。",
        source="月度检查",
        span=Span.YEAR,
        reckon=lambda ask: Tally(_inspections(ask)),
        rows=_inspections,
        columns=(
            Column("月份", lambda row: f"{row.month.year}年{row.month.month}月"),
            Column("名称", lambda row: row.title),
            Column("检查日期", lambda row: row.held_on),
        ),
    )
)
