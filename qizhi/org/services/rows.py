"""Dated rows of people: ended, corrected, removed when entered by mistake; a chain stays whole."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.enums import ADMINISTRATORS, MemberStatus, Role, UnitKind
from qizhi.org.models import DatedRow, Leave, Membership, Person, Placement, Post, RankTenure, Unit
from qizhi.org.services.following import follow_leave

DAY = dt.timedelta(days=1)
# What of each kind of row nobody holds twice on a day; the database says so too (`NoOverlap`), but for leave.
HELD_ONCE: dict[type[DatedRow], tuple[str, ...]] = {
    Membership: ("person",),
    Placement: ("person",),
    RankTenure: ("person",),
    Post: ("person", "unit", "role"),
    Leave: ("person",),
}
CHAINS = (Membership, Placement, RankTenure)
"""Kinds of which one row follows another without a gap."""
_HIDDEN = {"id", "bureau", "person"}


@dataclass(frozen=True)
class Neighbours:
    """The rows that adjoin one: that which ends the day before, that which begins the day after."""

    before: Any = None
    after: Any = None


def told(row: models.Model) -> audit.Snapshot:
    """The row in words by the names of its columns, for the log; whose it is, the log says anyway."""
    said: audit.Snapshot = {}
    for column in row._meta.concrete_fields:
        if column.name not in _HIDDEN:
            value = getattr(row, column.name)
            if column.choices and value:
                value = getattr(row, f"get_{column.name}_display")()
            said[str(column.verbose_name)] = None if value in {None, ""} else str(value)
    return said


def say_days(row: DatedRow) -> str:
    """2015年1月1日至今."""
    return f"{say_day(row.from_on)}至{say_day(row.to_on) if row.to_on else '今'}"


def say_row(row: DatedRow) -> str:
    """What a row says, with its unit and its days."""
    return f"{getattr(row, 'full_label', row)}，{say_days(row)}"


def neighbours_of(row: Any) -> Neighbours:
    """The rows of the same chain that adjoin a row as it is saved; none where there is no chain."""
    if not isinstance(row, CHAINS):
        return Neighbours()
    same = row.__class__.objects.filter(bureau_id=row.bureau_id, person_id=row.person_id)
    before = same.filter(to_on=row.from_on - DAY).first()
    after = same.filter(from_on=row.to_on + DAY).first() if row.to_on else None
    return Neighbours(before, after)


@transaction.atomic
def end_row(row: Any, *, last_day: dt.date, by: Actor, owner: models.Model | None = None) -> None:
    """End a post, rank, placement, membership or leave after a day.

    Args:
        row: what ends.
        last_day: the last day on which it holds.
        by: who says so.
        owner: the row that made this one and changes it along; nothing else may change it then.

    Raises:
        Refused: the day lies before the start, or reaches into a later row; or an owner changes it.
    """
    _hold(row)
    if owner is None:
        check_free(row)
    if last_day < row.from_on:
        message = f"截止日期早于起始日期（{say_day(row.from_on)}），请核对。"
        raise Refused(message, "last_day")
    before, was_until = audit.snapshot(row), row.to_on
    row.to_on = last_day
    check_overlap(row, "last_day")
    if isinstance(row, Post):
        check_offices(row)
    row.save(update_fields=["to_on"])
    audit.record(f"org.end_{row._meta.model_name}", row, by=by, before=before)
    if isinstance(row, Leave) and (was_until is None or was_until > last_day):
        follow_leave(row.person_id, last_day + DAY, was_until, by)


@transaction.atomic
def correct_row(row: Any, *, values: Mapping[str, Any], by: Actor, is_joined: bool = False) -> list[DatedRow]:
    """Correct what was entered wrongly about a person: either day, the unit, the group, the rank, the post.

    Args:
        row: as it is saved.
        values: what is true; columns that are missing stay as they are.
        by: who corrects.
        is_joined: adjoining rows move along, so that there is neither a gap nor an overlap.

    Returns:
        The adjoining rows that were changed along.

    Raises:
        Refused: it would overlap another row, stand in a unit that does not exist then, or contradict
            another rule of such rows; or an owner changes it.
    """
    _hold(row)
    check_free(row)
    around, was = neighbours_of(row) if is_joined else Neighbours(), (row.from_on, row.to_on)
    before = told(row)
    for name, value in values.items():
        setattr(row, name, value)
    check_row(row)
    smaller, larger = _fitted(row, was, around)
    check_overlap(row, "from_on", but=[*smaller, *larger])
    for neighbour in (*smaller, *larger):
        check_row(neighbour)
    now = neighbours_of(row)
    _check_standing(around.before or now.before, row, around.after or now.after)
    # What gives days away goes first: the database refuses a day that is held twice, if only for a moment.
    for one in smaller:
        _write(one, by)
    row.save()
    for one in larger:
        _write(one, by)
    _record("org.correct", row, by, before)
    if isinstance(row, Leave):
        for start, end in (was, (row.from_on, row.to_on)):
            follow_leave(row.person_id, start, end, by)
    return [*smaller, *larger]


@transaction.atomic
def remove_row(row: Any, *, because: str, by: Actor, is_joined: bool = False) -> DatedRow | None:
    """Remove a row that was entered by mistake; the log keeps what it said and why it went.

    Args:
        row: as it is saved.
        because: why, in a sentence.
        by: who removes it.
        is_joined: the row before, if it adjoins, goes on to the end of this one.

    Returns:
        The row before that goes on.

    Raises:
        Refused: no reason is given, or an owner would be left without it.
    """
    _hold(row)
    check_free(row)
    because = because.strip()
    if not because:
        raise Refused("请写明为什么删除，例如“重复登记”。", "because")
    former = neighbours_of(row).before if is_joined else None
    before, end = told(row), row.to_on
    # The row goes and its own history with it: the event stands with the person.
    audit.record(
        f"org.remove_{row._meta.model_name}",
        row.person,
        by=by,
        before={str(row._meta.verbose_name): str(row), **before},
        after={"删除原因": because},
    )
    row.delete()
    if isinstance(row, Leave):
        follow_leave(row.person_id, row.from_on, row.to_on, by)
    if former is not None:
        former.to_on = end
        check_row(former)
        _check_standing(former, neighbours_of(former).after)
        _write(former, by)
    return former


def check_free(row: models.Model) -> None:
    """Refuse what by hand would leave another row behind that made this one and speaks of its days.

    Raises:
        Refused: there is one; the message names it.
    """
    for relation in row._meta.related_objects:
        model: Any = relation.related_model
        owner = model._base_manager.filter(**{relation.field.name: row}).first()
        if owner is not None:
            what = model._meta.verbose_name
            raise Refused(
                f"这条记录由{what}“{owner}”办理产生，不能在这里单独改。请打开那份{what}，在那里销假、更正或作废。"
            )


def check_row(row: Any) -> None:
    """Whether the days, the unit and the standing of a row go together.

    Raises:
        Refused: they do not; the message says why.
    """
    if row.to_on and row.to_on < row.from_on:
        raise Refused(f"截止日期早于起始日期（{say_day(row.from_on)}），请核对。", "to_on")
    unit: Unit | None = getattr(row, "unit", None)
    if unit is not None:
        _check_exists(unit, row)
    if isinstance(row, Membership):
        _check_membership(row)
    if isinstance(row, Post):
        check_offices(row)


def check_offices(post: Post) -> None:
    """Whether somebody would hold two of the administrators' offices on one day.

    Raises:
        Refused: they would; the message names the other.
    """
    if post.role not in ADMINISTRATORS:
        return
    others = Post.objects.within(post.from_on, post.to_on or dt.date.max).filter(
        bureau_id=post.bureau_id,
        person=post.person,
        role__in=[one for one in ADMINISTRATORS if one != post.role],
    )
    other = others.exclude(pk=post.pk).select_related("unit").order_by("from_on").first()
    if other is not None:
        labels = "、".join(one.label for one in ADMINISTRATORS)
        raise Refused(
            f"{post.person}已任{Role(other.role).label}（{say_row(other)}），不能同时任{Role(post.role).label}："
            f"{labels}互相制约，须由不同的人担任。请另选人，或先截止那个职务。",
            "role",
        )


def check_overlap(row: Any, field: str, but: list[Any] | None = None) -> None:
    """Whether another row holds on one of the days of this one that nobody may hold twice.

    Raises:
        Refused: there is one; the message names it and its days.
    """
    same = {name: getattr(row, name) for name in HELD_ONCE[row.__class__]}
    left_out = [row.pk, *(one.pk for one in but or [])]
    others = row.__class__.objects.within(row.from_on, row.to_on or dt.date.max)
    other = (
        others.filter(bureau_id=row.bureau_id, **same).exclude(pk__in=left_out).order_by("from_on").first()
    )
    if other is not None:
        label = row._meta.verbose_name
        raise Refused(
            f"与{row.person}的另一条{label}（{say_row(other)}）重叠：同一天只能有一条。"
            "请核对日期，或先更正、删除那一条。",
            field,
        )


def _hold(row: Any) -> None:
    """Two changes to one person at the same moment come one after the other."""
    Person.objects.select_for_update().get(pk=row.person_id)


def _check_exists(unit: Unit, row: DatedRow) -> None:
    if row.from_on < unit.from_on:
        raise Refused(f"“{unit}”{say_day(unit.from_on)}才成立，请核对起始日期。", "from_on")
    if unit.to_on and (row.to_on is None or row.to_on > unit.to_on):
        raise Refused(f"“{unit}”{say_day(unit.to_on)}后撤销，截止日期不能空着，也不能晚于那一天。", "to_on")


def _check_membership(row: Membership) -> None:
    if row.unit.kind != UnitKind.BRANCH:
        raise Refused(f"“{row.unit}”不是党支部，组织关系只能在党支部。", "unit")
    if row.group is not None and row.group.parent_id != row.unit_id:
        raise Refused(f"“{row.group}”不属于“{row.unit}”，请重新选择党小组。", "group")
    if row.group is not None:
        _check_exists(row.group, row)


def _check_standing(*rows: Any) -> None:
    """Nobody becomes probationary who was a full member the day before; `rows` adjoin, None is none."""
    for one, following in itertools.pairwise(rows):
        if not isinstance(one, Membership) or not isinstance(following, Membership):
            continue
        if following.status == MemberStatus.PROBATIONARY != one.status:
            raise Refused(
                f"正式党员不能改为预备党员：{say_days(one)}是{one.get_status_display()}，"
                f"紧接着的{say_days(following)}是预备党员。请核对党员类别。",
                "status",
            )


def _fitted(row: Any, was: tuple[dt.date, dt.date | None], around: Neighbours) -> tuple[list[Any], list[Any]]:
    """The adjoining rows with their new days: those that give days away, and those that take them."""
    smaller: list[Any] = []
    larger: list[Any] = []
    if around.before is not None and row.from_on != was[0]:
        if row.from_on <= around.before.from_on:
            raise _swallows(around.before, "from_on")
        (smaller if row.from_on < was[0] else larger).append(around.before)
        around.before.to_on = row.from_on - DAY
    if around.after is not None and row.to_on != was[1]:
        end = around.after.to_on
        if row.to_on is None or (end is not None and row.to_on >= end):
            raise _swallows(around.after, "to_on")
        (smaller if was[1] is not None and row.to_on > was[1] else larger).append(around.after)
        around.after.from_on = row.to_on + DAY
    return smaller, larger


def _swallows(other: Any, field: str) -> Refused:
    return Refused(
        f"这样改会盖住相邻的一条（{say_row(other)}）。请核对日期；那一条如果登记错了，请先删除它。",
        field,
    )


def _write(row: Any, by: Actor) -> None:
    """Save a row that moved along, with an event of its own."""
    before = told(row.__class__.objects.get(pk=row.pk))
    row.save(update_fields=["from_on", "to_on"])
    _record("org.correct", row, by, before)


def _record(verb: str, row: Any, by: Actor, before: audit.Snapshot) -> None:
    audit.record(f"{verb}_{row._meta.model_name}", row, by=by, before=before, after=told(row))
