"""What may be done to the organisation, and objects fetched and checked for a person."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.http import Http404

from qizhi.core.permissions import ANYONE, Actor, Permission, Scope, permission
from qizhi.org.enums import Role
from qizhi.org.models import BureauRow, Membership, Person, Placement, Unit

R = TypeVar("R", bound=BureauRow)

SEE_UNITS = permission(key="org.see_units", label="查看组织", held_by=((ANYONE, Scope.ALL),))
SEE_PEOPLE = permission(
    key="org.see_people",
    label="查看人员",
    held_by=(
        (ANYONE, Scope.SELF),
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.GROUP_LEADER, Scope.OWN_UNIT),
        (Role.DEPARTMENT_HEAD, Scope.OWN_UNIT),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
        (Role.PERSONNEL_OFFICER, Scope.ALL),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.LEADER, Scope.ALL),
    ),
)
MANAGE_UNITS = permission(
    key="org.manage_units",
    label="维护组织",
    held_by=((Role.AFFAIRS_OFFICER, Scope.ALL), (Role.PERSONNEL_OFFICER, Scope.ALL)),
)
MANAGE_PEOPLE = permission(
    key="org.manage_people",
    label="维护人员与职务",
    held_by=((Role.PERSONNEL_OFFICER, Scope.ALL), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)
MANAGE_MEMBERS = permission(
    key="org.manage_members", label="维护组织关系", held_by=((Role.AFFAIRS_OFFICER, Scope.ALL),)
)
RECORD_LEAVE = permission(
    key="org.record_leave",
    label="登记批准的请假",
    held_by=((Role.PERSONNEL_OFFICER, Scope.ALL), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)
EXPORT_ALL = permission(key="org.export_all", label="全库导出", held_by=((Role.AFFAIRS_OFFICER, Scope.ALL),))


def unit_for(actor: Actor, wanted: Permission, unit_id: uuid.UUID) -> Unit:
    """The unit, if `wanted` covers it for the actor; Http404 otherwise, so that strangers learn nothing."""
    found = Unit.objects.filter(actor.reach(wanted).units("")).filter(pk=unit_id)
    unit: Unit | None = found.select_related("parent").first()
    if unit is None:
        raise Http404
    return unit


def person_for(actor: Actor, wanted: Permission, person_id: uuid.UUID) -> Person:
    """The person, if `wanted` covers them (themselves, or a unit of theirs at any time); else Http404."""
    reach = actor.reach(wanted)
    people = Person.objects.filter(bureau_id=actor.bureau_id, pk=person_id)
    if not reach.is_all and person_id != reach.person_id:
        in_branch = Membership.objects.filter(reach.units()).values("person_id")
        in_department = Placement.objects.filter(reach.units()).values("person_id")
        people = people.filter(Q(pk__in=in_branch) | Q(pk__in=in_department))
    person = people.first()
    if person is None:
        raise Http404
    return person


def bureau_row(rows: QuerySet[R], actor: Actor, wanted: Permission, key: uuid.UUID) -> R:
    """One of the rows that belong to a bureau and to no unit; Http404 for strangers.

    Only a permission that reaches all of the bureau reaches them.
    """
    row = rows.filter(bureau_id=actor.bureau_id, pk=key).first() if actor.reach(wanted).is_all else None
    if row is None:
        raise Http404
    return row
