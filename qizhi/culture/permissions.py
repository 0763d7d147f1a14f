"""Who sees calls, hands in works and decides about them; objects fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.http import Http404

from qizhi.core.permissions import ANYONE, Actor, Scope, permission
from qizhi.culture.enums import WorkState
from qizhi.culture.models import Call, Work, WorkKind
from qizhi.org.enums import Role

SEE_CALLS = permission(key="culture.see_calls", label="查看征集", held_by=((ANYONE, Scope.ALL),))
HAND_IN = permission(
    key="culture.hand_in",
    label="提交本人和所在支部的作品",
    held_by=(
        (ANYONE, Scope.SELF),
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
JUDGE_WORKS = permission(
    key="culture.judge_works",
    label="阅评作品（匿名评审的不见作者）",
    held_by=(
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.COMMITTEE_MEMBER, Scope.ALL),
        (Role.LEADER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
MANAGE_CALLS = permission(
    key="culture.manage_calls",
    label="发布征集、维护作品类别，评选和报送作品",
    held_by=((Role.AFFAIRS_OFFICER, Scope.ALL),),
)


def call_for(actor: Actor, call_id: uuid.UUID) -> Call:
    """The call: it belongs to the whole bureau; Http404 otherwise."""
    found = Call.objects.filter(bureau_id=actor.bureau_id, pk=call_id).select_related("unit", "kind").first()
    if found is None or not actor.may(SEE_CALLS):
        raise Http404
    return found


def kind_for(actor: Actor, kind_id: uuid.UUID) -> WorkKind:
    """The kind of works, for those who keep them; Http404 otherwise."""
    found = WorkKind.objects.filter(bureau_id=actor.bureau_id, pk=kind_id).first()
    if found is None or not actor.may(MANAGE_CALLS):
        raise Http404
    return found


def works_for(actor: Actor) -> QuerySet[Work]:
    """Works that the actor may open: the own ones, those of a covered branch, or all."""
    reach = actor.reach(HAND_IN)
    rows = Work.objects.filter(bureau_id=actor.bureau_id)
    if not reach.is_all:
        own = Q(author_id=reach.person_id) if reach.person_id else Q(pk__in=[])
        rows = rows.filter(own | reach.units())
    return rows.select_related("call__kind", "author", "unit")


def work_for(actor: Actor, work_id: uuid.UUID) -> Work:
    """A work that the actor may open; Http404 otherwise."""
    found: Work | None = works_for(actor).filter(pk=work_id).first()
    if found is None:
        raise Http404
    return found


def may_change(actor: Actor, work: Work) -> bool:
    """Whether the actor may correct it: the office always, others until it was decided about."""
    if actor.may(MANAGE_CALLS):
        return True
    return work.state == WorkState.RECEIVED and not work.withdrawn_because


def own_work_for(actor: Actor, work_id: uuid.UUID) -> Work:
    """A work that the actor may correct; Http404 otherwise."""
    found = work_for(actor, work_id)
    if not may_change(actor, found):
        raise Http404
    return found
