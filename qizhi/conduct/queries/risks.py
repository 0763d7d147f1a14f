"""Liaison officers, risk points and opinions, as lists want them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from qizhi.conduct.models import Liaison, Opinion, RiskPoint
from qizhi.conduct.permissions.registers import (
    MANAGE_OPINIONS,
    SEE_OPINIONS,
    SEE_RISKS,
    SUPERVISORS,
    meetings_for,
)
from qizhi.core.permissions import Actor, Permission
from qizhi.gatherings.models import Gathering, GatheringKind
from qizhi.gatherings.queries.mentions import Mention, Row, columns, register_mentions
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries import units_on


def departments(actor: Actor, wanted: Permission, today: dt.date) -> QuerySet[Unit]:
    """Departments that exist and that `wanted` covers, in their fixed order."""
    units = units_on(actor.bureau_id, today, UnitKind.DEPARTMENT).filter(actor.reach(wanted).units(""))
    return units.order_by("position", "code")


def risks_of(
    actor: Actor, *, unit_id: uuid.UUID | None = None, level: str = "", is_closed: bool = False
) -> QuerySet[RiskPoint]:
    """Risk points of the departments that the actor may see; open ones by the day of the next review."""
    rows = RiskPoint.objects.filter(actor.reach(SEE_RISKS).units(), closed_on__isnull=not is_closed)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if level:
        rows = rows.filter(level=level)
    return rows.select_related("unit").order_by("review_on", "unit__position", "name", "pk")


def overdue_risks(actor: Actor, today: dt.date) -> QuerySet[RiskPoint]:
    """Open points that should have been reviewed before today."""
    return risks_of(actor).filter(review_on__lt=today)


def liaisons_of(actor: Actor, on: dt.date | None = None) -> QuerySet[Liaison]:
    """Liaison officers of the departments that the actor may see; with a day, those who are it then."""
    rows = Liaison.objects.on(on) if on else Liaison.objects.all()
    found: QuerySet[Liaison] = rows.filter(actor.reach(SEE_RISKS).units()).select_related("person", "unit")
    return found.order_by("unit__position", "unit__code", "from_on", "pk")


def meetings_with_opinions(actor: Actor) -> QuerySet[Gathering]:
    """Supervisors' meetings with what was said at each, newest first."""
    opinions = Opinion.objects.select_related("duty").order_by("pk")
    return meetings_for(actor, SEE_OPINIONS).prefetch_related(Prefetch("opinions", queryset=opinions))


def open_opinions(bureau_id: uuid.UUID) -> QuerySet[Opinion]:
    """Opinions of meetings that stand, neither answered there nor made a task."""
    rows = Opinion.objects.filter(bureau_id=bureau_id, duty__isnull=True, answer="")
    return rows.filter(gathering__withdrawn_at__isnull=True)


def _said(gathering: Gathering) -> Any:
    """What was said at the gathering if it is a supervisors' meeting: at least one row."""
    rows = GatheringKind.objects.filter(
        bureau_id=gathering.bureau_id, gathering=gathering, kind__key=SUPERVISORS
    )
    return columns(
        rows, "gathering__opinions__pk", "gathering__opinions__text", "gathering__opinions__duty_id"
    )


def _mentions(actor: Actor, gathering: Gathering, rows: Sequence[Row]) -> Iterator[Mention]:
    """The opinions of a supervisors' meeting on its page, and the way to write them down."""
    if not actor.may(SEE_OPINIONS):
        return
    page = reverse("conduct:opinions")
    for _key, text, duty_id, *_ in rows:
        if text:
            state = "已转督办" if duty_id else "没有转督办"
            yield Mention("行风监督意见", f"{text[:60]}（{state}）", f"{page}#meeting-{gathering.pk}")
    if rows and actor.may(MANAGE_OPINIONS) and not gathering.withdrawn_at:
        yield Mention("行风监督意见", "登记意见", reverse("conduct:opinion_new", args=[gathering.pk]))


register_mentions("conduct.opinions", _said, _mentions)
