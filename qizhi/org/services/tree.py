"""Where a unit hangs in the tree. Nothing keeps where it hung before but the log: the tree is that of now."""

from __future__ import annotations

from django.db import transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.periods import say_day
from qizhi.core.permissions import Actor
from qizhi.org.enums import UnitKind
from qizhi.org.models import Membership, Unit


def check_place(kind: str, parent: Unit | None) -> None:
    """Whether a unit of the kind may hang there.

    Raises:
        Refused: a group belongs into a branch, and nothing into a group.
    """
    if kind == UnitKind.GROUP and (parent is None or parent.kind != UnitKind.BRANCH):
        raise Refused("党小组只能设在党支部里，请选择所在党支部作上级。", "parent")
    if parent is not None and parent.kind == UnitKind.GROUP:
        raise Refused(f"“{parent.full_label}”是党小组，下面不能再设组织。请另选上级。", "parent")


def check_hanging(unit: Unit, parent: Unit) -> None:
    """Whether a unit may be hung under another by hand.

    Raises:
        Refused: it would hang under itself, the other is closed, or members are in the group.
    """
    if parent.bureau_id != unit.bureau_id or parent.path.startswith(unit.path):
        raise Refused(f"“{parent}”就在“{unit}”之内，不能作它的上级。请另选上级。", "parent")
    if parent.to_on is not None and (unit.to_on is None or unit.to_on > parent.to_on):
        raise Refused(f"“{parent}”在{say_day(parent.to_on)}后撤销，不能作上级。请另选上级。", "parent")
    check_place(unit.kind, parent)
    if (
        unit.kind == UnitKind.GROUP
        and Membership.objects.filter(bureau_id=unit.bureau_id, group=unit).exists()
    ):
        raise Refused(
            f"“{unit.full_label}”里有组织关系，不能换到别的支部：党员还在原支部。"
            "请在新支部另建党小组，再逐人登记组织关系变动；支部合并的，请把支部并入。",
            "parent",
        )


@transaction.atomic
def hang(unit: Unit, parent: Unit, *, by: Actor) -> None:
    """Hang a unit, with all below it, under another; every unit whose path changes leaves an event.

    Raises:
        Refused: the tree would grow too deep.
    """
    below = list(Unit.objects.filter(bureau_id=unit.bureau_id, path__startswith=unit.path).order_by("path"))
    old, new = unit.path, f"{parent.path}{unit.code}/"
    longest = Unit._meta.get_field("path").max_length or 0
    if any(len(new) + len(one.path) - len(old) > longest for one in below):
        raise Refused(f"“{parent}”之下的层级太多，放不下“{unit}”。请另选上级。", "parent")
    before = {one.pk: audit.snapshot(one) for one in below}
    for one in below:
        one.path = new + one.path.removeprefix(old)
        if one.pk == unit.pk:
            one.parent = parent
    Unit.objects.bulk_update(below, ["path", "parent"])
    audit.record_many("org.move_unit", below, by=by, before=lambda one: before[one.pk])
    unit.parent, unit.path = parent, new
