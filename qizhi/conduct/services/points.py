"""Lines of the points ledger: written when a case becomes final, taken back by counter-entries."""

from __future__ import annotations

import datetime as dt

from qizhi.conduct.enums import PointsKind
from qizhi.conduct.models import Case, PointsEntry
from qizhi.core import audit
from qizhi.core.permissions import Actor


def deduct(case: Case, *, counted_on: dt.date, by: Actor, reason: str = "") -> PointsEntry:
    """A line for the points of a case that is final."""
    points = case.final_points
    if points is None:
        message = f"{case} has no final points"
        raise ValueError(message)
    entry = PointsEntry(
        bureau_id=case.bureau_id,
        case=case,
        person_id=case.person_id,
        unit_id=None if case.person_id else case.unit_id,
        kind=PointsKind.DEDUCTED,
        points=points,
        counted_on=counted_on,
        by_label=by.label[:100],
        reason=reason[:200],
    )
    entry.save(force_insert=True)
    audit.record("conduct.deduct", entry, by=by)
    return entry


def standing_entry(case: Case) -> PointsEntry | None:
    """The line of the case that was not taken back."""
    rows = PointsEntry.objects.filter(bureau_id=case.bureau_id, case=case)
    return rows.filter(reverses__isnull=True, reversal__isnull=True).first()


def take_back(case: Case, *, by: Actor, reason: str) -> PointsEntry | None:
    """A counter-entry, counted on the day of what it takes back: no period keeps a trace of it."""
    entry = standing_entry(case)
    if entry is None:
        return None
    counter = PointsEntry(
        bureau_id=case.bureau_id,
        case=case,
        person_id=entry.person_id,
        unit_id=entry.unit_id,
        kind=PointsKind.REVERSED,
        points=-entry.points,
        reverses=entry,
        counted_on=entry.counted_on,
        by_label=by.label[:100],
        reason=reason[:200],
    )
    counter.save(force_insert=True)
    audit.record("conduct.take_back", counter, by=by)
    return counter
