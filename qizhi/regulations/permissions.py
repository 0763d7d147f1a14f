"""What may be done with documents and the calendar, and objects fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.core.permissions import ANYONE, Actor, Permission, Scope, permission
from qizhi.org.enums import Role
from qizhi.org.permissions import bureau_row
from qizhi.regulations.models import (
    CalendarPaper,
    Clause,
    Exemption,
    Finding,
    PeriodClose,
    Proposal,
    Regulation,
    RegulationAlias,
    Run,
    Version,
)

SEE_REGULATIONS = permission(
    key="regulations.see", label="查阅制度与工作日历", held_by=((ANYONE, Scope.ALL),)
)
MANAGE_REGULATIONS = permission(
    key="regulations.manage", label="维护制度", held_by=((Role.AFFAIRS_OFFICER, Scope.ALL),)
)
PUBLISH_REGULATIONS = permission(
    key="regulations.publish",
    label="发布制度版本",
    held_by=(
        (Role.AFFAIRS_OFFICER, Scope.ALL),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
    ),
)
RUN_CLAUSES = permission(
    key="regulations.run",
    label="核算条款与结账",
    held_by=((Role.DISCIPLINE_OFFICER, Scope.ALL), (Role.AFFAIRS_OFFICER, Scope.ALL)),
)
SEE_FINDINGS = permission(
    key="regulations.see_findings",
    label="查看检查发现",
    held_by=(
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.PARTY_GROUP_SECRETARY, Scope.ALL),
    ),
)
MANAGE_CALENDAR = permission(
    key="regulations.manage_calendar",
    label="维护工作日历",
    held_by=((Role.AFFAIRS_OFFICER, Scope.ALL), (Role.PERSONNEL_OFFICER, Scope.ALL)),
)
EXCUSE_BRANCHES = permission(
    key="regulations.excuse", label="免除党支部的要求", held_by=((Role.AFFAIRS_OFFICER, Scope.ALL),)
)
SEE_EXEMPTIONS = permission(
    key="regulations.see_exemptions",
    label="查看免除登记",
    held_by=(
        (Role.AFFAIRS_OFFICER, Scope.ALL),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.LEADER, Scope.ALL),
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.BRANCH_COMMITTEE_MEMBER, Scope.SUBTREE),
    ),
)


def regulation_for(actor: Actor, wanted: Permission, regulation_id: uuid.UUID) -> Regulation:
    """The document with its replacement, if the actor's bureau holds it; Http404 otherwise."""
    return bureau_row(Regulation.objects.select_related("replaced_by"), actor, wanted, regulation_id)


def alias_for(actor: Actor, wanted: Permission, alias_id: uuid.UUID) -> RegulationAlias:
    """The alias with its document; Http404 otherwise."""
    return bureau_row(RegulationAlias.objects.select_related("regulation"), actor, wanted, alias_id)


def version_for(actor: Actor, wanted: Permission, version_id: uuid.UUID) -> Version:
    """The version with its document; Http404 otherwise."""
    return bureau_row(Version.objects.select_related("regulation"), actor, wanted, version_id)


def clause_for(actor: Actor, wanted: Permission, clause_id: uuid.UUID) -> Clause:
    """The clause with its version and document; Http404 otherwise."""
    return bureau_row(Clause.objects.select_related("version__regulation"), actor, wanted, clause_id)


def run_for(actor: Actor, wanted: Permission, run_id: uuid.UUID) -> Run:
    """The run; Http404 otherwise."""
    return bureau_row(Run.objects.all(), actor, wanted, run_id)


def finding_for(actor: Actor, wanted: Permission, finding_id: uuid.UUID) -> Finding:
    """The finding with its clause, subject and what it replaces; Http404 otherwise."""
    rows = Finding.objects.select_related(
        "clause__version__regulation", "unit", "person", "supersedes", "run"
    )
    return bureau_row(rows, actor, wanted, finding_id)


def proposal_for(actor: Actor, wanted: Permission, proposal_id: uuid.UUID) -> Proposal:
    """The proposed change; Http404 otherwise."""
    return bureau_row(Proposal.objects.select_related("finding"), actor, wanted, proposal_id)


def period_for(actor: Actor, wanted: Permission, period_id: uuid.UUID) -> PeriodClose:
    """The settled months; Http404 otherwise."""
    return bureau_row(PeriodClose.objects.all(), actor, wanted, period_id)


def paper_for(actor: Actor, wanted: Permission, paper_id: uuid.UUID) -> CalendarPaper:
    """The calendar paper; Http404 otherwise."""
    return bureau_row(CalendarPaper.objects.all(), actor, wanted, paper_id)


def exemption_for(actor: Actor, wanted: Permission, exemption_id: uuid.UUID) -> Exemption:
    """The exemption with its branch and clause, if `wanted` covers the branch; Http404 otherwise."""
    rows = Exemption.objects.filter(actor.reach(wanted).units())
    found: Exemption | None = (
        rows.select_related("unit", "clause__version__regulation").filter(pk=exemption_id).first()
    )
    if found is None:
        raise Http404
    return found
