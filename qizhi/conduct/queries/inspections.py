"""Inspections: what they have seen, what runs have found for them, and from whom a sample is drawn."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import Case, Inspection, Observation
from qizhi.core.periods import Period, month_of
from qizhi.org.enums import UnitKind
from qizhi.org.models import Membership, Person, Placement, Unit
from qizhi.regulations.enums import Verdict
from qizhi.regulations.models import Finding


def inspections_of(bureau_id: uuid.UUID, year: int | None) -> QuerySet[Inspection]:
    """Inspections, newest first, with how much each has seen and how many cases came of it."""
    rows = Inspection.objects.filter(bureau_id=bureau_id).select_related("led_by")
    if year:
        rows = rows.filter(month__year=year)
    rows = rows.annotate(seen=Count("observations", distinct=True), drafted=Count("cases", distinct=True))
    return rows.order_by("-month", "-pk")


def observations_of(inspection: Inspection) -> QuerySet[Observation]:
    """What it has seen, with the case that came of each."""
    cases = Case.objects.filter(bureau_id=inspection.bureau_id).exclude(status=CaseStatus.DROPPED)
    rows = Observation.objects.filter(bureau_id=inspection.bureau_id, inspection=inspection)
    return rows.select_related("person", "unit", "clause__version__regulation").prefetch_related(
        Prefetch("cases", queryset=cases)
    )


def candidates_of(inspection: Inspection) -> QuerySet[Finding]:
    """What runs have found in its month that costs points and of which no case was made."""
    month: Period = month_of(inspection.month)
    known = Case.objects.filter(bureau_id=inspection.bureau_id, finding=OuterRef("pk"))
    rows = Finding.objects.live().filter(
        bureau_id=inspection.bureau_id,
        end__range=(month.start, month.end),
        verdict=Verdict.VIOLATED,
        points__lt=0,
    )
    rows = rows.exclude(Exists(known.exclude(status=CaseStatus.DROPPED)))
    return rows.select_related("unit", "person", "clause__version__regulation").order_by("end", "slot")


def frame_of(units: list[Unit], day: dt.date) -> list[Person]:
    """Who belongs to the units on the day, by staff number: members of branches, staff of departments."""
    branches = [unit.pk for unit in units if unit.kind == UnitKind.BRANCH]
    others = [unit.pk for unit in units if unit.kind != UnitKind.BRANCH]
    if not units:
        return []
    bureau_id = units[0].bureau_id
    members = Membership.objects.on(day).filter(bureau_id=bureau_id, unit_id__in=branches)
    staff = Placement.objects.on(day).filter(bureau_id=bureau_id, unit_id__in=others)
    keys = {*members.values_list("person_id", flat=True), *staff.values_list("person_id", flat=True)}
    return list(Person.objects.filter(bureau_id=bureau_id, pk__in=keys))
