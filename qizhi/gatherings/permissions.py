"""What may be done with gatherings, and objects fetched and checked for a person."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import Http404

from qizhi.core import clock
from qizhi.core.permissions import ANYONE, Actor, Permission, Scope, permission
from qizhi.gatherings.enums import Audience
from qizhi.gatherings.models import (
    Attachment,
    Gathering,
    GatheringKind,
    GatheringQuerySet,
    Kind,
    Lecturer,
    Series,
    Template,
    Visitor,
)
from qizhi.org.enums import Role, UnitKind
from qizhi.org.models import BureauRow, Membership, Placement, Post, Unit

_BRANCH_POSTS = (
    (Role.SECRETARY, Scope.SUBTREE),
    (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
    (Role.BRANCH_COMMITTEE_MEMBER, Scope.SUBTREE),
    (Role.GROUP_LEADER, Scope.OWN_UNIT),
    (Role.STUDY_SECRETARY, Scope.OWN_UNIT),
)
SEE = permission(
    key="gatherings.see",
    label="查看活动",
    held_by=(
        (ANYONE, Scope.SELF),
        *_BRANCH_POSTS,
        (Role.COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.LEADER, Scope.ALL),
    ),
)
RECORD = permission(
    key="gatherings.record",
    label="登记活动",
    held_by=(*_BRANCH_POSTS, (Role.AFFAIRS_OFFICER, Scope.ALL)),
)
AUDIT = permission(
    key="gatherings.audit",
    label="旁听并点评活动",
    held_by=(
        (Role.COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.LEADER, Scope.ALL),
    ),
)
MANAGE_KINDS = permission(
    key="gatherings.manage_kinds",
    label="维护活动类型、系列和模板",
    held_by=((Role.AFFAIRS_OFFICER, Scope.ALL),),
)

R = TypeVar("R", bound=BureauRow)


def own_units(actor: Actor) -> Q:
    """Filter for rows whose `unit` the person belongs to today: as a member, by a post or by department."""
    today, person = clock.today(), actor.person_id
    member = Membership.objects.on(today).filter(bureau_id=actor.bureau_id, person_id=person)
    posts = Post.objects.on(today).filter(bureau_id=actor.bureau_id, person_id=person)
    placed = Placement.objects.on(today).filter(bureau_id=actor.bureau_id, person_id=person)
    return Q(bureau_id=actor.bureau_id) & (
        Q(unit_id__in=member.values("unit_id"))
        | Q(unit_id__in=member.filter(group__isnull=False).values("group_id"))
        | Q(unit_id__in=posts.values("unit_id"))
        | Q(unit_id__in=placed.values("unit_id"))
    )


def read_fully(actor: Actor) -> Q:
    """Filter for gatherings whose roll, minutes and files the actor may read: own units and by office."""
    reach = actor.reach(SEE)
    if reach.is_all or actor.person_id is None:
        return reach.units()
    return reach.units() | own_units(actor) | _took_part(actor)


def visible_to(actor: Actor) -> GatheringQuerySet:
    """Gatherings whose basic facts the actor may know.

    That is what one may read fully, and what the bureau or the organ committee did with everybody.
    """
    if actor.reach(SEE).is_all or actor.person_id is None:
        return Gathering.objects.filter(read_fully(actor))
    everybody = GatheringKind.objects.filter(
        bureau_id=actor.bureau_id,
        gathering_id=OuterRef("pk"),
        kind__audience__in=[Audience.STAFF, Audience.MEMBERS],
    )
    shared = Q(bureau_id=actor.bureau_id, unit__kind__in=[UnitKind.BUREAU, UnitKind.COMMITTEE])
    return Gathering.objects.filter(read_fully(actor) | (shared & Exists(everybody)))


def with_readable(rows: QuerySet[Gathering], actor: Actor) -> QuerySet[Gathering]:
    """Annotate `is_readable`: whether roll, minutes and files may be shown to the actor too."""
    return rows.annotate(
        is_readable=Case(
            When(read_fully(actor), then=Value(True)), default=Value(False), output_field=BooleanField()
        )
    )


def gathering_for(actor: Actor, wanted: Permission, gathering_id: uuid.UUID) -> Gathering:
    """The gathering with unit, chair and series, if `wanted` covers it for the actor; else Http404.

    It carries `is_readable`: whether roll, minutes and files may be shown too.
    """
    rows = visible_to(actor) if wanted is SEE else Gathering.objects.filter(actor.reach(wanted).units())
    fitting = with_readable(rows.filter(pk=gathering_id), actor)
    found = fitting.select_related("unit", "chair", "series").first()
    if found is None:
        raise Http404
    return found


def recordable_units(actor: Actor) -> QuerySet[Unit]:
    """Units for which the actor may record, with those that have ended, by path."""
    return Unit.objects.filter(actor.reach(RECORD).units("")).order_by("path")


def attachment_for(
    actor: Actor, wanted: Permission, gathering_id: uuid.UUID, attachment_id: uuid.UUID
) -> Attachment:
    """An attachment of a gathering that the actor may read fully (or, to remove it, record); else Http404."""
    gathering = gathering_for(actor, wanted, gathering_id)
    found = Attachment.objects.filter(
        bureau_id=actor.bureau_id, gathering=gathering, pk=attachment_id
    ).first()
    if found is None or not gathering.is_readable:  # type: ignore[attr-defined] # annotated above
        raise Http404
    return found


def series_for(actor: Actor, wanted: Permission, series_id: uuid.UUID) -> Series:
    """The series; Http404 otherwise."""
    return _one(Series.objects.all(), actor, wanted, series_id)


def template_for(actor: Actor, wanted: Permission, template_id: uuid.UUID) -> Template:
    """The template with its kinds and series; Http404 otherwise."""
    rows = Template.objects.select_related("series").prefetch_related("kinds")
    return _one(rows, actor, wanted, template_id)


def kind_for(actor: Actor, wanted: Permission, kind_id: uuid.UUID) -> Kind:
    """The kind; Http404 otherwise."""
    return _one(Kind.objects.all(), actor, wanted, kind_id)


def _took_part(actor: Actor) -> Q:
    """Filter for gatherings that the person chaired, taught at or visited."""
    taught = Lecturer.objects.filter(bureau_id=actor.bureau_id, person=actor.person_id)
    visited = Visitor.objects.filter(bureau_id=actor.bureau_id, person=actor.person_id)
    return Q(bureau_id=actor.bureau_id) & (
        Q(chair_id=actor.person_id)
        | Q(pk__in=taught.values("gathering_id"))
        | Q(pk__in=visited.values("gathering_id"))
    )


def _one(rows: QuerySet[R], actor: Actor, wanted: Permission, key: uuid.UUID) -> R:
    # These rows belong to the bureau and to no unit: who holds the permission at all sees them.
    row = rows.filter(bureau_id=actor.bureau_id, pk=key).first() if actor.may(wanted) else None
    if row is None:
        raise Http404
    return row
