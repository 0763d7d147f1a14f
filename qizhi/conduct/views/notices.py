"""Telling the person concerned: the notice is read and printed first; that it was handed over comes after."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.forms.cases import NoticeForm
from qizhi.conduct.models import Case
from qizhi.conduct.permissions.cases import RECORD_CASES, case_for
from qizhi.conduct.queries.procedure import procedure_on
from qizhi.conduct.services import hearing, papers
from qizhi.conduct.views.shared import paper_file, posted
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, reads, say_refusal, writes

FIELDS = {"days": "statement_days"}


@writes(RECORD_CASES)
def case_notify(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Read the notice for a day and a period, and register that it was handed over."""
    actor, today = actor_of(request), clock.today()
    found = case_for(actor, RECORD_CASES, case_id)
    if found.status != CaseStatus.DRAFT:
        messages.info(
            request,
            f"{found}现在是“{found.get_status_display()}”，不用再告知；告知过的，告知书在“文书”里。",
            extra_tags=f"notify-{found.pk}",
        )
        return redirect(found)
    least = procedure_on(actor.bureau_id, today).statement_days
    initial: dict[str, Any] = {"notified_on": today, "statement_days": least}
    form = NoticeForm(posted(request), initial=initial)
    asked = initial
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        try:
            if "look" not in request.POST:
                hearing.notify_case(
                    found, notified_on=asked["notified_on"], days=asked["statement_days"], by=actor
                )
                messages.success(request, "已登记告知，陈述期开始计算。", extra_tags=f"notify-{found.pk}")
                return redirect(found)
        except Refused as error:
            say_refusal(form, error, FIELDS.get(error.field, error.field))
    notice, problem = (None, "") if form.errors else _notice(found, asked)
    context = {
        "case": found,
        "form": form,
        "least": least,
        "asked": asked,
        "notice": notice,
        "problem": problem,
        "draft": f"notify-{found.pk}",
    }
    return render(request, "conduct/notify.html", context, status=422 if form.errors else 200)


def _notice(case: Case, asked: dict[str, Any]) -> tuple[papers.Read | None, str]:
    """The words of the notice, or why there is none."""
    try:
        return papers.read_notice(case, _paper(case, asked)), ""
    except Refused as error:
        return None, error.message


def _paper(case: Case, asked: dict[str, Any]) -> papers.Paper:
    told = hearing.told(case, notified_on=asked["notified_on"], days=asked["statement_days"])
    return papers.notice_of(case, told)


@reads(RECORD_CASES)
def case_notice(request: HttpRequest, case_id: uuid.UUID, kind: str) -> HttpResponse:
    """The notice of a draft as docx or PDF, for the day and the period that are asked for."""
    actor = actor_of(request)
    found = case_for(actor, RECORD_CASES, case_id)
    form = NoticeForm(request.GET)
    if not form.is_valid() or kind not in {"docx", "pdf"}:
        raise Http404
    return paper_file(found, _paper(found, form.cleaned_data), kind)
