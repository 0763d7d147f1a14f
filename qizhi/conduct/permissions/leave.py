"""Who asks for leave, who says yes, who keeps the register; requests fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.http import Http404

from qizhi.conduct.models import LeaveRequest
from qizhi.core import clock
from qizhi.core.permissions import ANYONE, Actor, Permission, Reach, Scope, permission
from qizhi.org.enums import Role
from qizhi.org.models import Person, Placement

ASK_LEAVE = permission(key="conduct.ask_leave", label="申请本人的请假和销假", held_by=((ANYONE, Scope.SELF),))
APPROVE_LEAVE = permission(
    key="conduct.approve_leave",
    label="审批请假",
    held_by=(
        (Role.DEPARTMENT_HEAD, Scope.OWN_UNIT),
        (Role.LEADER, Scope.ALL),
        (Role.PARTY_GROUP_SECRETARY, Scope.ALL),
    ),
)
REGISTER_LEAVE = permission(
    key="conduct.register_leave",
    label="登记请销假",
    held_by=((Role.PERSONNEL_OFFICER, Scope.ALL),),
)
SEE_LEAVE = permission(
    key="conduct.see_leave",
    label="查看请销假",
    held_by=(
        (ANYONE, Scope.SELF),
        (Role.DEPARTMENT_HEAD, Scope.OWN_UNIT),
        (Role.LEADER, Scope.ALL),
        (Role.PARTY_GROUP_SECRETARY, Scope.ALL),
        (Role.PERSONNEL_OFFICER, Scope.ALL),
    ),
)
SEE_LEAVES = permission(
    key="conduct.see_leaves",
    label="查看请假登记和日历",
    held_by=tuple(held for held in SEE_LEAVE.held_by if held[0] != ANYONE),
)


def whose(reach: Reach, person: str = "person") -> Q:
    """Rows about people whom the reach covers: oneself, or who is in one of its departments now."""
    bureau = Q(bureau_id=reach.bureau_id)
    if reach.is_all:
        return bureau
    placed = Placement.objects.on(clock.today()).filter(reach.units()).values("person_id")
    return bureau & (Q(**{f"{person}_id__in": placed}) | Q(**{f"{person}_id": reach.person_id}))


def leave_for(actor: Actor, wanted: Permission, leave_id: uuid.UUID) -> LeaveRequest:
    """The request with its people, if `wanted` covers the person it is about; Http404 otherwise."""
    rows = LeaveRequest.objects.filter(whose(actor.reach(wanted)), pk=leave_id)
    row = rows.select_related("person", "approver", "decided_by", "leave").first()
    if row is None:
        raise Http404
    return row


def own_person(actor: Actor) -> Person:
    """The person of the account that asks; Http404 for an account of nobody."""
    people = Person.objects.filter(bureau_id=actor.bureau_id)
    person = people.filter(pk=actor.person_id).first() if actor.person_id else None
    if person is None:
        raise Http404
    return person
