"""Changes to plans: each in one transaction, with one event in the log."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from qizhi.core import audit, periods
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.org.enums import UnitKind
from qizhi.org.models import Person, Unit
from qizhi.tasks.enums import PURPOSES_OF, STUDY_PURPOSES, Purpose
from qizhi.tasks.models import Plan, PlanItem


@dataclass(frozen=True)
class ItemValues:
    """A row of a plan as it was filled in.

    `id` names the item it changes, None makes a new one; `cancelled_because` None leaves that as it is.
    """

    month: int
    topic: str
    lead: Person | None = None
    ledger: str = ""
    id: uuid.UUID | None = None
    cancelled_because: str | None = None
    is_removed: bool = False


@transaction.atomic
def create_plan(
    *,
    unit: Unit,
    year: int,
    purpose: str,
    items: Sequence[ItemValues],
    by: Actor,
    name: str = "",
    adopted_on: dt.date | None = None,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Plan:
    """Make a plan with its items; asking again with the same id returns the one that is there.

    Raises:
        Refused: the unit has such a plan for the year, or does not exist in that year.
    """
    if (known := made_before(Plan, id, by.bureau_id)) is not None:
        return known
    label = Purpose(purpose).label
    check_plan(unit=unit, year=year, purpose=purpose)
    if Plan.objects.filter(bureau_id=by.bureau_id, unit=unit, year=year, purpose=purpose).exists():
        message = f"“{unit}”{year}年已有{label}。请打开那份计划修改，或换一个年度、类别。"
        raise Refused(message, "purpose")
    plan = Plan(
        bureau_id=by.bureau_id,
        unit=unit,
        year=year,
        purpose=purpose,
        # 第一党支部学习计划: the unit says already whose study it is.
        name=name or f"{year}年{unit}{'学习计划' if purpose in STUDY_PURPOSES else label}",
        adopted_on=adopted_on,
    )
    if id is not None:
        plan.pk = id
    plan.save(force_insert=True)
    _add_items(plan, [values for values in items if not values.is_removed])
    audit.record("tasks.create_plan", plan, by=by, after={**audit.snapshot(plan), "plan_items": _told(plan)})
    return plan


def check_plan(*, unit: Unit, year: int, purpose: str) -> None:
    """Refuse a plan that cannot be: only the centre group studies as one, only a branch as a branch.

    Raises:
        Refused: the purpose does not suit the unit, or the unit does not exist in that year.
    """
    kinds = PURPOSES_OF.get(Purpose(purpose), ())
    if kinds and unit.kind not in kinds:
        names = "或".join(str(UnitKind(kind).label) for kind in kinds)
        message = f"{Purpose(purpose).label}只能由{names}编制，“{unit}”请改选别的类别。"
        raise Refused(message, "purpose")
    span = periods.year(year)
    if unit.from_on > span.end or (unit.to_on and unit.to_on < span.start):
        message = f"“{unit}”{year}年不存在（{periods.say_day(unit.from_on)}成立），请核对年度。"
        raise Refused(message, "year")


@transaction.atomic
def change_plan(
    plan: Plan, *, name: str, adopted_on: dt.date | None, items: Sequence[ItemValues], by: Actor
) -> Plan:
    """Change name, day of adoption and items; items that no row names stay as they are.

    A row without id is a new item, unless the plan has one of the same month and topic that no other row
    names: then it is that one. So the same form sent twice, or a table imported twice, adds nothing.

    Raises:
        Refused: an item of an adopted plan would be removed, or one is not of this plan.
    """
    before = {**audit.snapshot(plan), "plan_items": _told(plan)}
    known = {item.pk: item for item in plan.items.all()}
    if strangers := [values for values in items if values.id and values.id not in known]:
        message = f"“{strangers[0].topic}”已被别人删去，请刷新页面后再改。"
        raise Refused(message)
    removed = [values for values in items if values.is_removed and values.id]
    if removed and plan.adopted_on:
        message = (
            f"计划已于{periods.say_day(plan.adopted_on)}通过，“{removed[0].topic}”不能删除；"
            "请在计划页取消这一项并写明原因。"
        )
        raise Refused(message)
    plan.name, plan.adopted_on = name or plan.name, adopted_on
    plan.save()
    PlanItem.objects.filter(plan=plan, pk__in=[values.id for values in removed]).delete()
    fresh = _meet_known([values for values in items if not values.is_removed], known)
    _add_items(plan, fresh)
    after = {**audit.snapshot(plan), "plan_items": _told(plan)}
    audit.record("tasks.change_plan", plan, by=by, before=before, after=after)
    return plan


@transaction.atomic
def delete_plan(plan: Plan, *, by: Actor) -> None:
    """Remove a plan made by mistake.

    Raises:
        Refused: it was adopted; then its items are cancelled with a reason instead.
    """
    if plan.adopted_on:
        day = periods.say_day(plan.adopted_on)
        message = f"计划已于{day}通过，不能删除；不再执行的计划项请逐项取消并写明原因。"
        raise Refused(message)
    before = {**audit.snapshot(plan), "plan_items": _told(plan)}
    audit.record("tasks.delete_plan", plan, by=by, before=before, after={})
    plan.delete()


@transaction.atomic
def cancel_item(item: PlanItem, *, because: str, by: Actor) -> PlanItem:
    """Say that an item will not be carried out, and why.

    Raises:
        Refused: no reason is given.
    """
    if not because.strip():
        message = "请写明取消的原因，它会显示在计划里。"
        raise Refused(message, "because")
    before = audit.snapshot(item)
    item.cancelled_because = because.strip()
    item.save(update_fields=["cancelled_because"])
    audit.record("tasks.cancel_item", item, by=by, before=before)
    return item


@transaction.atomic
def restore_item(item: PlanItem, *, by: Actor) -> PlanItem:
    """Take a cancellation back."""
    before = audit.snapshot(item)
    item.cancelled_because = ""
    item.save(update_fields=["cancelled_because"])
    audit.record("tasks.restore_item", item, by=by, before=before)
    return item


def _meet_known(rows: Sequence[ItemValues], known: dict[uuid.UUID, PlanItem]) -> list[ItemValues]:
    """Bring known items up to date; return the rows that are new ones."""
    named = {values.id for values in rows}
    free: dict[tuple[int, str], list[PlanItem]] = defaultdict(list)
    for item in known.values():
        if item.pk not in named:
            free[item.month, item.topic].append(item)
    fresh = []
    for values in rows:
        same = free[values.month, values.topic]
        if values.id:
            _change_item(known[values.id], values)
        elif same:
            _change_item(same.pop(0), values)
        else:
            fresh.append(values)
    return fresh


def _add_items(plan: Plan, rows: Iterable[ItemValues]) -> None:
    """New items come last in their month, in the order of the rows."""
    last: dict[int, int] = dict(plan.items.order_by().values_list("month").annotate(last=Max("position")))
    fresh = []
    for values in rows:
        last[values.month] = last.get(values.month, 0) + 1
        fresh.append(
            PlanItem(
                bureau_id=plan.bureau_id,
                plan=plan,
                month=values.month,
                position=last[values.month],
                topic=values.topic,
                lead=values.lead,
                ledger=values.ledger,
                cancelled_because=values.cancelled_because or "",
            )
        )
    PlanItem.objects.bulk_create(fresh)


def _change_item(item: PlanItem, values: ItemValues) -> None:
    if item.month != values.month:
        others = PlanItem.objects.filter(plan=item.plan_id, month=values.month)
        item.month = values.month
        item.position = (others.aggregate(last=Max("position"))["last"] or 0) + 1
    item.topic, item.lead, item.ledger = values.topic, values.lead, values.ledger
    if values.cancelled_because is not None:
        item.cancelled_because = values.cancelled_because
    item.save()


def _told(plan: Plan) -> list[dict[str, Any]]:
    """The items as the log keeps them."""
    rows = PlanItem.objects.filter(plan=plan).select_related("lead")
    return [
        {
            "month": item.month,
            "topic": item.topic,
            "lead": str(item.lead or ""),
            "ledger": item.ledger,
            "cancelled_because": item.cancelled_because,
        }
        for item in rows
    ]
