"""Who answers for a document: handed over with a day, corrected, taken back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.org.models import Person
from qizhi.tasks.models import Document, Handling
from qizhi.tasks.queries.documents import department_of

ONE_DAY = dt.timedelta(days=1)


def _words(handling: Handling) -> str:
    return f"{handling}：自{say_day(handling.from_on)}"


@transaction.atomic
def hand_over(document: Document, *, handler: Person, on: dt.date, because: str = "", by: Actor) -> Handling:
    """Give the document to somebody else from a day on; until the day before the last one answers for it.

    Whoever may hand a document over may give it to anybody: it leaves the department with that.

    Raises:
        Refused: it is finished or withdrawn, the day does not come after the last hand-over, lies ahead, or
            the person answers for it already.
    """
    last: Handling = document.handlings.select_related("person", "unit").latest("from_on")
    if last.person_id == handler.pk and last.from_on == on:
        # A second click finds what the first one did.
        return last
    _check_hand_over(document, last, handler, on)
    before = {"handler": _words(last)}
    last.to_on = on - ONE_DAY
    last.save(update_fields=["to_on"])
    made = Handling.objects.create(
        bureau_id=document.bureau_id,
        document=document,
        person=handler,
        unit=department_of(handler, on),
        from_on=on,
        because=because.strip(),
    )
    audit.record(
        "tasks.hand_over",
        document,
        by=by,
        before=before,
        after={"handler": _words(made), "because": made.because},
    )
    return made


def _check_hand_over(document: Document, last: Handling, handler: Person, on: dt.date) -> None:
    if not document.is_open:
        message = "公文已经办结或撤销，没有转办。确实还要办的，请先撤回办结或恢复。"
        raise Refused(message)
    if last.person_id == handler.pk:
        message = f"现在就由“{handler}”承办，没有转办。请填另一个人。"
        raise Refused(message, "handler")
    if on > clock.today():
        message = "转办日期不能晚于今天，请在转办当天或以后登记。"
        raise Refused(message, "on")
    if on <= last.from_on:
        message = (
            f"“{last.person}”从{say_day(last.from_on)}起承办，转办日期要在这以后。"
            "一开始就填错承办人的，请更正承办人。"
        )
        raise Refused(message, "on")


@transaction.atomic
def change_handling(
    handling: Handling, *, handler: Person, on: dt.date, because: str = "", by: Actor
) -> Handling:
    """Correct who answered, and from which day: the row before ends the day before.

    Raises:
        Refused: the day does not lie between those of the rows before and after it, or lies ahead.
    """
    rows = list(handling.document.handlings.order_by("from_on"))
    place = rows.index(handling)
    earlier = rows[place - 1] if place else None
    later = rows[place + 1] if place + 1 < len(rows) else None
    if earlier is None and on != handling.from_on:
        message = "第一位承办人从收文之日起承办。请更正公文的收文日期。"
        raise Refused(message, "on")
    if on > clock.today():
        message = "转办日期不能晚于今天，请核对。"
        raise Refused(message, "on")
    if (earlier and on <= earlier.from_on) or (later and on >= later.from_on):
        message = "转办日期要在上一次转办以后、下一次转办以前，请核对。"
        raise Refused(message, "on")
    before = {"handler": _words(handling), "because": handling.because}
    # A row that grows must find its place empty: the one before makes room first, or follows after.
    if earlier is not None and on <= handling.from_on:
        _end(earlier, on - ONE_DAY)
    handling.person, handling.unit = handler, department_of(handler, on)
    handling.from_on, handling.because = on, because.strip()
    handling.save(update_fields=["person", "unit", "from_on", "because"])
    if earlier is not None:
        _end(earlier, on - ONE_DAY)
    after = {"handler": _words(handling), "because": handling.because}
    audit.record("tasks.change_handling", handling.document, by=by, before=before, after=after)
    return handling


def _end(handling: Handling, on: dt.date) -> None:
    if handling.to_on != on:
        handling.to_on = on
        handling.save(update_fields=["to_on"])


@transaction.atomic
def undo_hand_over(handling: Handling, *, by: Actor) -> None:
    """Take back a hand-over that never was: the one before answers on. The log keeps it.

    Raises:
        Refused: it is the first row, or not the last.
    """
    rows = list(handling.document.handlings.order_by("from_on"))
    if len(rows) == 1 or rows[-1] != handling:
        message = "只能撤回最近一次转办，没有改动。更早的转办请更正日期或承办人。"
        raise Refused(message)
    before = {"handler": _words(handling), "because": handling.because}
    handling.delete()
    rows[-2].to_on = None
    rows[-2].save(update_fields=["to_on"])
    audit.record(
        "tasks.undo_hand_over", handling.document, by=by, before=before, after={"handler": _words(rows[-2])}
    )
