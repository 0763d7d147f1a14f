"""Who sees contests and who runs them; objects fetched and checked."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.core.permissions import ANYONE, Actor, Permission, Scope, permission
from qizhi.org.enums import Role
from qizhi.study.models import Contest, ContestQuestion, ContestRound, ContestTeam

SEE_CONTESTS = permission(key="study.see_contests", label="查看知识竞赛", held_by=((ANYONE, Scope.ALL),))
RUN_CONTESTS = permission(
    key="study.run_contests",
    label="组织知识竞赛",
    held_by=((Role.AFFAIRS_OFFICER, Scope.ALL), (Role.DISCIPLINE_OFFICER, Scope.ALL)),
)


def contest_for(actor: Actor, wanted: Permission, contest_id: uuid.UUID) -> Contest:
    """The contest, if the actor's bureau holds it; Http404 otherwise."""
    contests = Contest.objects.filter(bureau_id=actor.bureau_id, pk=contest_id)
    contest = contests.first() if actor.reach(wanted).is_all else None
    if contest is None:
        raise Http404
    return contest


def round_for(actor: Actor, wanted: Permission, round_id: uuid.UUID) -> ContestRound:
    """The round with its contest; Http404 otherwise."""
    rounds = ContestRound.objects.filter(bureau_id=actor.bureau_id, pk=round_id).select_related("contest")
    found = rounds.first() if actor.reach(wanted).is_all else None
    if found is None:
        raise Http404
    return found


def contest_question_for(actor: Actor, wanted: Permission, question_id: uuid.UUID) -> ContestQuestion:
    """The question with its round and contest; Http404 otherwise."""
    questions = ContestQuestion.objects.filter(bureau_id=actor.bureau_id, pk=question_id)
    found = questions.select_related("round__contest").first() if actor.reach(wanted).is_all else None
    if found is None:
        raise Http404
    return found


def team_by_key(key: str) -> ContestTeam:
    """The team of an address that only it was given; Http404 for any other."""
    team = ContestTeam.objects.filter(key=key).select_related("contest").first()
    if team is None:
        raise Http404
    return team
