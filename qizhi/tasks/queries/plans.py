"""Plans as lists want them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db.models import Count, F, Prefetch, Q, QuerySet

from qizhi.core.periods import Period
from qizhi.core.permissions import Actor, Permission
from qizhi.org.enums import UnitKind
from qizhi.org.models import Person, Unit
from qizhi.org.queries import members_on, posts_on
from qizhi.tasks.models import Plan, PlanItem

PLANNING_KINDS = (
    UnitKind.BUREAU,
    UnitKind.PARTY_GROUP,
    UnitKind.CENTRE_GROUP,
    UnitKind.COMMITTEE,
    UnitKind.BRANCH,
)


def plans_of(
    actor: Actor,
    wanted: Permission,
    *,
    year: int | None = None,
    unit_id: uuid.UUID | None = None,
    purposes: Sequence[str] = (),
) -> QuerySet[Plan]:
    """Plans that the actor may see, with how many items stand and how many were cancelled."""
    plans = Plan.objects.filter(actor.reach(wanted).units()).select_related("unit")
    if year is not None:
        plans = plans.filter(year=year)
    if unit_id is not None:
        plans = plans.filter(unit_id=unit_id)
    if purposes:
        plans = plans.filter(purpose__in=purposes)
    standing, cancelled = Q(items__cancelled_because=""), Q(items__cancelled_because__gt="")
    return plans.annotate(
        standing=Count("items", filter=standing), cancelled=Count("items", filter=cancelled)
    ).order_by("-year", "purpose", "unit__position", "unit__code")


def with_items(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """The plans with their items and leads, in one more query."""
    return plans.prefetch_related(Prefetch("items", queryset=PlanItem.objects.select_related("lead")))


def items_of(plan: Plan) -> QuerySet[PlanItem]:
    """The items of a plan in the order of the year, with their leads."""
    return PlanItem.objects.filter(bureau_id=plan.bureau_id, plan=plan).select_related("lead")


def planning_units(actor: Actor, wanted: Permission, day: dt.date) -> QuerySet[Unit]:
    """Units that exist on the day and for which the actor may see or make plans."""
    units: QuerySet[Unit] = Unit.objects.on(day).filter(actor.reach(wanted).units(""))
    return units.filter(kind__in=PLANNING_KINDS).order_by("path")


def likely_leads(unit: Unit, day: dt.date) -> list[Person]:
    """People to propose as leads: those with a post in the unit, then its members; each once."""
    people = [post.person for post in posts_on(unit, day)]
    if unit.kind == UnitKind.BRANCH:
        people += list(members_on(unit, day))
    return list({person.pk: person for person in people}.values())


def months_within(period: Period, plan: str = "plan") -> Q:
    """Items whose month begins inside the period; `plan` is the way from the row to its plan."""
    start, end = period.start, period.end
    first = start.month if start.day == 1 else start.month + 1
    year = f"{plan}__year"
    after = Q(**{f"{year}__gt": start.year}) | Q(**{year: start.year, "month__gte": first})
    before = Q(**{f"{year}__lt": end.year}) | Q(**{year: end.year, "month__lte": end.month})
    return after & before


def begun_before_end(plan: str = "plan") -> Q:
    """Items whose month began before the unit of the plan ended, if it has."""
    to_on, year = f"{plan}__unit__to_on", F(f"{plan}__year")
    later = Q(**{f"{to_on}__year__gt": year})
    return Q(**{to_on: None}) | later | Q(**{f"{to_on}__year": year, f"{to_on}__month__gte": F("month")})


def is_month_within(period: Period, year: int, month: int) -> bool:
    """The same of one month."""
    return dt.date(year, month, 1) in period
