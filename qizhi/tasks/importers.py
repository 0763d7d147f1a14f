"""The table of plans, in and out: one row an item."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column, RecordRow, TableReading, TableSchema
from qizhi.core.tables.values import Choices, integer, parse_day, text
from qizhi.org.models import Unit
from qizhi.org.queries import PeopleIndex
from qizhi.tasks.enums import Deed, Purpose
from qizhi.tasks.models import Plan, PlanItem
from qizhi.tasks.permissions import MANAGE_PLANS, SEE_PLANS
from qizhi.tasks.queries import PLANNING_KINDS, plans_of, with_items
from qizhi.tasks.services import ItemValues, change_plan, check_plan, create_plan

PLANS = TableSchema(
    "plans",
    "计划",
    (
        Column(key="unit", label="组织", parse=text(80), required=True, aliases=("党支部", "支部"), width=20),
        Column(key="year", label="年度", parse=integer(2000, 2100), required=True, example="2018"),
        Column(key="purpose", label="类别", parse=Choices(Purpose.choices), required=True, width=16),
        Column(key="month", label="月份", parse=integer(1, 12), required=True, example="3"),
        Column(
            key="topic",
            label="内容",
            parse=text(200),
            required=True,
            aliases=("学习内容", "主题", "专题"),
            width=40,
        ),
        Column(key="lead", label="牵头人", parse=text(60), help="重名时写成 姓名(工号)", width=16),
        Column(
            key="ledger",
            label="台账",
            parse=Choices(Deed.choices),
            aliases=("对应活动", "对应台账"),
            help="哪类活动可视为完成",
            width=16,
        ),
        Column(key="cancelled_because", label="取消原因", parse=text(120), width=20),
        Column(key="adopted_on", label="通过日期", parse=parse_day, width=14),
    ),
)
PlanKey = tuple[uuid.UUID, int, str]


@dataclass
class _Wanted:
    """The lines of one plan in the table."""

    unit: Unit
    year: int
    purpose: str
    plan: Plan | None
    lines: list[tuple[RecordRow, ItemValues]]

    @property
    def adopted_on(self) -> dt.date | None:
        """The day written in any of its lines."""
        days = [row.values["adopted_on"] for row, _ in self.lines if row.values["adopted_on"]]
        return days[0] if days else (self.plan.adopted_on if self.plan else None)


def run_plans(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Make plans and bring their items up to date.

    Unit, year and purpose say which plan, month and topic which item. Empty cells and items that are not in
    the table stay as they are.
    """
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    people, units = PeopleIndex(by.bureau_id), _units(by.bureau_id)
    plans = {(p.unit_id, p.year, p.purpose): p for p in _all_plans(by)}
    wanted: dict[PlanKey, _Wanted] = {}
    for row in reading.rows:
        unit, values = units.get(row.values["unit"]), row.values
        if unit is None or not by.may(MANAGE_PLANS, unit.pk, unit.path):
            reason = f"没有名为“{values['unit']}”、由您编制计划的组织"
            outcome.errors.append(row.error("unit", reason, "核对名称，或请政工处导入"))
            continue
        key = (unit.pk, values["year"], values["purpose"])
        try:
            if key not in plans:
                check_plan(unit=unit, year=values["year"], purpose=values["purpose"])
            lead = people.find(values["lead"]) if values["lead"] else None
        except Refused as error:
            outcome.errors.append(row.error(error.field or "lead", error.message))
            continue
        one = wanted.setdefault(key, _Wanted(unit, values["year"], values["purpose"], plans.get(key), []))
        because = values["cancelled_because"]
        item = ItemValues(values["month"], values["topic"], lead, values["ledger"] or "", None, because)
        one.lines.append((row, item))
    for one in wanted.values():
        found = _paired(one)
        outcome.lines += [line for line, _ in found]
        if write and any(line.what is not What.SAME for line, _ in found):
            _take_over(one, [values for _, values in found], by)
    return outcome


def _units(bureau_id: uuid.UUID) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for unit in Unit.objects.filter(bureau_id=bureau_id, kind__in=PLANNING_KINDS).order_by("from_on"):
        for word in filter(None, (unit.name, unit.short_name, unit.code)):
            found[word] = unit
    return found


def _all_plans(by: Actor) -> Iterable[Plan]:
    return with_items(Plan.objects.filter(by.reach(MANAGE_PLANS).units()))


def _paired(wanted: _Wanted) -> list[tuple[LineResult, ItemValues]]:
    """Each line with the item it means and what it does to it."""
    free: dict[tuple[int, str], list[PlanItem]] = defaultdict(list)
    for item in wanted.plan.items.all() if wanted.plan else ():
        free[item.month, item.topic].append(item)
    is_adopted_anew = wanted.plan is not None and wanted.adopted_on != wanted.plan.adopted_on
    found = []
    for row, values in wanted.lines:
        same = free[values.month, values.topic]
        what = What.NEW
        if same:
            known = same.pop(0)
            values = replace(  # noqa: PLW2901 - the line with the item it means
                values, id=known.pk, lead=values.lead or known.lead, ledger=values.ledger or known.ledger
            )
            is_same = (
                (known.lead, known.ledger) == (values.lead, values.ledger)
                and values.cancelled_because in {None, known.cancelled_because}
                and not is_adopted_anew
            )
            what = What.SAME if is_same else What.CHANGED
        words = f"{wanted.unit} {wanted.year}年{values.month}月：{values.topic}"
        found.append((LineResult(row.sheet, row.number, what, words), values))
    return found


def _take_over(wanted: _Wanted, items: list[ItemValues], by: Actor) -> None:
    if wanted.plan is None:
        create_plan(
            unit=wanted.unit,
            year=wanted.year,
            purpose=wanted.purpose,
            items=items,
            adopted_on=wanted.adopted_on,
            by=by,
        )
    else:
        change_plan(wanted.plan, name=wanted.plan.name, adopted_on=wanted.adopted_on, items=items, by=by)


def plan_rows(plans: Iterable[Plan]) -> Iterator[Mapping[str, Any]]:
    """A row for each item, as the importer reads it."""
    for plan in plans:
        for item in plan.items.all():
            yield {
                "unit": plan.unit.name,
                "year": plan.year,
                "purpose": plan.purpose,
                "month": item.month,
                "topic": item.topic,
                "lead": f"{item.lead.name}({item.lead.staff_no})" if item.lead else None,
                "ledger": item.ledger or None,
                "cancelled_because": item.cancelled_because or None,
                "adopted_on": plan.adopted_on,
            }


register(
    Importer(
        key="tasks.plans",
        label="计划",
        wanted=MANAGE_PLANS,
        schema=lambda _bureau: PLANS,
        run=run_plans,
        export=lambda by: plan_rows(with_items(plans_of(by, SEE_PLANS))),
        note="一行一个计划项；同一组织、年度、类别、月份、内容视为同一项，重复导入不会重复。",
    )
)
