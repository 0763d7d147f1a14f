"""Records that a branch has already, to be named where something was asked of it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.permissions import visible_to
from qizhi.org.models import Unit
from qizhi.regulations.models import Version
from qizhi.tasks.models import Plan
from qizhi.tasks.permissions import SEE_PLANS
from qizhi.tasks.services.parts import Reference

MOST = 30
Years = tuple[int, int]
"""The first and the last of them."""


@dataclass(frozen=True)
class Record:
    """Something that was recorded before: what it is, when, and how it is named."""

    sort: str
    on: dt.date | None
    label: str
    address: str

    @property
    def reference(self) -> Reference:
        """As a part keeps it."""
        return Reference(self.label, self.address)


def records_of(actor: Actor, unit: Unit, year: int, text: str) -> list[Record]:
    """Gatherings and plans of the branch in the year, and documents issued then; three queries.

    What was asked in one year may be done in the next: records of that one are found as well. Each is
    found by a word of its title, and only if the actor may see it.
    """
    return [
        *_gatherings(actor, unit, (year, year + 1), text),
        *_plans(actor, unit, (year, year + 1), text),
        *_documents(actor, (year, year + 1), text),
    ]


def _gatherings(actor: Actor, unit: Unit, years: Years, text: str) -> list[Record]:
    rows = visible_to(actor).held().filter(Q(unit=unit) | Q(unit__parent=unit), held_on__year__range=years)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(topics__icontains=text))
    rows = rows.only("id", "title", "held_on", "precision").order_by("-held_on", "-id")
    return [Record("活动", row.held_on, row.title, row.get_absolute_url()) for row in rows[:MOST]]


def _plans(actor: Actor, unit: Unit, years: Years, text: str) -> list[Record]:
    rows = Plan.objects.filter(
        actor.reach(SEE_PLANS).units(), unit=unit, year__range=years, name__icontains=text
    )
    return [Record("计划", row.adopted_on, row.name, row.get_absolute_url()) for row in rows[:MOST]]


def _documents(actor: Actor, years: Years, text: str) -> list[Record]:
    rows = Version.objects.published().filter(
        bureau_id=actor.bureau_id, effective_from__year__range=years, regulation__title__icontains=text
    )
    rows = rows.select_related("regulation").order_by("-effective_from", "pk")
    return [
        Record(
            "制度",
            row.effective_from,
            f"{row.regulation.title}（{row.label}）",
            row.regulation.get_absolute_url(),
        )
        for row in rows[:MOST]
    ]
