"""Versions and their clauses: begin, edit, throw away."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, say_refusal, writes
from qizhi.regulations import services
from qizhi.regulations.forms.clauses import ClauseForm
from qizhi.regulations.forms.documents import CloneForm, NewVersionForm, VersionForm
from qizhi.regulations.kinds import all_kinds, kind_by_key
from qizhi.regulations.permissions import MANAGE_REGULATIONS, clause_for, regulation_for, version_for


@writes(MANAGE_REGULATIONS)
def version_new(request: HttpRequest, regulation_id: uuid.UUID) -> HttpResponse:
    """Begin an empty draft."""
    actor = actor_of(request)
    parent = regulation_for(actor, MANAGE_REGULATIONS, regulation_id)
    form = NewVersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_version(
                regulation=parent, values=form.cleaned_data, by=actor, id=form.cleaned_data["id"]
            )
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "草稿已建立，请录入条款后发布。", extra_tags=f"version-{parent.pk}")
            return redirect(made)
    back, draft = parent.get_absolute_url(), f"version-{parent.pk}"
    return form_page(request, form, title=f"新建版本：{parent}", back=back, draft=draft)


@writes(MANAGE_REGULATIONS)
def version_clone(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """Begin a draft with the words and clauses of a version."""
    actor = actor_of(request)
    source = version_for(actor, MANAGE_REGULATIONS, version_id)
    form = CloneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.clone_version(version=source, by=actor, **form.cleaned_data)
        except Refused as error:
            say_refusal(form, error)
        else:
            draft = f"version-clone-{source.pk}"
            messages.success(request, "草稿已建立，内容与原版本相同，请修改后发布。", extra_tags=draft)
            return redirect(made)
    back, title = source.get_absolute_url(), f"以“{source.label}”为底稿新建版本"
    return form_page(request, form, title=title, back=back, draft=f"version-clone-{source.pk}")


@writes(MANAGE_REGULATIONS)
def version_edit(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """Change a draft's name, days and words."""
    actor = actor_of(request)
    found = version_for(actor, MANAGE_REGULATIONS, version_id)
    services.check_draft(found)
    initial = {name: getattr(found, name) for name in services.versions.FIELDS}
    form = VersionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_version(version=found, values=form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "草稿已保存。", extra_tags=f"version-{found.pk}")
            return redirect(found)
    back, draft = found.get_absolute_url(), f"version-{found.pk}"
    return form_page(request, form, title=f"修改草稿“{found.label}”", back=back, draft=draft)


@writes(MANAGE_REGULATIONS)
def version_discard(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """Throw a draft away, after a question."""
    actor = actor_of(request)
    found = version_for(actor, MANAGE_REGULATIONS, version_id)
    services.check_draft(found)
    if request.method == "POST":
        services.discard_draft(version=found, by=actor)
        messages.success(request, f"草稿“{found.label}”已删除。")
        return redirect(found.regulation)
    context = {
        "title": f"删除草稿“{found.label}”",
        "question": "草稿及其条款会一并删除，已发布的版本不受影响。",
        "action": "删除草稿",
        "parent": found.regulation,
    }
    return render(request, "regulations/confirm.html", context)


@writes(MANAGE_REGULATIONS)
def clause_new(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """Add a clause to a draft; `?kind=` draws the form of that kind."""
    actor = actor_of(request)
    version = version_for(actor, MANAGE_REGULATIONS, version_id)
    services.check_draft(version)
    kind = kind_by_key(request.GET.get("kind", ""))
    form = ClauseForm(request.POST or None, kind=kind, parameters={})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_clause(
                version=version, values=form.cleaned_data, by=actor, id=form.cleaned_data["id"]
            )
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"条款 {made} 已添加。", extra_tags=f"clause-new-{version.pk}")
            return redirect(made)
    context = {
        "form": form,
        "title": f"添加条款：{version.label}",
        "draft": f"clause-new-{version.pk}",
        "kinds": [(one.key, one.label) for one in all_kinds()],
        "kind_key": kind.key if kind else "",
        "version": version,
        "clause": None,
    }
    return render(request, "regulations/clause.html", context, status=422 if form.errors else 200)


@writes(MANAGE_REGULATIONS)
def clause_edit(request: HttpRequest, clause_id: uuid.UUID) -> HttpResponse:
    """Change a clause of a draft; `?kind=` turns it into a clause of another kind."""
    actor = actor_of(request)
    found = clause_for(actor, MANAGE_REGULATIONS, clause_id)
    services.check_draft(found.version)
    kind = kind_by_key(request.GET.get("kind", found.kind))
    initial = {name: getattr(found, name) for name in services.clauses.FIELDS if name != "parameters"}
    form = ClauseForm(request.POST or None, initial=initial, kind=kind, parameters=found.parameters)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_clause(clause=found, values=form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"条款 {found} 已保存。", extra_tags=f"clause-{found.pk}")
            return redirect(found)
    context = {
        "form": form,
        "title": f"修改条款：{found.number or found.key}",
        "draft": f"clause-{found.pk}",
        "kinds": [(one.key, one.label) for one in all_kinds()],
        "kind_key": kind.key if kind else "",
        "version": found.version,
        "clause": found,
    }
    return render(request, "regulations/clause.html", context, status=422 if form.errors else 200)


@writes(MANAGE_REGULATIONS)
def clause_remove(request: HttpRequest, clause_id: uuid.UUID) -> HttpResponse:
    """Take a clause out of a draft, after a question."""
    actor = actor_of(request)
    found = clause_for(actor, MANAGE_REGULATIONS, clause_id)
    version = found.version
    services.check_draft(version)
    if request.method == "POST":
        services.remove_clause(clause=found, by=actor)
        messages.success(request, f"条款 {found} 已从草稿中删除。")
        return redirect(version)
    context = {
        "title": f"删除条款：{found.number or found.key}",
        "question": "只从这份草稿中删除；已发布版本中的同一条款不受影响。",
        "action": "删除条款",
        "parent": version.regulation,
    }
    return render(request, "regulations/confirm.html", context)
