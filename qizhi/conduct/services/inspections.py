"""Monthly inspections: planned, a sample drawn that can be drawn again, the end, and opened once more."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction

from qizhi.conduct.enums import InspectionStatus
from qizhi.conduct.models import Inspection, SampleDraw
from qizhi.conduct.queries.inspections import free_title
from qizhi.conduct.queries.samples import frame_of, latest_draw, where_of
from qizhi.conduct.rules.procedure import draw
from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.once import made_before
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.text import one_line
from qizhi.core.values import dataclass
from qizhi.org.models import Person, Unit

LONGEST_REASON = 200


@dataclass(frozen=True)
class InspectionValues:
    """What is laid down about an inspection; `month` is any day of it."""

    month: dt.date
    title: str
    led_by: Person
    scope: str = ""
    sampling: str = ""
    held_on: dt.date | None = None
    units: tuple[Unit, ...] = ()


@transaction.atomic
def save_inspection(
    values: InspectionValues,
    *,
    by: Actor,
    inspection: Inspection | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's own
) -> Inspection:
    """Plan an inspection or change it while it is open; a second call with an `id` makes no second one.

    Raises:
        Refused: it is over, or there is one of that name in the month.
    """
    if (known := made_before(Inspection, id, by.bureau_id)) is not None:
        return known
    row = open_now(inspection) if inspection else Inspection(pk=id or new_id(), bureau_id=by.bureau_id)
    month = values.month.replace(day=1)
    same = Inspection.objects.filter(bureau_id=by.bureau_id, month=month, title=values.title)
    if (other := same.exclude(pk=row.pk).first()) is not None:
        message = (
            f"{month:%Y年%-m月}已有名为“{values.title}”的检查，没有重复建立。请换一个名称，"
            f"例如“{free_title(by.bureau_id, month, values.title)}”，或打开原来的检查。"
        )
        raise Refused(message, "title", see=other)
    before = {**audit.snapshot(row), "units": _names(row.units.all())} if inspection else None
    row.month, row.title, row.led_by = month, values.title, values.led_by
    row.scope, row.sampling, row.held_on = values.scope, values.sampling, values.held_on
    row.save(force_insert=inspection is None)
    row.units.set(values.units)
    after = {**audit.snapshot(row), "units": _names(values.units)}
    audit.record("conduct.save_inspection", row, by=by, before=before, after=after)
    return row


def _names(units: Iterable[Unit]) -> str:
    return "、".join(sorted(map(str, units)))


@transaction.atomic
def draw_sample(
    inspection: Inspection, *, number: int, seed: str, on: dt.date, by: Actor, because: str = ""
) -> SampleDraw:
    """Draw people of the inspected units by a stated seed; out of whom, and whom, is kept for ever.

    Who could draw until it suits would do so: another draw needs a reason, and the one before stays to be
    read. The same draw a second time makes no second row.

    Raises:
        Refused: it is over, no units are chosen, of a day to come, there are fewer people than are to be
            drawn, or it is drawn again without a reason.
    """
    inspection = open_now(inspection)
    units = list(inspection.units.order_by("position", "code"))
    if not units:
        raise Refused("还没有选受检组织，不能抽取。请先修改检查、选定组织。")
    if on > clock.today():
        raise Refused(f"{say_day(on)}还没有到，那一天有哪些人还不确定。请选今天或以前的日期。", "on")
    people = {person.staff_no: person for person in frame_of([unit.pk for unit in units], by.bureau_id, on)}
    if not 0 < number <= len(people):
        message = f"受检组织{say_day(on)}共{len(people)}人，不能抽取{number}人。"
        raise Refused(message, "number")
    named = [{"id": str(unit.pk), "name": str(unit)} for unit in units]
    last = latest_draw(inspection)
    if last is not None and (last.on, last.seed, last.number, last.units) == (on, seed, number, named):
        return last
    because = one_line(because)
    if last is not None and not because:
        message = "已经抽取过样本。确需重抽的，请写明理由；原来的样本和理由都会保留。"
        raise Refused(message, "because")
    keys = draw(list(people), number, seed)
    where = where_of([people[key].pk for key in keys], units, on)
    row = SampleDraw(bureau_id=by.bureau_id, inspection=inspection, by_label=by.label[:100])
    row.on, row.seed, row.number, row.because = on, seed, number, because[:LONGEST_REASON]
    row.units, row.frame = named, sorted(people)
    row.drawn = [_drawn(people[key], where) for key in keys]
    row.save(force_insert=True)
    audit.record("conduct.draw_sample", row, by=by)
    return row


def _drawn(person: Person, where: dict[uuid.UUID, str]) -> dict[str, str]:
    return {
        "id": str(person.pk),
        "staff_no": person.staff_no,
        "name": person.name,
        "unit": where.get(person.pk, ""),
    }


@transaction.atomic
def close_inspection(inspection: Inspection, *, by: Actor) -> Inspection:
    """End an inspection: nothing is added to it afterwards; its cases go on. One that is over stays so.

    Raises:
        Refused: it was not held yet.
    """
    inspection = hold_inspection(inspection)
    if inspection.status == InspectionStatus.CLOSED:
        return inspection
    if inspection.held_on is None or inspection.held_on > clock.today():
        raise Refused("没有填写检查日期，或者检查还没有进行，不能结束。请先修改检查、填写日期。")
    return _turn(inspection, InspectionStatus.CLOSED, "close_inspection", by)


@transaction.atomic
def reopen_inspection(inspection: Inspection, *, because: str, by: Actor) -> Inspection:
    """Open an inspection once more, so that it can be added to and corrected; the log keeps why.

    Raises:
        Refused: no reason is given.
    """
    inspection = hold_inspection(inspection)
    if inspection.status == InspectionStatus.OPEN:
        return inspection
    said = reason_of(because, "重新打开", "漏记了第三科的情况")
    return _turn(inspection, InspectionStatus.OPEN, "reopen_inspection", by, because=said)


def _turn(inspection: Inspection, status: InspectionStatus, verb: str, by: Actor, **more: str) -> Inspection:
    before = audit.snapshot(inspection)
    inspection.status = status
    inspection.save(update_fields=["status"])
    after = {**audit.snapshot(inspection), **more}
    audit.record(f"conduct.{verb}", inspection, by=by, before=before, after=after)
    return inspection


def reason_of(text: str, what: str, example: str) -> str:
    """A reason on one line.

    Raises:
        Refused: there is none, or it is longer than the log shows.
    """
    said = one_line(text)
    if not said or len(said) > LONGEST_REASON:
        message = f"请写明{what}的理由，最多{LONGEST_REASON}个字，例如“{example}”。"
        raise Refused(message, "because")
    return said


def hold_inspection(inspection: Inspection) -> Inspection:
    """The row as it stands now, held until the transaction ends."""
    return Inspection.objects.select_for_update().get(bureau_id=inspection.bureau_id, pk=inspection.pk)


def open_now(inspection: Inspection) -> Inspection:
    """The inspection, held.

    Raises:
        Refused: it is over.
    """
    row = hold_inspection(inspection)
    if row.status != InspectionStatus.OPEN:
        message = f"“{row}”已经结束，不能再改。新的情况请记到下一次检查里，或请分管负责人重新打开。"
        raise Refused(message)
    return row
