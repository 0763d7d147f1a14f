"""Series, templates and kinds."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, sheet, writes
from qizhi.gatherings import services
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.forms.settings import (
    KindForm,
    NewKindForm,
    NewSeriesForm,
    SeriesForm,
    TemplateForm,
    rule_parts,
)
from qizhi.gatherings.models import Kind, Series, Template
from qizhi.gatherings.permissions import MANAGE_KINDS, RECORD, SEE, kind_for, series_for, template_for
from qizhi.gatherings.queries.series import editions, series_lines
from qizhi.gatherings.rules import streak
from qizhi.gatherings.views import sheets
from qizhi.org.enums import UnitKind
from qizhi.org.models import Bureau
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import UnknownCalendarError, WorkingCalendar, next_occurrence, parse_due_rule


@reads(SEE)
def series_list(request: HttpRequest) -> HttpResponse:
    """All series with their years in a row."""
    actor = actor_of(request)
    lines = series_lines(actor.bureau_id, clock.today())
    if (file := sheet(request, sheets.SERIES, map(sheets.series_row, lines), "系列活动")) is not None:
        return file
    context = {
        "lines": lines,
        "may_manage": actor.may(MANAGE_KINDS),
    }
    return render(request, "gatherings/series_list.html", context)


@reads(SEE)
def series(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """One series: its years, and the gatherings of each that the reader may open."""
    actor = actor_of(request)
    found = series_for(actor, SEE, series_id)
    rows = editions(actor, found)
    file = sheet(request, sheets.EDITIONS, sheets.edition_rows(rows), f"{found.name}历年活动")
    if file is not None:
        return file
    run = streak([row.year for row in rows], clock.today().year, is_running=True)
    context = {
        "series": found,
        "editions": rows,
        "run": run,
        "may_manage": actor.may(MANAGE_KINDS),
        "may_record": actor.may(RECORD),
        "history": audit.tell(found) if actor.may(MANAGE_KINDS) else [],
    }
    return render(request, "gatherings/series.html", context)


@writes(MANAGE_KINDS)
def series_new(request: HttpRequest) -> HttpResponse:
    """Make a series."""
    form = NewSeriesForm(request.POST or None)
    return _edited(
        request, form, services.save_series, title="新建系列", back=reverse("gatherings:series_list")
    )


@writes(MANAGE_KINDS)
def series_edit(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """Change a series."""
    found = series_for(actor_of(request), MANAGE_KINDS, series_id)
    form = SeriesForm(request.POST or None, initial=_initial(found, SeriesForm))
    back = found.get_absolute_url()
    return _edited(request, form, services.save_series, title=f"修改系列：{found}", back=back, series=found)


@reads(SEE)
def kinds(request: HttpRequest) -> HttpResponse:
    """All kinds: who is due, and which ledgers they count for."""
    actor = actor_of(request)
    rows = Kind.objects.filter(bureau_id=actor.bureau_id).annotate(
        number=Count("gathering_links", filter=Q(gathering_links__gathering__withdrawn_at=None))
    )
    rows = rows.order_by("position", "key")  # counting drops the order of the model
    labels, units = dict(Ledger.choices), dict(UnitKind.choices)
    lines = [
        {
            "kind": kind,
            "ledgers": "、".join(str(labels[one]) for one in kind.ledgers if one in labels),
            "units": "、".join(str(units[one]) for one in kind.unit_kinds if one in units),
        }
        for kind in rows
    ]
    if (file := sheet(request, sheets.KINDS, map(sheets.kind_row, lines), "活动类型")) is not None:
        return file
    context = {"lines": lines, "may_manage": actor.may(MANAGE_KINDS), "is_empty": not lines}
    return render(request, "gatherings/kinds.html", context)


@writes(MANAGE_KINDS)
def kind_new(request: HttpRequest) -> HttpResponse:
    """Make a kind; or, by its second button, load the standard ones."""
    actor = actor_of(request)
    if request.method == "POST" and "standard" in request.POST:
        bureau = Bureau.objects.get(pk=actor.bureau_id)
        services.load_standard_kinds(bureau, by=actor)
        services.load_standard_templates(bureau, by=actor)
        messages.success(request, "标准类型和模板已载入；原有的没有改动。")
        return redirect("gatherings:kinds")
    form = NewKindForm(request.POST or None)
    back = reverse("gatherings:kinds")
    return _edited(request, form, services.save_kind, title="新建活动类型", back=back)


@writes(MANAGE_KINDS)
def kind_edit(request: HttpRequest, kind_id: uuid.UUID) -> HttpResponse:
    """Change a kind."""
    found = kind_for(actor_of(request), MANAGE_KINDS, kind_id)
    form = KindForm(request.POST or None, initial=_initial(found, KindForm))
    back = reverse("gatherings:kinds")
    title = f"修改活动类型：{found}"
    return _edited(request, form, services.save_kind, title=title, back=back, kind=found)


@reads(SEE)
def templates(request: HttpRequest) -> HttpResponse:
    """All templates with the day on which each falls next."""
    actor = actor_of(request)
    rows = Template.objects.filter(bureau_id=actor.bureau_id).select_related("series")
    calendar, today = calendar_for(actor.bureau_id), clock.today()
    lines = [
        {
            "template": row,
            "kinds": "、".join(kind.name for kind in row.kinds.all()),
            "rule": parse_due_rule(row.day_rule).label if row.day_rule else "",
            "next": _next(row, today, calendar),
            "unit": UnitKind(row.unit_kind).label if row.unit_kind else "不限",
        }
        for row in rows.prefetch_related("kinds").order_by("-is_active", "name")
    ]
    if (file := sheet(request, sheets.TEMPLATES, map(sheets.template_row, lines), "活动模板")) is not None:
        return file
    context = {"lines": lines, "may_manage": actor.may(MANAGE_KINDS), "may_record": actor.may(RECORD)}
    return render(request, "gatherings/templates.html", context)


def _next(row: Template, today: dt.date, calendar: WorkingCalendar) -> dict[str, Any]:
    if not row.day_rule:
        return {"day": None, "why": ""}
    try:
        return {"day": next_occurrence(row.day_rule, today, calendar), "why": ""}
    except UnknownCalendarError as error:
        return {"day": None, "why": f"缺少{error.year}年放假安排"}


@writes(MANAGE_KINDS)
def template_new(request: HttpRequest) -> HttpResponse:
    """Make a template."""
    form = TemplateForm(request.POST or None, **_choices(request))
    return _edited_template(request, form, None)


@writes(MANAGE_KINDS)
def template_edit(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Change a template."""
    found = template_for(actor_of(request), MANAGE_KINDS, template_id)
    initial = (
        _initial(found, TemplateForm)
        | rule_parts(found.day_rule)
        | {
            "kinds": [str(kind.pk) for kind in found.kinds.all()],
            "series": str(found.series_id or ""),
        }
    )
    form = TemplateForm(request.POST or None, initial=initial, **_choices(request))
    return _edited_template(request, form, found)


def _edited_template(request: HttpRequest, form: TemplateForm, template: Template | None) -> HttpResponse:
    def save(*, values: dict[str, Any], **more: Any) -> Template:
        return services.save_template(
            values=values, kinds=form.chosen_kinds(), by=more["by"], template=template, id=more.get("id")
        )

    title = f"修改模板：{template}" if template else "新建模板"
    return _edited(request, form, save, title=title, back=reverse("gatherings:templates"))


def _edited(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[..., Any],
    *,
    title: str,
    back: str,
    **row: Any,
) -> HttpResponse:
    """One form page: what was typed goes to the service, its refusals into the form."""
    draft = f"gatherings-setting {request.path}"
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        key = values.pop("id", None)
        try:
            made = save(values=values, by=actor_of(request), **({"id": key} if key else {}), **row)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"“{made}”已保存。", extra_tags=draft)
            return redirect(back)
    return form_page(request, form, title=title, back=back, draft=draft)


_APART = {"id", "kinds", "series", "rule", "rule_day"}
"""Inputs that are no column of their row."""


def _choices(request: HttpRequest) -> dict[str, Any]:
    bureau_id = actor_of(request).bureau_id
    return {
        "kinds": Kind.objects.filter(bureau_id=bureau_id),
        "series": Series.objects.filter(bureau_id=bureau_id),
    }


def _initial(row: Any, form: type[forms.Form]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form.base_fields if name not in _APART}
