"""What several pages of the app do alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from qizhi.conduct.models import Case
from qizhi.conduct.services import papers
from qizhi.core import clock
from qizhi.core.documents.files import DOCX, docx_of, pdf_of
from qizhi.core.errors import Refused
from qizhi.core.http import download, form_page, say_refusal
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_text
from qizhi.org.models import Bureau

WIDE = {"fact", "clause", "reason", "formula", "rule", "parameters", "cases"}


def step_page(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    back: str,
    done: str | Callable[[Any], str],
    lead: str = "",
    step: str = "保存",
    fields: Mapping[str, str] | None = None,
    about: Sequence[tuple[str, object]] = (),
) -> HttpResponse:
    """A form of one step: what was typed goes to the service, its refusals into the form.

    `fields` says which input a word of the service belongs to, where they differ; `about` is what the step
    is about, to be read beside it.
    """
    draft = f"conduct {request.path}"
    if form.is_bound and form.is_valid():
        try:
            made = save(form.cleaned_data)
        except Refused as error:
            name = (fields or {}).get(error.field, error.field)
            say_refusal(form, error, name)
        else:
            said = done if isinstance(done, str) else done(made)
            messages.success(request, said, extra_tags=draft)
            return redirect(made if hasattr(made, "get_absolute_url") else back)
    return form_page(request, form, title=title, lead=lead, back=back, draft=draft, step=step, about=about)


def posted(request: HttpRequest) -> Any:
    """What was sent, or nothing."""
    return request.POST if request.method == "POST" else None


def columns(*pairs: tuple[str, str]) -> tuple[Column, ...]:
    """Columns of a list that leaves the system, by key and heading."""
    return tuple(
        Column(key=key, label=label, parse=parse_text, width=40 if key in WIDE else 14)
        for key, label in pairs
    )


def paper_file(case: Case, found: papers.Paper, kind: str) -> HttpResponse:
    """A paper of a case as docx or PDF."""
    bureau = Bureau.objects.get(pk=case.bureau_id)
    made, name = papers.paper(case, found, bureau), f"{case}{found.name}.{kind}"
    if kind == "docx":
        return download(docx_of(made, clock.now(), bureau.name), name, DOCX)
    return download(pdf_of(made, clock.now(), bureau.name), name, "application/pdf")
