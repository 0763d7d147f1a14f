"""The numbers of organisational life."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django.db.models import Case, IntegerField, Prefetch, QuerySet, When
from django.db.models import Value as Constant
from django.urls import reverse

from qizhi.branch_life.enums import ContactKind
from qizhi.branch_life.models import WorkingMethod
from qizhi.branch_life.queries import (
    Cell,
    DualLine,
    Invitation,
    TalkCoverage,
    accountable_units,
    asked_units,
    dual_lines,
    states,
    talk_coverage,
    visited_branches,
)
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
from qizhi.org.models import Person, Unit

_SOURCE = "活动记录、组织与职务记录、制度条款"


def _branches(ask: Ask) -> QuerySet[Unit]:
    units = accountable_units(ask.bureau_id, ask.period)
    return units if ask.unit_ids is None else units.filter(pk__in=ask.unit_ids)


def _settled(ask: Ask) -> dict[uuid.UUID, list[Cell]]:
    """Cells that were owed, are over or already done, and whose period ends in the asked one, by branch."""
    branches = asked_units(ask, ask.period)
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
            "期间内截止的、支部应完成而没有完成的组织生活要求的项数；不适用、已免除、未到期和未知的不计，补录的算完成。"
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
            "期间内支部已完成的组织生活要求，占应完成（已完成加缺）的比例；不适用、已免除、未到期和未知的不计。"
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


def _visited(ask: Ask, kind: ContactKind) -> dict[uuid.UUID, bool]:
    return visited_branches(ask.bureau_id, asked_units(ask, ask.period), kind, ask.period, ask.as_of)


def _reached(found: Iterable[bool]) -> Value:
    came = list(found)
    return Value(Fraction(sum(came), len(came)), sum(came), len(came)) if came else NOTHING


def _contact_figure(key: str, label: str, kind: ContactKind, who: str) -> Figure:
    def rows(ask: Ask) -> QuerySet[Unit]:
        came = [pk for pk, has_come in _visited(ask, kind).items() if has_come]
        return _branches(ask).filter(pk__in=came)

    def by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
        found = _visited(ask, kind)
        return {
            unit.pk: _reached([found[unit.pk]] if unit.pk in found else [])
            for unit in asked_units(ask, ask.period)
        }

    return Figure(
        key=key,
        label=label,
        measure=Measure.SHARE,
        definition=(
            f"期间内定了{who}的党支部中，{who}在其任期内旁听过该支部（含党小组）活动的支部所占比例；"
            f"没有定{who}的支部不计。"
        ),
        source="联系点安排、活动登记中的旁听人员",
        span=Span.YEAR,
        reckon=lambda ask: _reached(_visited(ask, kind).values()),
        rows=rows,
        columns=(Column("党支部", lambda unit: unit.name),),
        link=lambda unit: f"{reverse('branch_life:contacts')}?kind={kind.value}#{unit.code}",
        by_unit=by_unit,
        formula=f"{who}到过的党支部数 ÷ 定了{who}的党支部数",
    )


register(_contact_figure("branch_life.contact_coverage", "联系旁听覆盖率", ContactKind.CONTACT, "联系委员"))
register(_contact_figure("branch_life.guidance_coverage", "一岗双责覆盖率", ContactKind.GUIDANCE, "分管领导"))


def _dual(ask: Ask) -> list[DualLine]:
    return dual_lines(ask.bureau_id, ask.period, ask.as_of, unit_ids=ask.unit_ids)


def _dual_share(ask: Ask) -> Value:
    return _attended(invitation for line in _dual(ask) for invitation in line.invitations)


def _attended(invitations: Iterable[Invitation]) -> Value:
    known = [one.is_present for one in invitations if one.is_present is not None]
    return Value(Fraction(sum(known), len(known)), sum(known), len(known)) if known else NOTHING


def _dual_by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
    found: dict[uuid.UUID, list[Invitation]] = {unit.pk: [] for unit in _branches(ask)}
    for line in _dual(ask):
        for one in line.invitations:
            unit = one.gathering.unit
            owner = unit.parent_id if unit.kind == UnitKind.GROUP and unit.parent_id else unit.pk
            found.setdefault(owner, []).append(one)
    return {pk: _attended(invitations) for pk, invitations in found.items()}


def _dual_rows(ask: Ask) -> QuerySet[Any]:
    lines = {line.person.pk: line for line in _dual(ask) if line.present}
    people = Person.objects.filter(bureau_id=ask.bureau_id, pk__in=lines)
    found: QuerySet[Any] = people.annotate(
        due=_number({pk: line.due for pk, line in lines.items()}),
        present=_number({pk: line.present for pk, line in lines.items()}),
    )
    return found.order_by("staff_no")


register(
    Figure(
        key="branch_life.dual_life_share",
        label="双重组织生活参加率",
        measure=Measure.SHARE,
        definition=(
            "期间内党组成员、局领导在任时，所在党支部（含党小组）应由其参加的活动中实到人次所占比例；"
            "请假、缺席和补课不算实到，只知月份和只有纸质人数的活动不计。"
        ),
        source="活动登记、组织关系、职务记录",
        span=Span.YEAR,
        reckon=_dual_share,
        rows=_dual_rows,
        columns=(
            Column("姓名", lambda person: person.name),
            Column("应到", lambda person: person.due),
            Column("实到", lambda person: person.present),
        ),
        link=lambda person: reverse("branch_life:dual_person", args=[person.pk]),
        by_unit=_dual_by_unit,
        sums="present",
        formula="实到人次 ÷ 应到人次",
    )
)


def _talks(ask: Ask) -> dict[uuid.UUID, TalkCoverage]:
    days = ask.days
    if days is None:
        return {}
    then = replace(ask, period=Period(days.end, days.end))
    return talk_coverage(
        ask.bureau_id, [unit.pk for unit in asked_units(then, then.period)], ask.period, ask.as_of
    )


def _talk_share(found: Iterable[TalkCoverage]) -> Value:
    found = list(found)
    if any(one.unknown for one in found):
        return NOTHING  # those who are known to have had one are no share of all
    done, owed = sum(one.done for one in found), sum(one.owed for one in found)
    return Value(Fraction(done, owed), done, owed) if owed else NOTHING


def _talk_rows(ask: Ask) -> QuerySet[Any]:
    """Branches and not people: a number for the bureau need not name who had no talk."""
    every = _talks(ask)
    is_known = not any(one.unknown for one in every.values())
    found = {pk: one for pk, one in every.items() if one.done and is_known}
    return (
        _branches(ask)
        .filter(pk__in=found)
        .annotate(
            talked=_number({pk: one.done for pk, one in found.items()}),
            owed=_number({pk: one.owed for pk, one in found.items()}),
        )
    )


register(
    Figure(
        key="branch_life.talk_coverage",
        label="谈心谈话覆盖率",
        measure=Measure.SHARE,
        definition=(
            "核算日（期间已过的，期末）在册的党员中，期间内至少谈过一次心的人所占比例；"
            "期间内才入党或转入本局、还没有谈过的和整个期间请假或借调的不计；记录还没有开始的年度没有这个数。"
            "只计谈过没有，不要求两两都谈。"
        ),
        source="谈心谈话登记（只记日期和两个人）、组织关系",
        span=Span.YEAR,
        reckon=lambda ask: _talk_share(_talks(ask).values()),
        rows=_talk_rows,
        columns=(
            Column("党支部", lambda unit: unit.name),
            Column("应谈", lambda unit: unit.owed),
            Column("已谈", lambda unit: unit.talked),
        ),
        link=_branch_page,
        by_unit=lambda ask: {pk: _talk_share([one]) for pk, one in _talks(ask).items()},
        sums="talked",
        formula="谈过的党员数 ÷ 在册应谈的党员数",
    )
)
