"""Monthly inspections: planned, a sample drawn that can be drawn again, what was seen, and the end."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from qizhi.conduct.enums import CaseStatus, InspectionStatus
from qizhi.conduct.models import Inspection, Observation
from qizhi.conduct.queries.inspections import frame_of
from qizhi.conduct.rules.procedure import draw
from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.org.models import Person, Unit
from qizhi.regulations.models import Clause


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
    if id is not None and (known := Inspection.objects.filter(bureau_id=by.bureau_id, pk=id).first()):
        return known
    row = inspection or Inspection(pk=id or new_id(), bureau_id=by.bureau_id)
    if inspection is not None:
        _is_open(inspection)
    month = values.month.replace(day=1)
    same = Inspection.objects.filter(bureau_id=by.bureau_id, month=month, title=values.title)
    if same.exclude(pk=row.pk).exists():
        message = (
            f"{month:%Y年%-m月}已有名为“{values.title}”的检查，没有重复建立。请换一个名称，或打开原来的。"
        )
        raise Refused(message, "title")
    before = audit.snapshot(inspection) if inspection else None
    row.month, row.title, row.led_by = month, values.title, values.led_by
    row.scope, row.sampling, row.held_on = values.scope, values.sampling, values.held_on
    row.save(force_insert=inspection is None)
    row.units.set(values.units)
    audit.record("conduct.save_inspection", row, by=by, before=before)
    return row


@transaction.atomic
def draw_sample(inspection: Inspection, *, number: int, seed: str, on: dt.date, by: Actor) -> Inspection:
    """Draw people of the inspected units by a stated seed; how it was drawn is written down with the result.

    Raises:
        Refused: it is over, no units are chosen, or there are fewer people than are to be drawn.
    """
    _is_open(inspection)
    units = list(inspection.units.order_by("position", "code"))
    if not units:
        raise Refused("还没有选受检组织，不能抽取。请先修改检查、选定组织。")
    people = {person.staff_no: person for person in frame_of(units, on)}
    if not 0 < number <= len(people):
        message = f"受检组织{say_day(on)}共{len(people)}人，不能抽取{number}人。"
        raise Refused(message, "number")
    drawn = draw(list(people), number, seed)
    before = audit.snapshot(inspection)
    inspection.sampling = say_sample([str(unit) for unit in units], on, len(people), seed, drawn)
    names = "、".join(f"{people[key].name}({key})" for key in drawn)
    inspection.sampling += f"\n抽中{number}人：{names}。"
    inspection.save(update_fields=["sampling"])
    audit.record("conduct.draw_sample", inspection, by=by, before=before)
    return inspection


def say_sample(units: Iterable[str], on: dt.date, size: int, seed: str, drawn: Iterable[str]) -> str:
    """How a sample was drawn, so that anybody can draw it again."""
    return (
        f"总体：{'、'.join(units)}，{say_day(on)}在册{size}人；抽取{len(list(drawn))}人。"
        f"\n办法：按“种子:工号”的 SHA-256 值由小到大取前几名；种子：{seed}。"
    )


@transaction.atomic
def close_inspection(inspection: Inspection, *, by: Actor) -> Inspection:
    """End an inspection: nothing is added to it afterwards; its cases go on.

    Raises:
        Refused: it is over already, or it was not held yet.
    """
    _is_open(inspection)
    if inspection.held_on is None or inspection.held_on > clock.today():
        raise Refused("没有填写检查日期，或者检查还没有进行，不能结束。请先修改检查、填写日期。")
    before = audit.snapshot(inspection)
    inspection.status = InspectionStatus.CLOSED
    inspection.save(update_fields=["status"])
    audit.record("conduct.close_inspection", inspection, by=by, before=before)
    return inspection


@dataclass(frozen=True)
class Seen:
    """What an inspection has seen: whom it concerns, when, what, and what shows it."""

    happened_on: dt.date
    fact: str
    evidence: str
    person: Person | None = None
    unit: Unit | None = None
    clause: Clause | None = None


@transaction.atomic
def save_observation(
    inspection: Inspection,
    seen: Seen,
    *,
    by: Actor,
    observation: Observation | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's own
) -> Observation:
    """Write down what was seen, or correct it while no case was made of it.

    Raises:
        Refused: the inspection is over, nobody is named, of the future, or a case was made of it.
    """
    if id is not None and (known := Observation.objects.filter(bureau_id=by.bureau_id, pk=id).first()):
        return known
    _is_open(inspection)
    if observation is not None:
        _is_free(observation)
    if seen.person is None and seen.unit is None:
        raise Refused("没有写明人员或组织，没有保存。", "person")
    if seen.happened_on > clock.today():
        raise Refused("发生日期在今天之后，请核对。", "happened_on")
    row = observation or Observation(pk=id or new_id(), bureau_id=by.bureau_id, inspection=inspection)
    before = audit.snapshot(observation) if observation else None
    values: dict[str, Any] = vars(seen)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=observation is None)
    audit.record("conduct.save_observation", row, by=by, before=before)
    return row


@transaction.atomic
def remove_observation(observation: Observation, *, by: Actor) -> None:
    """Take a mistaken line away; the log keeps it.

    Raises:
        Refused: the inspection is over, or a case was made of it.
    """
    _is_open(observation.inspection)
    _is_free(observation)
    audit.record(
        "conduct.remove_observation", observation, by=by, before=audit.snapshot(observation), after={}
    )
    observation.cases.update(observation=None)
    observation.delete()


def _is_open(inspection: Inspection) -> None:
    if inspection.status != InspectionStatus.OPEN:
        message = f"“{inspection}”已经结束，不能再改。新的情况请记到下一次检查里。"
        raise Refused(message)


def _is_free(observation: Observation) -> None:
    known = observation.cases.exclude(status=CaseStatus.DROPPED).first()
    if known is not None:
        message = f"已经据此立案（{known}），检查记录不能再改。有误的，在事项里更正或撤销。"
        raise Refused(message)
