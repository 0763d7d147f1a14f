"""Who reads and who keeps the duties of posts; rows fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.conduct.models import PostDuty
from qizhi.core.permissions import ANYONE, Actor, Permission, Scope, permission
from qizhi.org.enums import Role

SEE_POST_DUTIES = permission(
    key="conduct.see_post_duties", label="查阅岗位职责清单", held_by=((ANYONE, Scope.ALL),)
)
MANAGE_POST_DUTIES = permission(
    key="conduct.manage_post_duties",
    label="维护岗位职责清单",
    held_by=((Role.DEPARTMENT_HEAD, Scope.OWN_UNIT), (Role.PERSONNEL_OFFICER, Scope.ALL)),
)


def post_duty_for(actor: Actor, wanted: Permission, post_duty_id: uuid.UUID) -> PostDuty:
    """The duties of a post of a department that `wanted` covers; Http404 otherwise."""
    rows = PostDuty.objects.filter(actor.reach(wanted).units(), pk=post_duty_id)
    found: PostDuty | None = rows.select_related("unit", "regulation").first()
    if found is None:
        raise Http404
    return found
