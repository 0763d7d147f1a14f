"""Cases, points, inspections: who records, who decides, who reviews, and the person concerned."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.http import Http404

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.models import Case, Inspection, Observation, Referral
from qizhi.core.permissions import ANYONE, Actor, Permission, Scope, permission
from qizhi.org.enums import Role
from qizhi.org.models import Person, Unit
from qizhi.org.permissions import bureau_row
from qizhi.regulations.models import Finding
from qizhi.tasks.enums import ListKind
from qizhi.tasks.models import DutyNote

RECORD_CASES = permission(
    key="conduct.record_cases",
    label="记录微违规事项、组织月度检查",
    held_by=((Role.DISCIPLINE_OFFICER, Scope.ALL),),
)
DECIDE_CASES = permission(
    key="conduct.decide_cases",
    label="决定微违规事项",
    held_by=((Role.DISCIPLINE_OFFICER, Scope.ALL), (Role.COMMITTEE_SECRETARY, Scope.ALL)),
)
REVIEW_CASES = permission(
    key="conduct.review_cases",
    label="受理和复核申诉",
    held_by=((Role.PARTY_GROUP_SECRETARY, Scope.ALL), (Role.LEADER, Scope.ALL)),
)
SEE_CASES = permission(
    key="conduct.see_cases",
    label="查看微违规事项与记分",
    held_by=(
        (Role.DISCIPLINE_OFFICER, Scope.ALL),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.PARTY_GROUP_SECRETARY, Scope.ALL),
        (Role.LEADER, Scope.ALL),
    ),
)
REOPEN_INSPECTIONS = permission(
    key="conduct.reopen_inspections",
    label="重新打开已结束的月度检查",
    held_by=(
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.PARTY_GROUP_SECRETARY, Scope.ALL),
        (Role.LEADER, Scope.ALL),
    ),
)
SEE_CASE = permission(
    key="conduct.see_case",
    label="查看涉及本人或所负责组织的事项，陈述、申诉",
    held_by=(
        (ANYONE, Scope.SELF),
        (Role.SECRETARY, Scope.OWN_UNIT),
        (Role.DEPARTMENT_HEAD, Scope.OWN_UNIT),
        *SEE_CASES.held_by,
    ),
)
UNTOLD = (CaseStatus.DRAFT, CaseStatus.DROPPED)
"""What the person concerned was never told of is no record about them."""
HEADS = (Role.SECRETARY, Role.DEPARTMENT_HEAD)


def concerning(actor: Actor) -> Q:
    """Filter for cases that concern the actor, or a unit that they head today, and were told to them."""
    mine = Q(person_id=actor.person_id) if actor.person_id else Q(pk__in=[])
    headed = [grant.unit_id for grant in actor.grants if grant.role in HEADS]
    of_units = Q(person__isnull=True, unit_id__in=headed) if headed else Q(pk__in=[])
    return Q(bureau_id=actor.bureau_id) & (mine | of_units) & ~Q(status__in=UNTOLD)


def cases_for(actor: Actor) -> QuerySet[Case]:
    """Every case that the actor may see, with whom and what it concerns."""
    rows = Case.objects.select_related(
        *("person", "unit", "clause__version__regulation", "recorded_by", "decided_by", "reviewed_by"),
        "inspection",
    )
    if actor.reach(SEE_CASES).is_all:
        return rows.filter(bureau_id=actor.bureau_id)
    return rows.filter(concerning(actor))


def case_for(actor: Actor, wanted: Permission, case_id: uuid.UUID) -> Case:
    """The case: `SEE_CASE` also opens it to those concerned, once they were told; Http404 otherwise."""
    rows = cases_for(actor)
    if wanted is not SEE_CASE and not actor.reach(wanted).is_all:
        rows = rows.none()
    case = rows.select_related("finding", "observation", "note__duty").filter(pk=case_id).first()
    if case is None:
        raise Http404
    return case


def is_concerned(actor: Actor, case: Case) -> bool:
    """Whether the case is about the actor, or about a unit that they head."""
    if case.person_id is not None:
        return case.person_id == actor.person_id
    return any(grant.unit_id == case.unit_id and grant.role in HEADS for grant in actor.grants)


def may_speak(actor: Actor, case: Case) -> bool:
    """Whether the actor may enter a statement or an appeal: those concerned, or the office from paper."""
    return is_concerned(actor, case) or actor.reach(RECORD_CASES).is_all


def finding_for_case(actor: Actor, finding_id: uuid.UUID) -> Finding:
    """A finding of which the actor may draft a case; Http404 otherwise."""
    rows = Finding.objects.select_related("clause__version__regulation", "person", "unit")
    return bureau_row(rows, actor, RECORD_CASES, finding_id)


def inspection_for(actor: Actor, wanted: Permission, inspection_id: uuid.UUID) -> Inspection:
    """The inspection, for those who see them all; Http404 otherwise."""
    return bureau_row(Inspection.objects.select_related("led_by"), actor, wanted, inspection_id)


def observation_for(actor: Actor, wanted: Permission, observation_id: uuid.UUID) -> Observation:
    """The observation with its inspection; Http404 otherwise."""
    rows = Observation.objects.select_related("inspection", "clause__version__regulation", "person", "unit")
    return bureau_row(rows, actor, wanted, observation_id)


def note_for_case(actor: Actor, note_id: uuid.UUID) -> DutyNote:
    """A note under the negative list of which the actor may draft a case; Http404 otherwise."""
    rows = DutyNote.objects.filter(duty__duty_list__kind=ListKind.NEGATIVE)
    named = rows.select_related("duty__duty_list", "duty__regulation", "unit", "person")
    return bureau_row(named, actor, RECORD_CASES, note_id)


def referral_for(actor: Actor, wanted: Permission, referral_id: uuid.UUID) -> Referral:
    """That something was handed over, for those who see all cases; Http404 otherwise."""
    named = ("case__person", "case__unit", "observation__person", "observation__unit", "handed_by")
    return bureau_row(Referral.objects.select_related(*named), actor, wanted, referral_id)


def sheet_person_for(actor: Actor, person_id: uuid.UUID) -> Person:
    """Whose points sheet the actor may open: the own one, or all of the bureau; Http404 otherwise."""
    found = Person.objects.filter(bureau_id=actor.bureau_id, pk=person_id).first()
    if found is None or not (actor.reach(SEE_CASES).is_all or person_id == actor.person_id):
        raise Http404
    return found


def sheet_unit_for(actor: Actor, unit_id: uuid.UUID) -> Unit:
    """The unit whose points sheet the actor may open: those who see all, or who head it; else Http404."""
    found: Unit | None = Unit.objects.filter(bureau_id=actor.bureau_id, pk=unit_id).first()
    heads = any(grant.unit_id == unit_id and grant.role in HEADS for grant in actor.grants)
    if found is None or not (actor.reach(SEE_CASES).is_all or heads):
        raise Http404
    return found
