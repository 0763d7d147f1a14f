"""Complaints and suggestions: writing one, its answer, and the inbox."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import (
    actor_of,
    bureau_of,
    caller_of,
    form_page,
    private,
    public,
    reads,
    say_refusal,
    table_file,
    writes,
)
from qizhi.core.paging import page_of
from qizhi.core.permissions import Actor, system
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_text
from qizhi.core.tries import Tries
from qizhi.org.models import Bureau
from qizhi.publishing import permissions, queries, services
from qizhi.publishing.enums import ComplaintKind, ComplaintState
from qizhi.publishing.forms import AnswerForm, CodeForm, ComplaintForm, OpenComplaintForm, ReopenForm
from qizhi.publishing.models import Complaint
from qizhi.publishing.permissions import ANSWER, complaint_for, own_complaint_for
from qizhi.publishing.queries import ComplaintLine
from qizhi.publishing.rules import spaced_code
from qizhi.regulations.queries import calendar_for

PAGE = 50
DRAFT = "complaint-new"
SENT = Tries(most=20, within=dt.timedelta(hours=1))
"""Sent from one address without an account: enough for an office behind one address, not for a flood."""
TRIED = Tries(most=10, within=dt.timedelta(minutes=10))
TOO_MANY = (
    "没有提交：这台电脑或这个网络一小时内已提交 20 条。请过一会儿再提交，或当面、来信、来电向政工处提出。"
)
COLUMNS = (
    Column(key="sent_on", label="收到日期", parse=parse_day, width=14),
    Column(key="kind", label="类别", parse=parse_text),
    Column(key="sender", label="提出人", parse=parse_text),
    Column(key="page", label="关于页面", parse=parse_text, width=24),
    Column(key="text", label="内容", parse=parse_text, width=50),
    Column(key="state", label="情况", parse=parse_text),
    Column(key="due_on", label="答复截止", parse=parse_day, width=14),
    Column(key="answered_on", label="答复日期", parse=parse_day, width=14),
    Column(key="answer", label="答复", parse=parse_text, width=50),
)


@writes()
def complaint_new(request: HttpRequest) -> HttpResponse:
    """Write a complaint or suggestion from any page, signed or not."""
    actor, bureau_id = actor_of(request), bureau_of(request)
    first = {"page": request.GET.get("page", "")[:200], "is_unsigned": actor.person_id is None}
    form = ComplaintForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        try:
            made = services.send_complaint(**form.values(), by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            if made.sent_by_id is None:
                return _show_code(request, form)
            messages.success(request, "已收到，答复后在“我的记录”里可以看到。", extra_tags=DRAFT)
            return redirect(made)
    days = queries.working_days_on(bureau_id, clock.today())
    lead = f"由政工处在 {days} 个工作日内答复。署名的在“我的记录”里看答复，不署名的凭查询码看。"
    return form_page(request, form, title="投诉和建议", lead=lead, draft=DRAFT, step="提交")


def _show_code(request: HttpRequest, form: ComplaintForm) -> HttpResponse:
    """In a message, which the browser shows once: no address, log or table ever holds the code."""
    code = spaced_code(form.cleaned_data["code"])
    text = f"已收到，没有保存您是谁。查询码：{code}。只显示这一次，请现在抄下，凭它看答复。"
    messages.success(request, text, extra_tags=DRAFT)
    return redirect("publishing:complaint_by_code")


@public(has_writes=True)
def complaint_open(request: HttpRequest) -> HttpResponse:
    """Write one without an account: never signed, and nothing is kept of who or where from."""
    if actor_of(request).account_id is not None:
        return redirect("publishing:complaint_new")
    offered, caller = queries.bureaus(), caller_of(request)
    form = OpenComplaintForm(request.POST if request.method == "POST" else None, bureaus=offered)
    if form.is_bound and form.is_valid():
        if not SENT.may_try(caller):
            form.add_error(None, TOO_MANY)
        elif _is_sent(form):
            SENT.count(caller)
            return _show_code(request, form)
    return private(_open_page(request, form, offered))


def _is_sent(form: OpenComplaintForm) -> bool:
    try:
        services.send_complaint(**form.values(), by=system(form.sent_to.pk, "未署名"))
    except Refused as error:
        say_refusal(form, error)
    return not form.errors


def _open_page(request: HttpRequest, form: OpenComplaintForm, offered: list[Bureau]) -> HttpResponse:
    """Without a draft in the browser: the next person at this machine finds nothing."""
    who = "由所选单位的政工处答复"
    if form.only is not None:
        days = queries.working_days_on(form.only.pk, clock.today())
        who = f"由{form.only}政工处在 {days} 个工作日内答复"
    lead = f"不需要账号，不保存您是谁。{who}，凭提交后给您的查询码看。"
    nothing = "" if offered else "这里还没有登记单位，投诉和建议没有人收。请先由管理人员完成首次设置。"
    return form_page(
        request, form, title="投诉和建议", lead=lead if offered else "", nothing=nothing, step="提交"
    )


@reads()
def complaint(request: HttpRequest, complaint_id: uuid.UUID) -> HttpResponse:
    """One complaint with its answers, for who wrote it and for those who answer."""
    actor = actor_of(request)
    found = complaint_for(actor, complaint_id)
    return render(
        request,
        "publishing/complaint.html",
        {
            **_shown(found),
            "may_answer": actor.may(ANSWER),
            "is_own": found.sent_by_id is not None and found.sent_by_id == actor.person_id,
        },
    )


def _shown(found: Complaint) -> dict[str, Any]:
    line = queries.line_of(found, calendar_for(found.bureau_id), clock.today())
    replies = list(found.replies.select_related("said_by"))
    return {"complaint": found, "line": line, "replies": replies}


@public(has_writes=True)
def complaint_by_code(request: HttpRequest) -> HttpResponse:
    """Look an answer up by its code; the code travels in the body, so that no log and no history keeps it."""
    actor = actor_of(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    found = None
    if form.is_bound and form.is_valid():
        found = _found_by(form, actor, caller_of(request))
    if found is None:
        lead = "不署名的投诉和建议，凭提交时给您的查询码看答复。"
        return private(form_page(request, form, title="凭查询码看答复", lead=lead, step="查看"))
    reopen = ReopenForm(request.POST if "because" in request.POST else None)
    if reopen.is_bound and reopen.is_valid():
        try:
            services.reopen_complaint(found, **reopen.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(reopen, error)
    context = {**_shown(found), "code": form.cleaned_data["code"], "reopen": reopen}
    status = 422 if reopen.errors else 200
    return private(render(request, "publishing/by_code.html", context, status=status))


def _found_by(form: CodeForm, actor: Actor, caller: str) -> Complaint | None:
    """What the code leads to; else the form says why not."""
    if not TRIED.may_try(caller):
        form.add_error("code", "试错太多次，先停 10 分钟。请核对抄下的查询码，过一会儿再输入。")
        return None
    found = permissions.complaint_by_code(actor, form.cleaned_data["code"])
    if found is None:
        TRIED.count(caller)
        form.add_error("code", "没有这个查询码对应的投诉或建议。请核对字母和数字。")
    return found


@writes(ANSWER)
def complaint_answer(request: HttpRequest, complaint_id: uuid.UUID) -> HttpResponse:
    """Answer one."""
    actor = actor_of(request)
    found = complaint_for(actor, complaint_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.answer_complaint(found, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "答复已发出。", extra_tags=f"answer-{found.pk}")
            return redirect(found)
    return form_page(
        request,
        form,
        title=f"答复{found}",
        lead=found.text,
        back=found.get_absolute_url(),
        draft=f"answer-{found.pk}",
        step="答复",
    )


@writes()
def complaint_reopen(request: HttpRequest, complaint_id: uuid.UUID) -> HttpResponse:
    """Ask again, for who wrote it."""
    actor = actor_of(request)
    found = own_complaint_for(actor, complaint_id)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.reopen_complaint(found, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已转请再次答复。", extra_tags=f"reopen-{found.pk}")
            return redirect(found)
    back, draft = found.get_absolute_url(), f"reopen-{found.pk}"
    return form_page(request, form, title="要求再答复", lead=found.text, back=back, draft=draft, step="提交")


@reads(ANSWER)
def complaints(request: HttpRequest) -> HttpResponse:
    """The inbox: what waits for an answer, until when; the same list goes out as a table."""
    bureau_id, today = bureau_of(request), clock.today()
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    found = queries.complaints_of(
        bureau_id,
        state=state if state in ComplaintState else "",
        kind=kind if kind in ComplaintKind else "",
    )
    calendar = calendar_for(bureau_id)
    if (wanted := request.GET.get("format")) in {"xlsx", "csv"}:
        rows = [_row(line) for line in queries.lines_of(found, calendar, today)]
        return table_file(COLUMNS, rows, "投诉建议", wanted)
    page = page_of(found, PAGE, request.GET.get("page"))
    context = {
        "page_of_complaints": page,
        "lines": queries.lines_of(page.object_list, calendar, today),
        "waiting": queries.waiting_count(bureau_id),
        "states": ComplaintState.choices,
        "kinds": ComplaintKind.choices,
        "state": state,
        "kind": kind,
    }
    return render(request, "publishing/complaints.html", context)


def _row(line: ComplaintLine) -> dict[str, Any]:
    one, answer = line.complaint, line.answer
    return {
        "sent_on": clock.local_date(one.sent_at),
        "kind": one.get_kind_display(),
        "sender": one.sender_label,
        "page": one.page,
        "text": one.text,
        "state": one.get_state_display(),
        "due_on": line.due_on,
        "answered_on": clock.local_date(answer.said_at) if answer else None,
        "answer": answer.text if answer else None,
    }
