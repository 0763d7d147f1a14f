"""Who answers requests for correction, who makes codes on paper; and what belongs to oneself."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.conduct.models import Correction, PrintedCode
from qizhi.core.permissions import Actor, Permission, Scope, permission
from qizhi.org.enums import Role

ANSWER_CORRECTIONS = permission(
    key="conduct.answer_corrections",
    label="答复更正申请",
    held_by=((Role.PERSONNEL_OFFICER, Scope.ALL), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)
PRINT_CODES = permission(
    key="conduct.print_codes",
    label="打印一次性查询码",
    held_by=((Role.PERSONNEL_OFFICER, Scope.ALL), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)


def correction_for(actor: Actor, wanted: Permission, correction_id: uuid.UUID) -> Correction:
    """A request for correction that somebody of the office may answer; nobody's own; Http404 otherwise."""
    found = Correction.objects.filter(bureau_id=actor.bureau_id, pk=correction_id)
    found = found.select_related("person", "answered_by") if actor.reach(wanted).is_all else found.none()
    correction = found.first()
    if correction is None or correction.person_id == actor.person_id:
        raise Http404
    return correction


def code_for(actor: Actor, wanted: Permission, code_id: uuid.UUID) -> PrintedCode:
    """A code on paper, for those who make them; Http404 otherwise."""
    found = PrintedCode.objects.filter(bureau_id=actor.bureau_id, pk=code_id).select_related("person")
    code = found.first() if actor.reach(wanted).is_all else None
    if code is None:
        raise Http404
    return code
