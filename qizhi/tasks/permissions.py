"""Who may see and change plans; objects fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.core.permissions import Actor, Permission, Scope, permission
from qizhi.org.enums import Role
from qizhi.tasks.models import Plan, PlanItem

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
