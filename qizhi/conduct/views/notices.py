"""Telling the person concerned: the notice is read and printed first; that it was handed over comes after."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.conduct.enums import CaseStatus
from qizhi.conduct.forms.cases import NoticeForm
from qizhi.conduct.models import Case
from qizhi.conduct.permissions.cases import RECORD_CASES, case_for
from qizhi.conduct.queries.procedure import procedure_on
from qizhi.conduct.services import correcting, hearing, papers
from qizhi.conduct.views.shared import paper_file, posted
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, reads, say_refusal, writes
from qizhi.org.models import Person

FIELDS = {"days": "statement_days"}


@writes(RECORD_CASES)
def case_notify(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Read the notice for a day and a period, and register that it was handed over."""
    actor = actor_of(request)
    found = case_for(actor, RECORD_CASES, case_id)
    if found.status != CaseStatus.DRAFT:
        messages.info(
            request,
            f"{found}现在是“{found.status_said}”，不用再告知；告知过的，告知书在“文书”里。",
            extra_tags=f"notify-{found.pk}-draft",
        )
        return redirect(found)
    return _page(request, found, _Way("告知", hearing.notify_case, "已登记告知，陈述期开始计算。", _told))


@writes(RECORD_CASES)
def case_notify_again(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """The same where the records were corrected after the notice: what was told, what is told now."""
    actor = actor_of(request)
    found = case_for(actor, RECORD_CASES, case_id)
    recorder = correcting.recorder_of(found, actor)
    if request.method == "GET":
        correcting.finding_for_notice(found)
    done = "已登记更正告知，陈述期重新计算。"
    before = None if recorder.pk == found.recorded_by_id else found.recorded_by
    way = _Way("更正告知", correcting.notify_again, done, partial(_told_again, recorder), before)
    return _page(request, found, way)


class _Way(NamedTuple):
    """How a notice is called, what registers it, what is said then, and how it reads."""

    title: str
    register: Callable[..., Case]
    done: str
    read: Callable[[Case, dict[str, Any]], tuple[Case, papers.Paper]]
    before: Person | None = None
    """Who recorded the case until now, where another goes on."""


def _page(request: HttpRequest, found: Case, way: _Way) -> HttpResponse:
    actor, today = actor_of(request), clock.today()
    least = procedure_on(actor.bureau_id, today).statement_days
    initial: dict[str, Any] = {"notified_on": today, "statement_days": least}
    form = NoticeForm(posted(request), initial=initial)
    asked, draft = initial, f"notify-{found.pk}-{found.status}"
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        try:
            if "look" not in request.POST:
                way.register(found, notified_on=asked["notified_on"], days=asked["statement_days"], by=actor)
                messages.success(request, way.done, extra_tags=draft)
                return redirect(found)
        except Refused as error:
            say_refusal(form, error, FIELDS.get(error.field, error.field))
    notice, problem = (None, "") if form.errors else _read(found, asked, way)
    context = {
        "case": found,
        "title": way.title,
        "form": form,
        "least": least,
        "asked": asked,
        "notice": notice,
        "problem": problem,
        "draft": draft,
        "recorded_before": way.before,
    }
    return render(request, "conduct/notify.html", context, status=422 if form.errors else 200)


def _read(found: Case, asked: dict[str, Any], way: _Way) -> tuple[papers.Read | None, str]:
    """The words of the notice, or why there is none."""
    try:
        return papers.read_notice(*way.read(found, asked)), ""
    except Refused as error:
        return None, error.message


def _told(case: Case, asked: dict[str, Any]) -> tuple[Case, papers.Paper]:
    told = hearing.told(case, notified_on=asked["notified_on"], days=asked["statement_days"])
    return case, papers.notice_of(case, told)


def _told_again(recorder: Person, case: Case, asked: dict[str, Any]) -> tuple[Case, papers.Paper]:
    day, days = asked["notified_on"], asked["statement_days"]
    new, told = correcting.corrected(case, notified_on=day, recorder=recorder, days=days)
    return new, papers.corrected_notice_of(new, told, correcting.earlier_of(case))


@reads(RECORD_CASES)
def case_notice(request: HttpRequest, case_id: uuid.UUID, kind: str) -> HttpResponse:
    """The notice of a draft, or one that corrects it, as docx or PDF, for the day and period asked for."""
    actor = actor_of(request)
    found = case_for(actor, RECORD_CASES, case_id)
    form = NoticeForm(request.GET)
    if not form.is_valid() or kind not in {"docx", "pdf"}:
        raise Http404
    if found.status == CaseStatus.DRAFT:
        case, paper = _told(found, form.cleaned_data)
    else:
        case, paper = _told_again(correcting.recorder_of(found, actor), found, form.cleaned_data)
    return paper_file(case, paper, kind)
