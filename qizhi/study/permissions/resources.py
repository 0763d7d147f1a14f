"""Who sees and keeps the registers of bases and role models; objects fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.core.permissions import ANYONE, Actor, Permission, Scope, permission
from qizhi.org.enums import Role
from qizhi.study.models import Resource

SEE_RESOURCES = permission(
    key="study.see_resources", label="查看学习资源和标签", held_by=((ANYONE, Scope.ALL),)
)
MANAGE_RESOURCES = permission(
    key="study.manage_resources",
    label="维护学习资源和标签",
    held_by=((Role.AFFAIRS_OFFICER, Scope.ALL),),
)


def resource_for(actor: Actor, wanted: Permission, resource_id: uuid.UUID) -> Resource:
    """The base or role model: it belongs to the whole bureau; Http404 otherwise."""
    found: Resource | None = Resource.objects.filter(bureau_id=actor.bureau_id, pk=resource_id).first()
    if found is None or not actor.may(wanted):
        raise Http404
    return found
