"""Calls with what came in for them, and where an author belongs on a day."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Count, Q, QuerySet

from qizhi.core.permissions import Actor
from qizhi.culture.enums import WorkState
from qizhi.culture.models import Call, Work, WorkKind
from qizhi.culture.permissions import HAND_IN, works_for
from qizhi.org.enums import UnitKind
from qizhi.org.models import Membership, Person, Placement, Unit
from qizhi.org.queries import units_on

KINDS = (UnitKind.BRANCH, UnitKind.DEPARTMENT)
"""Units that hand in works as a whole."""
_STANDS = Q(works__withdrawn_because="")


def kinds_of(bureau_id: uuid.UUID) -> QuerySet[WorkKind]:
    """The kinds of works of a bureau in their order."""
    return WorkKind.objects.filter(bureau_id=bureau_id)


def counted_kinds(bureau_id: uuid.UUID) -> QuerySet[WorkKind]:
    """Every kind with its calls, and the works that came in for them and were sent on."""
    stands = Q(calls__works__withdrawn_because="")
    rows: QuerySet[WorkKind] = kinds_of(bureau_id).annotate(
        number=Count("calls", distinct=True),
        received=Count("calls__works", filter=stands),
        forwarded=Count("calls__works", filter=stands & Q(calls__works__forwarded_on__isnull=False)),
    )
    return rows.order_by("position", "key")  # counting drops the order of the model


def calls_of(
    bureau_id: uuid.UUID, *, kind: str = "", named: str = "", year: int | None = None
) -> QuerySet[Call]:
    """Calls, newest first, with how many works came in, were selected and were sent on.

    Args:
        bureau_id: whose.
        kind: the code of a kind; empty for all.
        named: a list in which the kind stands; empty for all.
        year: in which they were opened.
    """
    rows: QuerySet[Call] = Call.objects.filter(bureau_id=bureau_id)
    if kind:
        rows = rows.filter(kind__key=kind)
    if named:
        rows = rows.filter(kind__in=[one.pk for one in kinds_of(bureau_id) if named in one.named_lists])
    if year:
        rows = rows.filter(opened_on__year=year)
    rows = rows.annotate(
        received=Count("works", filter=_STANDS),
        selected=Count("works", filter=_STANDS & Q(works__state=WorkState.SELECTED)),
        forwarded=Count("works", filter=_STANDS & Q(works__forwarded_on__isnull=False)),
    )
    return rows.select_related("unit", "kind").order_by("-opened_on", "title")


def works_of(actor: Actor, call: Call, *, state: str = "", text: str = "") -> QuerySet[Work]:
    """Works of a call that the actor may open, in the order in which they came."""
    rows = works_for(actor).filter(call=call)
    if state == "forwarded":
        rows = rows.filter(forwarded_on__isnull=False)
    elif state:
        rows = rows.filter(state=state)
    if text:
        named = Q(author__name__icontains=text) | Q(title__icontains=text) | Q(text__icontains=text)
        rows = rows.filter(named | Q(unit__name__icontains=text))
    return rows.order_by("number")


def units_of(actor: Actor, day: dt.date) -> QuerySet[Unit]:
    """Branches and departments for which the actor may hand in works."""
    reach = actor.reach(HAND_IN)
    return units_on(actor.bureau_id, day, *KINDS).filter(reach.units("")).order_by("position", "code")


def home_of(person: Person, day: dt.date) -> Unit | None:
    """Where somebody belongs on a day: the branch, or else the department."""
    for model in (Membership, Placement):
        rows = model.objects.on(day).filter(bureau_id=person.bureau_id, person=person)
        row = rows.select_related("unit").first()
        if row is not None:
            unit: Unit = row.unit
            return unit
    return None
