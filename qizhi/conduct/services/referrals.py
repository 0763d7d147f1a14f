"""Clues handed over to a discipline body: noted, corrected with a reason, answered, taken back."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from qizhi.conduct.enums import CaseStatus, ReferralOutcome
from qizhi.conduct.models import Case, Observation, Referral
from qizhi.conduct.queries.referrals import standing_of
from qizhi.conduct.services.inspections import reason_of
from qizhi.conduct.services.steps import hold, not_concerned, person_of
from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.text import one_line

OVER = (CaseStatus.DROPPED, CaseStatus.CLEARED)


@transaction.atomic
def refer(
    ground: Case | Observation,
    *,
    handed_on: dt.date,
    receiver: str,
    doc_no: str = "",
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's own
) -> Referral:
    """Note that a case or an observation was handed over; the bureau goes no further with it.

    Raises:
        Refused: it is with a body already, it is over, of the future, without a receiver, or about whom
            would hand it over.
    """
    if (known := made_before(Referral, id, by.bureau_id)) is not None:
        return known
    person = person_of(by, "移交")
    if isinstance(ground, Case):
        ground = hold(ground)
        not_concerned(ground, person, "移交")
        if ground.status in OVER:
            raise Refused(f"{ground}已是“{ground.status_said}”，没有可以移交的事项。")
    elif ground.person_id == person.pk:
        raise Refused("这条检查记录涉及本人，应当回避。请由其他纪检干部移交。")
    elif ground.withdrawn_at is not None:
        raise Refused("这条检查记录已经撤销，不能移交。确有其事的，请先恢复它。")
    if (there := standing_of(ground)) is not None:
        raise Refused(f"已于{say_day(there.handed_on)}移交{there.receiver}，没有重复登记。")
    row = Referral(bureau_id=by.bureau_id, handed_by=person, **({"id": id} if id else {}))
    if isinstance(ground, Case):
        row.case = ground
    else:
        row.observation = ground
    _write(row, handed_on, receiver, doc_no)
    row.save(force_insert=True)
    audit.record("conduct.refer", row, by=by)
    return row


@transaction.atomic
def correct_referral(
    row: Referral, *, handed_on: dt.date, receiver: str, doc_no: str, because: str, by: Actor
) -> Referral:
    """Correct a slip.

    Raises:
        Refused: it was taken back, the day lies ahead or after the answer, or no reason is given.
    """
    row = _held(row)
    before = audit.snapshot(row)
    _write(row, handed_on, receiver, doc_no)
    if audit.snapshot(row) == before:
        return row
    more = {"because": reason_of(because, "更正", "文号写错")}
    row.save()
    audit.record("conduct.correct_referral", row, by=by, before=before, after={**audit.snapshot(row), **more})
    return row


@transaction.atomic
def answer_referral(row: Referral, *, outcome: str, answered_on: dt.date, by: Actor) -> Referral:
    """Note whether the body has taken it; said again, it is corrected. What is returned goes on here.

    Raises:
        Refused: it was taken back, the day lies ahead or before the handing over, or the same matter was
            handed over once more since.
    """
    row = _held(row)
    if answered_on > clock.today() or answered_on < row.handed_on:
        message = f"答复日期应在移交（{say_day(row.handed_on)}）以后、今天以前，请核对。"
        raise Refused(message, "answered_on")
    other = standing_of(row.ground)
    if outcome != ReferralOutcome.RETURNED and other is not None and other.pk != row.pk:
        raise Refused(f"退回以后又移交过{other.receiver}，这一次的答复不能再改为受理。")
    before = audit.snapshot(row)
    row.outcome, row.answered_on = outcome, answered_on
    row.save(update_fields=["outcome", "answered_on"])
    audit.record("conduct.answer_referral", row, by=by, before=before)
    return row


@transaction.atomic
def withdraw_referral(row: Referral, *, because: str, by: Actor) -> Referral:
    """Take back what was entered by mistake; it stays to be read.

    Raises:
        Refused: no reason is given.
    """
    row = Referral.objects.select_for_update().get(bureau_id=row.bureau_id, pk=row.pk)
    if row.withdrawn_at is not None:
        return row
    before = audit.snapshot(row)
    row.withdrawn_at, row.withdrawn_because = clock.now(), reason_of(because, "撤销", "登记到别的事项上")
    row.save(update_fields=["withdrawn_at", "withdrawn_because"])
    audit.record("conduct.withdraw_referral", row, by=by, before=before)
    return row


def not_referred(ground: Case | Observation | None, what: str) -> None:
    """Whether the bureau may go on with a matter.

    Raises:
        Refused: it is with a discipline body.
    """
    if (there := standing_of(ground)) is not None:
        message = f"线索已于{say_day(there.handed_on)}移交{there.receiver}，退回以前不能{what}。"
        raise Refused(message)


def _held(row: Referral) -> Referral:
    row = Referral.objects.select_for_update().get(bureau_id=row.bureau_id, pk=row.pk)
    if row.withdrawn_at is not None:
        raise Refused("这次移交的登记已经撤销，不能再改。需要时请重新登记。")
    return row


def _write(row: Referral, handed_on: dt.date, receiver: str, doc_no: str) -> None:
    if handed_on > clock.today():
        raise Refused("移交日期在今天之后，请核对。", "handed_on")
    if row.answered_on is not None and handed_on > row.answered_on:
        raise Refused(f"移交日期在答复（{say_day(row.answered_on)}）之后，请核对。", "handed_on")
    row.handed_on, row.receiver, row.doc_no = handed_on, one_line(receiver), one_line(doc_no)
    if not row.receiver:
        raise Refused("没有写接收机关，没有保存。", "receiver")
