"""Changes to courses and to what people completed; each is one transaction and one event."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction

from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.org.models import Person
from qizhi.study.enums import Origin
from qizhi.study.models import Completion, Course


@transaction.atomic
def save_course(
    course: Course | None = None,
    *,
    name: str,
    provider: str,
    hours: Decimal | None,
    is_central: bool = False,
    is_active: bool = True,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Course:
    """Make or correct a course; asking again with the same id returns the one that is there.

    Raises:
        Refused: another course of that platform has that name.
    """
    if (known := made_before(Course, id, by.bureau_id)) is not None:
        return known
    before = audit.snapshot(course) if course else None
    row = course or Course(bureau_id=by.bureau_id, **({"id": id} if id else {}))
    same = Course.objects.filter(bureau_id=by.bureau_id, provider=provider, name=name)
    if same.exclude(pk=row.pk).exists():
        where = f"“{provider}”" if provider else "没有写学习平台的课程里"
        message = f"{where}已有名为“{name}”的课程，请直接修改它，或换一个名称、写明学习平台。"
        raise Refused(message, "name")
    row.name, row.provider, row.hours = name, provider, hours
    row.is_central, row.is_active = is_central, is_active
    row.save()
    audit.record("study.save_course", row, by=by, before=before)
    return row


@transaction.atomic
def record_completion(
    *,
    person: Person,
    course: Course,
    hours: Decimal,
    completed_on: dt.date,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002
) -> Completion:
    """A person says that they completed a course; asking again with the same id changes nothing.

    Raises:
        Refused: the day is to come, or the course stands in that year already.
    """
    if (known := made_before(Completion, id, by.bureau_id)) is not None:
        return known
    row = Completion(
        bureau_id=by.bureau_id,
        person=person,
        course=course,
        hours=hours,
        completed_on=completed_on,
        origin=Origin.SELF,
        **({"id": id} if id else {}),
    )
    _check(row)
    row.save(force_insert=True)
    audit.record("study.record_completion", row, by=by)
    return row


@transaction.atomic
def change_completion(
    row: Completion, *, course: Course, hours: Decimal, completed_on: dt.date, by: Actor
) -> Completion:
    """Correct a completed course.

    Raises:
        Refused: the day is to come, or the course stands in that year already.
    """
    before = audit.snapshot(row)
    row.course, row.hours, row.completed_on = course, hours, completed_on
    _check(row)
    row.save()
    audit.record("study.change_completion", row, by=by, before=before)
    return row


@transaction.atomic
def remove_completion(row: Completion, *, by: Actor) -> None:
    """Take back a completed course that was written down by mistake; the log keeps it."""
    audit.record("study.remove_completion", row, by=by, before=audit.snapshot(row), after={})
    row.delete()


def _check(row: Completion) -> None:
    if row.completed_on > clock.today():
        message = "完成日期还没有到，请核对。"
        raise Refused(message, "completed_on")
    same = Completion.objects.filter(
        bureau_id=row.bureau_id,
        person=row.person,
        course=row.course,
        completed_on__year=row.completed_on.year,
    )
    if other := same.exclude(pk=row.pk).first():
        day = periods.say_day(other.completed_on)
        message = f"“{row.course}”在{day}已有记录（{other.get_origin_display()}），同一年里不重复计学时。"
        raise Refused(message, "course")
