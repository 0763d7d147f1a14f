"""Working methods: register, correct, end, review, and the gatherings that put them into practice."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction

from qizhi.branch_life.enums import Conclusion
from qizhi.branch_life.models import MethodElement, MethodReview, MethodUse, WorkingMethod
from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.core.text import one_line
from qizhi.gatherings.models import Gathering
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit


@transaction.atomic
def add_method(
    *,
    unit: Unit,
    name: str,
    elements: str,
    from_on: dt.date,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> WorkingMethod:
    """Register a branch's working method; asking again with the same id returns the one that is there.

    Raises:
        Refused: the unit is no branch or did not exist on the day, or has a method of that name.
    """
    if (known := made_before(WorkingMethod, id, by.bureau_id)) is not None:
        return known
    if unit.kind != UnitKind.BRANCH:
        message = f"“{unit}”不是党支部，支部工作法登记在党支部名下。"
        raise Refused(message, "unit")
    method = WorkingMethod(bureau_id=by.bureau_id, unit=unit, name=name, from_on=from_on)
    if id is not None:
        method.pk = id
    _check(method)
    method.save(force_insert=True)
    _put_elements(method, elements)
    audit.record("branch_life.add_method", method, by=by, after=_snapshot(method))
    return method


@transaction.atomic
def change_method(
    method: WorkingMethod, *, name: str, elements: str, from_on: dt.date, by: Actor
) -> WorkingMethod:
    """Correct name, elements or first day.

    Raises:
        Refused: the branch has another method of that name, or did not exist on the day.
    """
    before = _snapshot(method)
    method.name, method.from_on = name, from_on
    _check(method)
    method.save()
    _put_elements(method, elements)
    audit.record("branch_life.change_method", method, by=by, before=before, after=_snapshot(method))
    return method


@transaction.atomic
def end_method(method: WorkingMethod, *, last_day: dt.date | None, by: Actor) -> WorkingMethod:
    """Say after which day the method is no longer followed; None takes that back.

    Raises:
        Refused: the day lies before the start.
    """
    before = audit.snapshot(method)
    method.to_on = last_day
    _check(method)
    method.save(update_fields=["to_on"])
    audit.record("branch_life.end_method", method, by=by, before=before)
    return method


@transaction.atomic
def review_method(method: WorkingMethod, *, reviewed_on: dt.date, conclusion: str, by: Actor) -> MethodReview:
    """Record that the branch reviewed its method; a second word of the same day corrects the first.

    A method that is stopped is followed until that day.

    Raises:
        Refused: the day lies in the future, before the start, or after the method ended.
    """
    if reviewed_on > clock.today():
        raise Refused("评议日期在今天之后，请核对。", "reviewed_on")
    if reviewed_on < method.from_on:
        message = f"评议日期早于起始日期（{periods.say_day(method.from_on)}），请核对。"
        raise Refused(message, "reviewed_on")
    if method.ends_on and reviewed_on > method.ends_on:
        why = "这个工作法" if method.ends_on == method.to_on else f"“{method.unit}”"
        end = "停用" if method.ends_on == method.to_on else "撤销或并入其他支部"
        message = f"{why}在{periods.say_day(method.ends_on)}已{end}，请核对评议日期。"
        raise Refused(message, "reviewed_on")
    day = {"bureau_id": by.bureau_id, "method": method, "reviewed_on": reviewed_on}
    review = MethodReview.objects.filter(**day).first()
    before = audit.snapshot(review) if review else None
    review = review or MethodReview(**day)
    review.conclusion = conclusion
    review.save()
    audit.record("branch_life.review_method", review, by=by, before=before)
    if conclusion == Conclusion.STOP and method.to_on is None:
        end_method(method, last_day=reviewed_on, by=by)
    return review


@transaction.atomic
def remove_review(review: MethodReview, *, by: Actor) -> None:
    """Take back a review that never was; the log keeps what it said."""
    audit.record("branch_life.remove_review", review, by=by, before=audit.snapshot(review), after={})
    review.delete()


@transaction.atomic
def link_gathering(method: WorkingMethod, gathering: Gathering, *, by: Actor) -> MethodUse:
    """Say that a gathering put the method into practice; said twice it stays one.

    Raises:
        Refused: the gathering is withdrawn or of another branch.
    """
    owner = gathering.unit.parent_id if gathering.unit.kind == UnitKind.GROUP else gathering.unit_id
    if gathering.withdrawn_at or owner != method.unit_id:
        message = f"“{gathering}”不是“{method.unit}”的有效活动，请另选一次活动。"
        raise Refused(message, "gathering")
    use, is_new = MethodUse.objects.get_or_create(bureau_id=by.bureau_id, method=method, gathering=gathering)
    if is_new:
        audit.record("branch_life.link_gathering", use, by=by)
    return use


@transaction.atomic
def unlink_gathering(method: WorkingMethod, gathering: Gathering, *, by: Actor) -> None:
    """Take that back."""
    pair = {"bureau_id": by.bureau_id, "method": method, "gathering": gathering}
    for use in MethodUse.objects.filter(**pair):
        audit.record("branch_life.unlink_gathering", use, by=by, before=audit.snapshot(use), after={})
        use.delete()


def _put_elements(method: WorkingMethod, lines: str) -> None:
    """The lines as rows in their order, written anew."""
    method.elements.all().delete()
    texts = [text for line in lines.splitlines() if (text := one_line(line))]
    MethodElement.objects.bulk_create(
        MethodElement(bureau_id=method.bureau_id, method=method, position=number, text=text)
        for number, text in enumerate(texts, start=1)
    )


def _snapshot(method: WorkingMethod) -> dict[str, Any]:
    texts = method.elements.order_by("position").values_list("text", flat=True)
    return {**audit.snapshot(method), "elements": list(texts)}


def _check(method: WorkingMethod) -> None:
    unit = method.unit
    same = WorkingMethod.objects.filter(bureau_id=method.bureau_id, unit=unit, name=method.name)
    if same.exclude(pk=method.pk).exists():
        message = f"“{unit}”已有名为“{method.name}”的工作法，请直接修改它，或换一个名称。"
        raise Refused(message, "name")
    if method.from_on < unit.from_on or (unit.to_on and method.from_on > unit.to_on):
        day = periods.say_day(method.from_on)
        message = f"“{unit}”在{day}不存在（{periods.say_day(unit.from_on)}成立），请核对起始日期。"
        raise Refused(message, "from_on")
    if method.to_on and method.to_on < method.from_on:
        message = f"停用日期早于起始日期（{periods.say_day(method.from_on)}），请核对。"
        raise Refused(message, "last_day")
