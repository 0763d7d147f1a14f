"""Changes to the numbers of reading notes that people declare; each is one transaction and one event."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.periods import month_of
from qizhi.core.permissions import Actor
from qizhi.org.models import Person
from qizhi.study.models import ReadingNotes


@transaction.atomic
def declare_notes(
    *,
    person: Person,
    month: dt.date,
    number: int,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> ReadingNotes:
    """A person says how many notes they kept in a month; asking again with the same id changes nothing.

    Raises:
        Refused: the month is to come, or has been declared.
    """
    if (known := made_before(ReadingNotes, id, by.bureau_id)) is not None:
        return known
    row = ReadingNotes(
        bureau_id=by.bureau_id,
        person=person,
        month=month_of(month).start,
        number=number,
        **({"id": id} if id else {}),
    )
    _check(row)
    row.save(force_insert=True)
    audit.record("study.declare_notes", row, by=by)
    return row


@transaction.atomic
def change_notes(row: ReadingNotes, *, month: dt.date, number: int, by: Actor) -> ReadingNotes:
    """Correct what was declared.

    Raises:
        Refused: the month is to come, or has been declared.
    """
    before = audit.snapshot(row)
    row.month, row.number = month_of(month).start, number
    _check(row)
    row.save()
    audit.record("study.change_notes", row, by=by, before=before)
    return row


@transaction.atomic
def remove_notes(row: ReadingNotes, *, by: Actor) -> None:
    """Take a declaration back, as if nothing had been said; the log keeps it."""
    audit.record("study.remove_notes", row, by=by, before=audit.snapshot(row), after={})
    row.delete()


def _check(row: ReadingNotes) -> None:
    label = month_of(row.month).label
    if row.month > clock.today():
        message = f"{label}还没有到，没有保存。请核对月份。"
        raise Refused(message, "month")
    same = ReadingNotes.objects.filter(bureau_id=row.bureau_id, person=row.person, month=row.month)
    if other := same.exclude(pk=row.pk).first():
        message = f"{label}已经自报{other.number}次，没有再记一条。要改次数的，请更正那一条。"
        raise Refused(message, "month")
