"""Changes to bases and role models and to what belongs to them; each one transaction and one event."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.once import made_before
from qizhi.core.permissions import Actor
from qizhi.gatherings.models import Gathering
from qizhi.study.models import Resource, ResourceLink


@transaction.atomic
def save_resource(
    resource: Resource | None = None,
    *,
    kind: str,
    name: str,
    place: str = "",
    note: str = "",
    from_on: dt.date,
    to_on: dt.date | None = None,
    by: Actor,
    id: uuid.UUID | None = None,  # noqa: A002 - the row's key
) -> Resource:
    """Make or correct a base or a role model; asking again with the same id returns the one that is there.

    Raises:
        Refused: the name is taken, or the days are the wrong way round.
    """
    if (known := made_before(Resource, id, by.bureau_id)) is not None:
        return known
    before = audit.snapshot(resource) if resource else None
    row = resource or Resource(bureau_id=by.bureau_id, **({"id": id} if id else {}))
    same = Resource.objects.filter(bureau_id=by.bureau_id, kind=kind, name=name)
    if same.exclude(pk=row.pk).exists():
        message = f"已有名为“{name}”的登记，请直接修改它，或换一个名称。"
        raise Refused(message, "name")
    if to_on is not None and to_on < from_on:
        message = "截止日期早于起始日期，请核对。"
        raise Refused(message, "to_on")
    row.kind, row.name, row.place, row.note = kind, name, place, note
    row.from_on, row.to_on = from_on, to_on
    row.save()
    audit.record("study.save_resource", row, by=by, before=before)
    return row


@transaction.atomic
def link_resource(resource: Resource, gathering: Gathering, *, by: Actor) -> ResourceLink:
    """Say that the gathering was held there or spoke of them; a second time changes nothing.

    Raises:
        Refused: the gathering is withdrawn.
    """
    if gathering.withdrawn_at:
        message = f"“{gathering}”已撤销，请另选一次活动。"
        raise Refused(message, "gathering")
    made, is_new = ResourceLink.objects.get_or_create(
        bureau_id=by.bureau_id, resource=resource, gathering=gathering
    )
    if is_new:
        audit.record("study.link_resource", made, by=by)
    return made


@transaction.atomic
def unlink_resource(resource: Resource, gathering: Gathering, *, by: Actor) -> None:
    """Take that back."""
    rows = ResourceLink.objects.filter(bureau_id=by.bureau_id, resource=resource, gathering=gathering)
    for row in rows:
        audit.record("study.unlink_resource", row, by=by, before=audit.snapshot(row), after={})
    rows.delete()


@transaction.atomic
def set_resources(gathering: Gathering, *, resources: Iterable[Resource], by: Actor) -> Gathering:
    """Say all bases and role models of a gathering at once.

    Raises:
        Refused: the gathering is withdrawn.
    """
    chosen = {one.pk: one for one in resources}
    held = Resource.objects.filter(bureau_id=by.bureau_id, links__gathering=gathering)
    for one in held:
        if one.pk not in chosen:
            unlink_resource(one, gathering, by=by)
    for one in chosen.values():
        link_resource(one, gathering, by=by)
    return gathering
