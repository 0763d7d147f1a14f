"""Bases and role models with the gatherings that were held there or spoke of them."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse

from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.permissions import RECORD, visible_to
from qizhi.gatherings.queries.mentions import Mention, Row, columns, register_mentions
from qizhi.study.enums import ResourceKind
from qizhi.study.models import Resource, ResourceLink
from qizhi.study.permissions.resources import SEE_RESOURCES

MOST_OFFERED = 60
_HELD = Q(links__gathering__withdrawn_at__isnull=True)


def resources_of(bureau_id: uuid.UUID, kind: str = "") -> QuerySet[Resource]:
    """The registers with `number` of gatherings and the day of the last; by kind and name."""
    rows: QuerySet[Resource] = Resource.objects.filter(bureau_id=bureau_id)
    if kind:
        rows = rows.filter(kind=kind)
    rows = rows.annotate(
        number=Count("links", filter=_HELD), last_on=Max("links__gathering__held_on", filter=_HELD)
    )
    return rows.order_by("kind", "name")


@dataclass(frozen=True)
class Visits:
    """The gatherings of a base or role model: by year, and those that the reader may open."""

    years: list[tuple[int, int]]
    gatherings: list[Gathering]

    @property
    def number(self) -> int:
        """How many there are."""
        return sum(number for _, number in self.years)

    @property
    def hidden(self) -> int:
        """How many the reader may not open."""
        return self.number - len(self.gatherings)


def visits_of(actor: Actor, resource: Resource) -> Visits:
    """Its gatherings; two queries."""
    linked = Q(resource_links__resource=resource)
    days = Gathering.objects.held().filter(linked, bureau_id=actor.bureau_id)
    years = Counter(day.year for day in days.values_list("held_on", flat=True))
    seen = visible_to(actor).held().filter(linked).select_related("unit__parent").defer("minutes")
    return Visits(sorted(years.items(), reverse=True), list(seen.order_by("-held_on", "-id")))


def offered(actor: Actor, resource: Resource) -> list[Gathering]:
    """Gatherings that one may record and that may belong here, newest first: on-site ones for a base."""
    rows = Gathering.objects.held().filter(actor.reach(RECORD).units())
    if resource.kind == ResourceKind.BASE:
        rows = rows.for_ledger(Ledger.ONSITE)
    rows = rows.exclude(resource_links__resource=resource).select_related("unit__parent").defer("minutes")
    return list(rows.order_by("-held_on", "-id")[:MOST_OFFERED])


def _named_by(gathering: Gathering) -> Any:
    links = ResourceLink.objects.filter(bureau_id=gathering.bureau_id, gathering=gathering)
    return columns(links, "resource__kind", "resource__name", "resource_id")


def _mentions(actor: Actor, _gathering: Gathering, rows: Sequence[Row]) -> Iterator[Mention]:
    """Bases, role models, pledges, tags, projects and communities of a gathering, for its page."""
    may_open = actor.may(SEE_RESOURCES)
    for kind, name, resource_id, *_ in rows:
        page = reverse("study:resource", args=[uuid.UUID(resource_id)])
        yield Mention(ResourceKind(kind).label, name, page if may_open else "")


register_mentions("study.resources", _named_by, _mentions)
