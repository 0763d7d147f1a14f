"""A unit that was closed by mistake goes on, and with it who and what its closing had moved."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.models import AuditEvent
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.enums import UnitKind
from qizhi.org.models import JointUnit, Membership, Placement, Post, TemporaryBranch, Unit
from qizhi.org.services.rows import DAY, check_offices, check_overlap, told
from qizhi.org.services.tree import hang


@dataclass(frozen=True)
class Pair:
    """A row that ended with the unit, and the one with which it went on in the successor."""

    was: Any
    now: Any


@dataclass(frozen=True)
class Returning:
    """What comes back with a unit: people and posts, groups with theirs, units that were hung elsewhere."""

    people: list[Pair]
    posts: list[Post]
    groups: list[Unit]
    units: list[Unit]


def returning(unit: Unit) -> Returning:
    """What would come back with a closed unit, as things stand now."""
    groups = Unit.objects.filter(
        bureau_id=unit.bureau_id, parent=unit, kind=UnitKind.GROUP, to_on=unit.to_on, successor__isnull=False
    )
    return Returning(_people(unit), _posts(unit), list(groups.select_related("successor")), _hung(unit))


def _people(unit: Unit) -> list[Pair]:
    """Who went on in the successor on the next day, as the rows stand now."""
    is_group = unit.kind == UnitKind.GROUP
    column = "group" if is_group else "unit"
    next_day = (unit.to_on or dt.date.min) + DAY
    pairs = []
    for model in (Membership,) if is_group else (Membership, Placement):
        ended = model.objects.filter(**{"bureau_id": unit.bureau_id, column: unit, "to_on": unit.to_on})
        for was in ended.select_related("person", "unit"):
            went = {"bureau_id": unit.bureau_id, "person": was.person, "from_on": next_day}
            now = model.objects.filter(**went, **{column: unit.successor}).select_related("unit").first()
            if now is not None and (not is_group or now.unit_id == was.unit_id):
                pairs.append(Pair(was, now))
    return pairs


def _closed(rows: list[Any], verb: str) -> dict[Any, AuditEvent]:
    """The events by which the closing ended rows, by row."""
    if not rows:
        return {}
    keys = [row.pk for row in rows]
    events = AuditEvent.objects.filter(bureau_id=rows[0].bureau_id, object_id__in=keys, verb=verb)
    # A unit also leaves an event when one above it moves; that says nothing of its own place.
    own = [event for event in events.order_by("at", "id") if verb != "org.move_unit" or _is_own(event)]
    return {event.object_id: event for event in own}


def _is_own(event: AuditEvent) -> bool:
    return "parent_id" in event.before


def _posts(unit: Unit) -> list[Post]:
    """Posts that the closing has ended and nobody has touched since."""
    ended = Post.objects.filter(bureau_id=unit.bureau_id, unit=unit, to_on=unit.to_on)
    rows = list(ended.select_related("person", "unit"))
    closed = _closed(rows, "org.close_post")
    return [row for row in rows if row.pk in closed]


def _hung(unit: Unit) -> list[Unit]:
    """Units that hang under the successor since the closing."""
    rows = (
        list(Unit.objects.filter(bureau_id=unit.bureau_id, parent=unit.successor))
        if unit.successor_id
        else []
    )
    moved = _closed(rows, "org.move_unit")
    return [row for row in rows if row.pk in moved and moved[row.pk].before.get("parent_id") == str(unit.pk)]


@transaction.atomic
def reopen_unit(unit: Unit, *, by: Actor) -> Returning:
    """Take the closing of a unit back: nothing ended, and who went on elsewhere has always been here.

    Raises:
        Refused: the unit above is closed, or a group in the successor has a history of its own by now.
    """
    unit = Unit.objects.select_for_update(of=("self",)).select_related("parent", "successor").get(pk=unit.pk)
    if unit.to_on is None:
        raise Refused(f"“{unit}”没有撤销，不用恢复。")
    above = unit.parent
    if above is not None and above.to_on is not None:
        raise Refused(f"上级“{above}”已在{say_day(above.to_on)}后撤销。请先恢复上级，或给“{unit}”改换上级。")
    found = returning(unit)
    before, end, left_to = audit.snapshot(unit), unit.to_on, unit.successor
    unit.to_on, unit.successor = None, None
    unit.save(update_fields=["to_on", "successor"])
    audit.record("org.reopen_unit", unit, by=by, before=before)
    for pair in found.people:
        _join(pair, by)
    for post in found.posts:
        _go_on(post, by)
    _reopen_aspects(unit, end, left_to, by)
    for group in found.groups:
        _return_group(group, by)
    for part in found.units:
        hang(part, unit, by=by)
    return found


def _reopen_aspects(unit: Unit, end: dt.date, left_to: Unit | None, by: Actor) -> None:
    """What the branch covered, or what covered the department, as if nothing had ended."""
    own: dict[str, object] = {"bureau_id": unit.bureau_id, "to_on": end}
    joint = JointUnit.objects.filter(Q(unit=unit) | Q(covered=unit), **own).select_related("unit", "covered")
    rows: list[Any] = list(joint)
    for row in rows:
        went = {"unit": row.unit, "covered": row.covered, "from_on": end + DAY}
        went["unit" if row.unit_id == unit.pk else "covered"] = left_to
        now = JointUnit.objects.filter(bureau_id=unit.bureau_id, **went).first() if left_to else None
        if now is not None:
            _join(Pair(row, now), by)
        else:
            _go_on(row, by)
    for row in TemporaryBranch.objects.filter(unit=unit, **own):
        _go_on(row, by)


def _join(pair: Pair, by: Actor) -> None:
    """One row again out of two."""
    was, now, before = pair.was, pair.now, told(pair.was)
    was.to_on = now.to_on
    gone = {str(now._meta.verbose_name): str(now), **told(now)}
    after = {"删除原因": "撤销的组织已恢复"}
    about = getattr(now, "person", None) or now.unit
    audit.record(f"org.remove_{now._meta.model_name}", about, by=by, before=gone, after=after)
    now.delete()
    was.save(update_fields=["to_on"])
    audit.record(f"org.reopen_{was._meta.model_name}", was, by=by, before=before, after=told(was))


def _go_on(row: Any, by: Actor) -> None:
    """A row goes on to the day to which it was held before its unit ended; what ended by itself is left."""
    name = row._meta.model_name
    event = _closed([row], f"org.close_{name}").get(row.pk)
    if event is None:
        return
    before, end = told(row), event.before.get(str(row._meta.get_field("to_on").verbose_name))
    row.to_on = dt.date.fromisoformat(end) if end else None
    if not _is_free(row):
        return  # the same was given anew since
    row.save(update_fields=["to_on"])
    audit.record(f"org.reopen_{name}", row, by=by, before=before, after=told(row))


def _is_free(row: Any) -> bool:
    """Whether nothing of the kind was entered for the days that come back."""
    if isinstance(row, Post):
        try:
            check_overlap(row, "to_on")
            check_offices(row)
        except Refused:
            return False
        return True
    same = {"unit_id": row.unit_id} | ({"covered_id": row.covered_id} if isinstance(row, JointUnit) else {})
    others = type(row).objects.within(row.from_on, row.to_on or dt.date.max)
    return not others.filter(bureau_id=row.bureau_id, **same).exclude(pk=row.pk).exists()


def _return_group(group: Unit, by: Actor) -> None:
    made, end = group.successor, group.to_on
    if made is None or end is None:
        return
    for was in Post.objects.filter(bureau_id=group.bureau_id, unit=group, to_on=end):
        went = {"person": was.person, "role": was.role, "unit": made, "from_on": end + DAY}
        now = Post.objects.filter(bureau_id=group.bureau_id, **went).first()
        if now is not None:
            _join(Pair(was, now), by)
    before = audit.snapshot(group)
    group.to_on, group.successor = made.to_on, None
    group.save(update_fields=["to_on", "successor"])
    audit.record("org.reopen_unit", group, by=by, before=before)
    gone = audit.snapshot(made)
    try:
        made.delete()
    except ProtectedError as error:
        left = sorted({str(one._meta.verbose_name) for one in error.protected_objects})
        raise Refused(
            f"“{made.full_label}”是并入时从“{group.full_label}”转来的，后来又登记了{'、'.join(left)}，不能收回。"
            f"请先把这些记录改到别的组织，或保留合并、另行登记变动。"
        ) from None
    audit.record("org.remove_unit", made, by=by, before=gone, after={})
