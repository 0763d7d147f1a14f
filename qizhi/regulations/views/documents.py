"""The library: list, page of a document, what it is called."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.days import day_narrowing
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, bureau_of, form_page, reads, say_refusal, table_file, writes
from qizhi.core.paging import page_of
from qizhi.core.tables import Column, TableSchema
from qizhi.core.tables.values import parse_text
from qizhi.regulations import queries, services
from qizhi.regulations.enums import Level
from qizhi.regulations.forms.documents import AliasForm, RegulationForm
from qizhi.regulations.kinds import say_versions
from qizhi.regulations.models import Regulation
from qizhi.regulations.permissions import (
    MANAGE_REGULATIONS,
    PUBLISH_REGULATIONS,
    SEE_EXEMPTIONS,
    SEE_FINDINGS,
    SEE_REGULATIONS,
    alias_for,
    regulation_for,
)

PAGE_SIZE = 50
PASSAGES = 30
DOCUMENTS = TableSchema(
    "regulations",
    "制度文件",
    (
        Column(key="code", label="代码", parse=parse_text, width=24),
        Column(key="title", label="名称", parse=parse_text, width=48),
        Column(key="aliases", label="别名", parse=parse_text, width=32),
        Column(key="doc_no", label="文号", parse=parse_text, width=28),
        Column(key="issuer", label="发文机关", parse=parse_text, width=20),
        Column(key="level", label="层级", parse=parse_text),
        Column(key="versions", label="版本", parse=parse_text, width=48),
        Column(key="confirmation", label="核对", parse=parse_text, width=14),
    ),
)


@reads(SEE_REGULATIONS)
def library(request: HttpRequest) -> HttpResponse:
    """Every document, or those that match a search and were in force on a day."""
    actor = actor_of(request)
    text, level = request.GET.get("q", ""), request.GET.get("level", "")
    on = day_narrowing(request)
    found = queries.library(bureau_of(request), text=text, level=level, in_force_on=on)
    wanted = request.GET.get("format", "")
    if wanted in {"xlsx", "csv"}:
        return table_file(DOCUMENTS, queries.library_rows(found), "制度文件", wanted, title="")
    page = page_of(found, PAGE_SIZE, request.GET.get("page"))
    context = {
        "page_of_documents": page,
        "names": queries.names_found(actor.bureau_id, text, page) if text.strip() else {},
        "q": text,
        "level": level,
        "on": on,
        "levels": Level.choices,
        "may_see_findings": actor.may(SEE_FINDINGS),
        "may_see_exemptions": actor.may(SEE_EXEMPTIONS),
        "waiting": queries.waiting_for(actor),
        "may_manage": actor.may(MANAGE_REGULATIONS),
        "may_publish": actor.may(PUBLISH_REGULATIONS),
        **_passages(request, text, on),
    }
    return render(request, "regulations/library.html", context)


def _passages(request: HttpRequest, text: str, on: dt.date | None) -> dict[str, Any]:
    """Clauses and paragraphs with the words, of the versions in force or of all, a page of them."""
    is_every = request.GET.get("versions") == "all"
    if not text.strip():
        return {"is_every": is_every}
    entries = queries.passages(bureau_of(request), text, on=None if is_every else on or clock.today())
    page = page_of(entries, PASSAGES, request.GET.get("page"))
    return {"passages": page, "hits": queries.hits_of(page, text), "is_every": is_every}


@reads(SEE_REGULATIONS)
def regulation(request: HttpRequest, regulation_id: uuid.UUID) -> HttpResponse:
    """One document: its names, its versions, its clauses."""
    actor = actor_of(request)
    found = regulation_for(actor, SEE_REGULATIONS, regulation_id)
    may_manage = actor.may(MANAGE_REGULATIONS)
    versions = say_versions(queries.versions_of(found, with_draft=queries.sees_drafts(actor)), clock.today())
    draft = next((line.version for line in versions if line.state == "draft"), None)
    aliases = list(found.aliases.all())
    context = {
        "regulation": found,
        "aliases": aliases,
        "replaces": found.replaces.all(),
        "uses": queries.regulation_uses(found),
        "versions": versions,
        "current": next((line for line in versions if line.state == "current"), None),
        "has_draft": draft is not None,
        "changed": queries.last_changes([draft]).get(draft.pk) if draft else None,
        "may_manage": may_manage,
        "may_publish": actor.may(PUBLISH_REGULATIONS),
        "alias_form": AliasForm(),
        "history": audit.tell(found, [*aliases, *(line.version for line in versions)]) if may_manage else [],
    }
    return render(request, "regulations/regulation.html", context)


@writes(MANAGE_REGULATIONS)
def regulation_new(request: HttpRequest) -> HttpResponse:
    """Add a document."""
    actor = actor_of(request)
    form = RegulationForm(request.POST or None, others=_others(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_regulation(values=form.cleaned_data, by=actor, id=form.cleaned_data["id"])
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"{made}已登记。请接着新建版本。", extra_tags="regulation-new")
            return redirect(made)
    back = reverse("regulations:library")
    return form_page(request, form, title="登记制度文件", back=back, draft="regulation-new")


@writes(MANAGE_REGULATIONS)
def regulation_edit(request: HttpRequest, regulation_id: uuid.UUID) -> HttpResponse:
    """Correct what a document is called; its words are changed by a new version."""
    actor = actor_of(request)
    found = regulation_for(actor, MANAGE_REGULATIONS, regulation_id)
    initial = {name: getattr(found, name) for name in services.documents.FIELDS}
    form = RegulationForm(request.POST or None, initial=initial, others=_others(request).exclude(pk=found.pk))
    for name in services.kept_names(found):
        form.fields[name].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_regulation(regulation=found, values=form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已更正。", extra_tags=f"regulation-{found.pk}")
            return redirect(found)
    back, draft = found.get_absolute_url(), f"regulation-{found.pk}"
    return form_page(request, form, title=f"更正文件信息：{found}", back=back, draft=draft)


@writes(MANAGE_REGULATIONS)
def alias_new(request: HttpRequest, regulation_id: uuid.UUID) -> HttpResponse:
    """Give a document another name."""
    actor = actor_of(request)
    found = regulation_for(actor, MANAGE_REGULATIONS, regulation_id)
    form = AliasForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            alias = services.add_alias(regulation=found, name=form.cleaned_data["name"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"以后用“{alias}”也能查到{found}。")
            return redirect(found)
    return form_page(request, form, title=f"添加别名：{found}", back=found.get_absolute_url())


@writes(MANAGE_REGULATIONS)
def alias_remove(request: HttpRequest, alias_id: uuid.UUID) -> HttpResponse:
    """Take a name away, after a question."""
    actor = actor_of(request)
    alias = alias_for(actor, MANAGE_REGULATIONS, alias_id)
    parent = alias.regulation
    if request.method == "POST":
        services.remove_alias(alias=alias, by=actor)
        messages.success(request, f"别名“{alias}”已删除。")
        return redirect(parent)
    context = {
        "title": f"删除别名“{alias}”",
        "question": f"删除后，用“{alias}”就查不到{parent}了。",
        "action": "删除别名",
        "parent": parent,
    }
    return render(request, "regulations/confirm.html", context)


def _others(request: HttpRequest) -> QuerySet[Regulation]:
    return Regulation.objects.filter(bureau_id=bureau_of(request))
