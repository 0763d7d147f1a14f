"""Documents to be finished in time: the register, the form, one of them, and what is done with it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.days import month_narrowing
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, key_asked, reads, say_refusal, table_file, writes
from qizhi.core.paging import page_of
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_text
from qizhi.core.values import dataclass
from qizhi.org.enums import Role
from qizhi.tasks.forms.documents import (
    ChangeDocumentForm,
    DocumentForm,
    EndDocumentForm,
    WithdrawDocumentForm,
    filled,
    first_values,
)
from qizhi.tasks.importers import DOCUMENTS, document_row
from qizhi.tasks.models import Document
from qizhi.tasks.permissions import (
    EXTEND_DOCUMENTS,
    FINISH_DOCUMENTS,
    MANAGE_DOCUMENTS,
    SEE_DOCUMENTS,
    document_for,
)
from qizhi.tasks.queries import documents as queries
from qizhi.tasks.queries.documents import DocumentFilter, DocumentLine
from qizhi.tasks.rules import DocumentState
from qizhi.tasks.services import documents as services
from qizhi.tasks.views.shared import Finder, about

PAGE = 50
SHOWN = [
    ("open", "未办结"),
    ("late", "已逾期"),
    ("soon", "即将到期"),
    ("done", "已办结"),
    ("withdrawn", "已撤销"),
    ("all", "全部"),
]
WHOSE = [("mine", "本人承办"), ("unit", "本处室承办")]
OPEN_ONES = {
    "open": queries.OPEN_STATES,
    "late": (DocumentState.LATE,),
    "soon": (DocumentState.SOON,),
}
STATE_WORDS = {
    DocumentState.DUE: "未到期",
    DocumentState.SOON: "即将到期",
    DocumentState.LATE: "已逾期",
    DocumentState.DONE: "按期办结",
    DocumentState.DONE_LATE: "逾期办结",
    DocumentState.UNKNOWN: "期限未知",
    DocumentState.WITHDRAWN: "已撤销",
}
COLUMNS = (
    *DOCUMENTS.offered.columns,
    Column(key="unit", label="承办处室", parse=parse_text, width=16),
    Column(key="last_day", label="最后期限", parse=parse_text, width=14),
    Column(key="state", label="情况", parse=parse_text, width=12),
    Column(key="days_late", label="逾期工作日", parse=parse_text, width=12),
)


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to."""

    show: str
    whose: str
    narrowed: DocumentFilter

    @property
    def month(self) -> str:
        """The month as the menu has it; empty for all."""
        return f"{self.narrowed.month.start:%Y-%m}" if self.narrowed.month else ""


def _asked(request: HttpRequest, actor: Actor) -> Asked:
    """The filters of the list; what cannot be read filters nothing, and a month says so."""
    show, whose = request.GET.get("show", "open"), request.GET.get("whose", "")
    unit_id, handler_id = key_asked(request, "unit"), actor.person_id if whose == "mine" else None
    if whose == "unit":
        unit_id = own_department(actor) or unit_id
    month = month_narrowing(request)
    text, handler = (request.GET.get(name, "").strip()[:60] for name in ("q", "person"))
    narrowed = DocumentFilter(text, unit_id, handler, handler_id, month)
    return Asked(show if show in dict(SHOWN) else "open", whose, narrowed)


def own_department(actor: Actor) -> uuid.UUID | None:
    """The department that the person heads."""
    heads = (grant.unit_id for grant in actor.grants if grant.role == Role.DEPARTMENT_HEAD)
    return next(heads, None)


@reads(SEE_DOCUMENTS)
def documents(request: HttpRequest) -> HttpResponse:
    """The register as far as the reader may see it, what is late or due soon first."""
    actor, today = actor_of(request), clock.today()
    asked = _asked(request, actor)
    found = queries.documents_of(actor, SEE_DOCUMENTS, asked.narrowed)
    waiting = queries.open_lines(found, today)
    if asked.show in OPEN_ONES:
        lines: Any = [one for one in waiting if one.state in OPEN_ONES[asked.show]]
    else:
        closed = {"done": {"done_on__isnull": False, "withdrawn_on": None}, "all": {}}
        lines = found.filter(**closed.get(asked.show, {"withdrawn_on__isnull": False}))
    if (kind := request.GET.get("format", "")) in {"xlsx", "csv"}:
        rows = _sheet_rows(lines if asked.show in OPEN_ONES else queries.document_lines(lines, today))
        return table_file(COLUMNS, rows, "限时办结公文", kind, title="")
    page = page_of(lines, PAGE, request.GET.get("page"))
    shown = list(page) if asked.show in OPEN_ONES else queries.document_lines(page.object_list, today)
    context = {
        "page_of_documents": page,
        "lines": shown,
        "late": [one for one in waiting if one.state is DocumentState.LATE],
        "soon": [one for one in waiting if one.state is DocumentState.SOON],
        "waiting": waiting,
        "asked": asked,
        "shows": SHOWN,
        "whose": WHOSE if own_department(actor) else WHOSE[:1],
        **_choices(actor, asked),
    }
    return render(request, "tasks/documents.html", context)


def _choices(actor: Actor, asked: Asked) -> dict[str, Any]:
    extensions = queries.waiting_extensions(actor, EXTEND_DOCUMENTS) if actor.may(EXTEND_DOCUMENTS) else []
    return {
        "units": queries.handling_units(actor, SEE_DOCUMENTS),
        "months": queries.received_months(actor, SEE_DOCUMENTS, asked.narrowed.month),
        "extensions": list(extensions),
        "may_manage": actor.may(MANAGE_DOCUMENTS),
    }


def _sheet_rows(lines: list[DocumentLine]) -> Iterator[dict[str, Any]]:
    for one in lines:
        yield {
            **document_row(one.document),
            "unit": one.handling.unit.name,
            "last_day": one.due.on.isoformat() if one.due.on else None,
            "state": STATE_WORDS[one.state],
            "days_late": str(one.days_late) if one.days_late else None,
        }


@writes(MANAGE_DOCUMENTS)
def document_new(request: HttpRequest) -> HttpResponse:
    """Take a document into the register."""
    actor = actor_of(request)
    data = request.POST if request.method == "POST" else None
    form = DocumentForm(data, initial=first_values(), find=Finder(actor.bureau_id))
    if form.is_bound and form.is_valid():
        known = form.cleaned_data
        try:
            made = services.register_document(
                values=form.values, handler=known["handler"], id=known["id"], by=actor
            )
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已登记。", extra_tags="document-new")
            return redirect(made)
    return _written(request, form, "登记公文", reverse("tasks:documents"), "document-new")


def _written(request: HttpRequest, form: Any, title: str, back: str, draft: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "draft": draft}
    return render(request, "tasks/document_form.html", context, status=422 if form.errors else 200)


@reads(SEE_DOCUMENTS)
def document(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """One document with its whole history: who answered when, extensions, days counted, corrections."""
    actor, today = actor_of(request), clock.today()
    row = document_for(actor, SEE_DOCUMENTS, document_id)
    found = queries.with_history(Document.objects.filter(bureau_id=row.bureau_id, pk=row.pk)).get()
    line = queries.document_lines([found], today)[0]
    handling, waiting = line.handling, line.waiting
    unit = (handling.unit_id, handling.unit.path)
    is_own = actor.person_id is not None and handling.person_id == actor.person_id
    may_decide = actor.may(EXTEND_DOCUMENTS, *unit) and not is_own
    context = {
        "document": found,
        "one": line,
        "state_words": STATE_WORDS[line.state],
        "handlings": list(found.handlings.all()),
        "extensions": list(found.extensions.all()),
        "may_finish": is_own or actor.may(FINISH_DOCUMENTS, *unit),
        "may_manage": actor.may(MANAGE_DOCUMENTS, *unit),
        "may_decide": may_decide and (waiting is None or waiting.asked_by_id != actor.person_id),
        "history": audit.tell(found),
    }
    return render(request, "tasks/document.html", context)


@writes(MANAGE_DOCUMENTS)
def document_edit(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Correct what was written down when it came in."""
    actor = actor_of(request)
    found = document_for(actor, MANAGE_DOCUMENTS, document_id)
    form = ChangeDocumentForm(request.POST if request.method == "POST" else None, initial=filled(found))
    if form.is_bound and form.is_valid():
        try:
            services.change_document(found, values=form.values, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已更正，变更记录里留有原来的内容。", extra_tags=f"document-{found.pk}")
            return redirect(found)
    return _written(request, form, "更正公文登记", found.get_absolute_url(), f"document-{found.pk}")


@writes(FINISH_DOCUMENTS)
def document_done(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Say on which day it was finished; what was said before can be corrected here."""
    actor = actor_of(request)
    wanted = FINISH_DOCUMENTS
    found = document_for(actor, wanted, document_id)
    if found.done_on is not None:
        # What was said once, others correct.
        found = document_for(actor, MANAGE_DOCUMENTS, document_id)
    known = {"on": found.done_on or clock.today(), "result": found.result}
    form = EndDocumentForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_bound and form.is_valid():
        try:
            services.finish_document(found, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"已登记办结：{found}。", extra_tags=f"document-done-{found.pk}")
            return redirect(found)
    back, draft = found.get_absolute_url(), f"document-done-{found.pk}"
    title, step = ("更正办结", "保存") if found.done_on else ("登记办结", "登记办结")
    return form_page(
        request, form, title=title, lead=str(found), back=back, draft=draft, step=step, about=about(found)
    )


@writes(MANAGE_DOCUMENTS)
def document_reopen(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Take back that it was finished."""
    actor = actor_of(request)
    found = document_for(actor, MANAGE_DOCUMENTS, document_id)
    if request.method == "POST":
        services.reopen_document(found, by=actor)
        messages.success(request, "已撤回办结，重新列为未办结。")
    return redirect(found)


@writes(MANAGE_DOCUMENTS)
def document_withdraw(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Take it out of every count, and say why."""
    actor = actor_of(request)
    found = document_for(actor, MANAGE_DOCUMENTS, document_id)
    form = WithdrawDocumentForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.withdraw_document(found, because=form.cleaned_data["because"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已撤销，不再计数。", extra_tags=f"document-{found.pk}")
            return redirect(found)
    back, draft = found.get_absolute_url(), f"document-{found.pk}"
    return form_page(
        request, form, title="撤销公文登记", lead=str(found), back=back, draft=draft, step="撤销登记"
    )


@writes(MANAGE_DOCUMENTS)
def document_restore(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """Count a withdrawn document again."""
    actor = actor_of(request)
    found = document_for(actor, MANAGE_DOCUMENTS, document_id)
    if request.method == "POST":
        services.restore_document(found, by=actor)
        messages.success(request, "已恢复。")
    return redirect(found)
