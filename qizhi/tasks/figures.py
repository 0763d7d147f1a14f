"""The numbers of plans: how many inspections and bulletins a year are planned."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db.models import Count, Q, QuerySet

from qizhi.core.figures import Ask, Column, Figure, Measure, Span, Tally, Value, count_value, register
from qizhi.tasks.enums import Purpose
from qizhi.tasks.models import PlanItem
from qizhi.tasks.queries import months_within

Items = Callable[[Ask], QuerySet[PlanItem]]


def _planned(purpose: Purpose) -> Items:
    """Items that stand, in months of the period; a plan adopted after the day of reckoning is not yet one."""

    def items(ask: Ask) -> QuerySet[PlanItem]:
        rows = PlanItem.objects.filter(
            Q(plan__adopted_on__isnull=True) | Q(plan__adopted_on__lte=ask.as_of),
            months_within(ask.period),
            bureau_id=ask.bureau_id,
            plan__purpose=purpose,
            cancelled_because="",
        )
        if ask.unit_ids is not None:
            rows = rows.filter(plan__unit_id__in=ask.unit_ids)
        return rows.select_related("plan__unit", "lead").order_by("plan__year", "month", "position")

    return items


def _by_unit(items: Items) -> Callable[[Ask], dict[uuid.UUID, Value]]:
    def by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
        found = items(ask).order_by().values_list("plan__unit_id").annotate(number=Count("pk"))
        numbers: dict[uuid.UUID, int] = dict(found)
        return {pk: count_value(numbers.get(pk, 0)) for pk in {*numbers, *(ask.unit_ids or ())}}

    return by_unit


def _figure(key: str, label: str, purpose: Purpose, definition: str) -> None:
    items = _planned(purpose)
    register(
        Figure(
            key=key,
            label=label,
            measure=Measure.TIMES,
            definition=definition,
            source="计划",
            span=Span.YEAR,
            reckon=lambda ask: Tally(items(ask)),
            rows=items,
            columns=(
                Column("计划", lambda item: item.plan.name),
                Column("月份", lambda item: f"{item.plan.year}年{item.month}月"),
                Column("内容", lambda item: item.topic),
                Column("牵头人", lambda item: item.lead or ""),
            ),
            link=lambda item: str(item.plan.get_absolute_url()),
            by_unit=_by_unit(items),
        )
    )


_figure(
    "tasks.inspections_planned",
    "计划月度检查",
    Purpose.INSPECTION,
    "期间内月度检查计划中未取消的计划项数；通过日期晚于核算日的计划不计。",
)
_figure(
    "tasks.bulletins_planned",
    "计划通报",
    Purpose.BULLETIN,
    "期间内通报计划中未取消的计划项数；通过日期晚于核算日的计划不计。",
)
