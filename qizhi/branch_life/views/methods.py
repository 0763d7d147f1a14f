"""Working methods: the register, and the pages that change it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as show
from django.urls import reverse

from qizhi.branch_life import queries, services
from qizhi.branch_life.forms import ChangeMethodForm, EndForm, MethodForm
from qizhi.branch_life.permissions import MANAGE_METHODS, SEE_BRANCH_LIFE, method_for
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, download, form_page, reads, writes
from qizhi.core.permissions import Actor, Permission
from qizhi.core.tables import Column, write_csv, write_xlsx
from qizhi.core.tables.values import parse_day, parse_text
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries import units_on

COLUMNS = (
    Column(key="unit", label="党支部", parse=parse_text, width=20),
    Column(key="name", label="工作法", parse=parse_text, width=20),
    Column(key="elements", label="要素", parse=parse_text, width=40),
    Column(key="from_on", label="起始日期", parse=parse_day, width=14),
    Column(key="to_on", label="停用日期", parse=parse_day, width=14),
)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _branches(actor: Actor, wanted: Permission) -> list[Unit]:
    reach = actor.reach(wanted)
    branches = units_on(actor.bureau_id, clock.today(), UnitKind.BRANCH).filter(reach.units(""))
    return list(branches.order_by("position", "code"))


@reads(SEE_BRANCH_LIFE)
def methods(request: HttpRequest) -> HttpResponse:
    """The register: which branch follows which method, and how many branches have one today."""
    actor, today = actor_of(request), clock.today()
    unit_id, is_active = _uuid(request.GET.get("unit", "")), request.GET.get("active") == "1"
    found = queries.methods_of(
        actor, SEE_BRANCH_LIFE, unit_id=unit_id, active_on=today if is_active else None
    )
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        rows = [
            {
                "unit": one.unit.name,
                "name": one.name,
                "elements": one.elements,
                "from_on": one.from_on,
                "to_on": one.to_on,
            }
            for one in found
        ]
        if kind == "csv":
            return download(write_csv(COLUMNS, rows), "支部工作法.csv", "text/csv")
        return download(write_xlsx(COLUMNS, rows, "支部工作法"), "支部工作法.xlsx", _XLSX)
    listed = list(found)
    context = {
        "methods": listed,
        "branches_with": len({m.unit_id for m in listed if m.to_on is None or m.to_on >= today}),
        "branches": _branches(actor, SEE_BRANCH_LIFE),
        "unit_id": unit_id,
        "is_active": is_active,
        "today": today,
        "may_manage": actor.may(MANAGE_METHODS),
    }
    return show(request, "branch_life/methods.html", context)


@writes(MANAGE_METHODS)
def method_new(request: HttpRequest) -> HttpResponse:
    """Register a method."""
    actor = actor_of(request)
    units = units_on(actor.bureau_id, clock.today(), UnitKind.BRANCH)
    units = units.filter(actor.reach(MANAGE_METHODS).units("")).order_by("position", "code")
    data = request.POST if request.method == "POST" else None
    form = MethodForm(data, units=units, initial={"unit": _uuid(request.GET.get("unit", ""))})
    if form.is_bound and form.is_valid():
        try:
            made = services.add_method(**form.cleaned_data, by=actor)
        except Refused as error:
            form.add_error(error.field or None, error.message)
        else:
            messages.success(request, f"“{made}”已登记。", extra_tags="method-new")
            return redirect("branch_life:methods")
    back = reverse("branch_life:methods")
    return form_page(request, form, title="登记支部工作法", back=back, draft="method-new")


@writes(MANAGE_METHODS)
def method_edit(request: HttpRequest, method_id: uuid.UUID) -> HttpResponse:
    """Correct a method."""
    actor = actor_of(request)
    found = method_for(actor, MANAGE_METHODS, method_id)
    initial = {"name": found.name, "elements": found.elements, "from_on": found.from_on}
    form = ChangeMethodForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            services.change_method(found, **form.cleaned_data, by=actor)
        except Refused as error:
            form.add_error(error.field or None, error.message)
        else:
            messages.success(request, "已保存。", extra_tags=f"method-{found.pk}")
            return redirect("branch_life:methods")
    back, draft = reverse("branch_life:methods"), f"method-{found.pk}"
    return form_page(request, form, title=f"修改：{found.name}", lead=str(found.unit), back=back, draft=draft)


@writes(MANAGE_METHODS)
def method_end(request: HttpRequest, method_id: uuid.UUID) -> HttpResponse:
    """Say after which day a method is no longer followed."""
    actor = actor_of(request)
    found = method_for(actor, MANAGE_METHODS, method_id)
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, initial={"last_day": found.to_on or clock.today()})
    if form.is_bound and form.is_valid():
        try:
            services.end_method(found, last_day=form.cleaned_data["last_day"], by=actor)
        except Refused as error:
            form.add_error(error.field or None, error.message)
        else:
            messages.success(request, "已保存。")
            return redirect("branch_life:methods")
    back = reverse("branch_life:methods")
    return form_page(request, form, title=f"停用：{found.name}", lead=str(found.unit), back=back)
