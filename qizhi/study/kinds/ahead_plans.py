"""The outlook on study plans: what was carried out of each month, what is still to be, what lacks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator

from qizhi.core import periods
from qizhi.core.periods import Period
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.regulations.kinds import Look, Mark, OutlookLine, Prospect, Standing, Step, register_outlook
from qizhi.study.queries.plans import STUDY_KINDS, Line, compare, record_item, study_plans
from qizhi.study.rules.plans import Progress
from qizhi.tasks.permissions import MANAGE_PLANS

RANK = 1300
STATES = {
    Progress.DONE: Standing.DONE,
    Progress.DUE: Standing.DUE,
    Progress.MISSING: Standing.MISSING,
    Progress.GONE: Standing.NA,
    Progress.CANCELLED: Standing.NA,
}


@register_outlook
def plans_ahead(look: Look) -> Iterator[OutlookLine]:
    """One line of branches and one of the centre group; the queries of a comparison of all plans."""
    units = {unit.pk: unit for unit in look.of_kind(*STUDY_KINDS)}
    if not units:
        return
    plans = study_plans(look.bureau_id, look.span).filter(unit_id__in=units)
    found: dict[str, list[Prospect]] = defaultdict(list)
    by_unit: dict[uuid.UUID, list[Line]] = defaultdict(list)
    for one in compare(plans, look.as_of).values():
        if one.plan.adopted_on is None or one.plan.adopted_on <= look.as_of:
            by_unit[one.plan.unit_id] += one.lines
    for unit in units.values():
        lines = sorted(by_unit[unit.pk], key=lambda line: (_month(line), line.item.position))
        found[unit.kind] += [_prospect(line, unit, look.as_of) for line in lines if _touches(line, look.span)]
    for kind in STUDY_KINDS:
        yield OutlookLine(
            key=f"study.plans.{kind}",
            label="学习计划",
            asks="计划的内容在当月开展",
            unit_kind=kind,
            prospects=tuple(found[kind]),
            rank=RANK if kind == UnitKind.BRANCH else RANK + 1,
        )


def _month(line: Line) -> Period:
    return periods.month_of(dt.date(line.item.plan.year, line.item.month, 1))


def _touches(line: Line, span: Period) -> bool:
    month = _month(line)
    return month.start <= span.end and span.start <= month.end


def _prospect(line: Line, unit: Unit, as_of: dt.date) -> Prospect:
    state, month, held = STATES[line.progress], _month(line), line.gathering
    is_open = state in {Standing.DUE, Standing.MISSING}
    return Prospect(
        unit.pk,
        month,
        state,
        month.end if is_open else None,
        "已取消" if line.progress is Progress.CANCELLED else "",
        "：".join(filter(None, (line.item.topic, line.why))),
        marks=(Mark(held.held_on, held.pk),) if held else (),
        steps=_steps(line, unit) if is_open and month.start <= as_of else (),
    )


def _steps(line: Line, unit: Unit) -> tuple[Step, ...]:
    """Record what was held, or name what is recorded already."""
    label = "登记" if line.progress is Progress.DUE else "补录"
    pick = Step(
        *("选择已登记的活动", "study:item_link", MANAGE_PLANS),
        keys=(str(line.item.pk),),
        unit_id=unit.pk,
        path=unit.path,
    )
    return record_item(label, line.item, unit), pick
