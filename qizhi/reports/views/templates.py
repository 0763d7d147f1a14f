"""The editor of the overview's text, and its versions."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core import clock
from qizhi.core import figures as registry
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, bureau_of, say_refusal, writes
from qizhi.reports import queries
from qizhi.reports.forms import TemplateForm
from qizhi.reports.permissions import EDIT_TEMPLATE, template_for
from qizhi.reports.queries import Numbers, Reckoning
from qizhi.reports.services import templates as services
from qizhi.reports.services.charts import CHARTS

DRAFT = "overview-template"


@writes(EDIT_TEMPLATE)
def template_edit(request: HttpRequest) -> HttpResponse:
    """Edit the text in force; saving makes the next version."""
    bureau_id = bureau_of(request)
    current = queries.current_template(bureau_id)
    if request.method != "POST":
        initial = {"title": current.title, "body": current.body, "base_version": current.version}
        return _editor(request, TemplateForm(initial=initial), current.title, current.body)
    form = TemplateForm(request.POST)
    title, body = request.POST.get("title", ""), request.POST.get("body", "")
    if "insert" in request.POST:
        body = services.with_insertion(
            body,
            request.POST["insert"],
            request.POST.get("insert_span", ""),
            request.POST.get("insert_line", ""),
        )
        return _editor(request, TemplateForm({**request.POST.dict(), "body": body}), title, body)
    if "check" not in request.POST and form.is_valid():
        try:
            saved = _save(request, form)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"已保存为第 {saved.version} 版，综述即用这一版。", extra_tags=DRAFT)
            return redirect("reports:template_edit")
    return _editor(request, form, title, body)


def _save(request: HttpRequest, form: TemplateForm) -> Any:
    values = form.cleaned_data
    return services.save_template(
        bureau_id=bureau_of(request),
        title=values["title"],
        body=values["body"],
        base_version=values["base_version"],
        by=actor_of(request),
        id=values["id"],
    )


def _editor(request: HttpRequest, form: TemplateForm, title: str, body: str) -> HttpResponse:
    bureau_id, today = bureau_of(request), clock.today()
    numbers = Numbers(Reckoning(bureau_id, registry.report_year(today), today))
    context = {
        "form": form,
        "draft": DRAFT,
        "parsed": services.check_text(bureau_id, title, body),
        "numbers": queries.numbers_of(numbers, queries.figures_of(bureau_id)),
        "charts": [kind.entry for kind in CHARTS.values()],
        "versions": queries.saved_templates(bureau_id),
        "current": queries.current_template(bureau_id),
    }
    is_wrong = form.is_bound and bool(form.errors)
    return render(request, "reports/template_edit.html", context, status=422 if is_wrong else 200)


@writes(EDIT_TEMPLATE)
def template_check(request: HttpRequest) -> HttpResponse:
    """What is wrong with a text while it is typed; changes nothing."""
    title, body = request.POST.get("title", ""), request.POST.get("body", "")
    parsed = services.check_text(bureau_of(request), title, body)
    return render(request, "reports/_check.html", {"parsed": parsed})


@writes(EDIT_TEMPLATE)
def template(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """A version, and how it differs from the text in force."""
    found = template_for(actor_of(request), template_id)
    current = queries.current_template(found.bureau_id)
    context = {
        "template": found,
        "current": current,
        "difference": services.difference(found.body, current.body),
    }
    return render(request, "reports/template.html", context)


@writes(EDIT_TEMPLATE)
def template_restore(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Put an old version in force again."""
    found = template_for(actor_of(request), template_id)
    if request.method != "POST":
        return redirect(found)
    restored = services.restore_template(template=found, by=actor_of(request))
    messages.success(
        request, f"已把第 {found.version} 版的文字恢复为第 {restored.version} 版。", extra_tags=DRAFT
    )
    return redirect("reports:template_edit")
