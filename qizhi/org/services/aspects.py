"""What a branch is for a time, recorded, corrected and removed: temporary, or covering a department."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, TypeVar

from django.db import transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.once import made_before
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.org.enums import UnitKind
from qizhi.org.models import DatedRow, JointUnit, TemporaryBranch, Unit

A = TypeVar("A", TemporaryBranch, JointUnit)


@transaction.atomic
def mark_temporary(
    *,
    unit: Unit,
    from_on: dt.date,
    to_on: dt.date | None,
    purpose: str,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - of the form: a second click makes no other
) -> TemporaryBranch:
    """Write down that a branch is a temporary one for a time.

    Raises:
        Refused: it is no branch, does not exist on these days, or is on record as such already.
    """
    if (made := made_before(TemporaryBranch, id, by.bureau_id)) is not None:
        return made
    row = TemporaryBranch(pk=id or new_id(), bureau_id=by.bureau_id, unit=unit, purpose=purpose.strip())
    return _record(row, from_on, to_on, by)


@transaction.atomic
def cover_unit(
    *,
    unit: Unit,
    covered: Unit,
    from_on: dt.date,
    to_on: dt.date | None,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002
) -> JointUnit:
    """Write down that a branch covers a department for a time.

    Raises:
        Refused: it is no branch or no department, one of them does not exist on these days, or it is on
            record already.
    """
    if (made := made_before(JointUnit, id, by.bureau_id)) is not None:
        return made
    row = JointUnit(pk=id or new_id(), bureau_id=by.bureau_id, unit=unit, covered=covered)
    return _record(row, from_on, to_on, by)


def _record(row: A, from_on: dt.date, to_on: dt.date | None, by: Actor) -> A:
    row.from_on, row.to_on = from_on, to_on
    _check(row)
    row.save(force_insert=True)
    audit.record(f"org.record_{row._meta.model_name}", row, by=by)
    return row


@transaction.atomic
def correct_aspect(row: Any, *, by: Actor, **values: Any) -> Any:
    """Correct what is on record of a branch, or say when it ended.

    Raises:
        Refused: as for a new one.
    """
    before = audit.snapshot(row)
    for name, value in values.items():
        setattr(row, name, value)
    _check(row)
    row.save()
    audit.record(f"org.correct_{row._meta.model_name}", row, by=by, before=before)
    return row


@transaction.atomic
def remove_aspect(row: Any, *, because: str, by: Actor) -> None:
    """Remove what was entered by mistake; the log keeps what it said and why it went.

    Raises:
        Refused: no reason is given.
    """
    because = because.strip()
    if not because:
        raise Refused("请写明为什么删除，例如“重复登记”。", "because")
    said = {str(row._meta.verbose_name): str(row), "from_on": row.from_on.isoformat()}
    end = {"to_on": row.to_on.isoformat()} if row.to_on else {}
    verb = f"org.remove_{row._meta.model_name}"
    audit.record(verb, row.unit, by=by, before=said | end, after={"删除原因": because})
    row.delete()


def _check(row: Any) -> None:
    if row.unit.kind != UnitKind.BRANCH or row.unit.bureau_id != row.bureau_id:
        raise Refused(f"“{row.unit}”不是党支部，只有党支部能这样登记。")
    if row.to_on is not None and row.to_on < row.from_on:
        raise Refused("截止日期早于起始日期，请核对。", "to_on")
    _check_there(row.unit, row)
    if isinstance(row, JointUnit):
        if row.covered.kind != UnitKind.DEPARTMENT or row.covered.bureau_id != row.bureau_id:
            raise Refused(f"“{row.covered}”不是处室，覆盖单位请选处室。", "covered")
        _check_there(row.covered, row)
    _check_once(row)


def _check_there(unit: Unit, row: DatedRow) -> None:
    if row.from_on < unit.from_on:
        raise Refused(f"“{unit}”{say_day(unit.from_on)}才成立，请核对起始日期。", "from_on")
    if unit.to_on is not None and row.from_on > unit.to_on:
        raise Refused(f"“{unit}”{say_day(unit.to_on)}后已撤销，请核对起始日期。", "from_on")


def _check_once(row: Any) -> None:
    same = {"covered_id": row.covered_id} if isinstance(row, JointUnit) else {}
    others = type(row).objects.within(row.from_on, row.to_on or dt.date.max)
    other = others.filter(bureau_id=row.bureau_id, unit=row.unit, **same).exclude(pk=row.pk).first()
    if other is not None:
        until = f"至{say_day(other.to_on)}" if other.to_on else "至今"
        raise Refused(
            f"“{row.unit}”{say_day(other.from_on)}{until}已登记为{other.label}，日期重叠。请更正那一条。",
            "from_on",
        )
