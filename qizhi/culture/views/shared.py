"""What pages with a plain form do alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, say_refusal


def saved(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[..., Any],
    *,
    title: str,
    back: str,
    nothing: str = "",
    history: Sequence[object] = (),
) -> HttpResponse:
    """One form page: what was typed goes to the service, its refusals into the form.

    Afterwards the row's own page, or `back` where it has none.
    """
    draft = f"culture {request.path}"
    if form.is_bound and form.is_valid():
        try:
            made = save(**form.cleaned_data, by=actor_of(request))
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"“{made}”已保存。", extra_tags=draft)
            return redirect(made if hasattr(made, "get_absolute_url") else back)
    return form_page(request, form, title=title, back=back, draft=draft, nothing=nothing, history=history)
