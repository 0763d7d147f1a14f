"""What may be done with gatherings, and objects fetched and checked for a person."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any, TypeVar

from django.db.models import BooleanField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse

from qizhi.core import clock, kept
from qizhi.core.permissions import ANYONE, Actor, Permission, Scope, permission
from qizhi.core.values import dataclass
from qizhi.core.ways import lead_on
from qizhi.gatherings.enums import Audience
from qizhi.gatherings.models import (
    Attachment,
    Gathering,
    GatheringKind,
    GatheringQuerySet,
    Instruction,
    Kind,
    Lecturer,
    Series,
    Template,
    Visitor,
    VotingExclusion,
)
from qizhi.org.enums import Role, UnitKind
from qizhi.org.models import BureauRow, Membership, Placement, Unit
from qizhi.org.permissions import unit_for

_SHARED = (UnitKind.BUREAU, UnitKind.COMMITTEE)
"""Kinds of unit that do things with everybody."""
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
lead_on("org.unit", "活动", SEE, lambda unit: f"{reverse('gatherings:gatherings')}?unit={unit.pk}")
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
MANAGE_INSTRUCTIONS = permission(
    key="gatherings.manage_instructions",
    label="维护作业指导",
    held_by=(
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
_SECRETARIES = ((Role.SECRETARY, Scope.SUBTREE), (Role.DEPUTY_SECRETARY, Scope.SUBTREE))
SEE_VOTING = permission(
    key="gatherings.see_voting",
    label="查看支部表决名册",
    held_by=(*_SECRETARIES, (Role.COMMITTEE_SECRETARY, Scope.ALL), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)
MANAGE_VOTING = permission(
    key="gatherings.manage_voting",
    label="登记表决时不计入应到的党员",
    held_by=(*_SECRETARIES, (Role.AFFAIRS_OFFICER, Scope.ALL)),
)

R = TypeVar("R", bound=BureauRow)


@dataclass(frozen=True)
class Sight:
    """The units whose gatherings somebody may read fully, and those whose shared gatherings all may know.

    `own` is None for those who may read everything in the bureau.
    """

    own: frozenset[uuid.UUID] | None
    shared: frozenset[uuid.UUID] = frozenset()


def sight_of(actor: Actor) -> Sight:
    """What the actor may see by office, and by belonging to units today; one query, none for all of it."""
    reach = actor.reach(SEE)
    if reach.is_all:
        return Sight(None)
    today, mine = clock.today(), {"bureau_id": actor.bureau_id, "person": actor.person_id}
    group = Coalesce("group_id", "unit_id")
    parts = [
        _keys(Unit.objects.filter(bureau_id=actor.bureau_id, kind__in=_SHARED), "shared", F("pk"), F("pk")),
        _keys(Membership.objects.on(today).filter(**mine), "own", F("unit_id"), group),
        _keys(Placement.objects.on(today).filter(**mine), "own", F("unit_id"), F("unit_id")),
    ]
    if reach.paths or reach.unit_ids:
        parts.append(_keys(Unit.objects.filter(reach.units("")), "own", F("pk"), F("pk")))
    rows: Any = parts[0].union(*parts[1:], all=True)
    own, shared = {grant.unit_id for grant in actor.grants}, set[uuid.UUID]()
    for what, *keys in rows:
        (own if what == "own" else shared).update(keys)
    return Sight(frozenset(own), frozenset(shared))


def _keys(rows: QuerySet[Any], what: str, one: Any, other: Any) -> QuerySet[Any]:
    named = rows.order_by().annotate(
        what_of=Value(what, CharField(max_length=10)), one_of=one, other_of=other
    )
    found: QuerySet[Any] = named.values_list("what_of", "one_of", "other_of")
    return found


def _own(actor: Actor, sight: Sight) -> Q:
    """Gatherings of own units, and those that the person chaired, taught at or visited."""
    own = Q(unit_id__in=sight.own or ())
    if actor.person_id is None:
        return own
    taught = Lecturer.objects.filter(bureau_id=actor.bureau_id, person=actor.person_id)
    visited = Visitor.objects.filter(bureau_id=actor.bureau_id, person=actor.person_id)
    return (
        own
        | Q(chair_id=actor.person_id)
        | Q(pk__in=taught.values("gathering_id"))
        | Q(pk__in=visited.values("gathering_id"))
    )


def read_fully(actor: Actor, sight: Sight) -> Q:
    """Filter for gatherings whose roll, minutes and files the actor may read: own ones and by office."""
    bureau = Q(bureau_id=actor.bureau_id)
    return bureau if sight.own is None else bureau & _own(actor, sight)


def visible_to(actor: Actor, sight: Sight | None = None) -> GatheringQuerySet:
    """Gatherings whose basic facts the actor may know.

    That is what one may read fully, and what the bureau or the organ committee did with everybody.
    """
    sight = sight or sight_of(actor)
    bureau = Q(bureau_id=actor.bureau_id)
    if sight.own is None:
        return Gathering.objects.filter(bureau)
    everybody = GatheringKind.objects.filter(
        bureau_id=actor.bureau_id,
        gathering_id=OuterRef("pk"),
        kind__audience__in=[Audience.STAFF, Audience.MEMBERS],
    )
    # One flat OR: each of its parts has an index, and the database joins what they give.
    shared = Q(unit_id__in=sight.shared) & Exists(everybody)
    return Gathering.objects.filter(bureau & (_own(actor, sight) | shared))


def with_readable(rows: QuerySet[Gathering], actor: Actor, sight: Sight) -> QuerySet[Gathering]:
    """Annotate rows of `visible_to` with `is_readable`: whether roll, minutes and files may be shown too."""
    if sight.own is None:
        return rows.annotate(is_readable=Value(True, BooleanField()))
    return rows.annotate(
        is_readable=Case(
            When(read_fully(actor, sight), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
    )


def gathering_for(actor: Actor, wanted: Permission, gathering_id: uuid.UUID) -> Gathering:
    """The gathering with unit, chair and series, if `wanted` covers it for the actor; else Http404.

    It carries `is_readable`: whether roll, minutes and files may be shown too.
    """
    who = (actor.bureau_id, actor.person_id, actor.grants, actor.is_system)
    find = partial(_find, actor, wanted, gathering_id)
    return kept.keep(find, "gatherings.one", who, wanted.key, gathering_id)


def _find(actor: Actor, wanted: Permission, gathering_id: uuid.UUID) -> Gathering:
    if wanted is SEE:
        sight = sight_of(actor)
        rows = with_readable(visible_to(actor, sight), actor, sight)
    else:
        # Who may record or audit may read.
        covered = Gathering.objects.filter(actor.reach(wanted).units())
        rows = covered.annotate(is_readable=Value(True, BooleanField()))
    found = rows.filter(pk=gathering_id).select_related("unit__parent", "chair", "series").order_by()[:1]
    if not found:
        raise Http404
    return found[0]


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


def instruction_for(actor: Actor, wanted: Permission, instruction_id: uuid.UUID) -> Instruction:
    """The version of the steps with its kind and source; Http404 otherwise."""
    rows: QuerySet[Instruction] = Instruction.objects.select_related("kind", "source")
    return _one(rows, actor, wanted, instruction_id)


def branch_for(actor: Actor, wanted: Permission, unit_id: uuid.UUID) -> Unit:
    """The branch, if `wanted` covers it; Http404 otherwise, and for other kinds of unit."""
    unit = unit_for(actor, wanted, unit_id)
    if unit.kind != UnitKind.BRANCH:
        raise Http404
    return unit


def exclusion_for(actor: Actor, wanted: Permission, exclusion_id: uuid.UUID) -> VotingExclusion:
    """The row of the register with its branch and person, if `wanted` covers the branch; else Http404."""
    rows = VotingExclusion.objects.filter(actor.reach(wanted).units()).select_related("unit", "person")
    found: VotingExclusion | None = rows.filter(pk=exclusion_id).first()
    if found is None:
        raise Http404
    return found


def _one(rows: QuerySet[R], actor: Actor, wanted: Permission, key: uuid.UUID) -> R:
    # These rows belong to the bureau and to no unit: who holds the permission at all sees them.
    row = rows.filter(bureau_id=actor.bureau_id, pk=key).first() if actor.may(wanted) else None
    if row is None:
        raise Http404
    return row
