"""Numbers of reading notes that people have declared: one's own, and whose do not reach what is asked."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from qizhi.core.periods import Period
from qizhi.org.models import Membership, Person
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import clauses_in_force
from qizhi.study.models import ReadingNotes

NOTES = "declared_notes"


def notes_of(person: Person) -> QuerySet[ReadingNotes]:
    """What a person has declared, newest month first."""
    return ReadingNotes.objects.filter(bureau_id=person.bureau_id, person=person).order_by("-month")


def clause_on(bureau_id: uuid.UUID, day: dt.date) -> Clause | None:
    """The clause in force that counts declared notes; None where it is switched off or there is none."""
    clauses = clauses_in_force(bureau_id, day, kind=NOTES)
    return clauses.order_by("-version__effective_from", "position").first()


def notes_below(
    bureau_id: uuid.UUID, period: Period, at_least: int, unit_ids: Collection[uuid.UUID] | None
) -> QuerySet[Membership]:
    """Members of branches all through a period whose declared notes do not reach a number; one statement.

    Each row is their membership on the last day, with `number` and with `months`, those of which they have
    said anything at all.
    """
    own = ReadingNotes.objects.filter(
        bureau_id=bureau_id, person_id=OuterRef("person_id"), month__range=(period.start, period.end)
    )
    own_of: QuerySet[Any] = own.order_by().values("person_id")
    at_first = Membership.objects.on(period.start).filter(
        bureau_id=bureau_id, person_id=OuterRef("person_id")
    )
    rows = Membership.objects.on(period.end).filter(Exists(at_first), bureau_id=bureau_id)
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    number = own_of.annotate(found=Sum("number")).values("found")
    months = own_of.annotate(found=Count("pk")).values("found")
    rows = rows.annotate(number=Coalesce(Subquery(number), 0), months=Coalesce(Subquery(months), 0))
    rows = rows.filter(number__lt=at_least).order_by("unit__position", "unit__code", "person__staff_no")
    below: QuerySet[Membership] = rows.select_related("person", "unit")
    return below
