"""Leave of the past, from a table: it was approved on paper and is not judged again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qizhi.conduct.enums import LeaveStatus
from qizhi.conduct.models import LeaveRequest
from qizhi.conduct.rules.leave import ONE_DAY
from qizhi.core import audit
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Person
from qizhi.org.services.people import record_leave

UNSAID = "按台账补录，台账没有写明批准人或批准日期"


@dataclass(frozen=True)
class PastLeave:
    """A leave as a ledger tells it.

    Attributes:
        days: as they were approved.
        returned_on: the day back at work; earlier than the end, the leave was shorter.
    """

    person: Person
    kind: str
    days: Period
    decided_by: Person | None = None
    decided_on: dt.date | None = None
    returned_on: dt.date | None = None
    note: str = ""

    @property
    def taken(self) -> Period:
        """The days that were really taken."""
        if self.returned_on is None or self.returned_on > self.days.end:
            return self.days
        return Period(self.days.start, self.returned_on - ONE_DAY)


@transaction.atomic
def record_past_leave(past: PastLeave, *, by: Actor) -> LeaveRequest:
    """Write a leave of a ledger with what rolls read of it."""
    taken = past.taken
    leave = record_leave(
        person=past.person, kind=past.kind, from_on=taken.start, to_on=taken.end, note=past.note, by=by
    )
    row = LeaveRequest.objects.create(
        bureau_id=by.bureau_id,
        person=past.person,
        kind=past.kind,
        from_on=past.days.start,
        to_on=past.days.end,
        note=past.note,
        asked_on=past.decided_on or past.days.start,
        asked_by_label=by.label,
        approver=past.decided_by,
        decided_by=past.decided_by,
        decided_on=past.decided_on,
        reason="" if past.decided_by and past.decided_on else UNSAID,
        status=LeaveStatus.RETURNED if past.returned_on else LeaveStatus.APPROVED,
        returned_on=past.returned_on,
        leave=leave,
    )
    audit.record("conduct.import_leave", row, by=by)
    return row
