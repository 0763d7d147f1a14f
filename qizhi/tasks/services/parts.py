"""What branches do about what was asked, and what happens under the other two lists."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Person, Unit
from qizhi.tasks.enums import ListKind, Settlement
from qizhi.tasks.models import Duty, DutyNote, DutyPart


@dataclass(frozen=True)
class Reference:
    """A record that is there already, whatever it is: what it is called and where."""

    label: str = ""
    address: str = ""


NO_RECORD = Reference()


@transaction.atomic
def settle_part(
    part: DutyPart, *, how: str, on: dt.date, words: str = "", record: Reference = NO_RECORD, by: Actor
) -> DutyPart:
    """Say how a branch's part stands: done, not applicable, or excused; said again, it is corrected.

    Raises:
        Refused: it was withdrawn, the day lies ahead, or there is no reason where one is wanted.
    """
    _check_stands(part.duty)
    if on > clock.today():
        message = "办理日期不能晚于今天。"
        raise Refused(message, "on")
    if how != Settlement.DONE and not words.strip():
        message = "请写明原因，查看的人会看到。"
        raise Refused(message, "words")
    _check_record(record)
    before = audit.snapshot(part)
    part.settled_as, part.settled_on, part.words = how, on, words.strip()
    part.link_label, part.link_address = record.label[:120], record.address
    part.save(update_fields=["settled_as", "settled_on", "words", "link_label", "link_address"])
    audit.record("tasks.settle_part", part, by=by, before=before)
    return part


@transaction.atomic
def reopen_part(part: DutyPart, *, by: Actor) -> DutyPart:
    """Take back what was said of a part; the log keeps it."""
    before = audit.snapshot(part)
    part.settled_as, part.settled_on, part.words = "", None, ""
    part.link_label = part.link_address = ""
    part.save(update_fields=["settled_as", "settled_on", "words", "link_label", "link_address"])
    audit.record("tasks.reopen_part", part, by=by, before=before)
    return part


@transaction.atomic
def extend_part(
    part: DutyPart, *, until: dt.date | None, because: str, approved_by: Person | None, by: Actor
) -> DutyPart:
    """Give a branch more time, and say who approved it and why; `until` None takes that back.

    Raises:
        Refused: it was withdrawn; a day without its reason or without who approved it.
    """
    _check_stands(part.duty)
    if until and not because.strip():
        message = "请写明延期的原因。"
        raise Refused(message, "because")
    if until and approved_by is None:
        message = "请写明由谁批准延期。"
        raise Refused(message, "approved_by")
    if until and part.duty.due_on and until <= part.duty.due_on:
        message = f"延期后的日期应晚于原期限（{periods.say_day(part.duty.due_on)}）。"
        raise Refused(message, "until")
    before = audit.snapshot(part)
    part.extended_to = until
    part.extended_because = because.strip() if until else ""
    part.approved_by = approved_by if until else None
    part.save(update_fields=["extended_to", "extended_because", "approved_by"])
    audit.record("tasks.extend_part", part, by=by, before=before)
    return part


@transaction.atomic
def add_note(
    duty: Duty,
    *,
    unit: Unit,
    person: Person | None,
    noted_on: dt.date,
    words: str,
    record: Reference = NO_RECORD,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> DutyNote:
    """Note a good thing, or something to be looked into; the same id again returns the one that is there.

    A note decides nothing: what comes of it is somebody else's word, somewhere else.

    Raises:
        Refused: the item is neither of the incentive nor of the negative list, or is not for this branch.
    """
    known = DutyNote.objects.filter(bureau_id=by.bureau_id, pk=id).first() if id else None
    if known is not None:
        return known
    _check_stands(duty)
    if duty.duty_list is None or duty.duty_list.kind == ListKind.RESPONSIBILITY:
        message = "责任清单和任务登记办理情况，不记事。"
        raise Refused(message)
    if not duty.parts.filter(unit=unit).exists():
        message = f"“{unit}”不在这份清单的适用范围内。"
        raise Refused(message, "unit")
    note = DutyNote(bureau_id=by.bureau_id, duty=duty, unit=unit)
    if id is not None:
        note.pk = id
    _fill(note, person=person, noted_on=noted_on, words=words, record=record)
    note.save(force_insert=True)
    audit.record("tasks.add_note", note, by=by)
    return note


@transaction.atomic
def change_note(
    note: DutyNote,
    *,
    person: Person | None,
    noted_on: dt.date,
    words: str,
    record: Reference = NO_RECORD,
    by: Actor,
) -> DutyNote:
    """Correct a note.

    Raises:
        Refused: the day lies ahead, or the address leads out of the house.
    """
    before = audit.snapshot(note)
    _fill(note, person=person, noted_on=noted_on, words=words, record=record)
    note.withdrawn_because = ""
    note.save()
    audit.record("tasks.change_note", note, by=by, before=before)
    return note


@transaction.atomic
def withdraw_note(note: DutyNote, *, because: str, by: Actor) -> DutyNote:
    """Take a note back and say why; it stays readable and counts no more.

    Raises:
        Refused: no reason is given.
    """
    if not because.strip():
        message = "请写明撤回的原因。"
        raise Refused(message, "because")
    before = audit.snapshot(note)
    note.withdrawn_because = because.strip()
    note.save(update_fields=["withdrawn_because"])
    audit.record("tasks.withdraw_note", note, by=by, before=before)
    return note


def _fill(note: DutyNote, *, person: Person | None, noted_on: dt.date, words: str, record: Reference) -> None:
    if noted_on > clock.today():
        message = "日期不能晚于今天。"
        raise Refused(message, "noted_on")
    _check_record(record)
    note.person, note.noted_on, note.words = person, noted_on, words.strip()
    note.link_label, note.link_address = record.label[:120], record.address


def _check_record(record: Reference) -> None:
    """Only addresses of our own: one slash and no second, so that nobody is led elsewhere."""
    if record.address and (not record.address.startswith("/") or record.address.startswith(("//", "/\\"))):
        message = "关联记录只能是本系统里的页面：请打开那条记录，把浏览器里的地址复制过来。"
        raise Refused(message, "link_address")


def _check_stands(duty: Duty) -> None:
    if duty.withdrawn_on:
        day = periods.say_day(duty.withdrawn_on)
        message = f"这一项已于{day}撤回（{duty.withdrawn_because}），不用办理。"
        raise Refused(message)
