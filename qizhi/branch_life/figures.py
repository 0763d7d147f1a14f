"""The numbers of organisational life."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django.db.models import Case, IntegerField, Prefetch, QuerySet, When
from django.db.models import Value as Constant
from django.urls import reverse

from qizhi.branch_life.models import WorkingMethod
from qizhi.branch_life.queries import Cell, accountable_units, states
from qizhi.branch_life.rules import State
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
from qizhi.core.periods import Period
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit

_SOURCE = "活动记录、组织与职务记录、制度条款"


def _branches(ask: Ask) -> QuerySet[Unit]:
    units = accountable_units(ask.bureau_id, ask.period)
    return units if ask.unit_ids is None else units.filter(pk__in=ask.unit_ids)


def _settled(ask: Ask) -> dict[uuid.UUID, list[Cell]]:
    """Cells that were owed, are over or already done, and whose period ends in the asked one, by branch."""
    branches = list(_branches(ask))
    found: dict[uuid.UUID, list[Cell]] = {branch.pk: [] for branch in branches}
    if ask.days is not None:
        for cell in states(ask.bureau_id, branches, ask.period, ask.as_of).cells:
            is_over = cell.state in {State.DONE, State.LATE, State.MISSING}
            if is_over and cell.judged.is_owed and cell.period.end in ask.period:
                found[cell.unit.pk].append(cell)
    return found


def _is_done(cell: Cell) -> bool:
    return cell.state in {State.DONE, State.LATE}


def _share(cells: list[Cell]) -> Value:
    done = sum(1 for cell in cells if _is_done(cell))
    return Value(Fraction(done, len(cells)), done, len(cells)) if cells else NOTHING


def _missing(cells: list[Cell]) -> Value:
    """Nothing was owed: "—", not 0."""
    missing = sum(1 for cell in cells if not _is_done(cell))
    return count_value(missing, len(cells)) if cells else NOTHING


def _all(found: Mapping[uuid.UUID, list[Cell]]) -> list[Cell]:
    return [cell for cells in found.values() for cell in cells]


def _counted(ask: Ask, column: str) -> QuerySet[Any]:
    """One row a branch with `done`, `missing` and `owed`; those with nothing in `column` are left out."""
    found = _settled(ask)
    numbers = {
        "done": {pk: sum(map(_is_done, cells)) for pk, cells in found.items()},
        "missing": {pk: len(cells) - sum(map(_is_done, cells)) for pk, cells in found.items()},
        "owed": {pk: len(cells) for pk, cells in found.items()},
    }
    kept = [pk for pk, number in numbers[column].items() if number]
    return _branches(ask).filter(pk__in=kept).annotate(**{name: _number(by) for name, by in numbers.items()})


def _number(by_unit: Mapping[uuid.UUID, int]) -> Case:
    whens = [When(pk=pk, then=Constant(number)) for pk, number in by_unit.items() if number]
    return Case(*whens, default=Constant(0), output_field=IntegerField())


def _branch_page(unit: Unit) -> str:
    return reverse("branch_life:unit", args=[unit.pk])


_COLUMNS = (
    Column("党支部", lambda unit: unit.name),
    Column("应完成", lambda unit: unit.owed),
    Column("已完成", lambda unit: unit.done),
    Column("缺", lambda unit: unit.missing),
)

register(
    Figure(
        key="branch_life.missing",
        label="组织生活缺项",
        measure=Measure.ITEMS,
        definition=(
            "期间内截止的、支部应完成而没有完成的组织生活要求的项数；不适用、未到期和未知的不计，补录的算完成。"
        ),
        source=_SOURCE,
        span=Span.YEAR,
        reckon=lambda ask: _missing(_all(_settled(ask))),
        rows=lambda ask: _counted(ask, "missing"),
        columns=_COLUMNS,
        link=_branch_page,
        by_unit=lambda ask: {pk: _missing(cells) for pk, cells in _settled(ask).items()},
        sums="missing",
    )
)
register(
    Figure(
        key="branch_life.done_share",
        label="组织生活完成率",
        measure=Measure.SHARE,
        definition=(
            "期间内支部已完成的组织生活要求，占应完成（已完成加缺）的比例；不适用、未到期和未知的不计。"
        ),
        source=_SOURCE,
        span=Span.YEAR,
        reckon=lambda ask: _share(_all(_settled(ask))),
        rows=lambda ask: _counted(ask, "done"),
        columns=_COLUMNS,
        link=_branch_page,
        by_unit=lambda ask: {pk: _share(cells) for pk, cells in _settled(ask).items()},
        sums="done",
        formula="已完成项数 ÷ 应完成项数",
    )
)


def _with_method(ask: Ask) -> QuerySet[Unit]:
    """Branches with a method that is active on the last day that counts; each branch once."""
    days = ask.days
    if days is None:
        return Unit.objects.none()
    active = WorkingMethod.objects.on(days.end).filter(bureau_id=ask.bureau_id)
    branches: QuerySet[Unit] = Unit.objects.on(days.end).filter(
        bureau_id=ask.bureau_id, kind=UnitKind.BRANCH, pk__in=active.values("unit_id")
    )
    if ask.unit_ids is not None:
        branches = branches.filter(pk__in=ask.unit_ids)
    methods = Prefetch("working_methods", queryset=active, to_attr="methods_then")
    return branches.prefetch_related(methods).order_by("position", "code")


def _method_count(ask: Ask) -> Value | Tally:
    return NOTHING if ask.days is None else Tally(_with_method(ask))


def _method_by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
    if ask.days is None:
        return {unit.pk: NOTHING for unit in _branches(ask)}
    having = set(_with_method(ask).values_list("pk", flat=True))
    existing = _branches(replace(ask, period=Period(ask.days.end, ask.days.end)))
    return {unit.pk: count_value(int(unit.pk in having)) for unit in existing}


register(
    Figure(
        key="branch_life.active_methods",
        label="有支部工作法的党支部",
        measure=Measure.UNITS,
        definition="核算日存在、且当日有施行中工作法的党支部个数；一个支部有几个工作法也只计一个。",
        source="支部工作法登记",
        span=Span.TO_DATE,
        reckon=_method_count,
        rows=_with_method,
        columns=(
            Column("党支部", lambda unit: unit.name),
            Column("工作法", lambda unit: "、".join(method.name for method in unit.methods_then)),
        ),
        link=lambda unit: f"{reverse('branch_life:methods')}?unit={unit.pk}",
        by_unit=_method_by_unit,
    )
)
