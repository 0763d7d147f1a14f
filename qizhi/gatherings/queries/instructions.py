"""Work instructions: the steps in force on a day, and the list of all versions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import QuerySet

from qizhi.gatherings.models import Instruction, Kind


def in_force(bureau_id: uuid.UUID, kinds: Collection[Kind], day: dt.date) -> list[Instruction]:
    """The steps of these kinds on the day, in the order of the kinds; one query, none without kinds."""
    if not kinds:
        return []
    rows: QuerySet[Instruction] = Instruction.objects.on(day).filter(bureau_id=bureau_id, kind__in=kinds)
    return list(rows.select_related("kind").order_by("kind__position", "kind__key"))


def versions_of(bureau_id: uuid.UUID, *, kind: str = "") -> QuerySet[Instruction]:
    """Every version, those of one kind together, the newest first; `kind` is a code."""
    rows: QuerySet[Instruction] = Instruction.objects.filter(bureau_id=bureau_id)
    rows = rows.filter(kind__key=kind) if kind else rows
    return rows.select_related("kind", "source").order_by("kind__position", "kind__key", "-from_on")
