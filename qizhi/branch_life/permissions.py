"""What may be seen of organisational life and done to working methods; objects fetched and checked."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.branch_life.models import WorkingMethod
from qizhi.core.permissions import Actor, Permission, Scope, permission
from qizhi.org.enums import Role

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
MANAGE_METHODS = permission(
    key="branch_life.manage_methods",
    label="维护支部工作法",
    held_by=(
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)


def method_for(actor: Actor, wanted: Permission, method_id: uuid.UUID) -> WorkingMethod:
    """The working method with its branch, if `wanted` covers that branch; Http404 otherwise."""
    reach = actor.reach(wanted)
    methods = WorkingMethod.objects.filter(reach.units()).select_related("unit")
    method: WorkingMethod | None = methods.filter(pk=method_id).first()
    if method is None:
        raise Http404
    return method
