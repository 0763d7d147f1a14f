"""Appeals: in time or late, reviewed by a third person; and the day on which a case becomes final."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction

from qizhi.conduct.enums import CaseStatus, ReviewOutcome, StepKind
from qizhi.conduct.models import Case
from qizhi.conduct.queries.cases import to_become_final
from qizhi.conduct.queries.procedure import procedure_on
from qizhi.conduct.rules.procedure import months_after
from qizhi.conduct.rules.quotes import LAPSED
from qizhi.conduct.services.hearing import clear, withdraw_grounds
from qizhi.conduct.services.points import deduct, take_back
from qizhi.conduct.services.steps import (
    check_day,
    has_recorded,
    hold,
    keep,
    not_concerned,
    person_of,
    require,
    write_step,
)
from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.org.models import Person


@transaction.atomic
def appeal_case(case: Case, *, text: str, appealed_on: dt.date, by: Actor) -> Case:
    """Take an appeal, typed by the person concerned or by the office from paper.

    In time it goes to review, also where the paper came in before and was typed after the case became final;
    late it waits until a person admits it or not. It is never turned away.

    Raises:
        Refused: nothing was decided yet, an appeal is under way already, or there are no words.
    """
    case = hold(case)
    require_appealable(case)
    check_day(appealed_on, after=case.decided_on, word="申诉日期", field="appealed_on")
    if not text.strip():
        raise Refused("没有写申诉理由，没有保存。", "text")
    before = audit.snapshot(case)
    case.appealed_on, case.appeal = appealed_on, text.strip()
    case.is_appeal_open, case.admitted_by = True, None
    case.is_appeal_late = not _is_in_time(case, appealed_on)
    if not case.is_appeal_late:
        if case.status == CaseStatus.DECIDED:
            case.status = CaseStatus.APPEALED
        case.review_until = _review_until(case, appealed_on)
        write_step(case, StepKind.APPEALED, appealed_on, text.strip(), by)
    else:
        case.review_until = None
        write_step(case, StepKind.LATE_APPEAL, appealed_on, text.strip(), by)
    return keep(case, "appeal_case", before, by)


def require_appealable(case: Case) -> None:
    """Something was decided, and no appeal is under way.

    Raises:
        Refused: it is not so.
    """
    require(case, CaseStatus.DECIDED, CaseStatus.FINAL, what="申诉（决定以前请陈述，申诉中的不必再提）")
    if case.is_appeal_open:
        raise Refused("已有一份申诉在办理，没有重复登记。请等待答复。")


def require_late_appeal(case: Case) -> None:
    """A late appeal waits to be admitted.

    Raises:
        Refused: none does.
    """
    if not case.awaits_admission:
        raise Refused(f"{case}没有等待受理的逾期申诉。请刷新页面看最新情况。")


def require_reviewable(case: Case) -> None:
    """An appeal waits for the last word, or the fact has changed.

    Raises:
        Refused: nothing does.
    """
    if not case.is_reviewable:
        raise Refused(f"{case}现在没有需要复核的申诉。请刷新页面看最新情况。")


def _is_in_time(case: Case, day: dt.date) -> bool:
    """By the day of the paper, not by when it was typed; a review is not appealed against in time."""
    return case.outcome == "" and case.appeal_until is not None and day <= case.appeal_until


def _review_until(case: Case, day: dt.date) -> dt.date:
    return months_after(day, procedure_on(case.bureau_id, day).review_months)


@transaction.atomic
def admit_appeal(case: Case, *, is_admitted: bool, reason: str, by: Actor) -> Case:
    """A person admits a late appeal, or does not and says why.

    Raises:
        Refused: none waits, there is no reason, or the person may not review this case.
    """
    case = hold(case)
    require_late_appeal(case)
    admitter = third_person(case, by, "受理")
    if not reason.strip():
        raise Refused("没有写明受理或不受理的理由，没有保存。", "reason")
    before, today = audit.snapshot(case), clock.today()
    if is_admitted:
        case.review_until, case.admitted_by = _review_until(case, today), admitter
        if case.status == CaseStatus.DECIDED:
            case.status = CaseStatus.APPEALED
        until = f"{say_day(case.review_until)}前作出复核决定。"
        write_step(case, StepKind.ADMITTED, today, f"{reason.strip()}\n{until}", by)
    else:
        case.appealed_on, case.is_appeal_late, case.appeal = None, False, ""
        case.is_appeal_open = False
        write_step(case, StepKind.NOT_ADMITTED, today, reason.strip(), by)
    return keep(case, "admit_appeal", before, by)


@transaction.atomic
def review_case(
    case: Case,
    *,
    outcome: ReviewOutcome,
    reason: str,
    reviewed_on: dt.date,
    by: Actor,
    points: Decimal | None = None,
) -> Case:
    """A third person upholds, changes or cancels; where the fact has changed, without an appeal, too.

    Raises:
        Refused: nothing waits for review, not a third person, no reason, or points that weigh more.
    """
    case = hold(case)
    require_reviewable(case)
    if outcome is ReviewOutcome.UPHELD and case.is_groundless:
        raise Refused("依据的检查发现已经结束，事实可能已变，不能维持。请核对后变更或撤销。", "outcome")
    reviewer = third_person(case, by, "复核")
    after = case.appealed_on or case.decided_on
    check_day(reviewed_on, after=after, word="复核日期", field="reviewed_on")
    if not reason.strip():
        raise Refused("没有写复核理由，没有保存。", "reason")
    before = audit.snapshot(case)
    case.reviewed_by, case.reviewed_on = reviewer, reviewed_on
    case.outcome, case.review_reason = outcome, reason.strip()
    case.is_appeal_open = False
    write_step(case, StepKind.REVIEWED, reviewed_on, f"{outcome.label}：{reason.strip()}", by)
    if outcome is not ReviewOutcome.CANCELLED:
        return _settle(case, _new_points(case, outcome, points), before, by)
    clear(case)
    keep(case, "review_case", before, by)
    withdraw_grounds(case, reason, by)
    take_back(case, by=by, reason=f"复核撤销：{reason.strip()}")
    return case


def _settle(case: Case, points: Decimal, before: audit.Snapshot, by: Actor) -> Case:
    """The last word stands: what was counted otherwise is taken back, what stands is counted.

    The case first: a line of the ledger has to fit the case as it then stands.
    """
    counted = case.final_points if case.status == CaseStatus.FINAL else None
    day = case.reviewed_on if counted is None else case.final_on
    if day is None:
        message = f"{case} has no day on which it counts"
        raise ValueError(message)
    case.status, case.final_points, case.final_on = CaseStatus.FINAL, points, day
    keep(case, "review_case", before, by)
    if counted == points:
        return case
    take_back(case, by=by, reason="复核变更")
    deduct(case, counted_on=day, by=by, reason="复核后生效")
    if counted is None:
        write_step(case, StepKind.FINAL, day, f"记{points.normalize():f}分", by)
    return case


def third_person(case: Case, by: Actor, what: str) -> Person:
    """Who admits or reviews: known before anything is typed.

    Raises:
        Refused: the account belongs to nobody, or to who recorded or decided the case or is concerned.
    """
    reviewer = person_of(by, what)
    if has_recorded(case, reviewer):
        message = f"{case}是由{reviewer}记录的，复核必须由第三个人进行。请由另一位有复核权限的人办理。"
        raise Refused(message)
    if reviewer.pk == case.decided_by_id:
        message = f"{case}是由{reviewer}决定的，复核必须由第三个人进行。请由另一位有复核权限的人办理。"
        raise Refused(message)
    not_concerned(case, reviewer, what)
    return reviewer


def _new_points(case: Case, outcome: ReviewOutcome, points: Decimal | None) -> Decimal:
    standing = case.points if case.final_points is None else case.final_points
    if outcome is ReviewOutcome.UPHELD:
        return standing
    if points is None:
        raise Refused("变更的，请写明变更后的分值。", "points")
    if not standing < points < 0:
        message = f"复核不加重：变更后的分值应在{standing.normalize():f}与0之间。要全部取消的，请选“撤销”。"
        raise Refused(message, "points")
    return points


@transaction.atomic
def finalize_case(case: Case, *, by: Actor) -> Case:
    """Let a decision become final today, once the time for an appeal is over without one.

    Raises:
        Refused: not decided, the time is not over, or the fact behind it has changed.
    """
    case, today = hold(case), clock.today()
    require(case, CaseStatus.DECIDED, what="生效")
    if case.appeal_until is None or today <= case.appeal_until:
        until = say_day(case.appeal_until) if case.appeal_until else "—"
        message = f"申诉期到{until}止，期满没有申诉才生效。请从次日起再办理。"
        raise Refused(message)
    if case.is_groundless:
        raise Refused("这件事项依据的检查发现已经结束，事实可能已变，没有生效。请由复核人核对后撤销。")
    before = audit.snapshot(case)
    case.status, case.final_points, case.final_on = CaseStatus.FINAL, case.points, today
    keep(case, "finalize_case", before, by)
    deduct(case, counted_on=today, by=by, reason="申诉期满未申诉")
    write_step(case, StepKind.FINAL, today, f"{LAPSED}，记{case.points.normalize():f}分", by)
    return case


def finalize_due(*, bureau_id: uuid.UUID, by: Actor) -> list[Case]:
    """Let everything become final whose time for an appeal is over; what lost its ground waits for people."""
    due = [case for case in to_become_final(bureau_id, clock.today()) if not case.is_groundless]
    return [finalize_case(case, by=by) for case in due]
