"""Who answers requests for correction, who makes codes on paper; and what belongs to oneself."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.conduct.models import Correction, PrintedCode
from qizhi.core.permissions import Actor, Permission, Scope, permission
from qizhi.org.enums import Role
from qizhi.org.permissions import bureau_row

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
    rows = Correction.objects.select_related("person", "answered_by")
    correction = bureau_row(rows, actor, wanted, correction_id)
    if correction.person_id == actor.person_id:
        raise Http404
    return correction


def code_for(actor: Actor, wanted: Permission, code_id: uuid.UUID) -> PrintedCode:
    """A code on paper, for those who make them; Http404 otherwise."""
    return bureau_row(PrintedCode.objects.select_related("person"), actor, wanted, code_id)
