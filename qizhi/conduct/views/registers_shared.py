"""What the pages of the registers do alike: their tabs, a form that is saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from qizhi.conduct.permissions.duties import SEE_POST_DUTIES
from qizhi.conduct.permissions.registers import SEE_MATTERS, SEE_OPINIONS, SEE_RISKS
from qizhi.conduct.permissions.rights import ANSWER_CORRECTIONS, PRINT_CODES
from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.http import form_page, say_refusal
from qizhi.core.permissions import Actor

TABS = (
    ("个人有关事项", "conduct:matters", SEE_MATTERS),
    ("两核查（报告、档案）", "conduct:checks", SEE_MATTERS),
    ("廉政风险点", "conduct:risks", SEE_RISKS),
    ("联络员", "conduct:liaisons", SEE_RISKS),
    ("岗位职责", "conduct:post_duties", SEE_POST_DUTIES),
    ("行风监督意见", "conduct:opinions", SEE_OPINIONS),
    ("更正申请", "conduct:corrections", ANSWER_CORRECTIONS),
    ("一次性查询码", "conduct:codes", PRINT_CODES),
)


def tabs_for(actor: Actor, here: str = "") -> list[dict[str, Any]]:
    """The registers that somebody may open, with the one that is open now."""
    return [
        {"label": label, "address": reverse(view), "is_here": view == here}
        for label, view, wanted in TABS
        if actor.may(wanted)
    ]


def data_of(request: HttpRequest) -> Any:
    """What was sent; None while the form is only asked for."""
    return request.POST if request.method == "POST" else None


def saved(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[], Any],
    *,
    title: str,
    back: str,
    done: str = "已保存。",
    lead: str = "",
    step: str = "保存",
    row: Model | None = None,
) -> HttpResponse:
    """One page of a form: `save` is called with a valid one, its refusal goes into the form.

    What happened to `row`, which has no other page, is told below.
    """
    draft = f"conduct {request.path}"
    if form.is_bound and form.is_valid():
        try:
            save()
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, done, extra_tags=draft)
            return redirect(back)
    told = audit.tell(row) if row else ()
    return form_page(request, form, title=title, lead=lead, back=back, draft=draft, step=step, history=told)
