"""Changes to working methods: each in one transaction, with one event in the log."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from qizhi.branch_life.models import WorkingMethod
from qizhi.core import audit, periods
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit


@transaction.atomic
def add_method(
    *,
    unit: Unit,
    name: str,
    elements: str,
    from_on: dt.date,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> WorkingMethod:
    """Register a branch's working method; asking again with the same id returns the one that is there.

    Raises:
        Refused: the unit is no branch or did not exist on the day, or has a method of that name.
    """
    if (known := made_before(WorkingMethod, id, by.bureau_id)) is not None:
        return known
    if unit.kind != UnitKind.BRANCH:
        message = f"“{unit}”不是党支部，支部工作法登记在党支部名下。"
        raise Refused(message, "unit")
    method = WorkingMethod(bureau_id=by.bureau_id, unit=unit, name=name, elements=elements, from_on=from_on)
    if id is not None:
        method.pk = id
    _check(method)
    method.save(force_insert=True)
    audit.record("branch_life.add_method", method, by=by)
    return method


@transaction.atomic
def change_method(
    method: WorkingMethod, *, name: str, elements: str, from_on: dt.date, by: Actor
) -> WorkingMethod:
    """Correct name, elements or first day.

    Raises:
        Refused: the branch has another method of that name, or did not exist on the day.
    """
    before = audit.snapshot(method)
    method.name, method.elements, method.from_on = name, elements, from_on
    _check(method)
    method.save()
    audit.record("branch_life.change_method", method, by=by, before=before)
    return method


@transaction.atomic
def end_method(method: WorkingMethod, *, last_day: dt.date | None, by: Actor) -> WorkingMethod:
    """Say after which day the method is no longer followed; None takes that back.

    Raises:
        Refused: the day lies before the start.
    """
    before = audit.snapshot(method)
    method.to_on = last_day
    _check(method)
    method.save(update_fields=["to_on"])
    audit.record("branch_life.end_method", method, by=by, before=before)
    return method


def _check(method: WorkingMethod) -> None:
    unit = method.unit
    same = WorkingMethod.objects.filter(bureau_id=method.bureau_id, unit=unit, name=method.name)
    if same.exclude(pk=method.pk).exists():
        message = f"“{unit}”已有名为“{method.name}”的工作法，请直接修改它，或换一个名称。"
        raise Refused(message, "name")
    if method.from_on < unit.from_on or (unit.to_on and method.from_on > unit.to_on):
        day = periods.say_day(method.from_on)
        message = f"“{unit}”在{day}不存在（{periods.say_day(unit.from_on)}成立），请核对起始日期。"
        raise Refused(message, "from_on")
    if method.to_on and method.to_on < method.from_on:
        message = f"停用日期早于起始日期（{periods.say_day(method.from_on)}），请核对。"
        raise Refused(message, "last_day")
