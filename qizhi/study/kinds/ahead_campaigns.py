"""The outlook on campaigns: which topic each layer has studied, which it still has to, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q

from qizhi.core.periods import Period
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.queries.steps import record_step
from qizhi.org.enums import UnitKind
from qizhi.regulations.kinds import Look, Mark, OutlookLine, Prospect, Standing, Step, register_outlook
from qizhi.study.permissions.campaigns import SEE_CAMPAIGNS
from qizhi.study.queries.campaigns import LAYERS, Cell, Covered, campaigns_of, covered, wanted_of
from qizhi.study.rules.campaigns import Coverage

RANK = 1310
STATES = {
    Coverage.DONE: Standing.DONE,
    Coverage.DUE: Standing.DUE,
    Coverage.MISSING: Standing.MISSING,
    Coverage.NA: Standing.NA,
}


@register_outlook
def campaigns_ahead(look: Look) -> Iterator[OutlookLine]:
    """A line for each campaign and layer, a prospect for each topic asked of it; six queries for all."""
    units = look.of_kind(*LAYERS)
    if not units:
        return
    whole = Period(look.years[0].start, look.years[-1].end)
    within = Q(pk__in=[unit.pk for unit in units])
    found = covered(look.bureau_id, campaigns_of(look.bureau_id, look.span), look.as_of, within)
    for number, one in enumerate(reversed(found)):
        for kind, layer in LAYERS.items():
            asked = [topic for topic in one.topics if layer in topic.layers]
            yield OutlookLine(
                key=f"study.campaign.{one.campaign.pk}.{kind}",
                label=one.campaign.name,
                asks=f"专题教育，必学内容{len(asked)}项",
                unit_kind=kind,
                prospects=tuple(_told(one, kind, look, whole)),
                rank=RANK + number,
            )


def _told(one: Covered, kind: UnitKind, look: Look, whole: Period) -> Iterator[Prospect]:
    """Topics whose days touch the span, in order of time; an open end is that of the years looked at."""
    for unit, cells in one.rows:
        if unit.kind != kind:
            continue
        told = []
        for cell in cells:
            if LAYERS[kind] in cell.topic.layers:
                start = wanted_of(one.campaign, cell.topic).start
                period = Period(start, max(start, cell.until or whole.end))
                if period.start <= look.span.end and look.span.start <= period.end:
                    told.append(_prospect(cell, period, look.as_of))
        yield from sorted(told, key=lambda prospect: prospect.period)


def _prospect(cell: Cell, period: Period, as_of: dt.date) -> Prospect:
    state, first = STATES[cell.state], cell.found[0] if cell.found else None
    is_open = state in {Standing.DUE, Standing.MISSING}
    return Prospect(
        cell.unit.pk,
        period,
        state,
        cell.until if is_open else None,
        reason="：".join(filter(None, (cell.topic.title, cell.why))),
        marks=(Mark(first.day, first.key),) if first else (),
        steps=_steps(cell) if is_open and period.start <= as_of else (),
    )


def _steps(cell: Cell) -> tuple[Step, ...]:
    """Record what was held, or say which of the gatherings recorded already it was."""
    unit = cell.unit
    label = "补录" if cell.state is Coverage.MISSING else "登记"
    pick = Step(
        *("选择已登记的活动", "study:topic_unit", SEE_CAMPAIGNS),
        keys=(str(cell.topic.pk), str(unit.pk)),
        unit_id=unit.pk,
        path=unit.path,
    )
    return record_step(label, unit, ledger=Ledger.CAMPAIGN, topics=cell.topic.title), pick
