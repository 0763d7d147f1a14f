"""What several pages of study do alike: a table that leaves the house, a form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, say_refusal, table_file
from qizhi.core.tables import Column


def wants_table(request: HttpRequest) -> bool:
    """Whether the list is asked for as a file."""
    return request.GET.get("format") in {"xlsx", "csv"}


def table(
    request: HttpRequest, columns: tuple[Column, ...], rows: Iterable[Mapping[str, Any]], name: str
) -> HttpResponse:
    """The list as the file that was asked for."""
    return table_file(columns, rows, name, request.GET.get("format", ""), title=name[:31])


def edited(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[..., Any],
    *,
    title: str,
    back: str,
    lead: str = "",
    done: str = "“{}”已保存。",
    row: Model | None = None,
) -> HttpResponse:
    """One form page: what was typed goes to the service, its refusals into the form.

    What happened to `row`, which has no other page, is told below.
    """
    draft = f"study {request.path}"
    if form.is_bound and form.is_valid():
        try:
            made = save(**form.cleaned_data, by=actor_of(request))
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, done.format(made), extra_tags=draft)
            return redirect(back)
    told = audit.tell(row) if row else ()
    return form_page(request, form, title=title, lead=lead, back=back, draft=draft, history=told)
