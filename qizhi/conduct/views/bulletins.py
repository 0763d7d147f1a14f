"""Bulletins: the archive, one bulletin as page and as file, and what is done with a draft."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.conduct.enums import BulletinStatus
from qizhi.conduct.forms.bulletins import ApproveBulletinForm, BulletinForm, ChangeBulletinForm
from qizhi.conduct.models import Bulletin, Case
from qizhi.conduct.permissions.bulletins import (
    APPROVE_BULLETINS,
    PREPARE_BULLETINS,
    SEE_BULLETINS,
    bulletin_for,
    bulletins_for,
    sees_drafts,
)
from qizhi.conduct.permissions.cases import SEE_CASES
from qizhi.conduct.queries import bulletins as queries
from qizhi.conduct.queries.procedure import procedure_on
from qizhi.conduct.rules.bulletins import A_YEAR, days_of
from qizhi.conduct.services import bulletin_files
from qizhi.conduct.services import bulletins as services
from qizhi.conduct.views.asked import as_table, wants_table
from qizhi.core import audit, clock
from qizhi.core.documents.files import CONTENT_TYPES, docx_of, pdf_of
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, download, form_page, reads, say_refusal, writes
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_integer, parse_text
from qizhi.core.years import year_asked, years_offered
from qizhi.org.models import Bureau

NO_PREFIX = "还没有登记发文字号代字，字号要手填；请政工处在“组织—单位信息”里登记。"
COLUMNS = (
    Column(key="number", label="期号", parse=parse_integer),
    Column(key="days", label="期间", parse=parse_text, width=24),
    Column(key="status", label="情况", parse=parse_text, width=14),
    Column(key="doc_no", label="文号", parse=parse_text, width=24),
    Column(key="issued_on", label="印发日期", parse=parse_text, width=16),
    Column(key="cases", label="生效事项", parse=parse_integer),
)


@reads(SEE_BULLETINS)
def bulletins(request: HttpRequest) -> HttpResponse:
    """The six bulletins of a year: what is issued, drafted, or still to be written."""
    actor, year, today = actor_of(request), year_asked(request), clock.today()
    found = {row.number: row for row in bulletins_for(actor).filter(year=year)}
    places = [
        queries.Place(year, n, days_of(year, n), found.get(n), days_of(year, n).end < today)
        for n in range(1, A_YEAR + 1)
    ]
    if wants_table(request):
        return as_table(request, COLUMNS, map(_row, places), f"{year}年通报")
    issued = [row for row in found.values() if row.status == BulletinStatus.APPROVED]
    context = {
        "places": places,
        "issued": len(issued),
        "waiting": [row for row in found.values() if row.status == BulletinStatus.DRAFT],
        "due": [place for place in places if place.is_over and place.bulletin is None],
        "year": year,
        "years": years_offered(request),
        "may_prepare": actor.may(PREPARE_BULLETINS),
        "sees_drafts": sees_drafts(actor),
    }
    return render(request, "conduct/bulletins.html", context)


def _row(place: queries.Place) -> dict[str, Any]:
    row = place.bulletin
    is_issued = row is not None and row.status == BulletinStatus.APPROVED
    return {
        "number": place.number,
        "days": place.days.label,
        "status": row.get_status_display() if row else ("未印发" if place.is_over else "未到期"),
        "doc_no": row.doc_no if row else "",
        "issued_on": row.issued_on if row else None,
        "cases": row.content.get("cases") if row and is_issued else None,
    }


@writes(PREPARE_BULLETINS)
def bulletin_new(request: HttpRequest) -> HttpResponse:
    """Prepare a bulletin whose two months are over."""
    actor, today = actor_of(request), clock.today()
    # What is drafted already is not offered, but a second click has to find it.
    is_asked = request.method != "POST"
    choices = [
        (f"{year}-{n}", f"{year}年第{n}期（{days_of(year, n).label}）")
        for year in (today.year, today.year - 1)
        for n in reversed(queries.numbers_to_write(actor.bureau_id, year, today, is_open=is_asked))
    ]
    may_name = procedure_on(actor.bureau_id, today).names_in_bulletins
    data = request.POST if request.method == "POST" else None
    form = BulletinForm(data, choices=choices, may_name=may_name, initial=_first(request, choices))
    if form.is_bound and form.is_valid():
        year, number = form.place
        try:
            made = services.prepare_bulletin(
                year=year, number=number, text=form.text, by=actor, id=form.cleaned_data["id"]
            )
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"{made}已起草，数字由生效的事项得出。", extra_tags="bulletin-new")
            return redirect(made)
    return form_page(
        request,
        form,
        title="起草通报",
        lead="数字只来自已经生效的事项；签发前都会随事项变化",
        back=reverse("conduct:bulletins"),
        draft="bulletin-new",
        step="起草",
        nothing="" if choices else "过完的期次都已起草；下一期的两个月过完以后再来。",
    )


def _first(request: HttpRequest, choices: list[tuple[str, str]]) -> dict[str, str]:
    asked = request.GET.get("period", "")
    return {"period": asked} if asked in dict(choices) else {}


@reads(SEE_BULLETINS)
def bulletin(request: HttpRequest, bulletin_id: uuid.UUID) -> HttpResponse:
    """One bulletin as it is read; with the cases behind it for those who see cases."""
    actor = actor_of(request)
    row = bulletin_for(actor, SEE_BULLETINS, bulletin_id)
    content = queries.content_of(row)
    is_draft = row.status == BulletinStatus.DRAFT
    behind = Case.objects.filter(bureau_id=actor.bureau_id, pk__in=content["case_ids"])
    context = {
        "bulletin": row,
        "bureau": Bureau.objects.get(pk=actor.bureau_id),
        "title": bulletin_files.title_of(row),
        "opening": bulletin_files.opening_of(row, content),
        "summary": bulletin_files.summary_of(content),
        "closing": bulletin_files.lines_of(row.closing),
        "content": content,
        "is_draft": is_draft,
        "cases": list(behind.select_related("person", "unit")) if actor.may(SEE_CASES) else [],
        "may_prepare": is_draft and actor.may(PREPARE_BULLETINS),
        "history": audit.tell(row) if actor.may(PREPARE_BULLETINS) else [],
        "may_approve": is_draft and actor.may(APPROVE_BULLETINS) and row.prepared_by_id != actor.person_id,
    }
    return render(request, "conduct/bulletin.html", context)


@reads(SEE_BULLETINS)
def bulletin_file(request: HttpRequest, bulletin_id: uuid.UUID, kind: str) -> HttpResponse:
    """The bulletin as docx or PDF; a draft says so."""
    actor = actor_of(request)
    row = bulletin_for(actor, SEE_BULLETINS, bulletin_id)
    if kind not in CONTENT_TYPES:
        raise Http404
    bureau = Bureau.objects.get(pk=actor.bureau_id)
    document = bulletin_files.document_of(row, queries.content_of(row), bureau)
    write = docx_of if kind == "docx" else pdf_of
    name = f"{row.doc_no or '（草稿）'}{bulletin_files.title_of(row)}.{kind}"
    return download(write(document, clock.now(), bureau.name), name, CONTENT_TYPES[kind])


@writes(PREPARE_BULLETINS)
def bulletin_edit(request: HttpRequest, bulletin_id: uuid.UUID) -> HttpResponse:
    """Change the words of a draft."""
    actor = actor_of(request)
    row = bulletin_for(actor, PREPARE_BULLETINS, bulletin_id)
    if row.status == BulletinStatus.APPROVED:
        return redirect(row)
    initial = {"opening": row.opening, "closing": row.closing, "has_names": row.has_names}
    may_name = procedure_on(actor.bureau_id, row.end).names_in_bulletins
    data = request.POST if request.method == "POST" else None
    form, draft = ChangeBulletinForm(data, may_name=may_name, initial=initial), f"bulletin-{row.pk}"
    if form.is_bound and form.is_valid():
        try:
            services.change_bulletin(row, text=form.text, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已修改。", extra_tags=draft)
            return redirect(row)
    return form_page(request, form, title=f"修改{row}", back=row.get_absolute_url(), draft=draft)


@writes(APPROVE_BULLETINS)
def bulletin_approve(request: HttpRequest, bulletin_id: uuid.UUID) -> HttpResponse:
    """Approve a draft that somebody else has prepared; from then on it stays as it is."""
    actor = actor_of(request)
    row = bulletin_for(actor, APPROVE_BULLETINS, bulletin_id)
    if row.status == BulletinStatus.APPROVED:
        return redirect(row)
    today, content = clock.today(), queries.compose(row)
    bureau = Bureau.objects.get(pk=actor.bureau_id)
    seen = queries.fingerprint(row, content)
    initial = {"seen": seen, "doc_no": services.next_doc_no(bureau, today), "issued_on": today}
    form = ApproveBulletinForm(request.POST if request.method == "POST" else None, initial=initial)
    draft = f"approve-{row.pk}"
    if form.is_bound and form.is_valid():
        try:
            services.approve_bulletin(row, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
            form.data = {**request.POST.dict(), "seen": seen}  # this page is what is looked at next
        else:
            messages.success(request, f"{row}已签发。", extra_tags=draft)
            return redirect(row)
    return form_page(
        request,
        form,
        title=f"签发{row}",
        lead=f"{bulletin_files.summary_of(content)}{'' if bureau.doc_prefix else NO_PREFIX}",
        back=row.get_absolute_url(),
        draft=draft,
        step="签发",
    )


@writes(PREPARE_BULLETINS)
def bulletin_remove(request: HttpRequest, bulletin_id: uuid.UUID) -> HttpResponse:
    """Give up a draft."""
    actor = actor_of(request)
    row: Bulletin = bulletin_for(actor, PREPARE_BULLETINS, bulletin_id)
    if request.method == "POST":
        services.remove_bulletin(row, by=actor)
        messages.success(request, "草稿已删除。")
    return redirect("conduct:bulletins")
