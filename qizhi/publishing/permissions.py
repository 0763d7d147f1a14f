"""Who answers; complaints fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.http import Http404

from qizhi.core.permissions import Actor, Scope, permission
from qizhi.org.enums import Role
from qizhi.publishing.models import Complaint
from qizhi.publishing.rules import code_digest, plain_code

ANSWER = permission(
    key="publishing.answer", label="答复投诉建议", held_by=((Role.AFFAIRS_OFFICER, Scope.ALL),)
)


def complaint_for(actor: Actor, complaint_id: uuid.UUID) -> Complaint:
    """The complaint, for who wrote it under their name and for those who answer; Http404 otherwise."""
    found = Complaint.objects.filter(bureau_id=actor.bureau_id, pk=complaint_id).select_related("sent_by")
    if not actor.may(ANSWER):
        own = Q(sent_by_id=actor.person_id) if actor.person_id else Q(pk__in=[])
        found = found.filter(own)
    complaint = found.first()
    if complaint is None:
        raise Http404
    return complaint


def own_complaint_for(actor: Actor, complaint_id: uuid.UUID) -> Complaint:
    """The complaint, for who wrote it under their name alone; Http404 otherwise."""
    complaint = complaint_for(actor, complaint_id)
    if complaint.sent_by_id is None or complaint.sent_by_id != actor.person_id:
        raise Http404
    return complaint


def complaint_by_code(actor: Actor, typed: str) -> Complaint | None:
    """The unsigned complaint whose code was typed; whoever holds the code may read it.

    With an account those of its bureau alone are found, without one any.
    """
    code = plain_code(typed)
    if not code:
        return None
    found = Complaint.objects.filter(code_digest=code_digest(code))
    return (found if actor.account_id is None else found.filter(bureau_id=actor.bureau_id)).first()
