"""Who answers for a document, and more time for it: handed over, asked for, decided, corrected."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, say_refusal, writes
from qizhi.core.permissions import Actor
from qizhi.org.models import Person
from qizhi.tasks.enums import ExtensionState
from qizhi.tasks.forms import documents as forms
from qizhi.tasks.models import Document, Extension
from qizhi.tasks.permissions import (
    EXTEND_DOCUMENTS,
    FINISH_DOCUMENTS,
    MANAGE_DOCUMENTS,
    document_for,
    extension_for,
    handling_for,
)
from qizhi.tasks.queries.documents import handling_on
from qizhi.tasks.services import extensions as extension_services
from qizhi.tasks.services import handlings as services
from qizhi.tasks.views.shared import Finder, about


def _page(request: HttpRequest, form: Any, title: str, found: Document, key: object) -> HttpResponse:
    draft, back = f"document-step-{key}", found.get_absolute_url()
    more = about(found)
    return form_page(request, form, title=title, lead=str(found), back=back, draft=draft, about=more)


def _done(request: HttpRequest, found: Document, words: str, key: object) -> HttpResponse:
    messages.success(request, words, extra_tags=f"document-step-{key}")
    return redirect(found)


@writes(MANAGE_DOCUMENTS)
def hand_over(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Give the document to somebody else from a day on."""
    actor = actor_of(request)
    found = document_for(actor, MANAGE_DOCUMENTS, document_id)
    data = request.POST if request.method == "POST" else None
    form = forms.HandOverForm(data, initial={"on": clock.today()}, find=Finder(actor.bureau_id))
    if form.is_bound and form.is_valid():
        try:
            made = services.hand_over(found, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            return _done(request, found, f"已转给{made}承办。", found.pk)
    return _page(request, form, "转办", found, found.pk)


@writes(MANAGE_DOCUMENTS)
def handling_edit(request: HttpRequest, handling_id: uuid.UUID) -> HttpResponse:
    """Correct who answered, and from which day."""
    actor = actor_of(request)
    handling = handling_for(actor, handling_id)
    data = request.POST if request.method == "POST" else None
    form = forms.HandOverForm(data, initial=forms.handing(handling), find=Finder(actor.bureau_id))
    if form.is_bound and form.is_valid():
        try:
            services.change_handling(handling, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            return _done(request, handling.document, "已更正，变更记录里留有原来的内容。", handling.pk)
    return _page(request, form, "更正承办人", handling.document, handling.pk)


@writes(MANAGE_DOCUMENTS)
def handling_undo(request: HttpRequest, handling_id: uuid.UUID) -> HttpResponse:
    """Take back a hand-over that never was."""
    actor = actor_of(request)
    handling = handling_for(actor, handling_id)
    if request.method == "POST":
        services.undo_hand_over(handling, by=actor)
        messages.success(request, "已撤回转办，仍由原承办人承办。")
    return redirect(handling.document)


@writes(FINISH_DOCUMENTS)
def extension_new(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Ask for more time, in the name of who answers for the document."""
    actor = actor_of(request)
    found = document_for(actor, FINISH_DOCUMENTS, document_id)
    data = request.POST if request.method == "POST" else None
    form = forms.AskExtensionForm(data, initial={"asked_on": clock.today()})
    if form.is_bound and form.is_valid():
        values, key = form.values, form.cleaned_data["id"]
        asked_by = handling_on(found, values.asked_on).person
        try:
            extension_services.ask_extension(found, values=values, asked_by=asked_by, id=key, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            return _done(request, found, "已申请延期，等待处室负责人或政工处批准。", found.pk)
    return _page(request, form, "申请延期", found, found.pk)


def _to_decide(actor: Actor, extension_id: uuid.UUID) -> Extension:
    """A request that somebody else has made for a document of somebody else; Http404 otherwise."""
    extension = extension_for(actor, EXTEND_DOCUMENTS, extension_id)
    handler = handling_on(extension.document, clock.today()).person_id
    if actor.person_id in {extension.asked_by_id, handler}:
        raise Http404
    return extension


def _person(actor: Actor) -> Person | None:
    if actor.person_id is None:
        return None
    return Person.objects.filter(bureau_id=actor.bureau_id, pk=actor.person_id).first()


@writes(EXTEND_DOCUMENTS)
def extension_decide(request: HttpRequest, extension_id: uuid.UUID) -> HttpResponse:
    """Approve or refuse a request for more time."""
    actor = actor_of(request)
    extension = _to_decide(actor, extension_id)
    me = _person(actor)
    first = {
        "state": ExtensionState.APPROVED,
        "approved_until": extension.until,
        "decided_on": clock.today(),
        "decided_by": forms.named(me) if me else "",
    }
    data = request.POST if request.method == "POST" else None
    form = forms.DecideExtensionForm(data, initial=first, find=Finder(actor.bureau_id))
    if form.is_bound and form.is_valid():
        try:
            extension_services.decide_extension(extension, decision=form.decision, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            words = f"延期{extension.get_state_display()}。"
            return _done(request, extension.document, words, extension.pk)
    return _page(request, form, f"批准延期：{extension}", extension.document, extension.pk)


@writes(EXTEND_DOCUMENTS)
def extension_edit(request: HttpRequest, extension_id: uuid.UUID) -> HttpResponse:
    """Correct the days of a request, and of what was decided of it."""
    actor = actor_of(request)
    extension = _to_decide(actor, extension_id)
    data = request.POST if request.method == "POST" else None
    known, form = forms.asked(extension), forms.ChangeExtensionForm(data, initial=forms.asked(extension))
    if extension.decided_on is not None:
        form = forms.ChangeDecisionForm(data, initial=known, find=Finder(actor.bureau_id))
    if form.is_bound and form.is_valid():
        decision = form.decision if isinstance(form, forms.ChangeDecisionForm) else None
        try:
            extension_services.change_extension(extension, values=form.values, decision=decision, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            return _done(request, extension.document, "已更正，变更记录里留有原来的内容。", extension.pk)
    return _page(request, form, "更正延期", extension.document, extension.pk)


@writes(FINISH_DOCUMENTS)
def extension_withdraw(request: HttpRequest, extension_id: uuid.UUID) -> HttpResponse:
    """Take back a request; one that was decided only those who decide take back."""
    actor = actor_of(request)
    extension = extension_for(actor, FINISH_DOCUMENTS, extension_id)
    if extension.state != ExtensionState.ASKED:
        extension = _to_decide(actor, extension_id)
    if request.method == "POST":
        extension_services.withdraw_extension(extension, by=actor)
        messages.success(request, "已撤回，期限按撤回后的计算。")
    return redirect(extension.document)
