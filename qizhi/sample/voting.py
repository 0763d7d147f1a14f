"""Members left out of the number due: those sent elsewhere for half a year whose membership did not move."""

from __future__ import annotations

import datetime as dt

from qizhi.gatherings.enums import LeftOutReason
from qizhi.gatherings.models import VotingExclusion
from qizhi.gatherings.rules import Exclusion
from qizhi.org.enums import LeaveKind, MemberStatus
from qizhi.org.models import Leave, Membership
from qizhi.sample.agenda import Agenda
from qizhi.sample.organisation import Branch
from qizhi.sample.rows import Rows

ASKED_AFTER = dt.timedelta(days=10)
"""From the first day away to the consent of the organ committee."""
CONSENTED_BY = "机关党委"


def leave_out(rows: Rows, branches: list[Branch], agenda: Agenda) -> None:
    """A row for each long secondment of a full member; the next congress approves it, if it comes in time."""
    known = {branch.code: branch for branch in branches}
    for leave in [one for one in rows.of(Leave) if one.kind == LeaveKind.SECONDMENT]:
        membership = _membership(rows, leave)
        if membership is None or leave.to_on is None:
            continue
        consented_on = agenda.after(leave.from_on + ASKED_AFTER)
        approved_on = agenda.congress_from(known[membership.unit.code], consented_on, quarters=2)
        rows.add(
            VotingExclusion,
            leave.from_on,
            person=leave.person,
            unit=membership.unit,
            reason=LeftOutReason.MOVED,
            from_on=leave.from_on,
            to_on=leave.to_on,
            consented_by=CONSENTED_BY,
            consented_on=consented_on,
            approved_on=approved_on if approved_on and approved_on <= leave.to_on else None,
        )


def _membership(rows: Rows, leave: Leave) -> Membership | None:
    for row in rows.of(Membership):
        is_there = row.from_on <= leave.from_on and (row.to_on is None or row.to_on >= leave.from_on)
        if row.person_id == leave.person_id and is_there:
            return row if row.status == MemberStatus.FULL else None
    return None


def as_rules(rows: Rows) -> list[Exclusion]:
    """The rows as the rules of voting see them."""
    return [
        Exclusion(row.person_id, row.from_on, row.to_on, row.consented_on, row.approved_on)
        for row in rows.of(VotingExclusion)
    ]


def forget_decisions(rows: Rows, until: dt.date) -> None:
    """Approvals that come after the last day have not been given yet."""
    for row in rows.of(VotingExclusion):
        if row.consented_on and row.consented_on > until:
            row.consented_on, row.consented_by = None, ""
        if row.approved_on and row.approved_on > until:
            row.approved_on = None
