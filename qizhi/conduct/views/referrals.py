"""Clues handed over to a discipline body: the register, one of them, its steps."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.conduct.forms.referrals import (
    AnswerReferralForm,
    CorrectReferralForm,
    ReferralForm,
    WithdrawReferralForm,
)
from qizhi.conduct.models import Case, Observation, Referral
from qizhi.conduct.permissions.cases import (
    RECORD_CASES,
    SEE_CASES,
    case_for,
    observation_for,
    referral_for,
)
from qizhi.conduct.queries import referrals as queries
from qizhi.conduct.services import referrals as services
from qizhi.conduct.views.shared import columns, posted, step_page
from qizhi.core import audit, clock
from qizhi.core.http import actor_of, reads, sheet, writes
from qizhi.core.paging import page_of
from qizhi.core.years import year_narrowing, years_offered

PAGE = 50
COLUMNS = columns(
    ("handed_on", "移交日期"),
    ("ground", "移交的线索"),
    ("receiver", "接收机关"),
    ("doc_no", "移交文号"),
    ("handed_by", "移交人"),
    ("outcome", "答复"),
    ("answered_on", "答复日期"),
)


def _row(row: Referral) -> dict[str, object]:
    return {
        "handed_on": row.handed_on,
        "ground": str(row.ground),
        "receiver": row.receiver,
        "doc_no": row.doc_no,
        "handed_by": str(row.handed_by),
        "outcome": row.get_outcome_display(),
        "answered_on": row.answered_on,
    }


@reads(SEE_CASES)
def referrals(request: HttpRequest) -> HttpResponse:
    """What was handed over; as a file if one is asked for."""
    actor, asked = actor_of(request), request.GET
    year, state, text = year_narrowing(request), asked.get("state", ""), asked.get("q", "").strip()
    rows = queries.referrals_of(actor.bureau_id, year=year, state=state, text=text)
    if (file := sheet(request, COLUMNS, map(_row, rows), "线索移交登记")) is not None:
        return file
    context = {
        "page_of_referrals": page_of(rows, PAGE, asked.get("page")),
        "waiting": queries.referrals_of(actor.bureau_id, state="waiting").count(),
        "states": queries.STATES,
        "state": state,
        "year": year,
        "years": years_offered(request),
        "text": text,
    }
    return render(request, "conduct/referrals.html", context)


@reads(SEE_CASES)
def referral(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """One handing over, with its answer."""
    actor = actor_of(request)
    found = referral_for(actor, SEE_CASES, referral_id)
    context = {"referral": found, "history": audit.tell(found), "may_record": actor.may(RECORD_CASES)}
    return render(request, "conduct/referral.html", context)


def _new(request: HttpRequest, ground: Case | Observation) -> HttpResponse:
    actor = actor_of(request)
    names = ("handed_on", "receiver", "doc_no", "id")
    return step_page(
        request,
        ReferralForm(posted(request), initial={"handed_on": clock.today()}),
        lambda values: services.refer(ground, by=actor, **{name: values[name] for name in names}),
        title="移交线索",
        lead=f"{str(ground).rstrip('。')}：只登记移交给谁、哪天、什么文号；退回以前本局不再办理",
        back=ground.get_absolute_url(),
        done="已登记移交。",
        step="登记移交",
    )


@writes(RECORD_CASES)
def case_refer(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Hand a case over."""
    return _new(request, case_for(actor_of(request), RECORD_CASES, case_id))


@writes(RECORD_CASES)
def observation_refer(request: HttpRequest, observation_id: uuid.UUID) -> HttpResponse:
    """Hand over what an inspection has seen."""
    return _new(request, observation_for(actor_of(request), RECORD_CASES, observation_id))


@writes(RECORD_CASES)
def referral_answer(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Note the answer."""
    actor = actor_of(request)
    found = referral_for(actor, RECORD_CASES, referral_id)
    first = {"outcome": found.outcome, "answered_on": found.answered_on or clock.today()}
    return step_page(
        request,
        AnswerReferralForm(posted(request), initial=first),
        lambda values: services.answer_referral(found, **values, by=actor),
        title="登记答复",
        lead=str(found),
        back=found.get_absolute_url(),
        done="已登记。",
    )


@writes(RECORD_CASES)
def referral_edit(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Correct a slip."""
    actor = actor_of(request)
    found = referral_for(actor, RECORD_CASES, referral_id)
    names = ("handed_on", "receiver", "doc_no")
    first = {name: getattr(found, name) for name in names}
    return step_page(
        request,
        CorrectReferralForm(posted(request), initial=first),
        lambda values: services.correct_referral(
            found, by=actor, **{name: values[name] for name in (*names, "because")}
        ),
        title="更正移交登记",
        lead=str(found),
        back=found.get_absolute_url(),
        done="已更正。",
    )


@writes(RECORD_CASES)
def referral_withdraw(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Take back what was entered by mistake."""
    actor = actor_of(request)
    found = referral_for(actor, RECORD_CASES, referral_id)
    return step_page(
        request,
        WithdrawReferralForm(posted(request)),
        lambda values: services.withdraw_referral(found, because=values["because"], by=actor),
        title="撤销移交登记",
        lead=str(found),
        back=found.get_absolute_url(),
        done="已撤销；登记和理由仍可查到。",
        step="撤销",
    )
