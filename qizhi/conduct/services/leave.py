"""Leave from the request to the return; what is approved becomes a row of `org.Leave`, which rolls read."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from qizhi.conduct.enums import LeaveStatus
from qizhi.conduct.models import LeaveRequest
from qizhi.conduct.permissions.leave import REGISTER_LEAVE
from qizhi.conduct.queries.leave import Approval, approvals, balances_asked, overlapping
from qizhi.conduct.rules.leave import LEVELS, ONE_DAY, Away, Level, Spell, needed, say_left
from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.enums import LeaveKind
from qizhi.org.models import Person
from qizhi.org.services.following import follow_leave
from qizhi.org.services.people import record_leave
from qizhi.org.services.rows import end_row
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import UnknownCalendarError

LONGEST = 730
"""Days that one request may ask for; secondments of two years are the longest there are."""


@dataclass(frozen=True)
class LeaveFact:
    """The days that somebody wants to be away, and why in a word."""

    kind: str
    from_on: dt.date
    to_on: dt.date
    note: str = ""

    @property
    def days(self) -> Period:
        """All of them."""
        return Period(self.from_on, self.to_on)


@dataclass(frozen=True)
class Paper:
    """What a paper says that was signed by hand: by whom, when, in which words."""

    decided_on: dt.date
    decided_by: Person | None = None
    reason: str = ""


@transaction.atomic
def request_leave(
    *,
    person: Person,
    fact: LeaveFact,
    by: Actor,
    approver: Person | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> LeaveRequest:
    """Ask for leave, for oneself or (personnel) for somebody; the same form again makes no other row.

    Raises:
        Refused: the days overlap leave or a waiting request; annual leave beyond what is left; the person
            does not work here then; or the approver is none.
    """
    if (known := made_before(LeaveRequest, id, by.bureau_id)) is not None:
        return known
    _check(person, fact)
    approval = approval_of(person)
    if approver is not None and not approval.has(approver.pk):
        raise Refused(f"{approver}不能审批{person}的请假，应由{LEVELS[approval.level]}审批。", "approver")
    row = _row(person, fact, by, id)
    row.approver = approver or (approval.people[0] if len(approval.people) == 1 else None)
    row.save(force_insert=True)
    audit.record("conduct.request_leave", row, by=by)
    return row


@transaction.atomic
def register_leave(
    *,
    person: Person,
    fact: LeaveFact,
    paper: Paper,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002
) -> LeaveRequest:
    """Enter leave that was approved on paper; rolls excuse from then on.

    Raises:
        Refused: as for a request; or whoever signed may not, or it is signed by a body above without words.
    """
    if (known := made_before(LeaveRequest, id, by.bureau_id)) is not None:
        return known
    _check(person, fact)
    _check_paper(person, paper, by)
    row = _row(person, fact, by, id)
    row.asked_on = min(row.asked_on, paper.decided_on)
    row.approver = paper.decided_by
    row.save(force_insert=True)
    _approve(row, paper.decided_by, paper.decided_on, paper.reason, by)
    audit.record("conduct.register_leave", row, by=by)
    return row


def _check_paper(person: Person, paper: Paper, by: Actor) -> None:
    approval = approvals(person.bureau_id, [person.pk], paper.decided_on)[person.pk]
    if paper.decided_on > clock.today():
        raise Refused("批准日期在今天之后，请核对。", "decided_on")
    if by.person_id == person.pk:
        raise Refused("本人的请假不能由本人登记批准，请由其他人事干部登记。", "person")
    if paper.decided_by is None:
        if approval.level is not Level.SUPERIOR:
            raise Refused(f"请写明批准人：{person}的请假由{LEVELS[approval.level]}批准。", "decided_by")
        if not paper.reason:
            raise Refused("主要负责人的请假由上级批准，请写明上级批复的文件。", "reason")
    elif not approval.has(paper.decided_by.pk):
        names = "、".join(one.name for one in approval.people) or "上级机关"
        raise Refused(
            f"{paper.decided_by}当时不能批准{person}的请假，应由{LEVELS[approval.level]}（{names}）批准。",
            "decided_by",
        )


def _row(person: Person, fact: LeaveFact, by: Actor, key: uuid.UUID | None) -> LeaveRequest:
    return LeaveRequest(
        **({"id": key} if key else {}),
        bureau_id=by.bureau_id,
        person=person,
        kind=fact.kind,
        from_on=fact.from_on,
        to_on=fact.to_on,
        note=fact.note,
        asked_on=clock.today(),
        asked_by_label=by.label,
    )


def approval_of(person: Person) -> Approval:
    """Who may approve the person's leave today."""
    return approvals(person.bureau_id, [person.pk], clock.today())[person.pk]


@transaction.atomic
def decide_leave(row: LeaveRequest, *, is_approved: bool, reason: str, by: Actor) -> LeaveRequest:
    """Say yes or no to a request; yes makes the leave that rolls read, in the same transaction.

    Raises:
        Refused: it is decided already, or the own request; the person may not decide it; a no has no reason;
            or leave was entered in between that overlaps.
    """
    row = _locked(row)
    if row.status != LeaveStatus.REQUESTED:
        raise Refused(f"这份请假现在是“{row.get_status_display()}”，不用再审批。")
    if by.person_id == row.person_id:
        raise Refused("不能审批本人的请假，请由有权审批的其他人审批。")
    approval = approval_of(row.person)
    is_entered = approval.level is Level.SUPERIOR and by.may(REGISTER_LEAVE)
    if not approval.has(by.person_id) and not is_entered:
        raise Refused(f"{row.person}的请假由{LEVELS[approval.level]}审批，您不能审批。")
    if not reason and (is_entered or not is_approved):
        words = "请写明上级批复的文件。" if is_entered else "不批准的，请写明理由，请假人会看到。"
        raise Refused(words, "reason")
    before = audit.snapshot(row)
    decider = None if is_entered else next(one for one in approval.people if one.pk == by.person_id)
    if is_approved:
        _check(row.person, LeaveFact(row.kind, row.from_on, row.to_on), but=row)
        _approve(row, decider, clock.today(), reason, by)
    else:
        row.status, row.decided_by, row.decided_on = LeaveStatus.REFUSED, decider, clock.today()
        row.reason = reason
        row.save()
    audit.record("conduct.decide_leave", row, by=by, before=before)
    return row


def _approve(row: LeaveRequest, decider: Person | None, on: dt.date, reason: str, by: Actor) -> None:
    row.leave = record_leave(
        person=row.person, kind=row.kind, from_on=row.from_on, to_on=row.to_on, note=row.note, by=by
    )
    row.status, row.decided_by, row.decided_on, row.reason = LeaveStatus.APPROVED, decider, on, reason
    row.save()


@transaction.atomic
def register_return(row: LeaveRequest, *, returned_on: dt.date, by: Actor) -> LeaveRequest:
    """Register the day on which somebody was back at work; an earlier return ends the leave the day before.

    Raises:
        Refused: the leave is not approved, or the day is to come or not after its first day.
    """
    row = _locked(row)
    if row.status != LeaveStatus.APPROVED or row.leave is None:
        raise Refused(f"这份请假现在是“{row.get_status_display()}”，不能销假。")
    if returned_on > clock.today():
        raise Refused("销假日期在今天之后，回来上班以后再销假。", "returned_on")
    if returned_on <= row.from_on:
        raise Refused(
            f"销假日期应在请假第一天（{periods.say_day(row.from_on)}）之后；没有休的，请在休假前撤回。",
            "returned_on",
        )
    before = audit.snapshot(row)
    if returned_on <= row.to_on:
        end_row(row.leave, last_day=returned_on - ONE_DAY, by=by, owner=row)
    row.status, row.returned_on = LeaveStatus.RETURNED, returned_on
    row.save(update_fields=["status", "returned_on"])
    audit.record("conduct.return_from_leave", row, by=by, before=before)
    return row


@transaction.atomic
def cancel_leave(row: LeaveRequest, *, by: Actor) -> LeaveRequest:
    """Take a request back while it waits, or approved leave before its first day.

    Raises:
        Refused: it has begun, or is over in another way.
    """
    row = _locked(row)
    before = audit.snapshot(row)
    if row.status == LeaveStatus.APPROVED and row.from_on <= clock.today():
        raise Refused("假期已经开始，不能撤回。提前回来上班的，请办销假，剩下的天数不再算请假。")
    if row.status not in {LeaveStatus.REQUESTED, LeaveStatus.APPROVED}:
        raise Refused(f"这份请假现在是“{row.get_status_display()}”，不用撤回。")
    _take_back(row, by)
    audit.record("conduct.cancel_leave", row, by=by, before=before)
    return row


@transaction.atomic
def void_leave(row: LeaveRequest, *, because: str, by: Actor) -> LeaveRequest:
    """Say that approved leave was entered by mistake; its days are no leave, as if it had never been.

    Raises:
        Refused: it was not approved, it is the own leave, or no reason is given.
    """
    row = _locked(row)
    if row.status == LeaveStatus.CANCELLED and row.leave is None:
        return row  # a second click
    if row.status not in {LeaveStatus.APPROVED, LeaveStatus.RETURNED}:
        raise Refused(f"这份请假现在是“{row.get_status_display()}”，不用作废。")
    if by.person_id == row.person_id:
        raise Refused("本人的请假不能由本人作废，请由其他人事干部办理。")
    if not because.strip():
        raise Refused("请写明为什么作废，例如“日期登记错了，另登记一份”。", "because")
    before = audit.snapshot(row)
    row.returned_on = None
    _take_back(row, by)
    after = audit.snapshot(row) | {"作废原因": because.strip()}
    audit.record("conduct.void_leave", row, by=by, before=before, after=after)
    return row


def _take_back(row: LeaveRequest, by: Actor) -> None:
    """The request ends, and with it the leave that rolls read."""
    leave, row.leave, row.status = row.leave, None, LeaveStatus.CANCELLED
    row.save(update_fields=["leave", "status", "returned_on"])
    if leave is not None:
        audit.record("org.remove_leave", leave, by=by, before=audit.snapshot(leave), after={})
        leave.delete()
        follow_leave(row.person_id, leave.from_on, leave.to_on, by)


def _locked(row: LeaveRequest) -> LeaveRequest:
    """The row as it is now, held against a second click."""
    held = LeaveRequest.objects.select_for_update(of=("self",)).select_related("person", "leave")
    return held.get(pk=row.pk)


def _check(person: Person, fact: LeaveFact, *, but: LeaveRequest | None = None) -> None:
    """Whether the days can be taken.

    Raises:
        Refused: see `request_leave`.
    """
    # Two requests of one person at the same moment come one after the other.
    person = Person.objects.select_for_update().get(pk=person.pk)
    if (fact.to_on - fact.from_on).days >= LONGEST:
        raise Refused("一份请假不能超过两年，请核对日期。", "to_on")
    if person.left_on and fact.to_on > person.left_on:
        raise Refused(f"{person}在{periods.say_day(person.left_on)}离岗，请核对日期。", "to_on")
    if person.entered_on and fact.from_on < person.entered_on:
        raise Refused(f"{person}在{periods.say_day(person.entered_on)}才到岗，请核对日期。", "from_on")
    _check_overlap(person, fact, but)
    if fact.kind == LeaveKind.ANNUAL:
        _check_balance(person, fact, but)


def _check_overlap(person: Person, fact: LeaveFact, but: LeaveRequest | None) -> None:
    found = overlapping(person, fact.days, but=but)
    if found:
        said = "；".join(
            f"{periods.say_day(start)}至{periods.say_day(end) if end else '今'}{what}"
            for start, end, what in found
        )
        raise Refused(
            f"与{person}的另一次请假重叠：{said}。请改日期；那一次没有休完的先销假，待批的先撤回。", "from_on"
        )


def _check_balance(person: Person, fact: LeaveFact, but: LeaveRequest | None) -> None:
    """Annual leave never goes beyond what is left; where that is unknown a person decides."""
    try:
        wanted = needed(Spell(Away.ANNUAL, fact.from_on, fact.to_on), calendar_for(person.bureau_id))
    except UnknownCalendarError:
        return  # the page says that the balance is unknown
    if not wanted:
        raise Refused("这几天都是周末或节假日，不用请年休假。", "from_on")
    for found in balances_asked(person, fact.days):
        days = wanted.get(found.year, 0)
        own = days if but is not None else 0  # the request itself stands among those that wait
        if days and found.left is not None and days > found.left + own:
            raise Refused(
                f"{found.year}年的年休假{say_left(found.left + own)}，这次要用{days}天（周末和节假日不计）。"
                "请缩短日期，或改用其他假别。",
                "to_on",
            )
