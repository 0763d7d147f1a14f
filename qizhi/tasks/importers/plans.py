"""The table of plans, in and out: one row an item."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.permissions import Actor
from qizhi.core.tables import BadCell, BadValue, Column, RecordRow, TableReading, TableSchema
from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.values import Choices, integer, parse_day, text
from qizhi.core.tables.values.plain import as_text, compact, narrow, shorten
from qizhi.org.importers.units import UnitWords
from qizhi.org.models import Person, Unit
from qizhi.org.queries import PeopleIndex
from qizhi.tasks.enums import PURPOSES_OF, STUDY_PURPOSES, Deed, Purpose
from qizhi.tasks.models import Plan, PlanItem
from qizhi.tasks.permissions import MANAGE_PLANS, SEE_PLANS
from qizhi.tasks.queries import PLANNING_KINDS, plans_of, with_items
from qizhi.tasks.services import ItemValues, change_plan, check_plan, create_plan

_YEAR = re.compile(r"((?:19|20)[0-9]{2})\s*年")
_MONTH_FIRST = re.compile(
    r"(?:(?:19|20)[0-9]{2}[年./-])?([0-9]{1,2}|[一二三四五六七八九十]{1,2})月?(?:份|[上中下]旬|初|底)?"
)


_SPAN = re.compile(r"[0-9]{1,2}月?(?:份)?[-~至到]([0-9]{1,2})月?(?:份|底)?")
_QUARTERS = ("一1", "二2", "三3", "四4")
_SPANS = {
    **{
        f"{word}季度": 3 * number
        for number, words in enumerate(("一1", "二2", "三3", "四4"), 1)
        for word in words
    },
    **dict.fromkeys(("上半年", "半年"), 6),
    **dict.fromkeys(("下半年", "全年", "年底", "年末", "年内"), 12),
}

_EVERY = re.compile(r"(?:每|各)(?:个)?(?:月|季度?)(?:[一1]次)?|按月|逐月|按季度?")


def _month(raw: CellValue) -> int:
    """3, 三月份, 2018年3月, 3月上旬, a date in the month; of a span the last month, when it must be done."""
    if isinstance(raw, dt.date):
        return raw.month
    word = compact(as_text(raw))
    if (last := _SPANS.get(word.removeprefix("第"))) is not None:
        return last
    if _EVERY.fullmatch(word):
        raise BadValue(f"“{shorten(word)}”不是一个月份", "每个月各写一行；一年里做完就行的，写 全年")
    match = _SPAN.fullmatch(word) or _MONTH_FIRST.fullmatch(word)
    try:
        return integer(1, 12)(match[1] if match else raw)
    except BadValue as problem:
        raise BadValue(problem.reason, "请填一个月份，例如 3；跨几个月的，填完成的那个月") from None


PLANS = TableSchema(
    "plans",
    "计划",
    (
        Column(
            key="unit",
            is_from_above=True,
            label="组织",
            parse=text(80),
            aliases=("党支部", "支部", "支部名称", "党组织", "组织名称"),
            last_resorts=("单位",),
            help="一张表只有一个组织的，写在标题或工作表名里也行",
            width=20,
        ),
        Column(
            key="year",
            is_from_above=True,
            label="年度",
            parse=integer(2000, 2100),
            aliases=("年份",),
            help="也可以只写在标题里，如“2018年度学习计划”",
            example="2018",
        ),
        Column(
            key="purpose",
            label="类别",
            parse=Choices(Purpose.choices, {"支部计划": "branch_study", "中心组计划": "centre_study"}),
            aliases=("计划类别",),
            help="留空则支部是支部学习计划，中心组是中心组学习计划",
            width=16,
        ),
        Column(
            key="month",
            is_from_above=True,
            label="月份",
            parse=_month,
            required=True,
            help="跨几个月的（第二季度、4-6月）按最后一个月",
            aliases=("时间", "学习时间", "计划时间", "完成时间", "时间安排", "月", "学习月份", "计划月份"),
            example="3",
        ),
        Column(
            key="topic",
            label="内容",
            parse=text(200),
            required=True,
            aliases=("学习内容", "主题", "专题", "学习专题", "学习主题", "活动内容", "工作内容", "计划内容"),
            last_resorts=("主要内容", "题目", "议题"),
            width=40,
        ),
        Column(
            key="lead",
            label="牵头人",
            parse=text(60),
            aliases=("负责人", "责任人", "牵头领导", "主讲人", "重点发言人", "领学人", "组织者"),
            help="重名时写成 姓名(工号)",
            width=16,
        ),
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
    people, units = PeopleIndex(by.bureau_id), UnitWords(by.bureau_id, PLANNING_KINDS)
    plans = {(p.unit_id, p.year, p.purpose): p for p in _all_plans(by)}
    wanted: dict[PlanKey, _Wanted] = {}
    for row in reading.all_rows:
        check = outcome.check(row)
        unit = check.take(_unit, row, units)
        check.take(_may_plan, unit, by)
        year, purpose = check.take(_year, row), check.take(_purpose, row, unit)
        check.take(_check, unit, year, purpose, plans)
        lead = check.take(_lead, check["lead"], people)
        if not check.is_sound:
            continue
        key, values = (unit.pk, year, purpose), row.values
        one = wanted.setdefault(key, _Wanted(unit, year, purpose, plans.get(key), []))
        because = values["cancelled_because"]
        item = ItemValues(values["month"], values["topic"], lead, values["ledger"] or "", None, because)
        one.lines.append((row, item))
    outcome.notes += units.say_guesses()
    for one in wanted.values():
        found = _paired(one)
        outcome.lines += [line for line, _ in found]
        if write and any(line.what is not What.SAME for line, _ in found):
            _take_over(one, [values for _, values in found], by)
    return outcome


def _may_plan(unit: Unit, by: Actor) -> None:
    if not by.may(MANAGE_PLANS, unit.pk, unit.path):
        raise BadCell("unit", f"“{unit}”的计划不由您编制", "核对名称，或请政工处导入")


def _year(row: RecordRow) -> int:
    """The year of the plan: what the row leaves open, the sheet and the title say."""
    year: int | None = row.values["year"]
    if year is None:
        years = set(_YEAR.findall(narrow(f"{row.sheet}\n{row.above}")))
        if len(years) != 1:
            fix = "加一列“年度”，或写在标题里，如“2018年度学习计划”"
            raise BadCell("year", "没有写明是哪一年的计划", fix)
        year = int(years.pop())
    return year


def _purpose(row: RecordRow, unit: Unit) -> str:
    purpose: str | None = row.values["purpose"]
    if purpose is None:
        fitting = [one for one in STUDY_PURPOSES if unit.kind in PURPOSES_OF[one]]
        if not fitting:
            raise BadCell("purpose", f"没有写明是“{unit}”的哪一种计划", "加一列“类别”")
        purpose = str(fitting[0].value)
    return purpose


def _unit(row: RecordRow, units: UnitWords) -> Unit:
    word = row.values["unit"]
    try:
        unit = units.find(word, row=row.number) if word else units.around(row)
    except Refused as problem:
        raise BadCell.of("unit", problem) from None
    if unit is None:
        raise BadCell("unit", "没有写明是哪个组织的计划", "加一列“组织”，或写在标题或工作表名里")
    return unit


def _check(unit: Unit, year: int, purpose: str, plans: Mapping[PlanKey, Plan]) -> None:
    if (unit.pk, year, purpose) in plans:
        return
    try:
        check_plan(unit=unit, year=year, purpose=purpose)
    except Refused as problem:
        raise BadCell(problem.field or "unit", problem.message.rstrip("。")) from None


def _lead(word: str | None, people: PeopleIndex) -> Person | None:
    try:
        return people.find(word) if word else None
    except Refused as problem:
        told = BadCell.of("lead", problem)
        raise BadCell("lead", told.reason, f"{told.fix}；不是一个人的（如各党小组），这一格留空") from None


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
