"""The numbers of study: what was planned, and how much of it was carried out."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from fractions import Fraction
from functools import partial

from django.db.models import Count, F, Q, QuerySet

from qizhi.core import kept
from qizhi.core.figures import (
    NOTHING,
    Ask,
    Column,
    Figure,
    Measure,
    Span,
    Tally,
    Value,
    count_value,
    register,
)
from qizhi.study.queries.plans import Line, compare, study_plans
from qizhi.study.rules.plans import Progress
from qizhi.tasks.enums import STUDY_PURPOSES
from qizhi.tasks.models import Plan, PlanItem
from qizhi.tasks.queries import is_month_within, months_within

_COLUMNS = (
    Column("组织", lambda item: item.plan.unit.name),
    Column("月份", lambda item: f"{item.plan.year}年{item.month}月"),
    Column("内容", lambda item: item.topic),
    Column("牵头人", lambda item: item.lead or ""),
)


def _planned(ask: Ask) -> QuerySet[PlanItem]:
    rows = PlanItem.objects.filter(
        Q(plan__adopted_on__isnull=True) | Q(plan__adopted_on__lte=ask.as_of),
        months_within(ask.period),
        bureau_id=ask.bureau_id,
        plan__purpose__in=STUDY_PURPOSES,
        cancelled_because="",
    )
    if ask.unit_ids is not None:
        rows = rows.filter(plan__unit_id__in=ask.unit_ids)
    if gone := kept.keep(partial(_gone, ask), "study.gone", ask):
        rows = rows.exclude(pk__in=gone)
    return rows.select_related("plan__unit", "lead").order_by(
        "plan__unit__position", "plan__unit__code", "plan__year", "month", "position"
    )


def _gone(ask: Ask) -> list[uuid.UUID]:
    """Items that nobody owes, since their unit ended first; one query where none has."""
    ended = study_plans(ask.bureau_id, ask.period).filter(
        unit__to_on__isnull=False, unit__to_on__year__lte=F("year")
    )
    return [
        line.item.pk
        for one in compare(ended, ask.as_of).values()
        for line in one.lines
        if line.progress is Progress.GONE
    ]


def _is_planned(plan: Plan, item: PlanItem, ask: Ask) -> bool:
    """The same of one item of one of the plans."""
    is_adopted = plan.adopted_on is None or plan.adopted_on <= ask.as_of
    is_due = is_month_within(ask.period, plan.year, item.month)
    return is_adopted and is_due and not item.cancelled_because


def _planned_by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
    found = _planned(ask).order_by().values_list("plan__unit_id").annotate(number=Count("pk"))
    numbers: dict[uuid.UUID, int] = dict(found)
    return {pk: count_value(numbers.get(pk, 0)) for pk in {*numbers, *(ask.unit_ids or ())}}


def _settled(ask: Ask) -> dict[uuid.UUID, list[Line]]:
    """Items of the period that were carried out or whose month is over, by unit."""
    return kept.keep(partial(_compared, ask), "study.settled", ask)


def _compared(ask: Ask) -> dict[uuid.UUID, list[Line]]:
    plans = study_plans(ask.bureau_id, ask.period)
    if ask.unit_ids is not None:
        plans = plans.filter(unit_id__in=ask.unit_ids)
    found: dict[uuid.UUID, list[Line]] = {pk: [] for pk in ask.unit_ids or ()}
    for compared in compare(plans, ask.as_of).values():
        lines = [
            line
            for line in compared.lines
            if _is_planned(compared.plan, line.item, ask)
            and line.progress in {Progress.DONE, Progress.MISSING}
        ]
        found.setdefault(compared.plan.unit_id, []).extend(lines)
    return found


def _share(lines: Iterable[Line]) -> Value:
    lines = list(lines)
    done = sum(1 for line in lines if line.progress is Progress.DONE)
    return Value(Fraction(done, len(lines)), done, len(lines)) if lines else NOTHING


def _all(ask: Ask) -> list[Line]:
    return [line for lines in _settled(ask).values() for line in lines]


def _done(ask: Ask) -> QuerySet[PlanItem]:
    done = [line.item.pk for line in _all(ask) if line.progress is Progress.DONE]
    return _planned(ask).filter(pk__in=done)


register(
    Figure(
        key="study.plan_items",
        label="学习计划项",
        measure=Measure.ITEMS,
        definition=(
            "期间内各月的中心组和支部学习计划项数；已取消的、核算日后才通过的计划，"
            "和组织撤销或并入他处后不再要办的不计。"
        ),
        source="计划",
        span=Span.YEAR,
        reckon=lambda ask: Tally(_planned(ask)),
        rows=_planned,
        columns=_COLUMNS,
        link=lambda item: str(item.plan.get_absolute_url()),
        by_unit=_planned_by_unit,
    )
)
register(
    Figure(
        key="study.plan_done_share",
        label="学习计划完成率",
        measure=Measure.SHARE,
        definition=(
            "期间内已到期（当月已过，或已开展）的学习计划项中，有对应活动的比例；已取消和未到期的不计。"
            "对应关系按组织、月份、台账和内容自动得出，个人认定优先。"
        ),
        source="计划与活动记录",
        span=Span.YEAR,
        reckon=lambda ask: _share(_all(ask)),
        rows=_done,
        columns=_COLUMNS,
        link=lambda item: str(item.plan.get_absolute_url()),
        by_unit=lambda ask: {pk: _share(lines) for pk, lines in _settled(ask).items()},
        formula="已开展项数 ÷ 已到期项数",
    )
)
