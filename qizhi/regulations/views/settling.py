"""Settled months, and what runs have proposed for them."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, writes
from qizhi.core.paging import page_of
from qizhi.regulations import services
from qizhi.regulations.forms.runs import OpenAgainForm, PeriodForm
from qizhi.regulations.kinds import say_differing, say_evidence
from qizhi.regulations.models import PeriodClose, Proposal
from qizhi.regulations.permissions import RUN_CLAUSES, SEE_FINDINGS, period_for, proposal_for

PAGE = 50


@reads(SEE_FINDINGS)
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, or with `all` also what was decided."""
    actor = actor_of(request)
    is_all = request.GET.get("all") == "1"
    found = Proposal.objects.filter(bureau_id=actor.bureau_id).select_related("run", "finding")
    if not is_all:
        found = found.filter(decided_at__isnull=True)
    context = {
        "page_of_proposals": page_of(found.order_by("-run__at", "slot"), PAGE, request.GET.get("page")),
        "is_all": is_all,
        "may_run": actor.may(RUN_CLAUSES),
    }
    return render(request, "regulations/proposals.html", context)


@writes(SEE_FINDINGS)
def proposal(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """One proposed change, old and new, with the two answers to it."""
    actor = actor_of(request)
    wanted = RUN_CLAUSES if request.method == "POST" else SEE_FINDINGS
    found = proposal_for(actor, wanted, proposal_id)
    problem = ""
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        if answer not in {"accept", "aside"}:
            problem = "没有看到您的选择，没有处理。请按“采纳”或“不予采纳”。"
        else:
            try:
                services.decide_proposal(proposal=found, is_accepted=answer == "accept", by=actor)
            except Refused as error:
                problem = error.message
            else:
                messages.success(
                    request, "已采纳，检查发现已更改。" if answer == "accept" else "已记下：不予采纳。"
                )
                return redirect("regulations:proposals")
    evidence = found.values.get("evidence", {})
    kind = evidence.get("rule", {}).get("kind", "")
    context = {
        "proposal": found,
        "rule": evidence.get("rule", {}),
        "facts": say_evidence(kind, evidence.get("facts", {})),
        "differs": say_differing(services.compared_of(found.finding), found.values)
        if found.finding and found.values
        else [],
        "problem": problem,
        "may_decide": found.decided_at is None and actor.may(RUN_CLAUSES),
    }
    return render(request, "regulations/proposal.html", context, status=422 if problem else 200)


@reads(SEE_FINDINGS)
def periods(request: HttpRequest) -> HttpResponse:
    """Months that are settled."""
    actor = actor_of(request)
    context = {
        "periods": PeriodClose.objects.filter(bureau_id=actor.bureau_id),
        "behind": services.months_behind(actor.bureau_id),
        "may_run": actor.may(RUN_CLAUSES),
        "today": clock.today(),
    }
    return render(request, "regulations/periods.html", context)


@writes(RUN_CLAUSES)
def period_new(request: HttpRequest) -> HttpResponse:
    """Settle months."""
    actor = actor_of(request)
    last = (clock.today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    form = PeriodForm(
        request.POST if request.method == "POST" else None, initial={"start": last, "end": last}
    )
    if form.is_bound and form.is_valid():
        try:
            made = services.close_period(
                bureau_id=actor.bureau_id, span=form.span, by=actor, id=form.cleaned_data["id"]
            )
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(
                request, f"{made}已结账。以后核算只对这些月份提出建议。", extra_tags="period-new"
            )
            return redirect("regulations:periods")
    lead = "结账以后，核算不再改动这些月份的发现，只提出建议，由人决定是否采纳"
    back = reverse("regulations:periods")
    return form_page(request, form, title="结账", lead=lead, back=back, draft="period-new", step="结账")


@writes(RUN_CLAUSES)
def period_reopen(request: HttpRequest, period_id: uuid.UUID) -> HttpResponse:
    """Open settled months again, and say why."""
    actor = actor_of(request)
    found = period_for(actor, RUN_CLAUSES, period_id)
    form = OpenAgainForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        services.reopen_period(period=found, because=form.cleaned_data["because"], by=actor)
        messages.success(
            request, f"{found}已取消结账，下次核算直接更改。", extra_tags=f"period-reopen-{found.pk}"
        )
        return redirect("regulations:periods")
    return form_page(
        request,
        form,
        title=f"取消结账：{found}",
        lead="取消以后，下次核算会直接更改这些月份的发现；变更记录保留结账人和取消的理由",
        back=reverse("regulations:periods"),
        draft=f"period-reopen-{found.pk}",
        step="取消结账",
    )
