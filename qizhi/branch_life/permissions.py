"""What may be seen of organisational life and done to it; objects fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.http import Http404
from django.urls import reverse

from qizhi.branch_life.models import Contact, MethodReview, Talk, ThemeDay, WorkingMethod
from qizhi.core.permissions import Actor, Permission, Scope, permission
from qizhi.core.ways import lead_on
from qizhi.org.enums import Role, UnitKind

SEE_BRANCH_LIFE = permission(
    key="branch_life.see",
    label="查看组织生活完成情况",
    held_by=(
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.BRANCH_COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.STUDY_SECRETARY, Scope.OWN_UNIT),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.LEADER, Scope.ALL),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
lead_on(
    "org.unit",
    "组织生活",
    SEE_BRANCH_LIFE,
    lambda unit: reverse("branch_life:unit", args=[unit.pk]),
    lambda unit: unit.kind in {UnitKind.BRANCH, UnitKind.CENTRE_GROUP},
)
MANAGE_METHODS = permission(
    key="branch_life.manage_methods",
    label="维护支部工作法",
    held_by=(
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
MANAGE_THEME_DAYS = permission(
    key="branch_life.manage_theme_days",
    label="登记支部固定活动日",
    held_by=(
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
MANAGE_CONTACTS = permission(
    key="branch_life.manage_contacts",
    label="安排联系点",
    held_by=((Role.COMMITTEE_SECRETARY, Scope.ALL), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)
SEE_DUAL_LIFE = permission(
    key="branch_life.see_dual_life",
    label="查看双重组织生活",
    held_by=(
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.LEADER, Scope.ALL),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
RECORD_TALKS = permission(
    key="branch_life.record_talks",
    label="登记谈心谈话",
    held_by=(
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.BRANCH_COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)


def method_for(actor: Actor, wanted: Permission, method_id: uuid.UUID) -> WorkingMethod:
    """The working method with its branch, if `wanted` covers that branch; Http404 otherwise."""
    reach = actor.reach(wanted)
    methods = WorkingMethod.objects.filter(reach.units()).select_related("unit__successor")
    method: WorkingMethod | None = methods.filter(pk=method_id).first()
    if method is None:
        raise Http404
    return method


def review_for(actor: Actor, wanted: Permission, review_id: uuid.UUID) -> MethodReview:
    """The review with its method and branch, if `wanted` covers that branch; Http404 otherwise."""
    rows = MethodReview.objects.filter(actor.reach(wanted).units("method__unit"), bureau_id=actor.bureau_id)
    review = rows.select_related("method__unit").filter(pk=review_id).first()
    if review is None:
        raise Http404
    return review


def contact_for(actor: Actor, wanted: Permission, contact_id: uuid.UUID) -> Contact:
    """The contact with person and branch, if `wanted` covers that branch; Http404 otherwise."""
    rows = Contact.objects.filter(actor.reach(wanted).units()).select_related("person", "unit")
    contact: Contact | None = rows.filter(pk=contact_id).first()
    if contact is None:
        raise Http404
    return contact


def talk_for(actor: Actor, wanted: Permission, talk_id: uuid.UUID) -> Talk:
    """The talk with its people and branch, if `wanted` covers that branch; Http404 otherwise."""
    rows = Talk.objects.filter(actor.reach(wanted).units()).select_related("unit", "one", "other")
    talk = rows.filter(pk=talk_id).first()
    if talk is None:
        raise Http404
    return talk


def theme_day_for(actor: Actor, wanted: Permission, theme_day_id: uuid.UUID) -> ThemeDay:
    """The fixed day with its branch, if `wanted` covers that branch; Http404 otherwise."""
    rows = ThemeDay.objects.filter(actor.reach(wanted).units()).select_related("unit")
    found: ThemeDay | None = rows.filter(pk=theme_day_id).first()
    if found is None:
        raise Http404
    return found
