"""Duties of posts, as lists want them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from qizhi.conduct.models import PostDuty
from qizhi.conduct.permissions.duties import SEE_POST_DUTIES
from qizhi.core.permissions import Actor


def duties_on(actor: Actor, day: dt.date, *, unit: str = "", text: str = "") -> QuerySet[PostDuty]:
    """What the posts have to do on the day, by department; narrowed by one, and by words."""
    rows = PostDuty.objects.on(day).filter(actor.reach(SEE_POST_DUTIES).units())
    if unit:
        rows = rows.filter(unit__code=unit)
    for word in text.split():
        said = Q(name__icontains=word) | Q(duties__icontains=word) | Q(demands__icontains=word)
        rows = rows.filter(said | Q(unit__name__icontains=word))
    rows = rows.select_related("unit", "regulation")
    return rows.order_by("unit__position", "unit__code", "name", "pk")


def versions_of(row: PostDuty) -> QuerySet[PostDuty]:
    """The words of the same post at all times, newest first."""
    same = PostDuty.objects.filter(bureau_id=row.bureau_id, unit_id=row.unit_id, name=row.name)
    return same.order_by("-from_on")
