"""The three lists: the register, a list, and the pages on which a list is written, issued and copied."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, sheet, writes
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_text
from qizhi.org.enums import UnitKind
from qizhi.tasks.enums import ListKind
from qizhi.tasks.forms.duties import ChangeListForm, DutyForm, IssueListForm, ListForm, today_first
from qizhi.tasks.models import DutyList
from qizhi.tasks.permissions import MANAGE_DUTIES, SEE_DUTIES, SEE_NEGATIVE, list_for
from qizhi.tasks.queries import duties as queries
from qizhi.tasks.queries.duties import Rolled
from qizhi.tasks.services import duties as services
from qizhi.tasks.views.shared import Finder

COLUMNS = (
    Column(key="position", label="序号", parse=parse_text, width=8),
    Column(key="text", label="内容", parse=parse_text, width=50),
    Column(key="source", label="依据", parse=parse_text, width=30),
    Column(key="owner", label="责任人", parse=parse_text, width=12),
    Column(key="due", label="期限", parse=parse_day, width=14),
    Column(key="done", label="已完成支部", parse=parse_text, width=12),
    Column(key="asked", label="应完成支部", parse=parse_text, width=12),
)
REGISTER = (
    Column(key="name", label="名称", parse=parse_text, width=40),
    Column(key="year", label="年度", parse=parse_text, width=8),
    Column(key="kind", label="类别", parse=parse_text, width=12),
    Column(key="issuer", label="发布组织", parse=parse_text, width=20),
    Column(key="items", label="项数", parse=parse_text, width=8),
    Column(key="issued_on", label="印发日期", parse=parse_day, width=14),
)


def _register_row(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "year": one.year,
        "kind": one.get_kind_display(),
        "issuer": str(one.issuer),
        "items": one.items,
        "issued_on": one.issued_on,
    }


def _sheet_rows(found: list[Rolled], *, is_owed: bool) -> list[dict[str, Any]]:
    return [
        {
            "position": str(one.duty.position),
            "text": one.duty.text,
            "source": f"{one.duty.regulation or ''}{one.duty.provision}" or None,
            "owner": one.duty.owner_label or None,
            "due": one.due.on if is_owed else None,
            "done": str(one.done) if is_owed else None,
            "asked": str(one.asked) if is_owed else None,
        }
        for one in found
        if one.duty.withdrawn_on is None
    ]


@reads(SEE_DUTIES)
def lists(request: HttpRequest) -> HttpResponse:
    """The register of lists, newest year first."""
    actor, today = actor_of(request), clock.today()
    found = queries.lists_of(actor, SEE_DUTIES)
    if (file := sheet(request, REGISTER, map(_register_row, found), "三张清单")) is not None:
        return file
    context = {
        "lists": found,
        "this_year": today.year,
        "may_manage": actor.may(MANAGE_DUTIES),
    }
    return render(request, "tasks/lists.html", context)


@reads(SEE_DUTIES)
def duty_list(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """One list, item by item, with how many branches are done."""
    actor, today = actor_of(request), clock.today()
    found = list_for(actor, SEE_DUTIES, list_id)
    duties = queries.duties_of_list(found)
    items = queries.rolled(duties, actor, SEE_DUTIES, today, is_owed=found.is_owed)
    if (file := sheet(request, COLUMNS, _sheet_rows(items, is_owed=found.is_owed), found.name)) is not None:
        return file
    notes = [] if found.is_owed else queries.notes_of(actor, SEE_DUTIES)
    by_duty: dict[uuid.UUID, int] = {}
    for note in notes:
        if not note.withdrawn_because:
            by_duty[note.duty_id] = by_duty.get(note.duty_id, 0) + 1
    may_manage = actor.may(MANAGE_DUTIES)
    context = {
        "list": found,
        "items": [(one, by_duty.get(one.duty.pk, 0)) for one in items],
        "may_manage": may_manage,
        "may_read_notes": found.kind != ListKind.NEGATIVE or actor.may(SEE_NEGATIVE),
        "next_year": max(today.year, found.year + 1),
        "history": audit.tell(found) if may_manage else [],
    }
    return render(request, "tasks/duty_list.html", context)


@writes(MANAGE_DUTIES)
def list_new(request: HttpRequest) -> HttpResponse:
    """Write a list on one page: head, branches, items one a line."""
    actor, today = actor_of(request), clock.today()
    units = queries.branches_on(actor.bureau_id, today)
    issuers = queries.issuers(actor.bureau_id, today)
    committee = issuers.filter(kind=UnitKind.COMMITTEE).first()
    first = {"year": today.year, "issuer": committee, "units": units}
    data = request.POST if request.method == "POST" else None
    form = ListForm(data, initial=first, issuers=issuers, units=units)
    if form.is_bound and form.is_valid():
        head = {name: form.cleaned_data[name] for name in ("id", "issuer", "year", "kind", "name", "units")}
        try:
            made = services.create_list(**head, items=form.items, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"“{made}”已保存，印发后各支部可以看到。", extra_tags="list-new")
            return redirect(made)
    back = reverse("tasks:lists")
    return form_page(request, form, title="编制清单", back=back, draft="list-new")


@writes(MANAGE_DUTIES)
def list_edit(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Correct the name of a list and which branches it is for."""
    actor = actor_of(request)
    found = list_for(actor, MANAGE_DUTIES, list_id)
    units = queries.branches_on(actor.bureau_id, clock.today()) | queries.branches_asked(found)
    first = {"name": found.name, "units": queries.branches_asked(found)}
    form = ChangeListForm(request.POST if request.method == "POST" else None, initial=first, units=units)
    if form.is_bound and form.is_valid():
        try:
            services.change_list(found, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已保存。", extra_tags=f"list-{found.pk}")
            return redirect(found)
    return _list_form(request, form, found, f"修改：{found}")


@writes(MANAGE_DUTIES)
def list_issue(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Issue a list; the day can be corrected afterwards."""
    actor = actor_of(request)
    found = list_for(actor, MANAGE_DUTIES, list_id)
    first = {"issued_on": found.issued_on or clock.today()}
    form = IssueListForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        try:
            services.issue_list(found, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"“{found}”已印发。", extra_tags=f"list-{found.pk}")
            return redirect(found)
    return _list_form(request, form, found, f"印发：{found}")


@writes(MANAGE_DUTIES)
def list_copy(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Write the list of an earlier year again for this one, in one step."""
    actor = actor_of(request)
    found = list_for(actor, MANAGE_DUTIES, list_id)
    if request.method == "POST":
        made = services.copy_list(found, year=max(clock.today().year, found.year + 1), by=actor)
        messages.success(request, f"已复制为“{made}”，核对后印发。")
        return redirect(made)
    return redirect(found)


@writes(MANAGE_DUTIES)
def list_delete(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Remove a list that was not issued."""
    actor = actor_of(request)
    found = list_for(actor, MANAGE_DUTIES, list_id)
    if request.method == "POST":
        services.delete_list(found, by=actor)
        messages.success(request, f"“{found}”已删除，操作日志中留有全部内容。")
        return redirect("tasks:lists")
    return redirect(found)


@writes(MANAGE_DUTIES)
def item_new(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Add an item to a list."""
    actor = actor_of(request)
    found = list_for(actor, MANAGE_DUTIES, list_id)
    form = DutyForm(
        request.POST if request.method == "POST" else None,
        find=Finder(actor.bureau_id),
        initial=today_first(),
        regulations=queries.papers(actor.bureau_id),
        figures=queries.figure_choices(),
        is_owed=found.is_owed,
    )
    if form.is_bound and form.is_valid():
        try:
            services.add_item(found, values=form.values, id=form.cleaned_data["id"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已加入清单。", extra_tags=f"item-new-{found.pk}")
            return redirect(found)
    back, draft = found.get_absolute_url(), f"item-new-{found.pk}"
    return form_page(request, form, title="增加一项", lead=str(found), back=back, draft=draft)


def _list_form(request: HttpRequest, form: Any, found: DutyList, title: str) -> HttpResponse:
    back, draft = found.get_absolute_url(), f"list-{found.pk}"
    return form_page(request, form, title=title, back=back, draft=draft)
