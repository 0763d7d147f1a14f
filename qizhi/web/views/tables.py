"""Tables in and out: template, upload, check, yes, done."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import clock, imports
from qizhi.core.errors import Refused
from qizhi.core.http import XLSX, actor_of, download, reads, table_file, writes
from qizhi.core.imports import WHAT_LABELS, Importer, What
from qizhi.core.models import ImportDraft
from qizhi.core.tables.error_list import ERROR_SCHEMA, errors_to_rows
from qizhi.core.tables.write import write_template, write_xlsx
from qizhi.org.permissions import EXPORT_ALL, MANAGE_UNITS
from qizhi.web.forms import UploadForm
from qizhi.web.permissions import draft_for, importer_for, importers_for
from qizhi.web.queries.set_up import step_after

SHOWN = 200
LONG = 5
"""Seconds that somebody waits without being told how long it takes."""
SET_UP = "?then=set-up"


@reads()
def tables(request: HttpRequest) -> HttpResponse:
    """What can come in and go out, and the files that wait for a yes."""
    actor = actor_of(request)
    importers = importers_for(actor)
    by_key = {importer.key: importer for importer in importers}
    drafts = (
        ImportDraft.objects.filter(
            bureau_id=actor.bureau_id, by_id=actor.account_id, importer__in=list(by_key)
        )
        .defer("content")
        .order_by("-created_at")[:20]
    )
    running = imports.running(drafts)
    lines = [
        {"draft": one, "label": by_key[one.importer].label, "is_running": one.pk in running} for one in drafts
    ]
    return render(
        request,
        "web/tables.html",
        {
            "importers": importers,
            "lines": lines,
            "may_archive": actor.may(EXPORT_ALL),
            "may_set_up": actor.may(MANAGE_UNITS),
        },
    )


def _then(request: HttpRequest) -> str:
    """What an address ends in when a table belongs to the first steps, which go on after it."""
    return SET_UP if request.GET.get("then") == "set-up" else ""


@writes()
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Send a table; the next page says what it would do."""
    actor = actor_of(request)
    importer = importer_for(actor, key)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name, content = form.table
        try:
            draft = imports.keep_draft(importer, filename=name, content=content, by=actor)
        except Refused as error:
            form.add_error("file" if form.cleaned_data["file"] else "pasted", error.message)
        else:
            return redirect(f"{reverse('web:draft', args=[draft.pk])}{_then(request)}")
    context = {
        "form": form,
        "importer": importer,
        "columns": importer.schema(actor.bureau_id).columns,
        "is_set_up": bool(_then(request)),
        "most": f"{imports.MOST_ROWS:,}",
        "wait": say_wait(importer.seconds(10_000)),
    }
    return render(request, "web/upload.html", context, status=422 if form.errors else 200)


@writes()
def draft(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The preview of a kept file; the yes takes it over, all or nothing."""
    actor = actor_of(request)
    importer, kept = draft_for(actor, draft_id)
    is_running = bool(imports.running([kept]))
    if request.method == "POST" and (is_running or kept.applied_at is not None):
        return redirect("web:draft", kept.pk)  # a second click: the page says how far it is
    if request.method == "POST":
        try:
            outcome = imports.apply_draft(importer, kept, actor)
        except imports.AlreadyTaken:
            return redirect("web:draft", kept.pk)
        done = f"{outcome.count(What.NEW)} 条新增、{outcome.count(What.CHANGED)} 条更新"
        messages.success(request, f"{importer.label}已导入：{done}，{outcome.count(What.SAME)} 条原已相同。")
        return redirect(step_after(importer.key)) if _then(request) else redirect("web:draft", kept.pk)
    if kept.applied_at is not None:
        return _done_page(request, importer, kept)
    seconds = importer.seconds(kept.options.get("rows", 0))
    if is_running:
        context = {"importer": importer, "draft": kept, "wait": say_wait(seconds)}
        return render(request, "web/draft_running.html", context)
    outcome = imports.check_draft(importer, kept, actor)
    # What changes something stands first: of a long table only the beginning is shown.
    told = sorted(outcome.lines, key=lambda line: line.what is What.SAME)
    context = {
        "importer": importer,
        "draft": kept,
        "outcome": outcome,
        "counts": [(WHAT_LABELS[what], outcome.count(what)) for what in What],
        "errors": outcome.errors[:SHOWN],
        "lines": [(line, WHAT_LABELS[line.what]) for line in told[:SHOWN]],
        "more_errors": max(0, len(outcome.errors) - SHOWN),
        "more_lines": max(0, len(outcome.lines) - SHOWN),
        "has_sheets": len({line.sheet for line in outcome.lines} | {one.sheet for one in outcome.errors}) > 1,
        "then": _then(request),
        "wait": say_wait(seconds) if seconds >= LONG else "",
        "has_changes": any(line.what is not What.SAME for line in outcome.lines),
    }
    return render(request, "web/draft.html", context)


def say_wait(seconds: int) -> str:
    """20 秒, 3 分钟; never less than it may take."""
    return f"{-(-seconds // 10) * 10} 秒" if seconds <= 60 else f"{-(-seconds // 60)} 分钟"  # noqa: PLR2004


def _done_page(request: HttpRequest, importer: Importer, kept: ImportDraft) -> HttpResponse:
    """What a file has brought, each new row with its page."""
    made = kept.summary.get("made", [])
    context = {
        "importer": importer,
        "draft": kept,
        "made": made,
        "more": max(0, kept.summary.get("new", 0) - len(made)) if made else 0,
        "listing": reverse(importer.listing) if importer.listing else "",
    }
    return render(request, "web/draft_done.html", context)


@reads()
def draft_errors(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The errors of a kept file as a table."""
    importer, kept = draft_for(actor_of(request), draft_id)
    outcome = imports.check_draft(importer, kept, actor_of(request))
    content = write_xlsx(ERROR_SCHEMA, errors_to_rows(outcome.errors))
    return download(content, f"{importer.label}-需要改正的地方.xlsx", XLSX)


@reads()
def template(request: HttpRequest, key: str) -> HttpResponse:
    """An empty table to fill in."""
    actor = actor_of(request)
    importer = importer_for(actor, key)
    return download(
        write_template(importer.schema(actor.bureau_id).offered), f"{importer.label}-模板.xlsx", XLSX
    )


@reads()
def table_export(request: HttpRequest, key: str) -> HttpResponse:
    """What is in the system, in the importer's own form: it can be changed and brought back."""
    actor = actor_of(request)
    importer = importer_for(actor, key)
    schema, rows = importer.schema(actor.bureau_id).offered, importer.export(actor)
    name = f"{importer.label}-{clock.today():%Y%m%d}"
    return table_file(schema, rows, name, request.GET.get("format", "xlsx"), title="")
