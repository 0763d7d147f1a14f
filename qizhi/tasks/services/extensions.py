"""More time for a document: asked for, decided by another person, corrected."""

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
from qizhi.regulations.queries import calendar_for
from qizhi.tasks.enums import ExtensionState
from qizhi.tasks.models import Document, Extension
from qizhi.tasks.queries.documents import handling_on, term_of


@dataclass(frozen=True)
class ExtensionValues:
    """A request as it was filled in."""

    until: dt.date
    because: str
    asked_on: dt.date


@dataclass(frozen=True)
class Decision:
    """What was decided of a request, by whom, and when."""

    is_approved: bool
    decided_on: dt.date
    decided_by: Person
    until: dt.date | None = None
    words: str = ""


@transaction.atomic
def ask_extension(
    document: Document,
    *,
    values: ExtensionValues,
    asked_by: Person,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Extension:
    """Ask for more time; the same id again returns the request that is there.

    Raises:
        Refused: the document is finished or withdrawn, a request waits already, it was asked after the last
            day had passed, or the day asked for is no later one.
    """
    known = Extension.objects.filter(bureau_id=by.bureau_id, pk=id).first() if id else None
    if known is not None:
        return known
    if document.withdrawn_on is not None:
        message = "公文已撤销，没有登记延期申请。请先恢复。"
        raise Refused(message)
    if document.extensions.filter(state=ExtensionState.ASKED).exists():
        message = "这份公文已有一次延期申请等待批准，没有再次登记。请先批准或撤回那一次。"
        raise Refused(message)
    check_request(document, values)
    made = Extension(bureau_id=document.bureau_id, document=document, asked_by=asked_by, **_stripped(values))
    if id is not None:
        made.pk = id
    made.save(force_insert=True)
    audit.record("tasks.ask_extension", document, by=by, after=_said(made))
    return made


def check_request(document: Document, values: ExtensionValues, but: uuid.UUID | None = None) -> None:
    """Whether a request was made in time and asks for something; `but` is the request itself, if it is known.

    Raises:
        Refused: it lies ahead or before the receipt, was made after the last day had passed, or asks for
            no later day.
    """
    if values.asked_on > clock.today():
        message = "申请日期不能晚于今天，请核对。"
        raise Refused(message, "asked_on")
    # As it stood on the day of asking: what was approved later gave no time then.
    due = term_of(document, calendar_for(document.bureau_id), values.asked_on, but).on
    check_days(document.received_on, due, values)


def check_days(received_on: dt.date, due: dt.date | None, values: ExtensionValues) -> None:
    """Whether a request was made by the last day, and asks for a later one.

    Raises:
        Refused: it was not, or does not.
    """
    if due is not None and values.asked_on > due:
        message = (
            f"申请日期（{say_day(values.asked_on)}）已过办结期限（{say_day(due)}），没有登记延期。"
            "延期要在期限内申请；当时已申请、现在补登的，请填当时的申请日期。"
        )
        raise Refused(message, "asked_on")
    if values.asked_on < received_on:
        message = f"申请日期早于收文日期（{say_day(received_on)}），请核对。"
        raise Refused(message, "asked_on")
    if values.until <= (due or received_on):
        message = f"申请延至的日期没有晚于现在的办结期限（{say_day(due or received_on)}），请核对。"
        raise Refused(message, "until")


@transaction.atomic
def decide_extension(extension: Extension, *, decision: Decision, by: Actor) -> Extension:
    """Approve or refuse a request, with the day that is given, which may be another than was asked for.

    Raises:
        Refused: it does not wait any more, the person asked for it or answers for the document, or the
            days do not hold.
    """
    if extension.state != ExtensionState.ASKED:
        message = f"这次申请已是“{extension.get_state_display()}”，没有再次处理。"
        raise Refused(message)
    check_decision(extension, decision, by)
    before = _said(extension)
    _decide(extension, decision)
    audit.record("tasks.decide_extension", extension.document, by=by, before=before, after=_said(extension))
    return extension


def _decide(extension: Extension, decision: Decision) -> None:
    is_approved = decision.is_approved
    extension.state = ExtensionState.APPROVED if is_approved else ExtensionState.REFUSED
    extension.approved_until = (decision.until or extension.until) if is_approved else None
    extension.decided_on, extension.decided_by = decision.decided_on, decision.decided_by
    extension.words = decision.words.strip()
    extension.save()


def check_decision(extension: Extension, decision: Decision, by: Actor) -> None:
    """Whether somebody else decides (and writes that down), on a day that can be.

    Raises:
        Refused: the person asked for it or answers for the document, the days do not hold, or a no has no
            reason.
    """
    handling = handling_on(extension.document, decision.decided_on)
    if {decision.decided_by.pk, by.person_id} & {extension.asked_by_id, handling.person_id}:
        message = "申请人和承办人不能批准自己的延期，没有处理。请由处室负责人或政工处的另一人批准。"
        raise Refused(message, "decided_by")
    if not extension.asked_on <= decision.decided_on <= clock.today():
        message = f"批准日期应在申请日期（{say_day(extension.asked_on)}）和今天之间，请核对。"
        raise Refused(message, "decided_on")
    if not decision.is_approved and not decision.words.strip():
        message = "不批准的，请写明理由，承办人会看到。"
        raise Refused(message, "words")
    until = decision.until or extension.until
    if decision.is_approved and until <= extension.document.received_on:
        message = "批准延至的日期早于收文日期，请核对。"
        raise Refused(message, "approved_until")


@transaction.atomic
def change_extension(
    extension: Extension, *, values: ExtensionValues, decision: Decision | None, by: Actor
) -> Extension:
    """Correct the days and words of a request, and what was decided of it.

    Raises:
        Refused: it was withdrawn, or the days or the person do not hold.
    """
    if extension.state == ExtensionState.WITHDRAWN:
        message = "这次申请已撤回，没有更正。需要延期的，请重新申请。"
        raise Refused(message)
    check_request(extension.document, values, extension.pk)
    before = _said(extension)
    for name, value in _stripped(values).items():
        setattr(extension, name, value)
    if decision is not None:
        check_decision(extension, decision, by)
        _decide(extension, decision)
    else:
        extension.save()
    audit.record("tasks.change_extension", extension.document, by=by, before=before, after=_said(extension))
    return extension


@transaction.atomic
def withdraw_extension(extension: Extension, *, by: Actor) -> Extension:
    """Take back a request, decided or not: it gives no time any more. It stays readable."""
    before = _said(extension)
    extension.state = ExtensionState.WITHDRAWN
    extension.save(update_fields=["state"])
    audit.record("tasks.withdraw_extension", extension.document, by=by, before=before, after=_said(extension))
    return extension


def _stripped(values: ExtensionValues) -> dict[str, Any]:
    return {"until": values.until, "because": values.because.strip(), "asked_on": values.asked_on}


def _said(extension: Extension) -> audit.Snapshot:
    """A request with what was decided of it, as the history of its document keeps it."""
    return {f"extension_{name}": value for name, value in audit.snapshot(extension).items()}
