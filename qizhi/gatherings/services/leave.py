"""Rolls that were written before the leave was: it excuses in them too, and only as long as it stands."""

from __future__ import annotations

import uuid

from qizhi.core import audit
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.gatherings.enums import DatePrecision, RollState
from qizhi.gatherings.models import RollEntry
from qizhi.gatherings.services.facts import RollFact
from qizhi.org.enums import LeaveKind
from qizhi.org.models import Leave
from qizhi.org.services.following import register_leave_follower


@register_leave_follower
def follow_leave(person_id: uuid.UUID, days: Period, by: Actor) -> None:
    """Bring what rolls of these days say of the person in line with their leave.

    Who was missing on a day that now is leave is excused; who was excused by leave that is none any more was
    missing. Whoever came, made up for it, or was excused on another ground stays as written.
    """
    entries = RollEntry.objects.filter(
        person_id=person_id,
        state__in=[RollState.ABSENT, RollState.EXCUSED],
        gathering__precision=DatePrecision.DAY,
        gathering__held_on__range=(days.start, days.end),
    )
    held = list(entries.select_related("gathering", "person").select_for_update(of=("self",)))
    if not held:
        return
    leaves = Leave.objects.within(
        min(one.gathering.held_on for one in held), max(one.gathering.held_on for one in held)
    ).filter(person_id=person_id)
    away = list(leaves.order_by("from_on"))
    for entry in held:
        leave = next((one for one in away if one.holds(entry.gathering.held_on)), None)
        is_by_leave = entry.state == RollState.EXCUSED and entry.reason in LeaveKind.labels
        if leave is None and is_by_leave:
            _write(entry, RollState.ABSENT, f"原认作{entry.reason}，请假已改", by)
        elif leave is not None and (is_by_leave or entry.state == RollState.ABSENT):
            _write(entry, RollState.EXCUSED, str(LeaveKind(leave.kind).label), by)


def _write(entry: RollEntry, state: RollState, reason: str, by: Actor) -> None:
    if (entry.state, entry.reason) == (state, reason):
        return
    before = str(_fact(entry))
    entry.state, entry.reason = state, reason
    entry.save(update_fields=["state", "reason"])
    audit.record(
        "gatherings.follow_leave",
        entry.gathering,
        by=by,
        before={"roll": [before]},
        after={"roll": [str(_fact(entry))]},
    )


def _fact(entry: RollEntry) -> RollFact:
    return RollFact(entry.person, entry.state, entry.reason, entry.made_up_on)
