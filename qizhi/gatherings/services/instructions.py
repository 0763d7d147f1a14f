"""Versions of work instructions; a new one ends the one before it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from qizhi.core import audit, periods
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.core.text import clean
from qizhi.gatherings.models import Instruction
from qizhi.gatherings.permissions import MANAGE_INSTRUCTIONS

DAY = dt.timedelta(days=1)
MOST_STEPS = 50
LONGEST_STEP = 200
FIELDS = ("kind", "steps", "source", "from_on", "to_on")


@transaction.atomic
def save_instruction(
    *,
    values: Mapping[str, Any],
    by: Actor,
    instruction: Instruction | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Instruction:
    """Make a version of the steps of a kind, or correct one.

    A new version ends the one in force on the day before it begins.

    Args:
        values: the fields of `FIELDS`; steps are lines, empty ones are dropped.
        by: who does it.
        instruction: the version to correct; a new one if not given.
        id: the key made with the form; the same key twice returns the first row.

    Raises:
        Refused: no steps, days that cannot be, or another version on one of its days.
    """
    if not by.may(MANAGE_INSTRUCTIONS):
        raise Refused("作业指导由机关党委和政工处维护。需要修改时请与他们联系。")
    if instruction is None and id is not None:
        known: Instruction | None = Instruction.objects.filter(bureau_id=by.bureau_id, pk=id).first()
        if known is not None:
            return known
    row = instruction or Instruction(bureau_id=by.bureau_id)
    if instruction is None and id is not None:
        row.pk = id
    before = audit.snapshot(row) if instruction else None
    for name in FIELDS:
        setattr(row, name, values[name])
    row.steps = _steps(row.steps)
    if row.to_on and row.to_on < row.from_on:
        raise Refused(f"截止日期早于起始日期（{periods.say_day(row.from_on)}），请核对。", "to_on")
    if instruction is None:
        _end_former(row, by)
    _check_alone(row, by)
    row.save()
    audit.record(f"gatherings.{'change' if instruction else 'add'}_instruction", row, by=by, before=before)
    return row


def _steps(text: str) -> str:
    lines = [line.strip() for line in clean(text).splitlines()]
    steps = [line for line in lines if line]
    if not steps:
        raise Refused("请至少写一步，一行一步。", "steps")
    if len(steps) > MOST_STEPS or max(map(len, steps)) > LONGEST_STEP:
        raise Refused(f"最多 {MOST_STEPS} 步，每步最多 {LONGEST_STEP} 个字，请写短一些。", "steps")
    return "\n".join(steps)


def _end_former(row: Instruction, by: Actor) -> None:
    held = Instruction.objects.on(row.from_on).filter(bureau_id=by.bureau_id, kind=row.kind)
    former = held.filter(from_on__lt=row.from_on).first()
    if former is not None:
        before = audit.snapshot(former)
        former.to_on = row.from_on - DAY
        former.save(update_fields=["to_on"])
        audit.record("gatherings.end_instruction", former, by=by, before=before)


def _check_alone(row: Instruction, by: Actor) -> None:
    if row.kind.bureau_id != by.bureau_id or (row.source and row.source.bureau_id != by.bureau_id):
        raise Refused("选择的活动类型或文件不存在，请重新选择。", "kind")
    held = Instruction.objects.within(row.from_on, row.to_on or dt.date.max)
    other = held.filter(bureau_id=by.bureau_id, kind=row.kind).exclude(pk=row.pk).first()
    if other is not None:
        day = periods.say_day(other.from_on)
        raise Refused(
            f"“{row.kind}”自{day}起已有一版，日期重叠。请修改那一版，或把截止日期填在它之前。", "from_on"
        )
