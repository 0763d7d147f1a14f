"""The office's side: requests for correction that wait, and codes on paper."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.conduct.enums import CorrectionStatus
from qizhi.conduct.forms.rights import AnswerCorrectionForm, MakeCodeForm
from qizhi.conduct.models import Correction, PrintedCode
from qizhi.conduct.permissions.rights import ANSWER_CORRECTIONS, PRINT_CODES, code_for, correction_for
from qizhi.conduct.queries import rights as queries
from qizhi.conduct.rules.codes import OPEN_FOR, spaced_code
from qizhi.conduct.services import rights as services
from qizhi.conduct.views.registers_shared import data_of, saved, tabs_for
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, table_file, writes
from qizhi.core.paging import page_of
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_text
from qizhi.org.queries import PeopleIndex

PAGE = 50
COLUMNS = (
    Column(key="asked_on", label="提出日期", parse=parse_day, width=14),
    Column(key="name", label="提出人", parse=parse_text),
    Column(key="about", label="哪条记录", parse=parse_text, width=30),
    Column(key="text", label="哪里不对、应是什么", parse=parse_text, width=50),
    Column(key="due_on", label="答复期限", parse=parse_day, width=14),
    Column(key="status", label="状态", parse=parse_text),
    Column(key="answer", label="答复", parse=parse_text, width=40),
    Column(key="answered_on", label="答复日期", parse=parse_day, width=14),
)


@reads(ANSWER_CORRECTIONS)
def corrections(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, until when; the same list goes out as a table."""
    actor, today = actor_of(request), clock.today()
    status = request.GET.get("status", "")
    found = queries.corrections_of(
        actor.bureau_id, status=status if status in CorrectionStatus else ""
    ).exclude(person_id=actor.person_id or uuid.UUID(int=0))
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(COLUMNS, [_row(row) for row in found], "更正申请", kind)
    days, source = queries.correction_days_on(actor.bureau_id, today)
    context = {
        "tabs": tabs_for(actor, "conduct:corrections"),
        "page_of_corrections": page_of(found, PAGE, request.GET.get("page")),
        "waiting": queries.waiting_corrections(actor.bureau_id).count(),
        "statuses": CorrectionStatus.choices,
        "status": status,
        "days": days,
        "source": source,
        "today": today,
    }
    return render(request, "conduct/corrections.html", context)


def _row(row: Correction) -> dict[str, object]:
    return {
        "asked_on": row.asked_on,
        "name": row.person.name,
        "about": row.about,
        "text": row.text,
        "due_on": row.due_on,
        "status": row.get_status_display(),
        "answer": row.answer,
        "answered_on": row.answered_on,
    }


@writes(ANSWER_CORRECTIONS)
def correction_answer(request: HttpRequest, correction_id: uuid.UUID) -> HttpResponse:
    """Answer one; nobody finds the own request here."""
    actor = actor_of(request)
    found = correction_for(actor, ANSWER_CORRECTIONS, correction_id)
    if found.status != CorrectionStatus.WAITING:
        return render(request, "conduct/correction.html", {"row": found})
    form = AnswerCorrectionForm(data_of(request))
    return saved(
        request,
        form,
        lambda: services.answer_correction(found, **form.cleaned_data, by=actor),
        title=f"答复更正申请：{found.about}",
        lead=f"{found.person.name}（{found.person.staff_no}）：{found.text}",
        back=reverse("conduct:corrections"),
        done="答复已发出，本人在“我的记录”里看得到。",
        step="答复",
    )


@reads(PRINT_CODES)
def codes(request: HttpRequest) -> HttpResponse:
    """For whom codes were made, by whom, and which were used; the codes themselves are nowhere."""
    actor = actor_of(request)
    page = page_of(queries.codes_of(actor.bureau_id), PAGE, request.GET.get("page"))
    context = {
        "tabs": tabs_for(actor, "conduct:codes"),
        "page_of_codes": page,
        "today": clock.today(),
        "minutes": int(OPEN_FOR.total_seconds() // 60),
    }
    return render(request, "conduct/codes.html", context)


@writes(PRINT_CODES)
def code_new(request: HttpRequest) -> HttpResponse:
    """Make a code and show the page to print, once: nobody can show it again."""
    actor = actor_of(request)
    form = MakeCodeForm(
        data_of(request),
        index=PeopleIndex(actor.bureau_id),
        initial={"person": request.GET.get("person", "")[:60]},
    )
    if form.is_bound and form.is_valid():
        try:
            made = services.make_code(**form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            return _printed(request, made, form.cleaned_data["code"])
    lead = "打印出来当面交给本人；不用开账号，本人凭它看自己的记录、陈述、申诉、申请更正"
    return form_page(
        request, form, title="制作一次性查询码", lead=lead, back=reverse("conduct:codes"), step="制作并打印"
    )


def _printed(request: HttpRequest, made: PrintedCode, code: str) -> HttpResponse:
    context = {
        "made": made,
        "code": spaced_code(code),
        "address": request.build_absolute_uri(reverse("web:own_open")),
        "minutes": int(OPEN_FOR.total_seconds() // 60),
    }
    return render(request, "conduct/code_printed.html", context)


@writes(PRINT_CODES)
def code_revoke(request: HttpRequest, code_id: uuid.UUID) -> HttpResponse:
    """Let a code open nothing any more, after a question."""
    actor = actor_of(request)
    found = code_for(actor, PRINT_CODES, code_id)
    back = reverse("conduct:codes")
    if request.method == "POST":
        services.revoke_code(found, by=actor)
        messages.success(request, "查询码已作废。")
        return redirect(back)
    text = "作废后这张纸条打不开任何页面；已经打开的也立即关闭。"
    context = {"title": f"作废查询码：{found.person}", "text": text, "back": back, "step": "作废查询码"}
    return render(request, "conduct/confirm.html", context)
