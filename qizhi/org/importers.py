"""Tables of people and of memberships, in and out."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.permissions import Actor
from qizhi.core.tables.cells import CellValue
from qizhi.core.tables.reading import RecordRow, TableReading
from qizhi.core.tables.schema import Column, TableSchema
from qizhi.core.tables.values import Choices, integer, parse_day, parse_name, text
from qizhi.core.tables.values.plain import as_text, compact
from qizhi.org.enums import Gender, MemberStatus, Rank, UnitKind
from qizhi.org.models import Membership, Person, Placement, RankTenure, Unit
from qizhi.org.permissions import MANAGE_MEMBERS, MANAGE_PEOPLE
from qizhi.org.queries import PeopleIndex
from qizhi.org.services import people as services


def _staff_no(raw: CellValue) -> str:
    """Full-width digits and blanks inside are the typist's, not the number's."""
    return text(20)(compact(as_text(raw)))


PEOPLE = TableSchema(
    "people",
    "人员",
    (
        Column(
            key="staff_no",
            label="工号",
            parse=_staff_no,
            required=True,
            aliases=("编号", "人员编号"),
            example="0123",
        ),
        Column(key="name", label="姓名", parse=parse_name, required=True, example="示例甲"),
        Column(key="gender", label="性别", parse=Choices(Gender.choices)),
        Column(key="birth_year", label="出生年份", parse=integer(1900, 2100), example="1985"),
        Column(
            key="entered_on",
            label="到岗日期",
            parse=parse_day,
            aliases=("入职日期", "参加工作日期"),
            example="2015-03-01",
        ),
        Column(key="left_on", label="离岗日期", parse=parse_day, aliases=("离职日期",)),
        Column(
            key="department", label="处室", parse=text(80), aliases=("部门", "所在处室"), example="示例处"
        ),
        Column(
            key="department_from",
            label="处室起始日期",
            parse=parse_day,
            help="换了处室时必填；新登记的人默认自到岗日期起",
        ),
        Column(key="rank", label="职级", parse=Choices(Rank.choices)),
        Column(
            key="rank_from",
            label="职级起始日期",
            parse=parse_day,
            help="职级变动时必填；新登记的人默认自到岗日期起",
        ),
    ),
)
MEMBERS = TableSchema(
    "memberships",
    "党员组织关系",
    (
        Column(
            key="name",
            label="姓名",
            parse=text(60),
            required=True,
            help="重名时写成 姓名(工号)",
            example="示例甲(0123)",
        ),
        Column(key="unit", label="党支部", parse=text(80), required=True, aliases=("所在支部", "支部")),
        Column(key="group", label="党小组", parse=text(80)),
        Column(
            key="status",
            label="党员类别",
            parse=Choices(MemberStatus.choices, {"正式": "full", "预备": "probationary"}),
            required=True,
        ),
        Column(
            key="from_on",
            label="起始日期",
            parse=parse_day,
            required=True,
            aliases=("转入日期",),
            example="2015-07-01",
        ),
        Column(key="to_on", label="截止日期", parse=parse_day, aliases=("转出日期",), help="仍在的留空"),
    ),
)
OWN_FIELDS = ("name", "gender", "birth_year", "entered_on", "left_on")


class _Units:
    """Units by name, short name and code."""

    def __init__(self, bureau_id: uuid.UUID) -> None:
        self._known: dict[str, Unit] = {}
        for unit in Unit.objects.filter(bureau_id=bureau_id).order_by("from_on"):
            for word in filter(None, (unit.name, unit.short_name, unit.code)):
                self._known[word] = unit

    def find(self, word: str, *kinds: str) -> Unit:
        unit = self._known.get(word)
        if unit is None or unit.kind not in kinds:
            labels = "或".join(str(UnitKind(kind).label) for kind in kinds)
            message = f"没有名为“{word}”的{labels}，请核对名称，或先建立组织"
            raise Refused(message)
        return unit


def run_people(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Add people and bring known ones up to date; the staff number says who is who."""
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    index, units = PeopleIndex(by.bureau_id), _Units(by.bureau_id)
    placed = {
        row.person_id: row for row in Placement.objects.on(clock.today()).filter(bureau_id=by.bureau_id)
    }
    ranked = {
        row.person_id: row for row in RankTenure.objects.on(clock.today()).filter(bureau_id=by.bureau_id)
    }
    seen: set[str] = set()
    for row in reading.rows:
        values = row.values
        if values["staff_no"] in seen:
            outcome.errors.append(row.error("staff_no", "这个工号在表中出现了两次", "一人只留一行"))
            continue
        seen.add(values["staff_no"])
        known = index.by_number(values["staff_no"])
        try:
            steps = _person_steps(row, known, units, placed, ranked)
        except _BadCell as problem:
            outcome.errors.append(row.error(problem.key, problem.reason, problem.fix))
            continue
        what = What.NEW if known is None else What.CHANGED if steps else What.SAME
        outcome.lines.append(
            LineResult(row.sheet, row.number, what, f"{values['name']}（{values['staff_no']}）")
        )
        if write and steps:
            _write_person(values, known, steps, by)
    return outcome


class _BadCell(Exception):  # noqa: N818 - private, carries a cell's error
    def __init__(self, key: str, reason: str, fix: str = "") -> None:
        super().__init__(reason)
        self.key, self.reason, self.fix = key, reason, fix


def _person_steps(
    row: RecordRow,
    known: Person | None,
    units: _Units,
    placed: Mapping[uuid.UUID, Placement],
    ranked: Mapping[uuid.UUID, RankTenure],
) -> dict[str, Any]:
    """What has to be written for a row: own fields, department, rank; empty when nothing changes."""
    values = row.values
    given = {name: values[name] for name in OWN_FIELDS if values[name] is not None}
    if known is not None and known.name != values["name"]:
        raise _BadCell(
            "name", f"工号 {values['staff_no']} 已登记为“{known.name}”", "核对工号；确需改名请在人员页更正"
        )
    steps: dict[str, Any] = {}
    if known is None or any(getattr(known, name) != value for name, value in given.items()):
        steps["fields"] = given
    if values["department"]:
        steps |= _department_step(values, known, units, placed)
    current = ranked.get(known.pk) if known else None
    if values["rank"] and (current is None or current.rank != values["rank"]):
        steps["rank"] = (values["rank"], _start(values, "rank_from", known, "职级"))
    return steps


def _department_step(
    values: Mapping[str, Any], known: Person | None, units: _Units, placed: Mapping[uuid.UUID, Placement]
) -> dict[str, Any]:
    try:
        unit = units.find(values["department"], UnitKind.DEPARTMENT, UnitKind.BUREAU)
    except Refused as problem:
        raise _BadCell("department", problem.message) from None
    current = placed.get(known.pk) if known else None
    if current is not None and current.unit_id == unit.pk:
        return {}
    start = _start(values, "department_from", known, "处室")
    if start < unit.from_on:
        raise _BadCell("department_from", f"“{unit}”在 {start} 还没有成立（{unit.from_on} 成立）")
    return {"department": (unit, start)}


def _start(values: Mapping[str, Any], key: str, known: Person | None, label: str) -> dt.date:
    start = values[key] or (values["entered_on"] if known is None else None)
    if not isinstance(start, dt.date):
        raise _BadCell(
            key, f"{label}有变动，但没有写起始日期", f"填写{label}起始日期" if known else "填写到岗日期"
        )
    return start


def _write_person(
    values: Mapping[str, Any], known: Person | None, steps: Mapping[str, Any], by: Actor
) -> None:
    if known is None:
        person = services.add_person(values={"staff_no": values["staff_no"], **steps["fields"]}, by=by)
    else:
        person = known
        if "fields" in steps:
            kept = {name: getattr(known, name) for name in OWN_FIELDS}
            services.correct_person(
                known, values={"staff_no": known.staff_no, **kept, **steps["fields"]}, by=by
            )
    if "department" in steps:
        unit, start = steps["department"]
        services.place(person=person, unit=unit, from_on=start, by=by)
    if "rank" in steps:
        rank, start = steps["rank"]
        services.set_rank(person=person, rank=rank, from_on=start, by=by)


def run_members(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Add memberships; person, branch and first day say which row is which."""
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    index, units = PeopleIndex(by.bureau_id), _Units(by.bureau_id)
    held: dict[uuid.UUID, list[Membership]] = {}
    for member in Membership.objects.filter(bureau_id=by.bureau_id).order_by("from_on"):
        held.setdefault(member.person_id, []).append(member)
    for row in sorted(reading.rows, key=lambda row: row.values["from_on"]):
        try:
            wanted = _wanted_membership(row.values, index, units, by)
            what = _membership_step(wanted, held.setdefault(wanted.person_id, []), by, write=write)
        except _BadCell as problem:
            outcome.errors.append(row.error(problem.key, problem.reason, problem.fix))
            continue
        words = f"{row.values['name']} → {wanted.unit}（{wanted.get_status_display()}，自{wanted.from_on}）"
        outcome.lines.append(LineResult(row.sheet, row.number, what, words))
    return outcome


def _wanted_membership(values: Mapping[str, Any], index: PeopleIndex, units: _Units, by: Actor) -> Membership:
    keys = (
        ("name", index.find, ()),
        ("unit", units.find, (UnitKind.BRANCH,)),
        ("group", units.find, (UnitKind.GROUP,)),
    )
    found: dict[str, Any] = {}
    for key, find, kinds in keys:
        try:
            found[key] = find(values[key], *kinds) if values[key] else None
        except Refused as problem:
            raise _BadCell(key, problem.message) from None
    unit, group, start = found["unit"], found["group"], values["from_on"]
    if group is not None and group.parent_id != unit.pk:
        raise _BadCell("group", f"“{group}”不属于“{unit}”")
    if values["to_on"] and values["to_on"] < start:
        raise _BadCell("to_on", "截止日期早于起始日期")
    if start < unit.from_on or (unit.to_on and start > unit.to_on):
        raise _BadCell("from_on", f"“{unit}”在 {start} 不存在（{unit.from_on} 成立）")
    return Membership(
        bureau_id=by.bureau_id,
        person=found["name"],
        unit=unit,
        group=group,
        status=values["status"],
        from_on=start,
        to_on=values["to_on"],
    )


def _membership_step(wanted: Membership, held: list[Membership], by: Actor, *, write: bool) -> What:
    """Insert, close, or leave alone; `held` is kept up to date so that later rows see it."""
    same = next((row for row in held if row.from_on == wanted.from_on), None)
    if same is not None:
        return _meet_same(same, wanted, by, write=write)
    before = next((row for row in held if row.to_on is None and row.from_on < wanted.from_on), None)
    others = [row for row in held if row is not before]
    if clash := next((row for row in others if _overlap(row, wanted)), None):
        span = f"{clash.from_on} 至 {clash.to_on or '今'}"
        raise _BadCell("from_on", f"与已有的组织关系（{span}）重叠", "核对起止日期")
    if before is not None:
        if write:
            services.end_row(before, last_day=wanted.from_on - services.DAY, by=by)
        before.to_on = wanted.from_on - services.DAY
    held.append(wanted)
    if write:
        wanted.save(force_insert=True)
        audit.record("org.import_membership", wanted, by=by)
    return What.NEW


def _meet_same(known: Membership, wanted: Membership, by: Actor, *, write: bool) -> What:
    is_equal = (known.unit_id, known.group_id, known.status) == (
        wanted.unit_id,
        wanted.group_id,
        wanted.status,
    )
    if not is_equal:
        raise _BadCell("unit", f"同一天起已有不同的组织关系（{known.unit}）", "在人员页更正原记录")
    if wanted.to_on in {None, known.to_on}:
        return What.SAME
    if write:
        services.end_row(known, last_day=wanted.to_on, by=by)
    known.to_on = wanted.to_on
    return What.CHANGED


def _overlap(one: Membership, other: Membership) -> bool:
    ends_before = one.to_on is not None and one.to_on < other.from_on
    return not ends_before and (other.to_on is None or other.to_on >= one.from_on)


def export_people(by: Actor) -> Iterator[Mapping[str, Any]]:
    """Everybody, with the department and rank of today."""
    today = clock.today()
    placed = {
        r.person_id: r
        for r in Placement.objects.on(today).filter(bureau_id=by.bureau_id).select_related("unit")
    }
    ranked = {r.person_id: r for r in RankTenure.objects.on(today).filter(bureau_id=by.bureau_id)}
    for person in Person.objects.filter(bureau_id=by.bureau_id).order_by("staff_no"):
        place, rank = placed.get(person.pk), ranked.get(person.pk)
        yield {
            "staff_no": person.staff_no,
            "gender": person.gender or None,
            **{name: getattr(person, name) for name in OWN_FIELDS if name != "gender"},
            "department": place.unit.name if place else None,
            "department_from": place.from_on if place else None,
            "rank": rank.rank if rank else None,
            "rank_from": rank.from_on if rank else None,
        }


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
        key="org.people",
        label="人员",
        wanted=MANAGE_PEOPLE,
        schema=lambda _bureau: PEOPLE,
        run=run_people,
        export=export_people,
        note="按工号识别；已有的人更新，没有的人新增。",
    )
)
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
