"""Working methods as lists want them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from qizhi.branch_life.models import MethodUse, WorkingMethod
from qizhi.branch_life.permissions import SEE_BRANCH_LIFE
from qizhi.branch_life.rules import State, judge_review
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor, Permission
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.queries.mentions import Mention, Row, columns, register_mentions
from qizhi.regulations.kinds import Standing


def methods_of(
    actor: Actor, wanted: Permission, *, unit_id: uuid.UUID | None = None, active_on: dt.date | None = None
) -> QuerySet[WorkingMethod]:
    """Methods of the branches that the actor may see, by branch and start."""
    methods: QuerySet[WorkingMethod] = WorkingMethod.objects.filter(actor.reach(wanted).units())
    if active_on is not None:
        is_there = Q(unit__to_on=None) | Q(unit__to_on__gte=active_on)
        methods = WorkingMethod.objects.on(active_on).filter(actor.reach(wanted).units(), is_there)
    if unit_id is not None:
        methods = methods.filter(unit_id=unit_id)
    methods = methods.select_related("unit__successor").prefetch_related("elements")
    return methods.order_by("unit__position", "unit__code", "from_on", "name")


def methods_within(
    bureau_id: uuid.UUID, span: Period, unit_ids: Sequence[uuid.UUID]
) -> QuerySet[WorkingMethod]:
    """Methods of branches that were followed on one of the days, with their reviews; two queries."""
    methods: QuerySet[WorkingMethod] = WorkingMethod.objects.within(span.start, span.end).filter(
        bureau_id=bureau_id, unit_id__in=unit_ids
    )
    methods = methods.select_related("unit__successor").prefetch_related("reviews")
    return methods.order_by("from_on", "name")


def review_of(method: WorkingMethod, year: Period, as_of: dt.date) -> tuple[Standing, str]:
    """How the review of a method in a year stands, and why none is asked for, in Chinese."""
    reviewed = [one.reviewed_on for one in method.reviews.all()]
    state, why = judge_review((method.from_on, method.ends_on), reviewed, year, as_of)
    if state is State.NA and method.ends_on != method.to_on:
        why = method.unit.why_ended(year) or why
    return Standing(state.value), why


def uses_of(method: WorkingMethod) -> QuerySet[Gathering]:
    """Gatherings that put the method into practice and were not withdrawn, newest first."""
    held = Gathering.objects.held().filter(bureau_id=method.bureau_id, method_uses__method=method)
    return held.select_related("unit__parent").order_by("-held_on", "-pk")


def candidates(method: WorkingMethod) -> QuerySet[Gathering]:
    """Gatherings of the branch and its groups while the method was followed, newest first."""
    own = Q(unit=method.unit_id) | Q(unit__parent=method.unit_id)
    held = Gathering.objects.held().filter(own, bureau_id=method.bureau_id, held_on__gte=method.from_on)
    if method.to_on is not None:
        held = held.filter(held_on__lte=method.to_on)
    return held.select_related("unit__parent").order_by("-held_on", "-pk")


def _uses(gathering: Gathering) -> Any:
    uses = MethodUse.objects.filter(bureau_id=gathering.bureau_id, gathering=gathering)
    return columns(
        uses, "method__from_on", "method__name", "method_id", "method__unit_id", "method__unit__path"
    )


def _mentions(actor: Actor, _gathering: Gathering, rows: Sequence[Row]) -> Iterator[Mention]:
    """The working methods that a gathering put into practice, for its page."""
    for _from_on, name, method_id, unit_id, path in rows:
        may_open = actor.may(SEE_BRANCH_LIFE, uuid.UUID(unit_id), path)
        page = reverse("branch_life:method", args=[uuid.UUID(method_id)])
        yield Mention("支部工作法", name, page if may_open else "")


register_mentions("branch_life.methods", _uses, _mentions)
