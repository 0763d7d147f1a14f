"""Who sees the figures, who writes the overview, and objects fetched and checked."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.core.permissions import Actor, Scope, permission
from qizhi.org.enums import Role
from qizhi.reports.models import IssuedOverview, OverviewTemplate

SEE_FIGURES = permission(
    key="figures.see",
    label="查看指标",
    held_by=(
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.PARTY_GROUP_SECRETARY, Scope.ALL),
        (Role.LEADER, Scope.ALL),
    ),
)
SEE_OVERVIEW = permission(
    key="reports.see_overview",
    label="查看综述",
    held_by=(
        (Role.AFFAIRS_OFFICER, Scope.ALL),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.PARTY_GROUP_SECRETARY, Scope.ALL),
        (Role.LEADER, Scope.ALL),
    ),
)
EDIT_TEMPLATE = permission(
    key="reports.edit_template", label="编写综述模板", held_by=((Role.AFFAIRS_OFFICER, Scope.ALL),)
)
ISSUE_OVERVIEW = permission(
    key="reports.issue_overview", label="综述出文", held_by=((Role.AFFAIRS_OFFICER, Scope.ALL),)
)


def template_for(actor: Actor, template_id: uuid.UUID) -> OverviewTemplate:
    """A saved version of a template of the actor's bureau; Http404 for strangers."""
    found = None
    if actor.may(EDIT_TEMPLATE):
        found = OverviewTemplate.objects.filter(bureau_id=actor.bureau_id, pk=template_id).first()
    if found is None:
        raise Http404
    return found


def issued_for(actor: Actor, issued_id: uuid.UUID) -> IssuedOverview:
    """An issued overview of the actor's bureau, without its files; Http404 for strangers."""
    found = None
    if actor.may(SEE_OVERVIEW):
        issued = IssuedOverview.objects.filter(bureau_id=actor.bureau_id, pk=issued_id)
        found = issued.defer("docx", "pdf").first()
    if found is None:
        raise Http404
    return found
