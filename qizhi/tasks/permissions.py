"""Who may see and change plans, lists and tasks; objects fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from qizhi.core.permissions import ANYONE, Actor, Permission, Scope, permission
from qizhi.core.ways import lead_on
from qizhi.org.enums import Role, UnitKind
from qizhi.tasks.enums import ListKind
from qizhi.tasks.models import (
    Document,
    Duty,
    DutyList,
    DutyNote,
    DutyPart,
    Extension,
    Handling,
    Plan,
    PlanItem,
)

SEE_PLANS = permission(
    key="tasks.see",
    label="查看计划",
    held_by=(
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.BRANCH_COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.STUDY_SECRETARY, Scope.OWN_UNIT),
        (Role.CENTRE_GROUP_MEMBER, Scope.OWN_UNIT),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.LEADER, Scope.ALL),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
lead_on(
    "org.unit",
    "计划",
    SEE_PLANS,
    lambda unit: f"{reverse('tasks:plans')}?unit={unit.pk}",
    lambda unit: unit.kind in {UnitKind.BRANCH, UnitKind.CENTRE_GROUP, UnitKind.BUREAU},
)
MANAGE_PLANS = permission(
    key="tasks.manage",
    label="编制和修改计划",
    held_by=(
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.STUDY_SECRETARY, Scope.OWN_UNIT),
        (Role.DISCIPLINE_OFFICER, Scope.OWN_UNIT),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)

SEE_DUTIES = permission(
    key="tasks.see_duties",
    label="查看清单与任务",
    held_by=(
        (Role.DEPARTMENT_HEAD, Scope.SUBTREE),
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.BRANCH_COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.LEADER, Scope.ALL),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
lead_on(
    "org.unit",
    "清单任务",
    SEE_DUTIES,
    lambda unit: f"{reverse('tasks:duties')}?unit={unit.pk}",
    lambda unit: unit.kind in {UnitKind.BRANCH, UnitKind.DEPARTMENT},
)
SETTLE_PARTS = permission(
    key="tasks.settle_parts",
    label="办理清单项和任务",
    held_by=(
        (Role.DEPARTMENT_HEAD, Scope.SUBTREE),
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.BRANCH_COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
MANAGE_DUTIES = permission(
    key="tasks.manage_duties",
    label="编制清单、布置任务、批准延期和免办",
    held_by=((Role.COMMITTEE_SECRETARY, Scope.ALL), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)
SEE_NEGATIVE = permission(
    key="tasks.see_negative",
    label="查看负面清单记事",
    held_by=(
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.BRANCH_COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
NOTE_NEGATIVE = permission(
    key="tasks.note_negative",
    label="登记负面清单记事",
    held_by=((Role.DISCIPLINE_OFFICER, Scope.ALL), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)

SEE_DOCUMENTS = permission(
    key="tasks.see_documents",
    label="查看限时办结公文",
    held_by=(
        (ANYONE, Scope.SELF),
        (Role.DEPARTMENT_HEAD, Scope.SUBTREE),
        (Role.LEADER, Scope.ALL),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
FINISH_DOCUMENTS = permission(
    key="tasks.finish_documents",
    label="登记公文办结、申请延期",
    held_by=(
        (ANYONE, Scope.SELF),
        (Role.DEPARTMENT_HEAD, Scope.SUBTREE),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
MANAGE_DOCUMENTS = permission(
    key="tasks.manage_documents",
    label="登记、更正和转办公文",
    held_by=((Role.DEPARTMENT_HEAD, Scope.SUBTREE), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)
EXTEND_DOCUMENTS = permission(
    key="tasks.extend_documents",
    label="批准公文延期（不能批准本人承办的）",
    held_by=((Role.DEPARTMENT_HEAD, Scope.SUBTREE), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)


def plan_for(actor: Actor, wanted: Permission, plan_id: uuid.UUID) -> Plan:
    """The plan with its unit, if `wanted` covers the unit; Http404 otherwise."""
    plans = Plan.objects.filter(actor.reach(wanted).units()).select_related("unit")
    plan = plans.filter(pk=plan_id).first()
    if plan is None:
        raise Http404
    return plan


def item_for(actor: Actor, wanted: Permission, item_id: uuid.UUID) -> PlanItem:
    """The item with its plan and unit, if `wanted` covers the unit; Http404 otherwise."""
    items = PlanItem.objects.filter(actor.reach(wanted).units("plan__unit")).select_related("plan__unit")
    item = items.filter(pk=item_id).first()
    if item is None:
        raise Http404
    return item


def _reached(actor: Actor, wanted: Permission) -> Q:
    """Duties that a branch of the actor's was asked; those who see all see what has no branch yet, too."""
    if actor.reach(wanted).is_all:
        return Q(bureau_id=actor.bureau_id)
    parts = DutyPart.objects.filter(actor.reach(wanted).units())
    return Q(bureau_id=actor.bureau_id, pk__in=parts.values("duty_id"))


def _shown(actor: Actor) -> Q:
    """What is issued; drafts only for those who write them."""
    if actor.may(MANAGE_DUTIES):
        return Q()
    return Q(duty_list=None) | Q(duty_list__issued_on__isnull=False)


def duties_for(actor: Actor, wanted: Permission) -> Q:
    """Filter for duties that `wanted` covers and that are issued (or the actor's to issue)."""
    return _reached(actor, wanted) & _shown(actor)


def list_for(actor: Actor, wanted: Permission, list_id: uuid.UUID) -> DutyList:
    """The list, if a branch that `wanted` covers was asked; Http404 otherwise."""
    lists = DutyList.objects.filter(bureau_id=actor.bureau_id).select_related("issuer")
    if not actor.reach(wanted).is_all:
        lists = lists.filter(pk__in=Duty.objects.filter(_reached(actor, wanted)).values("duty_list_id"))
    if not actor.may(MANAGE_DUTIES):
        lists = lists.filter(issued_on__isnull=False)
    found = lists.filter(pk=list_id).first()
    if found is None:
        raise Http404
    return found


def duty_for(actor: Actor, wanted: Permission, duty_id: uuid.UUID) -> Duty:
    """The item or task with its list, if a branch that `wanted` covers was asked; Http404 otherwise."""
    duties = Duty.objects.filter(duties_for(actor, wanted))
    duty = duties.select_related("duty_list", "regulation", "owner", "issuer").filter(pk=duty_id).first()
    if duty is None:
        raise Http404
    return duty


def part_for(actor: Actor, wanted: Permission, part_id: uuid.UUID) -> DutyPart:
    """A branch's part with what it is a part of, if `wanted` covers the branch; Http404 otherwise."""
    parts = DutyPart.objects.owed().filter(actor.reach(wanted).units())
    parts = parts.filter(Q(duty__duty_list=None) | Q(duty__duty_list__issued_on__isnull=False))
    named = ("unit", "approved_by", "duty__duty_list", "duty__regulation", "duty__owner")
    part: DutyPart | None = parts.select_related(*named).filter(pk=part_id).first()
    if part is None:
        raise Http404
    return part


def note_permission(duty: Duty, *, writes: bool) -> Permission:
    """Which permission the notes of an item ask for; those of the negative list ask for more."""
    if duty.duty_list is not None and duty.duty_list.kind == ListKind.NEGATIVE:
        return NOTE_NEGATIVE if writes else SEE_NEGATIVE
    return SETTLE_PARTS if writes else SEE_DUTIES


def note_for(actor: Actor, note_id: uuid.UUID) -> DutyNote:
    """A note that the actor may correct; Http404 otherwise."""
    notes = DutyNote.objects.filter(bureau_id=actor.bureau_id).select_related("duty__duty_list", "unit")
    note = notes.filter(pk=note_id).first()
    if note is None or not actor.may(note_permission(note.duty, writes=True), note.unit_id, note.unit.path):
        raise Http404
    return note


def documents_for(actor: Actor, wanted: Permission, *, is_current: bool = False) -> Q:
    """Filter for documents that the person answers or answered for, or that a covered department does.

    With `is_current` only who answers for them now counts.
    """
    reach = actor.reach(wanted)
    if reach.is_all:
        return Q(bureau_id=actor.bureau_id)
    handled = Q(bureau_id=actor.bureau_id, person_id=reach.person_id) if reach.person_id else Q()
    handled |= reach.units()
    handlings = Handling.objects.filter(handled, **({"to_on": None} if is_current else {}))
    return Q(bureau_id=actor.bureau_id, pk__in=handlings.values("document_id"))


def document_for(actor: Actor, wanted: Permission, document_id: uuid.UUID) -> Document:
    """The document, if `wanted` covers who answers for it (who ever did, for reading); Http404 otherwise."""
    covered = documents_for(actor, wanted, is_current=wanted is not SEE_DOCUMENTS)
    document = Document.objects.filter(covered, pk=document_id).first()
    if document is None:
        raise Http404
    return document


def extension_for(actor: Actor, wanted: Permission, extension_id: uuid.UUID) -> Extension:
    """The request for more time with its document, if `wanted` covers that; Http404 otherwise."""
    extensions = Extension.objects.filter(bureau_id=actor.bureau_id)
    named = ("document", "asked_by", "decided_by")
    extension = extensions.select_related(*named).filter(pk=extension_id).first()
    if extension is None:
        raise Http404
    document_for(actor, wanted, extension.document_id)
    return extension


def handling_for(actor: Actor, handling_id: uuid.UUID) -> Handling:
    """Who answered for a document, for those who may correct that; Http404 otherwise."""
    handlings = Handling.objects.filter(bureau_id=actor.bureau_id)
    handlings = handlings.select_related("document", "person", "unit")
    handling: Handling | None = handlings.filter(pk=handling_id).first()
    if handling is None:
        raise Http404
    document_for(actor, MANAGE_DOCUMENTS, handling.document_id)
    return handling
