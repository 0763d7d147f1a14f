"""Changes to documents that must be finished in time: registered, corrected, finished, withdrawn."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Person
from qizhi.tasks.enums import DocumentKind, ExtensionState
from qizhi.tasks.models import Document, Handling
from qizhi.tasks.models.documents import MOST_WORKING_DAYS, REMIND_DAYS
from qizhi.tasks.permissions import MANAGE_DOCUMENTS
from qizhi.tasks.queries.documents import department_of


@dataclass(frozen=True)
class DocumentValues:
    """A document as it was filled in."""

    title: str
    received_on: dt.date
    due_on: dt.date | None = None
    working_days: int | None = None
    number: str = ""
    sender: str = ""
    kind: str = DocumentKind.INCOMING
    remind_days: int = REMIND_DAYS
    note: str = ""


def check_values(values: DocumentValues) -> None:
    """What the columns of a document must hold.

    Raises:
        Refused: no last day or two of them, one before the receipt, or a receipt that lies ahead.
    """
    if values.due_on is None and values.working_days is None:
        message = "没有写明什么时候办结。请填办结期限，或填几个工作日内办结。"
        raise Refused(message, "working_days")
    if values.due_on is not None and values.working_days is not None:
        message = "办结期限和工作日数只填一种，现在两种都填了。请清空其中一种。"
        raise Refused(message, "due_on")
    if values.working_days is not None and not 1 <= values.working_days <= MOST_WORKING_DAYS:
        message = f"工作日数应在1到{MOST_WORKING_DAYS}之间，请核对。"
        raise Refused(message, "working_days")
    if values.received_on > clock.today():
        message = "收文日期不能晚于今天，请核对。"
        raise Refused(message, "received_on")
    if values.due_on is not None and values.due_on < values.received_on:
        message = f"办结期限早于收文日期（{say_day(values.received_on)}），请核对这两个日期。"
        raise Refused(message, "due_on")


def check_handler(person: Person, by: Actor) -> None:
    """Whether the actor may make somebody answer for a document.

    Raises:
        Refused: the person works in a department that is not the actor's.
    """
    unit = department_of(person, clock.today())
    if not by.may(MANAGE_DOCUMENTS, unit.pk, unit.path):
        message = f"“{person}”是{unit}的，不由您指定承办。请填本处室的人员，或请政工处登记。"
        raise Refused(message, "handler")


@transaction.atomic
def register_document(
    *,
    values: DocumentValues,
    handler: Person,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Document:
    """Take a document into the register; the same id again returns the one that is there.

    Raises:
        Refused: the values do not hold, the handler is not the actor's to name, or it is there already.
    """
    known = Document.objects.filter(bureau_id=by.bureau_id, pk=id).first() if id else None
    if known is not None:
        return known
    check_values(values)
    check_handler(handler, by)
    _check_twice(values, handler, by.bureau_id)
    made = Document(bureau_id=by.bureau_id, **vars(values))
    if id is not None:
        made.pk = id
    made.save(force_insert=True)
    handling = Handling.objects.create(
        bureau_id=by.bureau_id,
        document=made,
        person=handler,
        unit=department_of(handler, values.received_on),
        from_on=values.received_on,
    )
    audit.record(
        "tasks.register_document", made, by=by, after={**audit.snapshot(made), "handler": str(handling)}
    )
    return made


def _check_twice(values: DocumentValues, handler: Person, bureau_id: uuid.UUID) -> None:
    """The same document twice in one person's hands is one that was written down twice."""
    same = Document.objects.standing().filter(
        bureau_id=bureau_id,
        received_on=values.received_on,
        number=values.number,
        title=values.title,
        handlings__person=handler,
    )
    if same.exists():
        message = (
            f"这份公文（{say_day(values.received_on)}收文，承办人{handler}）已经登记过，没有再次登记。"
            "请在列表里找到它；确实是另一份的，请在标题里写明区别。"
        )
        raise Refused(message, "title")


@transaction.atomic
def change_document(document: Document, *, values: DocumentValues, by: Actor) -> Document:
    """Correct what was written down; the first who answered did so from the corrected day of receipt.

    Raises:
        Refused: the values do not hold, or a day no longer fits what came after it.
    """
    check_values(values)
    if document.done_on and document.done_on < values.received_on:
        message = f"收文日期晚于已登记的办结日期（{say_day(document.done_on)}），请先更正办结日期。"
        raise Refused(message, "received_on")
    first, *later = document.handlings.order_by("from_on")
    if later and values.received_on >= later[0].from_on:
        message = f"收文日期不早于转办日期（{say_day(later[0].from_on)}），请先更正转办日期。"
        raise Refused(message, "received_on")
    before = audit.snapshot(document)
    for name, value in vars(values).items():
        setattr(document, name, value)
    document.save()
    if first.from_on != values.received_on:
        first.from_on = values.received_on
        first.save(update_fields=["from_on"])
    audit.record("tasks.change_document", document, by=by, before=before)
    return document


@transaction.atomic
def finish_document(document: Document, *, on: dt.date, result: str = "", by: Actor) -> Document:
    """Say on which day it was finished; said again, it is corrected. The day of writing is kept beside it.

    Raises:
        Refused: it was withdrawn, or the day lies ahead or before the receipt.
    """
    _check_stands(document)
    if on > clock.today():
        message = "办结日期不能晚于今天，请核对。"
        raise Refused(message, "on")
    if on < document.received_on:
        message = f"办结日期早于收文日期（{say_day(document.received_on)}），请核对。"
        raise Refused(message, "on")
    before = audit.snapshot(document)
    if document.done_on != on or document.done_recorded_at is None:
        document.done_recorded_at = clock.now()
    document.done_on, document.result = on, result.strip()
    document.save(update_fields=["done_on", "done_recorded_at", "result"])
    audit.record("tasks.finish_document", document, by=by, before=before)
    return document


@transaction.atomic
def reopen_document(document: Document, *, by: Actor) -> Document:
    """Take back that it was finished; the log keeps what was said."""
    before = audit.snapshot(document)
    document.done_on, document.done_recorded_at, document.result = None, None, ""
    document.save(update_fields=["done_on", "done_recorded_at", "result"])
    audit.record("tasks.reopen_document", document, by=by, before=before)
    return document


@transaction.atomic
def withdraw_document(document: Document, *, because: str, by: Actor) -> Document:
    """Take it out of every count, and say why; it stays readable.

    Raises:
        Refused: no reason is given.
    """
    if not because.strip():
        message = "请写明撤销的原因，承办人会看到。"
        raise Refused(message, "because")
    before = audit.snapshot(document)
    document.withdrawn_on, document.withdrawn_because = clock.today(), because.strip()
    document.save(update_fields=["withdrawn_on", "withdrawn_because"])
    waiting = document.extensions.filter(state=ExtensionState.ASKED)
    waiting.update(state=ExtensionState.WITHDRAWN)
    audit.record("tasks.withdraw_document", document, by=by, before=before)
    return document


@transaction.atomic
def restore_document(document: Document, *, by: Actor) -> Document:
    """Count a withdrawn document again."""
    before = audit.snapshot(document)
    document.withdrawn_on, document.withdrawn_because = None, ""
    document.save(update_fields=["withdrawn_on", "withdrawn_because"])
    audit.record("tasks.restore_document", document, by=by, before=before)
    return document


def _check_stands(document: Document) -> None:
    if document.withdrawn_on is not None:
        message = f"这份公文已于{say_day(document.withdrawn_on)}撤销，没有改动。请先恢复。"
        raise Refused(message)


def values_of(document: Document) -> DocumentValues:
    """What is written down now."""
    known: dict[str, Any] = {name: getattr(document, name) for name in DocumentValues.__dataclass_fields__}
    return DocumentValues(**known)
