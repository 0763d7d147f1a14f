"""What people say to findings: take over, set aside, withdraw; settle months and open them again."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.periods import Every, Period, split
from qizhi.core.permissions import Actor
from qizhi.regulations.enums import FindingStatus
from qizhi.regulations.models import Finding, PeriodClose, Proposal
from qizhi.regulations.queries.mentions import check_held
from qizhi.regulations.services.runs import hold_months


@transaction.atomic
def decide_proposal(*, proposal: Proposal, is_accepted: bool, by: Actor) -> Proposal:
    """Take a proposed change over into settled days, or set it aside.

    Raises:
        Refused: it concerns the person who decides, it was decided already, or what it would change has
            changed since.
    """
    hold_months(proposal.bureau_id, *_days_of(proposal))
    proposal.refresh_from_db(fields=["decided_at"])
    if proposal.decided_at is not None:
        raise Refused("这条建议已经处理过，没有再次处理。")
    concerned = proposal.finding.person_id if proposal.finding else proposal.values.get("person_id")
    _check_not_own(concerned, by)
    before = audit.snapshot(proposal)
    if is_accepted:
        _accept(proposal, by)
    proposal.is_accepted = is_accepted
    proposal.decided_at, proposal.decided_by_label = clock.now(), by.label[:100]
    proposal.save(update_fields=["is_accepted", "decided_at", "decided_by_label"])
    audit.record("regulations.decide_proposal", proposal, by=by, before=before)
    return proposal


def _days_of(proposal: Proposal) -> list[Period]:
    """The last days of what stands and of what is proposed: they decide in which month it is found."""
    ends = [proposal.finding.end] if proposal.finding else []
    ends += [dt.date.fromisoformat(proposal.values["end"])] if proposal.values else []
    return [Period(end, end) for end in ends]


def _check_not_own(person_id: object, by: Actor) -> None:
    """Nobody decides what concerns themselves."""
    if person_id is not None and by.person_id is not None and str(person_id) == str(by.person_id):
        raise Refused("这条发现涉及您本人，没有处理。请由其他有权限的人处理；您可以申请更正或申诉。")


def _accept(proposal: Proposal, by: Actor) -> None:
    rows = Finding.objects.filter(bureau_id=proposal.bureau_id, slot=proposal.slot)
    standing = rows.live().first()
    if (standing.pk if standing else None) != proposal.finding_id:
        raise Refused("这条发现在建议之后又有变化，没有采纳。请重新核算后再处理。")
    if proposal.values and rows.filter(status=FindingStatus.WITHDRAWN).exists():
        raise Refused("这一事项已经由人决定撤销，不再新增，没有采纳。请不予采纳。")
    if standing is not None:
        status = FindingStatus.SUPERSEDED if proposal.values else FindingStatus.GONE
        _close(standing, status, by.label, "结账期内变更，经决定采纳")
    if proposal.values:
        row = Finding(bureau_id=proposal.bureau_id, run_id=proposal.run_id, supersedes=standing)
        columns = {column.attname: column for column in Finding._meta.concrete_fields}
        for name, value in proposal.values.items():
            if name in columns:
                column = columns[name]
                target = column.target_field if column.is_relation else column  # type: ignore[attr-defined]
                setattr(row, name, target.to_python(value))
        row.save(force_insert=True)


def _close(finding: Finding, status: FindingStatus, label: str, because: str) -> None:
    finding.status = status
    finding.closed_at = clock.now()
    finding.closed_by_label, finding.closed_because = label[:100], because[:200]
    finding.save(update_fields=["status", "closed_at", "closed_by_label", "closed_because"])


@transaction.atomic
def withdraw_finding(*, finding: Finding, because: str, by: Actor) -> Finding:
    """Withdraw a finding by decision: no run ever finds it again.

    Raises:
        Refused: it stands no longer, no reason is given, it concerns the person who decides, or what came of
            it counts (`register_finding_hold`).
    """
    if not because.strip():
        raise Refused("请写明撤销的理由；撤销以后核算不会再次提出。", "because")
    hold_months(finding.bureau_id, Period(finding.end, finding.end))
    finding.refresh_from_db(fields=["status"])
    if finding.status != FindingStatus.LIVE:
        raise Refused(f"这条发现已是“{finding.get_status_display()}”，没有再次撤销。")
    _check_not_own(finding.person_id, by)
    check_held(finding)
    before = audit.snapshot(finding)
    _close(finding, FindingStatus.WITHDRAWN, by.label, because)
    audit.record("regulations.withdraw_finding", finding, by=by, before=before)
    return finding


@transaction.atomic
def close_period(
    *,
    bureau_id: uuid.UUID,
    span: Period,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the word of the form
) -> PeriodClose:
    """Settle whole months: from now on runs only propose there.

    Raises:
        Refused: not whole months, not over yet, or some of them are settled already.
    """
    hold_months(bureau_id, span)
    if (made := made_before(PeriodClose, id, bureau_id)) is not None:
        return made
    months = split(span, Every.MONTH)
    if (months[0].start, months[-1].end) != (span.start, span.end):
        raise Refused("结账须是整月，没有结账。请从某月1日选到某月末日。", "start")
    if span.end >= clock.today():
        raise Refused("期间还没有过完，没有结账。请只选已经过完的月份。", "end")
    touching = PeriodClose.objects.filter(bureau_id=bureau_id, start__lte=span.end, end__gte=span.start)
    if (known := touching.first()) is not None:
        raise Refused(f"其中有月份已经结账（{known}），没有再次结账。请只选没有结账的月份。", "start")
    row = PeriodClose(bureau_id=bureau_id, start=span.start, end=span.end, by_id=by.account_id)
    row.by_label = by.label[:100]
    if id is not None:
        row.pk = id
    row.save(force_insert=True)
    audit.record("regulations.close_period", row, by=by)
    return row


@transaction.atomic
def reopen_period(*, period: PeriodClose, because: str, by: Actor) -> None:
    """Open settled months again; the log keeps that they were settled, and why they are no longer.

    What was proposed for them waits until the next run, which then changes it by itself.
    """
    hold_months(period.bureau_id, Period(period.start, period.end))
    audit.record(
        "regulations.reopen_period", period, by=by, before=audit.snapshot(period), after={"because": because}
    )
    period.delete()
