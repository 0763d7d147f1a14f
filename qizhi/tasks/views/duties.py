"""An item or task with its branches; tasks that are split over branches; notes."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, sheet, writes
from qizhi.core.paging import page_of
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_text
from qizhi.core.years import year_asked, years_offered
from qizhi.org.enums import Role, UnitKind
from qizhi.tasks.enums import ListKind
from qizhi.tasks.forms.duties import (
    BecauseForm,
    ChangeTaskForm,
    DutyForm,
    NoteForm,
    TaskForm,
    filled,
    today_first,
)
from qizhi.tasks.models import Duty
from qizhi.tasks.permissions import (
    MANAGE_DUTIES,
    SEE_DUTIES,
    SETTLE_PARTS,
    duty_for,
    note_for,
    note_permission,
)
from qizhi.tasks.queries import duties as queries
from qizhi.tasks.queries.mentions import with_mentions
from qizhi.tasks.services import duties as services
from qizhi.tasks.services import parts as part_services
from qizhi.tasks.views.parts import COLUMNS, sheet_rows
from qizhi.tasks.views.shared import Finder

PAGE = 30
GIVEN = (
    Column(key="issuer", label="布置组织", parse=parse_text, width=16),
    Column(key="issued_on", label="布置日期", parse=parse_day, width=14),
)


@reads(SEE_DUTIES)
def cascades(request: HttpRequest) -> HttpResponse:
    """Tasks that were split over branches, newest first, with how far they are."""
    actor, today = actor_of(request), clock.today()
    year = year_asked(request, is_ahead=True)
    tasks = queries.tasks_of(actor, SEE_DUTIES, year=year)
    page = page_of(tasks, PAGE, request.GET.get("page"))
    if request.GET.get("format"):
        parts = queries.parts_of(actor, SEE_DUTIES, today, year=year).filter(duty__duty_list=None)
        found = queries.standings(parts.select_related("duty__issuer"), today)
        given = [{"issuer": str(one.part.duty.issuer), "issued_on": one.part.duty.issued_on} for one in found]
        rows = (row | more for row, more in zip(sheet_rows(found), given, strict=True))
        if (file := sheet(request, (*COLUMNS, *GIVEN), rows, f"{year}年任务")) is not None:
            return file
    context = {
        "page_of_tasks": page,
        "tasks": queries.rolled(page.object_list, actor, SEE_DUTIES, today),
        "years": years_offered(request),
        "year": year,
        "may_manage": actor.may(MANAGE_DUTIES),
    }
    return render(request, "tasks/cascades.html", context)


@writes(MANAGE_DUTIES)
def cascade_new(request: HttpRequest) -> HttpResponse:
    """Split a task over branches and departments in one step."""
    actor, today = actor_of(request), clock.today()
    units = queries.units_on_duty(actor.bureau_id, today)
    issuers = queries.issuers(actor.bureau_id, today)
    committee = issuers.filter(kind=UnitKind.COMMITTEE).first()
    first = today_first(issuer=committee, owner_role=Role.SECRETARY)
    data = request.POST if request.method == "POST" else None
    form = TaskForm(
        data,
        initial=first,
        find=Finder(actor.bureau_id),
        issuers=issuers,
        units=units,
        regulations=queries.papers(actor.bureau_id),
    )
    if form.is_bound and form.is_valid():
        head = {name: form.cleaned_data[name] for name in ("id", "issuer", "issued_on", "units")}
        try:
            made = services.give_task(**head, values=form.values, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "任务已布置。", extra_tags="task-new")
            return redirect(made)
    back = reverse("tasks:cascades")
    lead = "一次布置到各支部、处室；各自办结，进度自动汇总，不用再上报。"
    return form_page(request, form, title="布置任务", lead=lead, back=back, draft="task-new")


@reads(SEE_DUTIES)
def duty(request: HttpRequest, duty_id: uuid.UUID) -> HttpResponse:
    """One item or task with every branch that was asked, in their fixed order."""
    actor, today = actor_of(request), clock.today()
    found = duty_for(actor, SEE_DUTIES, duty_id)
    parts = queries.parts_of_duty(found, actor, SEE_DUTIES) if found.is_owed else ()
    standings = queries.standings(parts, today)
    if (file := sheet(request, COLUMNS, sheet_rows(standings), "办理情况")) is not None:
        return file
    notes = [] if found.is_owed else queries.notes_of(actor, SEE_DUTIES, duty=found)
    kind = found.duty_list.kind if found.duty_list else ""
    may_manage = actor.may(MANAGE_DUTIES)
    context = {
        "duty": found,
        "rolled": queries.Rolled(found, standings),
        "notes": with_mentions(actor, notes),
        "is_negative": kind == ListKind.NEGATIVE,
        "may_read_notes": actor.may(note_permission(found, writes=False)),
        "may_note": not found.is_owed and _note_units(actor, found).exists(),
        "may_settle": actor.may(SETTLE_PARTS) and not found.withdrawn_on,
        "may_manage": may_manage,
        "history": audit.tell(found) if may_manage else [],
    }
    return render(request, "tasks/duty.html", context)


@writes(MANAGE_DUTIES)
def duty_edit(request: HttpRequest, duty_id: uuid.UUID) -> HttpResponse:
    """Correct an item or a task."""
    actor = actor_of(request)
    found = duty_for(actor, MANAGE_DUTIES, duty_id)
    form = _edit_form(request, actor, found)
    if form.is_bound and form.is_valid():
        own = ("units", "issued_on") if found.duty_list is None else ()
        try:
            services.change_duty(
                found, values=form.values, by=actor, **{name: form.cleaned_data[name] for name in own}
            )
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已保存。", extra_tags=f"duty-{found.pk}")
            return redirect(found)
    return _duty_form(request, form, found, "修改")


def _edit_form(request: HttpRequest, actor: Actor, found: Duty) -> Any:
    data = request.POST if request.method == "POST" else None
    find = Finder(actor.bureau_id)
    if found.duty_list is None:
        asked = queries.branches_asked(found)
        units = queries.units_on_duty(actor.bureau_id, clock.today()) | asked
        return ChangeTaskForm(
            data,
            initial={**filled(found), "units": asked, "issued_on": found.issued_on},
            find=find,
            units=units,
            regulations=queries.papers(actor.bureau_id),
        )
    return DutyForm(
        data,
        initial=filled(found),
        find=find,
        regulations=queries.papers(actor.bureau_id),
        figures=queries.figure_choices(),
        is_owed=found.is_owed,
    )


@writes(MANAGE_DUTIES)
def duty_withdraw(request: HttpRequest, duty_id: uuid.UUID) -> HttpResponse:
    """Take back what was asked, and say why."""
    actor = actor_of(request)
    found = duty_for(actor, MANAGE_DUTIES, duty_id)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.withdraw_duty(found, because=form.cleaned_data["because"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已撤回，不用再办理。", extra_tags=f"duty-{found.pk}")
            return redirect(found)
    return _duty_form(request, form, found, "撤回")


@writes(MANAGE_DUTIES)
def duty_restore(request: HttpRequest, duty_id: uuid.UUID) -> HttpResponse:
    """Ask again what was withdrawn."""
    actor = actor_of(request)
    found = duty_for(actor, MANAGE_DUTIES, duty_id)
    if request.method == "POST":
        services.restore_duty(found, by=actor)
        messages.success(request, "已恢复。")
    return redirect(found)


def _duty_form(request: HttpRequest, form: Any, found: Duty, title: str) -> HttpResponse:
    back, draft = found.get_absolute_url(), f"duty-{found.pk}"
    step = "撤回" if title == "撤回" else "保存"
    return form_page(request, form, title=f"{title}事项", lead=str(found), back=back, draft=draft, step=step)


def _note_units(actor: Actor, found: Duty) -> Any:
    """Branches of the list for which the person may note something."""
    wanted = note_permission(found, writes=True)
    return queries.branches_asked(found).filter(actor.reach(wanted).units(""))


@writes(SEE_DUTIES)
def note_new(request: HttpRequest, duty_id: uuid.UUID) -> HttpResponse:
    """Note something under an item of the incentive or the negative list."""
    actor = actor_of(request)
    found = duty_for(actor, SEE_DUTIES, duty_id)
    units = _note_units(actor, found)
    if found.is_owed or not units.exists():
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = NoteForm(data, initial=today_first(), find=Finder(actor.bureau_id), units=units)
    if form.is_bound and form.is_valid():
        head = {name: form.cleaned_data[name] for name in ("id", "unit")}
        try:
            part_services.add_note(found, **head, **form.facts, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已登记。", extra_tags=f"note-new-{found.pk}")
            return redirect(found)
    is_negative = found.duty_list is not None and found.duty_list.kind == ListKind.NEGATIVE
    title = "登记待核实情况" if is_negative else "登记正面事项"
    back, draft = found.get_absolute_url(), f"note-new-{found.pk}"
    return form_page(request, form, title=title, lead=str(found), back=back, draft=draft)


@writes(SEE_DUTIES)
def note_edit(request: HttpRequest, note_id: uuid.UUID) -> HttpResponse:
    """Correct a note."""
    actor = actor_of(request)
    note = note_for(actor, note_id)
    person = f"{note.person.name}({note.person.staff_no})" if note.person else ""
    names = ("unit", "noted_on", "words", "link_label", "link_address")
    known = {**{name: getattr(note, name) for name in names}, "person": person, "id": note.pk}
    units = _note_units(actor, note.duty).filter(pk=note.unit_id)
    data = request.POST if request.method == "POST" else None
    form = NoteForm(data, initial=known, find=Finder(actor.bureau_id), units=units)
    if form.is_bound and form.is_valid():
        try:
            part_services.change_note(note, **form.facts, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已保存。", extra_tags=f"note-{note.pk}")
            return redirect(note.duty)
    back, draft = note.duty.get_absolute_url(), f"note-{note.pk}"
    return form_page(request, form, title="修改记事", lead=str(note.duty), back=back, draft=draft)


@writes(SEE_DUTIES)
def note_withdraw(request: HttpRequest, note_id: uuid.UUID) -> HttpResponse:
    """Take a note back, and say why."""
    actor = actor_of(request)
    note = note_for(actor, note_id)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            part_services.withdraw_note(note, because=form.cleaned_data["because"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已撤回。", extra_tags=f"note-{note.pk}")
            return redirect(note.duty)
    back = note.duty.get_absolute_url()
    return form_page(
        request, form, title="撤回记事", lead=str(note), back=back, draft=f"note-{note.pk}", step="撤回"
    )
