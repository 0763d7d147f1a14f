"""Who keeps the status registers; rows fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404

from qizhi.conduct.models import Liaison, MatterReport, Opinion, PaperCheck, RiskPoint
from qizhi.core.permissions import Actor, Permission, Scope, permission
from qizhi.gatherings.models import Gathering
from qizhi.org.enums import Role
from qizhi.org.permissions import bureau_row

# That somebody reported, and how a check ended, is nobody's business but these two officers' and one's own.
SEE_MATTERS = permission(
    key="conduct.see_matters",
    label="查看个人有关事项报告和两核查登记",
    held_by=((Role.PERSONNEL_OFFICER, Scope.ALL), (Role.DISCIPLINE_OFFICER, Scope.ALL)),
)
RECORD_MATTERS = permission(
    key="conduct.record_matters",
    label="登记个人有关事项报告和两核查",
    held_by=((Role.PERSONNEL_OFFICER, Scope.ALL),),
)
SEE_RISKS = permission(
    key="conduct.see_risks",
    label="查看廉政风险点和联络员",
    held_by=(
        (Role.DEPARTMENT_HEAD, Scope.OWN_UNIT),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.LEADER, Scope.ALL),
    ),
)
MANAGE_RISKS = permission(
    key="conduct.manage_risks",
    label="登记和复核廉政风险点",
    held_by=((Role.DEPARTMENT_HEAD, Scope.OWN_UNIT), (Role.DISCIPLINE_OFFICER, Scope.ALL)),
)
MANAGE_LIAISONS = permission(
    key="conduct.manage_liaisons",
    label="登记廉政风险防控联络员",
    held_by=((Role.DISCIPLINE_OFFICER, Scope.ALL),),
)
SEE_OPINIONS = permission(
    key="conduct.see_opinions",
    label="查看行风监督意见",
    held_by=(
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.LEADER, Scope.ALL),
    ),
)
MANAGE_OPINIONS = permission(
    key="conduct.manage_opinions",
    label="登记行风监督意见",
    held_by=((Role.DISCIPLINE_OFFICER, Scope.ALL), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)
SEE_REGISTERS = permission(
    key="conduct.see_registers",
    label="打开登记簿",
    held_by=(
        (Role.DEPARTMENT_HEAD, Scope.OWN_UNIT),
        (Role.PERSONNEL_OFFICER, Scope.ALL),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.LEADER, Scope.ALL),
    ),
)
SUPERVISORS = "supervisors"
"""Code of the kind of gathering at which opinions are said."""


def report_for(actor: Actor, wanted: Permission, report_id: uuid.UUID) -> MatterReport:
    """That somebody reported; Http404 otherwise."""
    return bureau_row(MatterReport.objects.select_related("person"), actor, wanted, report_id)


def check_for(actor: Actor, wanted: Permission, check_id: uuid.UUID) -> PaperCheck:
    """A check of somebody's papers; Http404 otherwise."""
    return bureau_row(PaperCheck.objects.select_related("person", "approved_by"), actor, wanted, check_id)


def liaison_for(actor: Actor, wanted: Permission, liaison_id: uuid.UUID) -> Liaison:
    """A liaison officer's term; Http404 otherwise."""
    found = Liaison.objects.filter(actor.reach(wanted).units(), pk=liaison_id)
    liaison: Liaison | None = found.select_related("person", "unit").first()
    if liaison is None:
        raise Http404
    return liaison


def risk_for(actor: Actor, wanted: Permission, risk_id: uuid.UUID) -> RiskPoint:
    """A risk point of a department that `wanted` covers; Http404 otherwise."""
    found = RiskPoint.objects.filter(actor.reach(wanted).units(), pk=risk_id)
    risk: RiskPoint | None = found.select_related("unit").first()
    if risk is None:
        raise Http404
    return risk


def opinion_for(actor: Actor, wanted: Permission, opinion_id: uuid.UUID) -> Opinion:
    """What a supervisor said, with the meeting; Http404 otherwise."""
    rows = Opinion.objects.filter(gathering__withdrawn_at__isnull=True)
    return bureau_row(rows.select_related("gathering__unit", "duty"), actor, wanted, opinion_id)


def meetings_for(actor: Actor, wanted: Permission) -> QuerySet[Gathering]:
    """Conduct supervisors' meetings of the bureau that were not withdrawn, newest first."""
    held = Gathering.objects.held().filter(bureau_id=actor.bureau_id, kinds__key=SUPERVISORS)
    held = held if actor.reach(wanted).is_all else held.none()
    return held.select_related("unit__parent").order_by("-held_on", "-pk")


def meeting_for(actor: Actor, wanted: Permission, gathering_id: uuid.UUID) -> Gathering:
    """A conduct supervisors' meeting; Http404 for any other gathering, and for strangers."""
    meeting = meetings_for(actor, wanted).filter(pk=gathering_id).first()
    if meeting is None:
        raise Http404
    return meeting
