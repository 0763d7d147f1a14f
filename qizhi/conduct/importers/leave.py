"""The table of leave, in and out: one row a leave that was approved, with its return."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qizhi.conduct.enums import LeaveStatus
from qizhi.conduct.models import LeaveRequest
from qizhi.conduct.permissions.leave import REGISTER_LEAVE
from qizhi.conduct.rules.leave import Spell
from qizhi.conduct.services.leave import register_return
from qizhi.conduct.services.leave_import import PastLeave, record_past_leave
from qizhi.core import clock
from qizhi.core.imports import Importer, LineResult, Outcome, What, register
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.tables import MISSING, BadCell, Column, RecordRow, RowCheck, TableReading, TableSchema
from qizhi.core.tables.values import Choices, parse_day, text
from qizhi.org.enums import LeaveKind
from qizhi.org.models import Leave, Person
from qizhi.org.queries import PeopleIndex

_OTHER_KINDS = {
    **dict.fromkeys(("年假", "休假", "公休", "公休假", "带薪年休假"), LeaveKind.ANNUAL.value),
    **dict.fromkeys(("病", "因病", "住院"), LeaveKind.SICK.value),
    **dict.fromkeys(("事", "因事"), LeaveKind.PERSONAL.value),
    **dict.fromkeys(("生育假", "陪产假", "哺乳假"), LeaveKind.MATERNITY.value),
    **dict.fromkeys(("借调", "外派", "挂职"), LeaveKind.SECONDMENT.value),
    **dict.fromkeys(("出差", "公出", "因公外出"), LeaveKind.DUTY.value),
    **dict.fromkeys(("婚假", "丧假", "探亲假", "其他"), LeaveKind.OTHER.value),
}
LEAVES = TableSchema(
    "leaves",
    "请销假",
    (
        Column(
            key="person",
            label="姓名",
            parse=text(60),
            required=True,
            aliases=("请假人", "请假人员", "人员", "职工姓名"),
            help="重名时写成 姓名(工号)",
            width=16,
        ),
        Column(
            key="kind",
            label="假别",
            parse=Choices(LeaveKind.choices, _OTHER_KINDS),
            required=True,
            aliases=("请假类别", "请假类型", "类别", "事由", "请假事由"),
            width=14,
        ),
        Column(
            key="from_on",
            label="第一天",
            parse=parse_day,
            required=True,
            aliases=("请假起始日期", "请假起始时间", "请假开始日期", "请假开始时间", "休假开始日期"),
            example="2018-01-08",
            width=14,
        ),
        Column(
            key="to_on",
            label="最后一天",
            parse=parse_day,
            required=True,
            aliases=("请假截止日期", "请假截止时间", "请假结束日期", "请假结束时间", "休假结束日期"),
            example="2018-01-10",
            width=14,
        ),
        Column(
            key="decided_by",
            label="批准人",
            parse=text(60),
            aliases=("审批人", "批准领导", "审批领导", "签批领导"),
            help="系统里没有的人留空",
            width=16,
        ),
        Column(
            key="decided_on",
            label="批准日期",
            parse=parse_day,
            aliases=("审批日期", "批准时间", "审批时间"),
            width=14,
        ),
        Column(
            key="returned_on",
            label="销假日期",
            parse=parse_day,
            aliases=("返岗日期", "返岗时间", "销假时间", "上班日期"),
            help="回来上班的那一天",
            width=14,
        ),
        Column(key="note", label="说明", parse=text(100), aliases=("备注",), width=24),
        Column(
            key="status",
            label="状态",
            parse=text(20),
            aliases=("请假状态",),
            help="导出时写明；导入时不读，按日期判断",
            width=12,
        ),
    ),
)


@dataclass
class _Books:
    """What the rows are held against, read once."""

    people: PeopleIndex
    leaves: dict[uuid.UUID, list[Leave]] = field(default_factory=lambda: defaultdict(list))
    requested: dict[tuple[uuid.UUID, str, dt.date, dt.date], LeaveRequest] = field(default_factory=dict)

    @classmethod
    def load(cls, bureau_id: uuid.UUID) -> _Books:
        books = cls(PeopleIndex(bureau_id))
        for row in Leave.objects.filter(bureau_id=bureau_id).order_by():
            books.leaves[row.person_id].append(row)
        gone = (LeaveStatus.CANCELLED, LeaveStatus.REFUSED)
        for one in LeaveRequest.objects.filter(bureau_id=bureau_id).exclude(status__in=gone):
            books.requested[one.person_id, one.kind, one.from_on, one.to_on] = one
        return books


def run_leaves(reading: TableReading, by: Actor, *, write: bool) -> Outcome:
    """Take over leave of the past, and returns of what is there; all else stays, overlaps are errors."""
    outcome = Outcome(errors=list(reading.errors), notes=list(reading.notes))
    books = _Books.load(by.bureau_id)
    for row in reading.all_rows:
        check = outcome.check(row)
        past = _read(check, books)
        found = check.take(_known, past, books)
        if not check.is_sound:
            continue
        what, known = found
        said = f"{past.person} {LeaveKind(past.kind).label} {past.days.label}{_beside(past, known)}"
        outcome.lines.append(LineResult(row.sheet, row.number, what, said))
        if what is What.NEW:
            _remember(past, books)
            if write:
                record_past_leave(past, by=by)
        elif what is What.CHANGED and known is not None and past.returned_on and write:
            register_return(known, returned_on=past.returned_on, by=by)
    return outcome


def _read(check: RowCheck, books: _Books) -> PastLeave:
    """A row as a leave; MISSING where something that it needs is wrong."""
    row = check.row
    days = check.take(_days, row)
    returned_on = check.take(_returned_on, row)
    person = check.take(books.people.find, check["person"], on="person")
    decider = check["decided_by"] and check.take(books.people.find, check["decided_by"], on="decided_by")
    check.take(_is_other, person, decider)
    return check.take(
        PastLeave,
        person=person,
        kind=check["kind"],
        days=days,
        decided_by=None if decider is MISSING else decider,
        decided_on=row.values.get("decided_on"),
        returned_on=returned_on,
        note=row.values.get("note") or "",
    )


def _days(row: RecordRow) -> Period:
    if row.values["to_on"] < row.values["from_on"]:
        raise BadCell("to_on", "最后一天早于第一天", "核对日期")
    return Period(row.values["from_on"], row.values["to_on"])


def _returned_on(row: RecordRow) -> dt.date | None:
    day: dt.date | None = row.values["returned_on"]
    if day and day > clock.today():
        raise BadCell("returned_on", "销假日期在今天之后", "还没有回来上班的空着")
    if day and day <= row.values["from_on"]:
        raise BadCell("returned_on", "销假日期不在请假第一天之后", "没有休的请从表中删去")
    return day


def _is_other(person: Person, decider: Person | None) -> None:
    if decider is not None and decider.pk == person.pk:
        raise BadCell("decided_by", "批准人是请假人自己", "写明是谁批准的")


def _known(past: PastLeave, books: _Books) -> tuple[What, LeaveRequest | None]:
    """What a row does, and the leave that it means where that is there."""
    known = books.requested.get((past.person.pk, past.kind, past.days.start, past.days.end))
    if known is not None:
        is_back = past.returned_on is not None and known.status == LeaveStatus.APPROVED
        return (What.CHANGED if is_back else What.SAME), known
    taken = past.taken
    for row in books.leaves[past.person.pk]:
        is_same = (row.kind, row.from_on, row.to_on) == (past.kind, taken.start, taken.end)
        if is_same and row.pk not in {one.leave_id for one in books.requested.values()}:
            return What.SAME, None
        if Spell(row.kind, row.from_on, row.to_on).within(taken):
            end = row.to_on or "今"
            raise BadCell("from_on", f"与{row.from_on}至{end}的{row.get_kind_display()}重叠", "核对日期")
    return What.NEW, None


def _beside(past: PastLeave, known: LeaveRequest | None) -> str:
    """Chinese: where the ledger says something else than what is there and stays."""
    if known is None:
        return ""
    if known.status == LeaveStatus.REQUESTED:
        return "；系统里还在待批，由审批人批复"
    if past.returned_on and known.returned_on and past.returned_on != known.returned_on:
        return f"；系统里是{known.returned_on}销假，表里的{past.returned_on}没有采用"
    return (
        f"；补登销假{past.returned_on}" if known.status == LeaveStatus.APPROVED and past.returned_on else ""
    )


def _remember(past: PastLeave, books: _Books) -> None:
    """A row further down may not overlap this one either."""
    taken = past.taken
    row = Leave(person=past.person, kind=past.kind, from_on=taken.start, to_on=taken.end)
    books.leaves[past.person.pk].append(row)
    key = (past.person.pk, past.kind, past.days.start, past.days.end)
    # What a row further down says of the return is no other: the first one counts.
    values = {"status": LeaveStatus.RETURNED, "returned_on": past.returned_on}
    books.requested[key] = LeaveRequest(person=past.person, kind=past.kind, leave=row, **values)


def leave_rows(rows: Iterable[LeaveRequest]) -> Iterable[Mapping[str, Any]]:
    """Leave as the importer reads it."""
    for one in rows:
        yield {
            "person": _named(one.person),
            "kind": one.kind,
            "from_on": one.from_on,
            "to_on": one.to_on,
            "decided_by": _named(one.decided_by) if one.decided_by else None,
            "decided_on": one.decided_on,
            "returned_on": one.returned_on,
            "note": one.note or None,
            "status": one.get_status_display(),
        }


def _named(person: Person) -> str:
    return f"{person.name}({person.staff_no})"


def _all(by: Actor) -> Iterable[Mapping[str, Any]]:
    stand = (LeaveStatus.APPROVED, LeaveStatus.RETURNED)
    rows = LeaveRequest.objects.filter(bureau_id=by.bureau_id, status__in=stand)
    return leave_rows(rows.select_related("person", "decided_by").order_by("person__staff_no", "from_on"))


register(
    Importer(
        key="conduct.leaves",
        label="请销假",
        wanted=REGISTER_LEAVE,
        schema=lambda _bureau: LEAVES,
        run=run_leaves,
        export=_all,
        note="一行一次已经批准的请假；同一人、假别和起止日期视为同一次。病情等个人情况不要写。",
    )
)
