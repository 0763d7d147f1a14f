"""Contacts: the matrix of a year, the visits behind a number, and the pages that change who visits whom."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.branch_life import queries, services
from qizhi.branch_life.enums import ContactKind
from qizhi.branch_life.forms import ChangeContactForm, ContactForm
from qizhi.branch_life.importers import CONTACTS, contact_rows
from qizhi.branch_life.models import Contact
from qizhi.branch_life.permissions import MANAGE_CONTACTS, SEE_BRANCH_LIFE, contact_for
from qizhi.branch_life.queries import accountable_units
from qizhi.branch_life.queries.contacts import Cell, Matrix
from qizhi.branch_life.rules import State
from qizhi.branch_life.views import shown
from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.http import (
    actor_of,
    form_page,
    is_fragment,
    key_asked,
    reads,
    say_refusal,
    table_file,
    writes,
)
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_text
from qizhi.core.years import year_asked, years_offered
from qizhi.gatherings.models import Visitor
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries import units_on


def _kind_asked(request: HttpRequest) -> ContactKind:
    text = request.GET.get("kind", "")
    return ContactKind(text) if text in ContactKind.values else ContactKind.CONTACT


def _branches(actor: Actor, year: int) -> list[Unit]:
    reach = actor.reach(SEE_BRANCH_LIFE)
    return list(accountable_units(actor.bureau_id, periods.year(year)).filter(reach.units("")))


VISITS = (
    Column(key="on", label="日期", parse=parse_text, width=16),
    Column(key="unit", label="组织", parse=parse_text, width=22),
    Column(key="title", label="活动", parse=parse_text, width=40),
    Column(key="person", label="旁听人", parse=parse_text, width=12),
    Column(key="comment", label="点评", parse=parse_text, width=40),
)


@reads(SEE_BRANCH_LIFE)
def contacts(request: HttpRequest) -> HttpResponse:
    """Who keeps contact with which branch in a year, and how often they came."""
    actor, today, year = actor_of(request), clock.today(), year_asked(request, is_ahead=True)
    kind = _kind_asked(request)
    branches = _branches(actor, year)
    matrix = queries.contact_matrix(actor.bureau_id, branches, kind, periods.year(year), today)
    if (file := request.GET.get("format")) in {"xlsx", "csv"}:
        columns = (
            Column(key="person", label="联系人", parse=parse_text, width=14),
            *(Column(key=unit.code, label=unit.name, parse=parse_text, width=16) for unit in branches),
        )
        return table_file(columns, _matrix_rows(matrix), f"{year}年{kind.label}", file)
    context = {
        "kind": kind,
        "kinds": ContactKind.choices,
        "year": year,
        "years": years_offered(request),
        "matrix": matrix,
        "rows": [(person, [(cell, _chip(cell)) for cell in cells]) for person, cells in matrix.rows],
        "assigned": {cell.unit.pk for cell in matrix.assigned},
        "missing": matrix.in_state(State.MISSING),
        "due": matrix.in_state(State.DUE),
        "may_manage": actor.may(MANAGE_CONTACTS),
    }
    return render(request, "branch_life/contacts.html", context)


def _chip(cell: Cell) -> shown.Chip | None:
    """How an assigned cell stands, in words; None where nobody is to come."""
    if cell.state is None:
        return None
    planned = f"计划 {cell.planned} 次" if cell.planned else ""
    words = shown.WORDS[cell.state]
    if cell.state is not State.DUE:
        words = "已旁听" if cell.state is State.DONE else f"缺{cell.short_by}次"
    return shown.Chip(cell.state.value, words, planned)


def _matrix_rows(matrix: Matrix) -> Iterator[dict[str, Any]]:
    for person, cells in matrix.rows:
        row: dict[str, Any] = {"person": person.name}
        for cell in cells:
            chip = _chip(cell)
            said = [f"{cell.visits}次"] if cell.visits or chip else []
            said += [words for words in (chip.words, chip.reason) if words] if chip else []
            row[cell.unit.code] = "，".join(said)
        yield row


@reads(SEE_BRANCH_LIFE)
def contact_visits(request: HttpRequest) -> HttpResponse:
    """The gatherings behind a number of the matrix: in the drawer or on a page of their own."""
    actor, year = actor_of(request), year_asked(request, is_ahead=True)
    branches = _branches(actor, year)
    unit_id, person_id = (key_asked(request, name) for name in ("unit", "person"))
    chosen = [unit for unit in branches if unit_id in {None, unit.pk}]
    visits = queries.visits_within(
        actor.bureau_id, [unit.pk for unit in chosen], periods.year(year), clock.today()
    )
    if person_id is not None:
        visits = visits.filter(person_id=person_id)
    listed = list(visits)
    if (file := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(VISITS, map(_visit_row, listed), f"{year}年旁听的活动", file)
    context = {
        "visits": listed,
        "year": year,
        "unit": chosen[0] if unit_id and chosen else None,
        "person": listed[0].person if person_id and listed else None,
    }
    template = "_contact_visits" if is_fragment(request) else "contact_visits"
    return render(request, f"branch_life/{template}.html", context)


def _visit_row(visit: Visitor) -> dict[str, Any]:
    return {
        "on": visit.gathering.day_label,
        "unit": visit.gathering.unit.full_label,
        "title": visit.gathering.title,
        "person": str(visit),
        "comment": visit.comment or None,
    }


@reads(MANAGE_CONTACTS)
def contact_list(request: HttpRequest) -> HttpResponse:
    """The contacts of today, or every one there ever was, by branch and start."""
    actor, today = actor_of(request), clock.today()
    is_current = request.GET.get("current") != "0"
    found = Contact.objects.on(today) if is_current else Contact.objects.all()
    rows = found.filter(actor.reach(MANAGE_CONTACTS).units()).select_related("person", "unit")
    rows = rows.order_by("unit__position", "unit__code", "kind", "from_on", "pk")
    if (file := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(CONTACTS.columns, contact_rows(rows), "联系点", file)
    standings = [("0", "全部，含已结束的")]
    context = {"contacts": rows, "is_current": is_current, "standings": standings}
    return render(request, "branch_life/contact_list.html", context)


@writes(MANAGE_CONTACTS)
def contact_new(request: HttpRequest) -> HttpResponse:
    """Make somebody the contact of one or several branches."""
    actor, today = actor_of(request), clock.today()
    units = units_on(actor.bureau_id, today, UnitKind.BRANCH).order_by("position", "code")
    people = queries.contact_people(actor.bureau_id, today)
    data = request.POST if request.method == "POST" else None
    initial = {"from_on": today, "units": request.GET.getlist("unit"), "kind": _kind_asked(request)}
    form = ContactForm(data, people=people, units=units, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            made = services.add_contacts(**form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error, {"unit": "units"}.get(error.field or ""))
        else:
            messages.success(request, f"已安排 {len(made)} 个联系点。", extra_tags="contact-new")
            return redirect(f"{reverse('branch_life:contacts')}?kind={form.cleaned_data['kind']}")
    back = reverse("branch_life:contacts")
    return form_page(request, form, title="安排联系点", back=back, draft="contact-new")


@writes(MANAGE_CONTACTS)
def contact_edit(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponse:
    """Correct a contact, say when it ends, or (on the same page) take it back."""
    actor = actor_of(request)
    found = contact_for(actor, MANAGE_CONTACTS, contact_id)
    data = request.POST if request.method == "POST" else None
    initial = {"from_on": found.from_on, "to_on": found.to_on, "visits_a_year": found.visits_a_year}
    form = ChangeContactForm(data, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            services.change_contact(found, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已保存。", extra_tags=f"contact-{found.pk}")
            return redirect("branch_life:contact_list")
    back, draft = reverse("branch_life:contact_list"), f"contact-{found.pk}"
    lead = f"{found.person}联系{found.unit}（{found.get_kind_display()}）"
    told = audit.tell(found)
    return form_page(request, form, title="修改联系点", lead=lead, back=back, draft=draft, history=told)


@writes(MANAGE_CONTACTS)
def contact_remove(request: HttpRequest, contact_id: uuid.UUID) -> HttpResponse:
    """Take back a contact that never was."""
    actor = actor_of(request)
    found = contact_for(actor, MANAGE_CONTACTS, contact_id)
    if request.method == "POST":
        services.remove_contact(found, by=actor)
        messages.success(request, f"{found.person}与{found.unit}的联系点已删除。")
    return redirect("branch_life:contact_list")
