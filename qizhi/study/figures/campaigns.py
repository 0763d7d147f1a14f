"""The number of campaigns: how much of what each layer was to study was studied."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import partial

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.db.models import Value as Constant

from qizhi.core import kept
from qizhi.core.figures import NOTHING, Ask, Column, Figure, Measure, Span, Value, register
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.study.queries.campaigns import LAYERS, Cell, campaigns_of, covered
from qizhi.study.rules.campaigns import Coverage


def _cells(ask: Ask) -> dict[uuid.UUID, list[Cell]]:
    """What was asked in the period and is done or over, by unit."""
    # One table for all units: the figure and its parts are asked for one after the other.
    asked = replace(ask, unit_ids=None)
    whole = kept.keep(partial(_fetched, asked), "study.campaigns", asked)
    if ask.unit_ids is None:
        return whole
    return {pk: whole.get(pk, []) for pk in ask.unit_ids}


def _fetched(ask: Ask) -> dict[uuid.UUID, list[Cell]]:
    found: dict[uuid.UUID, list[Cell]] = {}
    for one in covered(ask.bureau_id, campaigns_of(ask.bureau_id, ask.period), ask.as_of):
        for cell in one.in_state(Coverage.DONE, Coverage.MISSING):
            is_asked = LAYERS[UnitKind(cell.unit.kind)] in cell.topic.layers
            if is_asked and (cell.until is None or cell.until >= ask.period.start):
                found.setdefault(cell.unit.pk, []).append(cell)
    return found


def _number(cells: Iterable[Cell]) -> int:
    return sum(1 for cell in cells if cell.state is Coverage.DONE)


def _share(cells: list[Cell]) -> Value:
    done = _number(cells)
    return Value(Fraction(done, len(cells)), done, len(cells)) if cells else NOTHING


def _rows(ask: Ask) -> QuerySet[Unit]:
    """One row a unit with `covered` and `asked`; those that covered nothing are left out."""
    found = _cells(ask)
    done = {pk: _number(cells) for pk, cells in found.items()}
    rows: QuerySet[Unit] = Unit.objects.filter(
        Q(bureau_id=ask.bureau_id), pk__in=[pk for pk, number in done.items() if number]
    )
    asked = {pk: len(cells) for pk, cells in found.items()}
    return rows.annotate(covered=_case(done), asked=_case(asked)).order_by("-kind", "position", "code")


def _case(numbers: dict[uuid.UUID, int]) -> Case:
    whens = [When(pk=pk, then=Constant(number)) for pk, number in numbers.items() if number]
    return Case(*whens, default=Constant(0), output_field=IntegerField())


register(
    Figure(
        key="study.campaign_coverage",
        label="专题教育覆盖率",
        measure=Measure.SHARE,
        definition=(
            "期间内开展的专题教育中，中心组、机关党委、党支部各自应学的内容已开展的比例；"
            "只计已开展和已到期未开展的，未到期、不适用的不计。对应关系按识别词和内容得出，个人认定优先。"
        ),
        source="活动记录、专题教育",
        span=Span.YEAR,
        reckon=lambda ask: _share([cell for cells in _cells(ask).values() for cell in cells]),
        rows=_rows,
        columns=(
            Column("组织", lambda unit: unit.name),
            Column("应学内容", lambda unit: unit.asked),
            Column("已开展", lambda unit: unit.covered),
        ),
        link=lambda unit: str(unit.get_absolute_url()),
        by_unit=lambda ask: {pk: _share(cells) for pk, cells in _cells(ask).items()},
        sums="covered",
        formula="已开展的内容 ÷ 已开展和到期未开展的内容，各组织相加",
    )
)
