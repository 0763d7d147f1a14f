"""What a ledger says of its records beside what their figures say: who led it, who came, what came of a plan.

Asked for a page of records at a time, so that the number of queries does not grow with the records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Model, prefetch_related_objects

from qizhi.core.figures import Ask
from qizhi.core.values import dataclass
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.queries.listing import lines_of
from qizhi.study.queries.plans import PROGRESS_WORDS, compare, study_plans
from qizhi.tasks.models import PlanItem

Cells = Mapping[Any, Mapping[str, object]]


@dataclass(frozen=True)
class More:
    """Headings, and what stands under them for each of the records by key."""

    labels: tuple[str, ...]
    of: Callable[[Sequence[Any], Ask], Cells]


def _of_gatherings(rows: Sequence[Gathering], ask: Ask) -> Cells:
    prefetch_related_objects(rows, "chair")
    return {
        line.gathering.pk: {
            "主持人": str(line.gathering.chair) if line.gathering.chair else None,
            "应到": line.roll.due,
            "实到": line.roll.present,
            "议题": "；".join(line.gathering.topics.split("\n")) or None,
        }
        for line in lines_of(ask.bureau_id, rows)
    }


def _of_items(rows: Sequence[PlanItem], ask: Ask) -> Cells:
    plans = study_plans(ask.bureau_id, ask.period).filter(pk__in={row.plan_id for row in rows})
    return {
        line.item.pk: {
            "情况": PROGRESS_WORDS[line.progress],
            "日期": line.gathering.day_or_month if line.gathering else None,
            "活动": line.gathering.title if line.gathering else None,
        }
        for one in compare(plans, ask.as_of).values()
        for line in one.lines
    }


MORE: dict[type[Model], More] = {
    Gathering: More(("主持人", "应到", "实到", "议题"), _of_gatherings),
    PlanItem: More(("情况", "日期", "活动"), _of_items),
}
