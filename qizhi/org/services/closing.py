"""Closing and merging units: who and what is in them goes on in the successor from the next day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.org.enums import UnitKind
from qizhi.org.models import DatedRow, JointUnit, Membership, Placement, Post, TemporaryBranch, Unit
from qizhi.org.services.rows import DAY, say_row, told
from qizhi.org.services.tree import hang
from qizhi.org.services.units import create_unit

MOST_NAMED = 12


def parts_after(unit: Unit, last_day: dt.date) -> list[Unit]:
    """The units that hang under one and go on after the day."""
    after = Unit.objects.within(last_day + DAY, dt.date.max).filter(bureau_id=unit.bureau_id, parent=unit)
    return list(after.order_by("path"))


def say_units(units: Sequence[Unit]) -> str:
    """Their names; of many the first and how many there are."""
    names = "、".join(str(one) for one in units[:MOST_NAMED])
    return f"{names}等 {len(units)} 个" if len(units) > MOST_NAMED else names


@transaction.atomic
def close_unit(unit: Unit, *, last_day: dt.date, successor: Unit | None, by: Actor) -> Unit:
    """End a unit after `last_day`; what is in it goes on in the successor from the next day.

    Memberships and placements are split at the day, groups of a branch go on as groups of the successor with
    their members and posts, other units below hang under the successor. The posts of the unit itself end.
    What a branch covers is covered by its successor.
    Without a successor nobody and nothing may be left in it; members of a group stay in their branch.

    Raises:
        Refused: somebody or something is left and no successor is named; the successor cannot take it; rows
            begin after the day; or the unit is closed already.
    """
    held: Unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if (held.to_on, held.successor_id) == (last_day, successor.pk if successor else None):
        return held  # a second click
    if held.to_on is not None:
        raise Refused(
            f"“{unit}”已登记在{say_day(held.to_on)}后撤销。要改日期或改并入的组织，请先恢复它，再重新撤销。"
        )
    if last_day < unit.from_on:
        raise Refused(f"撤销日期早于成立日期（{say_day(unit.from_on)}），请核对。", "last_day")
    _check_successor(unit, successor, last_day)
    parts = parts_after(unit, last_day)
    _check_parts(unit, parts, successor, last_day)
    rows = _rows_after(unit, last_day)
    _check_rows(unit, rows, successor, last_day)
    before = audit.snapshot(unit)
    groups = _move_parts(parts, successor, last_day, by)
    for row in rows:
        _split(row, last_day, _change(unit, row, successor, groups), by)
    for post in _posts_after(unit, last_day):
        _end(post, last_day, by)
    _close_aspects(unit, successor, last_day, by)
    unit.to_on, unit.successor = last_day, successor
    unit.save(update_fields=["to_on", "successor"])
    audit.record("org.close_unit", unit, by=by, before=before)
    return unit


def _close_aspects(unit: Unit, successor: Unit | None, last_day: dt.date, by: Actor) -> None:
    """What a branch covers, and what covers a department, goes on in the successor; being temporary ends."""
    running: dict[str, object] = {"bureau_id": unit.bureau_id, "from_on__lte": last_day}
    for side in ("unit", "covered"):
        other = "covered" if side == "unit" else "unit"
        rows = JointUnit.objects.within(last_day + DAY, dt.date.max).filter(**running, **{side: unit})
        for row in rows.select_related("unit", "covered"):
            own = {"bureau_id": unit.bureau_id, side: successor, other: getattr(row, other)}
            if successor and not JointUnit.objects.within(last_day + DAY, dt.date.max).filter(**own).exists():
                _split(row, last_day, {side: successor}, by)
            else:
                _end(row, last_day, by)
    temporary = TemporaryBranch.objects.within(last_day + DAY, dt.date.max).filter(**running, unit=unit)
    for row in temporary:
        _end(row, last_day, by)


def _move_parts(
    parts: Sequence[Unit], successor: Unit | None, last_day: dt.date, by: Actor
) -> dict[uuid.UUID, Unit]:
    """Take the units below over; returns for each group the one that it is from then on."""
    if successor is None:
        return {}
    groups = {}
    for part in parts:
        if part.kind == UnitKind.GROUP:
            groups[part.pk] = _carry_on(part, successor, last_day, by)
        else:
            hang(part, successor, by=by)
    return groups


def _change(
    unit: Unit, row: Any, successor: Unit | None, groups: Mapping[uuid.UUID, Unit]
) -> dict[str, Unit | None]:
    """What is different about a row after the day."""
    if unit.kind == UnitKind.GROUP:
        return {"group": successor}
    if isinstance(row, Membership):
        return {"unit": successor, "group": groups.get(row.group_id) if row.group_id else None}
    return {"unit": successor}


def _rows_after(unit: Unit, last_day: dt.date) -> list[Any]:
    """Memberships and placements that go on after the day."""
    column = "group" if unit.kind == UnitKind.GROUP else "unit"
    own = {"bureau_id": unit.bureau_id, column: unit}
    found = list(
        Membership.objects.within(last_day + DAY, dt.date.max).filter(**own).select_related("person")
    )
    if column == "unit":
        found += Placement.objects.within(last_day + DAY, dt.date.max).filter(**own).select_related("person")
    return found


def _posts_after(unit: Unit, last_day: dt.date) -> list[Post]:
    held = Post.objects.within(last_day + DAY, dt.date.max).filter(bureau_id=unit.bureau_id, unit=unit)
    return list(held.select_related("person", "unit"))


def _check_successor(unit: Unit, successor: Unit | None, last_day: dt.date) -> None:
    if successor is None:
        return
    next_day = last_day + DAY
    if successor.pk == unit.pk or successor.bureau_id != unit.bureau_id or successor.kind != unit.kind:
        raise Refused("并入的组织必须是本单位同一类别的另一个组织。", "successor")
    if successor.path.startswith(unit.path):
        raise Refused(
            f"“{successor}”在“{unit}”之下，不能并入自己的下级。请另选，或先给它改换上级。", "successor"
        )
    if unit.kind == UnitKind.GROUP and successor.parent_id != unit.parent_id:
        raise Refused(
            f"“{successor.full_label}”在另一个支部。党小组只能并入同一支部的党小组；"
            "要连人一起转到别的支部，请逐人登记组织关系变动，或把支部并入。",
            "successor",
        )
    if successor.from_on > next_day or successor.to_on is not None:
        end = f"，{say_day(successor.to_on)}后撤销" if successor.to_on else ""
        raise Refused(
            f"“{successor}”（{say_day(successor.from_on)}成立{end}）不能自{say_day(next_day)}起接着办。"
            "请另选或核对日期。",
            "successor",
        )


def _check_parts(unit: Unit, parts: Sequence[Unit], successor: Unit | None, last_day: dt.date) -> None:
    if parts and successor is None:
        raise Refused(
            f"“{unit}”下面还有 {len(parts)} 个组织：{say_units(parts)}。请选择并入的组织，"
            "它们从次日起归到那里；或先逐个撤销、改换上级。",
            "successor",
        )
    others = [part for part in parts if part.kind != UnitKind.GROUP]
    if others and last_day > clock.today():
        raise Refused(
            f"“{unit}”下面还有{say_units(others)}。组织的上级只记当前的，不能预先登记：请到"
            f"{say_day(last_day)}当天或以后再办，或先给它们改换上级。",
            "last_day",
        )


def _check_rows(unit: Unit, rows: Sequence[Any], successor: Unit | None, last_day: dt.date) -> None:
    if successor is None and rows and unit.kind != UnitKind.GROUP:
        raise Refused(f"还有 {len(rows)} 人的关系在此组织，请选择并入的组织，或先逐人转出。", "successor")
    later = [row for row in [*rows, *_posts_after(unit, last_day)] if row.from_on > last_day]
    if later:
        raise Refused(
            f"{later[0].person}有一条记录（{say_row(later[0])}）在撤销之后才开始。"
            "请先在其人员页更正或删除这条记录，或核对撤销日期。",
            "last_day",
        )


def _carry_on(group: Unit, successor: Unit, last_day: dt.date, by: Actor) -> Unit:
    """A group of a merged branch ends, and goes on in the successor under a name that is free there."""
    if group.from_on > last_day:
        hang(group, successor, by=by)
        return group
    taken = {one.name for one in parts_after(successor, last_day)}
    mark = f"（原{group.parent}）" if group.name in taken else ""
    made = create_unit(
        bureau_id=group.bureau_id,
        kind=UnitKind.GROUP,
        code=_free_code(successor),
        name=f"{group.name}{mark}"[:80],
        short_name=f"{group.short_name}{mark}"[:40] if group.short_name else "",
        parent=successor,
        from_on=last_day + DAY,
        by=by,
    )
    for post in _posts_after(group, last_day):
        _split(post, last_day, {"unit": made}, by)
    before = audit.snapshot(group)
    if group.to_on is not None:
        Unit.objects.filter(pk=made.pk).update(to_on=group.to_on)
    group.to_on, group.successor = last_day, made
    group.save(update_fields=["to_on", "successor"])
    audit.record("org.close_unit", group, by=by, before=before)
    return made


def _free_code(branch: Unit) -> str:
    """z01-3: the next that no unit has."""
    lead = branch.code[:16]
    known = Unit.objects.filter(bureau_id=branch.bureau_id, code__startswith=f"{lead}-")
    taken, number = set(known.values_list("code", flat=True)), 1
    while f"{lead}-{number}" in taken:
        number += 1
    return f"{lead}-{number}"


def _split(row: Any, last_day: dt.date, change: Mapping[str, Unit | None], by: Actor) -> None:
    """The past of a row stays where it was, the rest goes on with what is changed."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del values["id"]
    _end(row, last_day, by)
    fresh = row.__class__(**values | {"from_on": last_day + DAY})
    for name, value in change.items():
        setattr(fresh, name, value)
    fresh.save(force_insert=True)
    audit.record(f"org.move_{row._meta.model_name}", fresh, by=by, after=told(fresh))


def _end(row: DatedRow, last_day: dt.date, by: Actor) -> None:
    before = told(row)
    row.to_on = last_day
    row.save(update_fields=["to_on"])
    audit.record(f"org.close_{row._meta.model_name}", row, by=by, before=before, after=told(row))
