"""Working methods as lists want them."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import QuerySet

from qizhi.branch_life.models import WorkingMethod
from qizhi.core.permissions import Actor, Permission


def methods_of(
    actor: Actor, wanted: Permission, *, unit_id: uuid.UUID | None = None, active_on: dt.date | None = None
) -> QuerySet[WorkingMethod]:
    """Methods of the branches that the actor may see, by branch and start."""
    methods: QuerySet[WorkingMethod] = WorkingMethod.objects.filter(actor.reach(wanted).units())
    if active_on is not None:
        methods = WorkingMethod.objects.on(active_on).filter(actor.reach(wanted).units())
    if unit_id is not None:
        methods = methods.filter(unit_id=unit_id)
    return methods.select_related("unit").order_by("unit__position", "unit__code", "from_on", "name")
