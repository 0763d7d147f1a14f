"""The register of the days on which branches hold their theme day, and the pages that change it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.branch_life import services
from qizhi.branch_life.forms import ChangeThemeDayForm, ThemeDayForm
from qizhi.branch_life.permissions import MANAGE_THEME_DAYS, SEE_BRANCH_LIFE, theme_day_for
from qizhi.branch_life.queries.theme_days import theme_days_of
from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, key_asked, reads, say_refusal, table_file, writes
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_text
from qizhi.org.enums import UnitKind
from qizhi.org.queries import units_on

COLUMNS = (
    Column(key="unit", label="党支部", parse=parse_text, width=20),
    Column(key="day", label="固定活动日", parse=parse_text, width=24),
    Column(key="from_on", label="起始日期", parse=parse_day, width=14),
    Column(key="to_on", label="截止日期", parse=parse_day, width=14),
)


@reads(SEE_BRANCH_LIFE)
def theme_days(request: HttpRequest) -> HttpResponse:
    """What each branch has fixed, with its months."""
    actor, today = actor_of(request), clock.today()
    unit_id = key_asked(request, "unit")
    rows = theme_days_of(actor, unit_id)
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        told: list[dict[str, Any]] = [
            {"unit": row.unit.name, "day": row.label, "from_on": row.from_on, "to_on": row.to_on}
            for row in rows
        ]
        return table_file(COLUMNS, told, "固定活动日", kind)
    branches = units_on(actor.bureau_id, today, UnitKind.BRANCH)
    context = {
        "rows": list(rows),
        "branches": branches.filter(actor.reach(SEE_BRANCH_LIFE).units("")).order_by("position", "code"),
        "unit_id": unit_id,
        "today": today,
        "may_manage": actor.may(MANAGE_THEME_DAYS),
    }
    return render(request, "branch_life/theme_days.html", context)


@writes(MANAGE_THEME_DAYS)
def theme_day_new(request: HttpRequest) -> HttpResponse:
    """Fix the day of a branch."""
    actor, today = actor_of(request), clock.today()
    units = units_on(actor.bureau_id, today, UnitKind.BRANCH)
    units = units.filter(actor.reach(MANAGE_THEME_DAYS).units("")).order_by("position", "code")
    form = ThemeDayForm(
        request.POST if request.method == "POST" else None,
        units=units,
        initial={"unit": key_asked(request, "unit"), "from_on": f"{today:%Y-%m}"},
    )
    if form.is_bound and form.is_valid():
        try:
            made = services.fix_theme_day(**form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"已登记：{made}。", extra_tags="theme-day-new")
            return redirect("branch_life:theme_days")
    back = reverse("branch_life:theme_days")
    lead = "每月相对固定的一天；制度允许支部自定的，按这里登记的日子判定"
    return form_page(request, form, title="登记固定活动日", lead=lead, back=back, draft="theme-day-new")


@writes(MANAGE_THEME_DAYS)
def theme_day_edit(request: HttpRequest, theme_day_id: uuid.UUID) -> HttpResponse:
    """Correct the day or its months, or end it."""
    actor = actor_of(request)
    found = theme_day_for(actor, MANAGE_THEME_DAYS, theme_day_id)
    months = {"from_on": f"{found.from_on:%Y-%m}", "to_on": f"{found.to_on:%Y-%m}" if found.to_on else ""}
    form = ChangeThemeDayForm(
        request.POST if request.method == "POST" else None, initial={"day_rule": found.day_rule, **months}
    )
    draft = f"theme-day {found.pk}"
    if form.is_bound and form.is_valid():
        try:
            services.change_theme_day(found, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"已更正：{found}。", extra_tags=draft)
            return redirect("branch_life:theme_days")
    back = reverse("branch_life:theme_days")
    title, lead, told = "更正固定活动日", str(found.unit), audit.tell(found)
    return form_page(request, form, title=title, lead=lead, back=back, draft=draft, history=told)


@writes(MANAGE_THEME_DAYS)
def theme_day_remove(request: HttpRequest, theme_day_id: uuid.UUID) -> HttpResponse:
    """Take out what was entered by mistake."""
    actor = actor_of(request)
    found = theme_day_for(actor, MANAGE_THEME_DAYS, theme_day_id)
    if request.method == "POST":
        services.remove_theme_day(found, by=actor)
        messages.success(request, f"已删除：{found}。")
    return redirect("branch_life:theme_days")
