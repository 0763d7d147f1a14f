"""The table of memberships, in and out."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.permissions import Actor
from qizhi.core.tables.cells import say_rows
from qizhi.core.tables.checks import MISSING, RowCheck
from qizhi.core.tables.problems import BadCell
from qizhi.core.tables.reading import RecordRow, TableReading
from qizhi.core.tables.schema import Column, TableSchema
from qizhi.core.tables.values import Choices, parse_day_or_month, text
from qizhi.org.enums import MemberStatus, UnitKind
from qizhi.org.importers.cells import Days, check_order, find_person, person_name, staff_no
from qizhi.org.importers.units import UnitWords
from qizhi.org.models import Membership, Person, Unit
from qizhi.org.permissions import MANAGE_MEMBERS
from qizhi.org.queries import PeopleIndex
from qizhi.org.services import rows as services

_OTHER_STATUS = {
    **dict.fromkeys(("正式", "党员", "中共党员", "正式党员(有表决权)"), MemberStatus.FULL.value),
    **dict.fromkeys(("预备", "中共预备党员"), MemberStatus.PROBATIONARY.value),
    **dict.fromkeys(("暂无表决权", "留党察看"), MemberStatus.NO_VOTE.value),
}
MEMBERS = TableSchema(
    "memberships",
    "党员组织关系",
    (
        Column(
            key="name",
            label="姓名",
            parse=person_name,
            required=True,
            aliases=("党员姓名", "名字"),
            help="重名时写成 姓名(工号)",
            example="示例甲(0123)",
        ),
        Column(
            key="staff_no",
            label="工号",
            parse=staff_no,
            aliases=("编号", "人员编号", "职工号"),
            help="有这一列时，姓名后面不必再写",
            is_offered=False,
        ),
        Column(
            key="unit",
            is_from_above=True,
            label="党支部",
            parse=text(80),
            aliases=("所在支部", "支部", "所在党支部", "支部名称", "党支部名称", "所属支部", "所属党支部"),
            last_resorts=("党组织", "所在党组织", "组织关系所在支部"),
            help="一张表只有一个支部的，写在标题或工作表名里也行",
        ),
        Column(key="group", label="党小组", parse=text(80), aliases=("所在党小组", "小组", "所在小组")),
        Column(
            key="status",
            label="党员类别",
            parse=Choices(MemberStatus.choices, _OTHER_STATUS),
            aliases=("党员类型", "类别", "党员身份"),
            last_resorts=("政治面貌", "人员类别"),
        ),
        Column(
            key="regular_on",
            label="转正时间",
            parse=parse_day_or_month,
            aliases=("转正日期", "转为正式党员时间", "转正"),
            help="没有党员类别的，有转正时间的是正式党员",
            is_offered=False,
        ),
        Column(
            key="from_on",
            label="起始日期",
            parse=parse_day_or_month,
            aliases=(
                "转入日期",
                "转入时间",
                "编入支部时间",
                "到支部时间",
                "转入支部时间",
                "转入本支部时间",
            ),
            help="哪天起在这个支部；只知道月份的按当月1日，留空则自导入之日起",
            example="2015-07-01",
        ),
        Column(
            key="to_on",
            label="截止日期",
            parse=parse_day_or_month,
            aliases=("转出日期", "转出时间"),
            help="仍在的留空",
        ),
    ),
)


@dataclass
class _Books:
    """What the rows are held against, read once; `held` is kept up to date so that later rows see it."""

    by: Actor
    today: dt.date
    index: PeopleIndex
    units: UnitWords
    days: Days
    held: dict[uuid.UUID, list[Membership]]
    from_today: list[int] = field(default_factory=list)

    @classmethod
    def load(cls, by: Actor) -> _Books:
        held: dict[uuid.UUID, list[Membership]] = {}
        for member in Membership.objects.filter(bureau_id=by.bureau_id).order_by("from_on"):
            held.setdefault(member.person_id, []).append(member)
        return cls(by, clock.today(), PeopleIndex(by.bureau_id), UnitWords(by.bureau_id), Days(), held)

    def notes(self) -> list[str]:
        """What was understood rather than read."""
        notes = [*self.units.say_guesses(), *self.days.notes()]
        if self.from_today:
            rows = say_rows(self.from_today)
            notes.append(
                f"没有写起始日期的（{rows}），组织关系自今天（{self.today}）起登记；"
                "要让以前的活动也对得上名册，请加一列“起始日期”。"
            )
        return notes


def run_members(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Add memberships; person, branch and first day say which row is which."""
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    books = _Books.load(by)
    # In the order of days, so that a transfer finds what it ends; told in the order of the file.
    for row in sorted(reading.all_rows, key=lambda row: _first_day(row) or books.today):
        check = outcome.check(row)
        wanted = _wanted_membership(check, books)
        held = check.take(_held, wanted, books)
        what = check.last(_membership_step, wanted, held, by, write=write)
        if check.is_sound:
            words = (
                f"{row.values['name']} → {wanted.unit}（{wanted.get_status_display()}，自{wanted.from_on}）"
            )
            outcome.lines.append(LineResult(row.sheet, row.number, what, words))
    outcome.arrange(reading)
    outcome.notes += books.notes()
    return outcome


def _first_day(row: RecordRow) -> dt.date | None:
    found = None if row.is_flawed else row.values["from_on"]
    return found.first_day if found else None


def _held(wanted: Membership, books: _Books) -> list[Membership]:
    return books.held.setdefault(wanted.person_id, [])


def _wanted_membership(check: RowCheck, books: _Books) -> Membership:
    """What a row asks for, if nothing is wrong with it."""
    row = check.row
    person = check.take(find_person, row.values, books.index)
    unit = check.take(_unit, row, books)
    group = check.take(_group, row, unit, books)
    status = check.take(_status, row.values)
    here = check.take(_here, person, unit, books)
    start = check.take(_start, row, [] if check["from_on"] and here is MISSING else here, books)
    end = check.take(books.days.day, row, "to_on", "截止日期")
    check.take(check_order, start, end)
    check.take(_exists, unit, start)
    check.take(_is_free, person, start, end, books)
    return check.last(
        Membership,
        bureau_id=books.by.bureau_id,
        person=person,
        unit=unit,
        group=group,
        status=status,
        from_on=start,
        to_on=end,
    )


def _exists(unit: Unit, start: dt.date) -> None:
    if start < unit.from_on or (unit.to_on and start > unit.to_on):
        span = f"{unit.from_on} 成立" + (f"，{unit.to_on} 撤销" if unit.to_on else "")
        raise BadCell("from_on", f"“{unit}”在 {start} 不存在（{span}）", "核对日期，或在组织页更正成立日期")


def _unit(row: RecordRow, books: _Books) -> Unit:
    if row.values["unit"]:
        return _find(books, "unit", row, UnitKind.BRANCH)
    around = books.units.around(row)
    if around is None or around.kind != UnitKind.BRANCH:
        fix = "加一列“党支部”；一张表只有一个支部的，把支部写在标题或工作表名里也行"
        raise BadCell("unit", "没有写明是哪个党支部", fix)
    return around


def _group(row: RecordRow, unit: Unit, books: _Books) -> Unit | None:
    """The group of that name in the branch: most branches have a first one."""
    word = row.values["group"]
    if not word:
        return None
    try:
        group = books.units.find(f"{unit.name}{word}", UnitKind.GROUP, row=row.number)
    except Refused:
        group = _find(books, "group", row, UnitKind.GROUP)
    if group.parent_id != unit.pk:
        raise BadCell("group", f"“{group}”不属于“{unit}”")
    return group


def _find(books: _Books, key: str, row: RecordRow, kind: str) -> Unit:
    try:
        return books.units.find(row.values[key], kind, row=row.number)
    except Refused as problem:
        raise BadCell.of(key, problem) from None


def _status(values: Mapping[str, Any]) -> str:
    if values["status"]:
        status: str = values["status"]
        return status
    if values["regular_on"]:
        return MemberStatus.FULL
    raise BadCell("status", "没有写明是正式党员还是预备党员", "加一列“党员类别”，填 正式党员 或 预备党员")


def _here(person: Person, unit: Unit, books: _Books) -> list[dt.date]:
    """The first days of what is held in the same branch."""
    return [known.from_on for known in books.held.get(person.pk, ()) if known.unit_id == unit.pk]


def _start(row: RecordRow, here: list[dt.date], books: _Books) -> dt.date:
    """The day written; without one that of the membership in the same branch, else today."""
    given = row.values["from_on"]
    if given is not None:
        known = [day for day in here if given.first_day <= day <= given.last_day]
        day = books.days.day(row, "from_on", "起始日期", known[0] if known else None)
        return day or given.first_day
    if here:
        return here[-1]
    books.from_today.append(row.number)
    return books.today


def _is_free(person: Person, start: dt.date, end: dt.date | None, books: _Books) -> None:
    """No other membership holds on these days, but for the one that this one ends."""
    held = books.held.get(person.pk, [])
    if any(row.from_on == start for row in held):
        return
    before, days = _before(start, held), Membership(from_on=start, to_on=end)
    if clash := next((row for row in held if row is not before and row.overlaps(days)), None):
        span = f"{clash.from_on} 至 {clash.to_on or '今'}"
        raise BadCell("from_on", f"与已有的组织关系（{span}）重叠", "核对起止日期")


def _before(start: dt.date, held: list[Membership]) -> Membership | None:
    return next((row for row in held if row.to_on is None and row.from_on < start), None)


def _membership_step(wanted: Membership, held: list[Membership], by: Actor, *, write: bool) -> What:
    """Insert, close, or leave alone; `held` is kept up to date so that later rows see it."""
    same = next((row for row in held if row.from_on == wanted.from_on), None)
    if same is not None:
        return _meet_same(same, wanted, held, by, write=write)
    before = _before(wanted.from_on, held)
    if before is not None:
        if write:
            services.end_row(before, last_day=wanted.from_on - services.DAY, by=by)
        before.to_on = wanted.from_on - services.DAY
    held.append(wanted)
    if write:
        wanted.save(force_insert=True)
        audit.record("org.import_membership", wanted, by=by)
    return What.NEW


def _meet_same(
    known: Membership, wanted: Membership, held: list[Membership], by: Actor, *, write: bool
) -> What:
    is_equal = (known.unit_id, known.status) == (wanted.unit_id, wanted.status)
    # A roster without groups says nothing about them.
    is_equal = is_equal and wanted.group_id in {None, known.group_id}
    if not is_equal:
        raise BadCell("unit", f"同一天起已有不同的组织关系（{known.unit}）", "在人员页更正原记录")
    if wanted.to_on in {None, known.to_on}:
        return What.SAME
    if clash := next((row for row in held if row is not known and row.overlaps(wanted)), None):
        span = f"{clash.from_on} 至 {clash.to_on or '今'}"
        raise BadCell("to_on", f"与之后的组织关系（{span}）重叠", "核对截止日期，或先在人员页更正那条记录")
    if write:
        services.end_row(known, last_day=wanted.to_on, by=by)
    known.to_on = wanted.to_on
    return What.CHANGED


def export_members(by: Actor) -> Iterable[Mapping[str, Any]]:
    """Every membership there ever was."""
    rows = Membership.objects.filter(bureau_id=by.bureau_id).select_related("person", "unit", "group")
    for row in rows.order_by("person__staff_no", "from_on"):
        yield {
            "name": f"{row.person.name}({row.person.staff_no})",
            "unit": row.unit.name,
            "group": row.group.name if row.group else None,
            "status": row.status,
            "from_on": row.from_on,
            "to_on": row.to_on,
        }


register(
    Importer(
        key="org.memberships",
        label="党员组织关系",
        wanted=MANAGE_MEMBERS,
        schema=lambda _bureau: MEMBERS,
        run=run_members,
        export=export_members,
        note="转入新支部时，原支部的关系自动在前一天截止。",
    )
)
