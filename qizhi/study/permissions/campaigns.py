"""Who sees and keeps campaigns; objects fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.core.permissions import Actor, Permission, Scope, permission
from qizhi.org.enums import Role
from qizhi.study.models import Campaign, CampaignPhase, CampaignTopic

_BRANCH = (
    (Role.SECRETARY, Scope.SUBTREE),
    (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
    (Role.BRANCH_COMMITTEE_MEMBER, Scope.SUBTREE),
    (Role.STUDY_SECRETARY, Scope.OWN_UNIT),
)
SEE_CAMPAIGNS = permission(
    key="study.see_campaigns",
    label="查看专题教育",
    held_by=(
        *_BRANCH,
        (Role.CENTRE_GROUP_MEMBER, Scope.OWN_UNIT),
        (Role.COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.LEADER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
DECIDE_CAMPAIGNS = permission(
    key="study.decide_campaigns",
    label="认定活动对应的专题教育内容",
    held_by=(*_BRANCH, (Role.AFFAIRS_OFFICER, Scope.ALL)),
)
MANAGE_CAMPAIGNS = permission(
    key="study.manage_campaigns", label="维护专题教育", held_by=((Role.AFFAIRS_OFFICER, Scope.ALL),)
)


def campaign_for(actor: Actor, wanted: Permission, campaign_id: uuid.UUID) -> Campaign:
    """The campaign: it belongs to the whole bureau, so whoever holds `wanted` at all; Http404 otherwise."""
    rows = Campaign.objects.filter(bureau_id=actor.bureau_id, pk=campaign_id)
    found: Campaign | None = rows.select_related("regulation").prefetch_related("topics__phase").first()
    if found is None or not actor.may(wanted):
        raise Http404
    return found


def phase_for(actor: Actor, wanted: Permission, phase_id: uuid.UUID) -> CampaignPhase:
    """The phase with its campaign; Http404 otherwise."""
    rows = CampaignPhase.objects.filter(bureau_id=actor.bureau_id, pk=phase_id)
    found: CampaignPhase | None = rows.select_related("campaign").first()
    if found is None or not actor.may(wanted):
        raise Http404
    return found


def topic_for(actor: Actor, wanted: Permission, topic_id: uuid.UUID) -> CampaignTopic:
    """The topic with its campaign and phase; Http404 otherwise."""
    rows = CampaignTopic.objects.filter(bureau_id=actor.bureau_id, pk=topic_id)
    found = rows.select_related("campaign", "phase").first()
    if found is None or not actor.may(wanted):
        raise Http404
    return found
