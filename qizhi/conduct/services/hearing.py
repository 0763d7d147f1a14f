"""A case is told, answered and decided: nothing is decided before the person could state their side."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from qizhi.conduct.enums import CaseStatus, Decision, StepKind
from qizhi.conduct.models import Case
from qizhi.conduct.queries.procedure import procedure_on
from qizhi.conduct.services.referrals import not_referred
from qizhi.conduct.services.steps import (
    check_day,
    count_days,
    has_recorded,
    hold,
    keep,
    not_concerned,
    person_of,
    require,
    still_so,
    write_step,
)
from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Person
from qizhi.regulations.enums import Verdict
from qizhi.regulations.models import Finding
from qizhi.regulations.services import withdraw_finding


@dataclass(frozen=True)
class Told:
    """What a notice of a day says.

    Attributes:
        on: the day on which it is handed over.
        days: working days for the statement.
        until: the last of them.
        words: Chinese; how they were counted.
    """

    on: dt.date
    days: int
    until: dt.date
    words: str


def told(case: Case, *, notified_on: dt.date, days: int | None = None) -> Told:
    """What the notice of a draft says when it is handed over on a day; writes nothing.

    Raises:
        Refused: as for `notify_case`.
    """
    require(case, CaseStatus.DRAFT, what="告知")
    not_referred(case, "告知")
    check_day(notified_on, after=case.recorded_on, word="告知日期", field="notified_on")
    if case.is_groundless:
        raise Refused("这件事项依据的检查发现已经结束，事实可能已变，没有告知。请核对后撤回草拟。")
    still_so(case.finding, "告知")
    return told_on(case, notified_on, days)


def told_on(case: Case, notified_on: dt.date, days: int | None) -> Told:
    """The time for a statement after a notice of a day; never shorter than laid down.

    Raises:
        Refused: the days are fewer, or the calendar of these days is not known.
    """
    least = procedure_on(case.bureau_id, notified_on).statement_days
    count = days or least
    if count < least:
        message = f"陈述期不能少于{least}个工作日，填的是{count}个。"
        raise Refused(message, "days")
    counted = count_days(case, notified_on, count, "notified_on")
    return Told(notified_on, count, counted.until, f"陈述期{counted.sentence}。")


@transaction.atomic
def notify_case(case: Case, *, notified_on: dt.date, by: Actor, days: int | None = None) -> Case:
    """Tell the person concerned; the statement period begins on the next working day.

    Args:
        case: a draft.
        notified_on: the day on which the notice was handed over.
        by: who told them.
        days: working days for the statement; none: what the procedure says, and never fewer.

    Raises:
        Refused: it is no draft, the finding behind it has ended, the days are fewer than laid down, or the
            calendar of these days is not known.
    """
    case = hold(case)
    said = told(case, notified_on=notified_on, days=days)
    before = audit.snapshot(case)
    case.status = CaseStatus.NOTIFIED
    case.notified_on, case.statement_until, case.statement_days = said.on, said.until, said.days
    write_step(case, StepKind.NOTIFIED, said.on, said.words, by)
    return keep(case, "notify_case", before, by)


@transaction.atomic
def state_case(case: Case, *, text: str, stated_on: dt.date, by: Actor) -> Case:
    """Take what the person concerned says, typed by them or by the office from paper.

    It is taken until the decision, also after the period; a second statement is added to the first.

    Raises:
        Refused: not told yet, decided already, without words, or of an impossible day.
    """
    case = hold(case)
    require_undecided(case, "陈述（决定以后请提出申诉）")
    check_day(stated_on, after=case.notified_on, word="陈述日期", field="stated_on")
    if not text.strip():
        raise Refused("没有写陈述内容，没有保存。", "text")
    before = audit.snapshot(case)
    case.stated_on = stated_on
    case.statement = "\n\n".join(filter(None, [case.statement, text.strip()]))
    write_step(case, StepKind.STATED, stated_on, text.strip(), by)
    return keep(case, "state_case", before, by)


@transaction.atomic
def decide_case(case: Case, *, decision: Decision, reason: str, decided_on: dt.date, by: Actor) -> Case:
    """Confirm or withdraw; by another person than who recorded it, and not by the person concerned.

    A withdrawal may come before the period is over, a confirmation only after it.

    Raises:
        Refused: not told, too early, without a reason, the same person, or the fact has changed.
    """
    case = hold(case)
    require_undecided(case, "决定")
    decider = decider_of(case, by)
    check_day(decided_on, after=case.stated_on or case.notified_on, word="决定日期", field="decided_on")
    if not reason.strip():
        raise Refused("没有写决定理由，没有保存。陈述过的，要写明采纳与否及为什么。", "reason")
    before = audit.snapshot(case)
    case.decided_by, case.decided_on = decider, decided_on
    case.decision, case.decision_reason = decision, reason.strip()
    text = f"{decision.label}：{reason.strip()}"
    if decision is Decision.CONFIRMED:
        text += _confirm(case, decided_on)
    else:
        clear(case)
    write_step(case, StepKind.DECIDED, decided_on, text, by)
    keep(case, "decide_case", before, by)
    if decision is Decision.WITHDRAWN:
        withdraw_grounds(case, reason, by)
    return case


def require_undecided(case: Case, what: str) -> None:
    """The person concerned was told, and nothing is decided yet.

    Raises:
        Refused: it is not so.
    """
    require(case, CaseStatus.NOTIFIED, what=what)


def decider_of(case: Case, by: Actor) -> Person:
    """Who decides the case: known before anything is typed.

    Raises:
        Refused: the account belongs to nobody, or to who recorded the case or is concerned.
    """
    decider = person_of(by, "决定")
    if has_recorded(case, decider):
        message = f"{case}是由{decider}记录的，记录和决定必须是两个人。请由另一位有决定权限的人决定。"
        raise Refused(message)
    not_concerned(case, decider, "决定")
    return decider


def _confirm(case: Case, day: dt.date) -> str:
    if case.statement_until is None or day <= case.statement_until:
        until = say_day(case.statement_until) if case.statement_until else "—"
        message = f"陈述期到{until}止，期满以后才能确认。请从次日起再决定；要撤销的可以现在撤销。"
        raise Refused(message, "decided_on")
    not_referred(case, "确认")
    if case.is_groundless:
        raise Refused(
            "依据的检查发现已经结束，事实可能已变，不能确认。请由记录人更正告知，或者核对后作撤销决定。",
            "decision",
        )
    still_so(case.finding, "确认", "decision")
    counted = count_days(case, day, procedure_on(case.bureau_id, day).appeal_days, "decided_on")
    case.status, case.appeal_until = CaseStatus.DECIDED, counted.until
    return f"\n申诉期{counted.sentence}。"


def clear(case: Case) -> None:
    """The person is cleared: nothing counts."""
    case.status, case.final_points, case.final_on = CaseStatus.CLEARED, None, None


def withdraw_grounds(case: Case, reason: str, by: Actor) -> None:
    """No run finds the fact of a cleared case again; once that is saved: until then it holds its finding."""
    for finding in _grounds(case):
        withdraw_finding(finding=finding, because=f"{case}撤销：{reason.strip()}"[:200], by=by)


def _grounds(case: Case) -> list[Finding]:
    """The findings that stand and tell its fact: its own, what has replaced it, that of its observation.

    One that costs nothing because something excuses the person stays: it says so itself.
    """
    own = Q(slot=case.finding.slot) if case.finding else Q(pk__in=[])
    if case.observation_id:
        own |= Q(occurrence=str(case.observation_id))
    standing = Finding.objects.live().filter(own, bureau_id=case.bureau_id)
    return list(standing.exclude(verdict=Verdict.EXCUSED))
