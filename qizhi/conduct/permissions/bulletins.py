"""Who prepares bulletins, who approves them, who reads them; each fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404

from qizhi.conduct.enums import BulletinStatus
from qizhi.conduct.models import Bulletin
from qizhi.core.permissions import ANYONE, Actor, Permission, Scope, permission
from qizhi.org.enums import Role

SEE_BULLETINS = permission(key="conduct.see_bulletins", label="查阅通报", held_by=((ANYONE, Scope.ALL),))
PREPARE_BULLETINS = permission(
    key="conduct.prepare_bulletins",
    label="起草通报",
    held_by=((Role.DISCIPLINE_OFFICER, Scope.ALL), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)
APPROVE_BULLETINS = permission(
    key="conduct.approve_bulletins",
    label="签发通报",
    held_by=(
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.PARTY_GROUP_SECRETARY, Scope.ALL),
        (Role.LEADER, Scope.ALL),
    ),
)


def sees_drafts(actor: Actor) -> bool:
    """Whether the actor has to do with bulletins before they are approved."""
    return actor.may(PREPARE_BULLETINS) or actor.may(APPROVE_BULLETINS)


def bulletins_for(actor: Actor) -> QuerySet[Bulletin]:
    """Bulletins that the actor may read: approved ones, and drafts for those who work on them."""
    rows = Bulletin.objects.filter(bureau_id=actor.bureau_id).select_related("prepared_by", "approved_by")
    if not actor.reach(SEE_BULLETINS).is_all:
        return rows.none()
    return rows if sees_drafts(actor) else rows.filter(status=BulletinStatus.APPROVED)


def bulletin_for(actor: Actor, wanted: Permission, bulletin_id: uuid.UUID) -> Bulletin:
    """The bulletin, if the actor may read it and holds `wanted`; Http404 otherwise."""
    row = bulletins_for(actor).filter(pk=bulletin_id).first() if actor.reach(wanted).is_all else None
    if row is None:
        raise Http404
    return row
