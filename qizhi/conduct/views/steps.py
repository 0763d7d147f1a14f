"""The steps of a case, a page each."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from qizhi.conduct.enums import StepKind
from qizhi.conduct.forms.cases import (
    AdmitForm,
    AppealForm,
    CaseReviewForm,
    DecisionForm,
    DropForm,
    StatementForm,
)
from qizhi.conduct.models import Case
from qizhi.conduct.permissions.cases import (
    DECIDE_CASES,
    RECORD_CASES,
    REVIEW_CASES,
    SEE_CASE,
    case_for,
    is_concerned,
    may_speak,
)
from qizhi.conduct.queries.desk import say_appeal
from qizhi.conduct.services import appeals, drafts, hearing
from qizhi.conduct.services.correcting import as_told
from qizhi.conduct.views.shared import posted, step_page
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, writes
from qizhi.core.periods import say_day
from qizhi.regulations.services import recheck


@writes(RECORD_CASES)
def case_drop(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Give a draft up."""
    actor = actor_of(request)
    found = case_for(actor, RECORD_CASES, case_id)
    return step_page(
        request,
        DropForm(posted(request)),
        lambda values: drafts.drop_case(found, **values, by=actor),
        title="撤回草拟",
        lead=f"{found}还没有告知；撤回后编号保留，不再办理",
        back=found.get_absolute_url(),
        done="已撤回。",
        step="撤回",
    )


@writes(SEE_CASE)
def case_state(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """What the person concerned says, by themselves or by the office from paper."""
    actor = actor_of(request)
    found = case_for(actor, SEE_CASE, case_id)
    _speaks(actor, found)
    form = StatementForm(posted(request), initial={"stated_on": clock.today()})
    if own := is_concerned(actor, found):
        del form.fields["stated_on"]
    return step_page(
        request,
        form,
        lambda values: hearing.state_case(
            found,
            text=values["statement"],
            stated_on=values.get("stated_on") or clock.today(),
            by=actor,
        ),
        title="陈述申辩" if own else "录入陈述",
        lead=f"{found}：决定以前都可以陈述，可以不止一次",
        back=found.get_absolute_url(),
        done="陈述已登记，决定人会看到。",
        step="提交",
        about=_about(found),
        fields={"text": "statement"},
    )


@writes(DECIDE_CASES)
def case_decide(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Confirm or withdraw."""
    actor, today = actor_of(request), clock.today()
    found = case_for(actor, DECIDE_CASES, case_id)
    if request.method == "GET":
        hearing.require_undecided(found, "决定")
    hearing.decider_of(found, actor)
    until = say_day(found.statement_until) if found.statement_until else "—"
    now = recheck(found.finding)
    return step_page(
        request,
        DecisionForm(posted(request), initial={"decided_on": today}),
        lambda values: hearing.decide_case(
            found,
            decision=values["decision"],
            reason=values["decision_reason"],
            decided_on=values["decided_on"],
            by=actor,
        ),
        title="决定",
        lead=f"{found}：陈述期到{until}止，期满以后才能确认；撤销可以提前",
        back=found.get_absolute_url(),
        done="决定已登记，可以打印决定书。",
        step="作出决定",
        about=[*([("原始记录已经不同", now.words)] if now and now.said else []), *_about(found)],
        fields={"reason": "decision_reason"},
    )


@writes(SEE_CASE)
def case_appeal(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """An appeal, in time or late, by the person concerned or by the office from paper."""
    actor = actor_of(request)
    found = case_for(actor, SEE_CASE, case_id)
    _speaks(actor, found)
    appeals.require_appealable(found)
    form = AppealForm(posted(request), initial={"appealed_on": clock.today()})
    if own := is_concerned(actor, found):
        del form.fields["appealed_on"]
    until = say_day(found.appeal_until) if found.appeal_until else "—"
    return step_page(
        request,
        form,
        lambda values: appeals.appeal_case(
            found,
            text=values["appeal"],
            appealed_on=values.get("appealed_on") or clock.today(),
            by=actor,
        ),
        title="申诉" if own else "录入申诉",
        lead=f"{found}：申诉期到{until}止，逾期的由复核人决定是否受理",
        back=found.get_absolute_url(),
        done=say_appeal,
        step="提交申诉",
        about=_about(found),
        fields={"text": "appeal"},
    )


@writes(REVIEW_CASES)
def case_admit(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Whether a late appeal is admitted."""
    actor = actor_of(request)
    found = case_for(actor, REVIEW_CASES, case_id)
    if request.method == "GET":
        appeals.require_late_appeal(found)
    appeals.third_person(found, actor, "受理")
    return step_page(
        request,
        AdmitForm(posted(request)),
        lambda values: appeals.admit_appeal(
            found, is_admitted=values["is_admitted"] == "yes", reason=values["reason"], by=actor
        ),
        title="逾期申诉受理",
        lead=f"{found}：只答复受理与否，受理的再复核",
        about=_about(found),
        back=found.get_absolute_url(),
        done="已登记。",
    )


@writes(REVIEW_CASES)
def case_review(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """What a third person says."""
    actor = actor_of(request)
    found = case_for(actor, REVIEW_CASES, case_id)
    if request.method == "GET":
        appeals.require_reviewable(found)
    appeals.third_person(found, actor, "复核")
    return step_page(
        request,
        CaseReviewForm(posted(request), initial={"reviewed_on": clock.today()}),
        lambda values: appeals.review_case(
            found,
            outcome=values["outcome"],
            reason=values["review_reason"],
            points=values["final_points"],
            reviewed_on=values["reviewed_on"],
            by=actor,
        ),
        title="复核",
        lead=f"{found}：复核人不是记录人，也不是决定人；不加重",
        back=found.get_absolute_url(),
        done="复核结论已登记，可以打印复核决定书。",
        step="作出复核决定",
        about=_about(found),
        fields={"reason": "review_reason", "points": "final_points"},
    )


@writes(RECORD_CASES)
def case_finalize(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Let a decision become final."""
    actor = actor_of(request)
    found = case_for(actor, RECORD_CASES, case_id)
    if request.method == "POST":
        appeals.finalize_case(found, by=actor)
        messages.success(request, f"{found}已生效，记入记分台账。")
    return redirect(found)


@writes(RECORD_CASES)
def cases_finalize(request: HttpRequest) -> HttpResponse:
    """Let all become final whose time for an appeal is over."""
    actor = actor_of(request)
    if request.method == "POST":
        made = appeals.finalize_due(bureau_id=actor.bureau_id, by=actor)
        messages.success(request, f"{len(made)}件已生效，记入记分台账。")
    return redirect("conduct:home")


def _speaks(actor: Any, found: Any) -> None:
    if not may_speak(actor, found):
        raise Refused("陈述和申诉由当事人本人提出，或由纪检干部根据书面材料录入。")


def _about(case: Case) -> list[tuple[str, object]]:
    """What whoever takes a step has to have read: the fact, the rule, and what everybody has said."""
    rule = case.rule
    said = [
        ("事实可能已经更正", case.ground_ended),
        ("当事人", f"{case.person or case.unit}，{say_day(case.happened_on)}"),
        ("事实", case.fact),
        ("依据的材料", case.evidence_said),
        ("规定", f"{case.cited}：{rule.get('text', '')}（拟扣{-case.points.normalize():f}分）"),
        *_before_correction(case),
        ("陈述申辩", case.statement),
        ("决定", f"{case.get_decision_display()}：{case.decision_reason}" if case.decision else ""),
        ("申诉", case.appeal),
    ]
    return [(label, words) for label, words in said if words]


def _before_correction(case: Case) -> list[tuple[str, object]]:
    """What was told and said before the notice was corrected."""
    found: list[tuple[str, object]] = []
    for step in case.steps.filter(bureau_id=case.bureau_id, kind=StepKind.RENOTIFIED).order_by("at", "id"):
        then = as_told(case, step)
        found.append((f"{say_day(step.on)}更正以前告知的事实", then.fact))
        found.append(("更正以前的陈述申辩", then.statement))
    return found
