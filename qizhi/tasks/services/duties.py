"""Changes to lists and tasks: what is asked, of which branches, until when."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.db.models import Max

from qizhi.core import audit, clock, figures, periods
from qizhi.core.errors import Refused
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.models import Person, Unit
from qizhi.regulations.models import Regulation
from qizhi.tasks.enums import ListKind
from qizhi.tasks.models import Duty, DutyList, DutyPart
from qizhi.tasks.rules import next_year


@dataclass(frozen=True)
class DutyValues:
    """An item or task as it was filled in."""

    text: str
    regulation: Regulation | None = None
    provision: str = ""
    owner_role: str = ""
    owner: Person | None = None
    due_on: dt.date | None = None
    start_on: dt.date | None = None
    working_days: int | None = None
    figure: str = ""
    target: int | None = None


@transaction.atomic
def create_list(
    *,
    issuer: Unit,
    year: int,
    kind: str,
    name: str,
    units: Sequence[Unit],
    items: Sequence[DutyValues],
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> DutyList:
    """Write a list, not yet issued, for these branches; the same id again returns the one that is there.

    Raises:
        Refused: there is such a list for the year, or it names no branch or no item.
    """
    known = DutyList.objects.filter(bureau_id=by.bureau_id, pk=id).first() if id else None
    if known is not None:
        return known
    label = ListKind(kind).label
    if DutyList.objects.filter(bureau_id=by.bureau_id, issuer=issuer, year=year, kind=kind).exists():
        message = f"“{issuer}”{year}年已有{label}。请打开那份清单修改，或换一个年度、类别。"
        raise Refused(message, "year")
    if not units:
        message = "请至少选择一个党支部。"
        raise Refused(message, "units")
    if not items:
        message = "请至少写一项内容，一行一项。"
        raise Refused(message, "lines")
    made = DutyList(
        bureau_id=by.bureau_id, issuer=issuer, year=year, kind=kind, name=name or f"{issuer}{year}年{label}"
    )
    if id is not None:
        made.pk = id
    made.save(force_insert=True)
    for number, values in enumerate(items, start=1):
        _add(made.bureau_id, issuer, year, values, units, duty_list=made, position=number)
    after = {**audit.snapshot(made), "lines": [values.text for values in items], "units": _names(units)}
    audit.record("tasks.create_list", made, by=by, after=after)
    return made


@transaction.atomic
def copy_list(source: DutyList, *, year: int, by: Actor) -> DutyList:
    """Write the list of another year again for `year`: its items that stand, each day moved by the years.

    It goes to the branches of the old one that exist today, and to those founded since.

    Raises:
        Refused: there is such a list for the year, or `year` is not later.
    """
    if year <= source.year:
        message = f"只能复制到{source.year}年以后的年度。"
        raise Refused(message)
    today = clock.today()
    asked = _units_of(source)
    units = list(
        Unit.objects.on(max(today, dt.date(year, 1, 1)))
        .filter(bureau_id=source.bureau_id, kind__in={unit.kind for unit in asked})
        .order_by("position", "code")
    )
    kept = {unit.pk for unit in asked}
    units = [unit for unit in units if unit.pk in kept or unit.from_on.year >= source.year]
    items = [_moved(duty, year - duty.year) for duty in source.duties.filter(withdrawn_on=None)]
    name = source.name.replace(str(source.year), str(year))
    return create_list(
        issuer=source.issuer, year=year, kind=source.kind, name=name, units=units, items=items, by=by
    )


def _moved(duty: Duty, years: int) -> DutyValues:
    values = values_of(duty)
    for _ in range(years):
        due = next_year(values.due_on) if values.due_on else None
        start = next_year(values.start_on) if values.start_on else None
        values = replace(values, due_on=due, start_on=start)
    return values


def values_of(duty: Duty) -> DutyValues:
    """What is asked now."""
    return DutyValues(**{name: getattr(duty, name) for name in DutyValues.__dataclass_fields__})


@transaction.atomic
def change_list(duty_list: DutyList, *, name: str, units: Sequence[Unit], by: Actor) -> DutyList:
    """Correct the name, and which branches the list is for.

    Raises:
        Refused: no branch is named, or one that is taken out has already answered.
    """
    if not units:
        message = "请至少选择一个党支部。"
        raise Refused(message, "units")
    before = {**audit.snapshot(duty_list), "units": _names(_units_of(duty_list))}
    duty_list.name = name
    duty_list.save(update_fields=["name"])
    for duty in duty_list.duties.all():
        _ask(duty, units)
    after = {**audit.snapshot(duty_list), "units": _names(units)}
    audit.record("tasks.change_list", duty_list, by=by, before=before, after=after)
    return duty_list


@transaction.atomic
def issue_list(duty_list: DutyList, *, issued_on: dt.date, by: Actor) -> DutyList:
    """Issue the list: from that day on its branches see it.

    Raises:
        Refused: the day lies ahead.
    """
    if issued_on > clock.today():
        message = "印发日期不能晚于今天。"
        raise Refused(message, "issued_on")
    before = audit.snapshot(duty_list)
    duty_list.issued_on = issued_on
    duty_list.save(update_fields=["issued_on"])
    audit.record("tasks.issue_list", duty_list, by=by, before=before)
    return duty_list


@transaction.atomic
def delete_list(duty_list: DutyList, *, by: Actor) -> None:
    """Remove a list written by mistake.

    Raises:
        Refused: it was issued; then its items are withdrawn with a reason instead.
    """
    if duty_list.issued_on:
        day = periods.say_day(duty_list.issued_on)
        message = f"清单已于{day}印发，不能删除；不再执行的项请逐项撤回并写明原因。"
        raise Refused(message)
    texts = list(duty_list.duties.values_list("text", flat=True))
    before = {**audit.snapshot(duty_list), "lines": texts}
    audit.record("tasks.delete_list", duty_list, by=by, before=before, after={})
    duty_list.delete()


@transaction.atomic
def add_item(
    duty_list: DutyList,
    *,
    values: DutyValues,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Duty:
    """Add an item for the branches of the list; the same id again returns the one that is there."""
    known = Duty.objects.filter(bureau_id=by.bureau_id, pk=id).first() if id else None
    if known is not None:
        return known
    check_duty(values)
    last = duty_list.duties.aggregate(last=Max("position"))["last"] or 0
    units = _units_of(duty_list)
    duty = _add(
        duty_list.bureau_id,
        duty_list.issuer,
        duty_list.year,
        values,
        units,
        duty_list=duty_list,
        position=last + 1,
        pk=id,
    )
    audit.record("tasks.add_item", duty, by=by)
    return duty


@transaction.atomic
def give_task(
    *,
    issuer: Unit,
    values: DutyValues,
    units: Sequence[Unit],
    issued_on: dt.date,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Duty:
    """Split one task over units; the same id again returns the one that is there.

    Raises:
        Refused: no branch is named, no day is set, or the day it is given lies ahead.
    """
    known = Duty.objects.filter(bureau_id=by.bureau_id, pk=id).first() if id else None
    if known is not None:
        return known
    check_duty(values)
    _check_task(values, units, issued_on)
    duty = _add(by.bureau_id, issuer, issued_on.year, values, units, issued_on=issued_on, pk=id)
    audit.record("tasks.give_task", duty, by=by, after={**audit.snapshot(duty), "units": _names(units)})
    return duty


@transaction.atomic
def change_duty(
    duty: Duty,
    *,
    values: DutyValues,
    by: Actor,
    units: Sequence[Unit] | None = None,
    issued_on: dt.date | None = None,
) -> Duty:
    """Correct what is asked; `units` and `issued_on` for a task, whose branches and day are its own.

    Raises:
        Refused: it was withdrawn; a task without branch or day; a branch taken out that has answered.
    """
    if duty.withdrawn_on:
        message = f"这一项已于{periods.say_day(duty.withdrawn_on)}撤回，请先恢复再修改。"
        raise Refused(message)
    check_duty(values)
    before = {**audit.snapshot(duty), "units": _names(_units_asked(duty))}
    if units is not None and duty.issued_on:
        given = issued_on or duty.issued_on
        _check_task(values, units, given)
        _ask(duty, units)
        duty.issued_on, duty.year = given, given.year
    for name in DutyValues.__dataclass_fields__:
        setattr(duty, name, getattr(values, name))
    duty.save()
    after = {**audit.snapshot(duty), "units": _names(_units_asked(duty))}
    audit.record("tasks.change_duty", duty, by=by, before=before, after=after)
    return duty


@transaction.atomic
def withdraw_duty(duty: Duty, *, because: str, by: Actor) -> Duty:
    """Take back what was asked, and say why; it stays readable.

    Raises:
        Refused: no reason is given.
    """
    if not because.strip():
        message = "请写明撤回的原因，承办的组织会看到。"
        raise Refused(message, "because")
    before = audit.snapshot(duty)
    duty.withdrawn_on, duty.withdrawn_because = clock.today(), because.strip()
    duty.save(update_fields=["withdrawn_on", "withdrawn_because"])
    audit.record("tasks.withdraw_duty", duty, by=by, before=before)
    return duty


@transaction.atomic
def restore_duty(duty: Duty, *, by: Actor) -> Duty:
    """Ask again what was withdrawn; what branches had said of it is still there."""
    before = audit.snapshot(duty)
    duty.withdrawn_on, duty.withdrawn_because = None, ""
    duty.save(update_fields=["withdrawn_on", "withdrawn_because"])
    audit.record("tasks.restore_duty", duty, by=by, before=before)
    return duty


def check_duty(values: DutyValues) -> None:
    """Check what is asked by itself, without its list or its branches; Refused as for a new item."""
    if values.due_on and values.working_days:
        message = "完成期限和工作日数只填一种。"
        raise Refused(message, "working_days")
    if bool(values.working_days) != bool(values.start_on):
        message = "按工作日计算期限时，起算日和工作日数要一起填。"
        raise Refused(message, "start_on" if values.working_days else "working_days")
    if bool(values.figure) != bool(values.target):
        message = "指标和至少达到的数要一起填。"
        raise Refused(message, "target" if values.figure else "figure")
    figure = figures.get(values.figure) if values.figure else None
    if values.figure and (figure is None or figure.by_unit is None):
        message = "这个指标不能按支部计数，请另选一个。"
        raise Refused(message, "figure")


def _check_task(values: DutyValues, units: Sequence[Unit], issued_on: dt.date) -> None:
    if not units:
        message = "没有勾选承办组织，没有保存。请至少选择一个支部或处室。"
        raise Refused(message, "units")
    if not values.due_on and not values.working_days:
        message = "请填写完成期限，或起算日和工作日数。"
        raise Refused(message, "due_on")
    if issued_on > clock.today():
        message = "布置日期不能晚于今天。"
        raise Refused(message, "issued_on")
    if values.due_on and values.due_on < issued_on:
        message = f"完成期限早于布置日期（{periods.say_day(issued_on)}），请核对。"
        raise Refused(message, "due_on")


def _add(
    bureau_id: uuid.UUID,
    issuer: Unit,
    year: int,
    values: DutyValues,
    units: Iterable[Unit],
    *,
    pk: uuid.UUID | None = None,
    **more: Any,
) -> Duty:
    known = {name: getattr(values, name) for name in asdict(DutyValues(""))}
    duty = Duty(bureau_id=bureau_id, issuer=issuer, year=year, **known, **more)
    if pk is not None:
        duty.pk = pk
    duty.save(force_insert=True)
    DutyPart.objects.bulk_create([DutyPart(bureau_id=bureau_id, duty=duty, unit=unit) for unit in units])
    return duty


def _ask(duty: Duty, units: Sequence[Unit]) -> None:
    """Make the parts of a duty those of `units`; a branch that has answered is not taken out silently."""
    parts = {part.unit_id: part for part in duty.parts.select_related("unit")}
    wanted = {unit.pk for unit in units}
    gone = [part for unit_id, part in parts.items() if unit_id not in wanted]
    if answered := [part for part in gone if part.settled_as or part.extended_to]:
        message = f"“{answered[0].unit}”已经办理过“{duty}”，不能去掉；确实不适用的，请在那一项里登记。"
        raise Refused(message, "units")
    if noted := duty.notes.filter(unit__in=[part.unit_id for part in gone]).select_related("unit").first():
        message = f"“{noted.unit}”在“{duty}”下已有记事，不能去掉。"
        raise Refused(message, "units")
    duty.parts.filter(pk__in=[part.pk for part in gone]).delete()
    fresh = [unit for unit in units if unit.pk not in parts]
    DutyPart.objects.bulk_create([DutyPart(bureau_id=duty.bureau_id, duty=duty, unit=unit) for unit in fresh])


def _units_of(duty_list: DutyList) -> list[Unit]:
    asked = DutyPart.objects.filter(duty__duty_list=duty_list).values("unit_id")
    return list(Unit.objects.filter(pk__in=asked).order_by("position", "code"))


def _units_asked(duty: Duty) -> list[Unit]:
    return list(Unit.objects.filter(pk__in=duty.parts.values("unit_id")).order_by("position", "code"))


def _names(units: Iterable[Unit]) -> str:
    return "、".join(unit.name for unit in units)
