"""Liaison officers and risk points."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from qizhi.conduct.enums import RiskLevel
from qizhi.conduct.forms.registers import (
    CloseRiskForm,
    EditLiaisonForm,
    EndLiaisonForm,
    LiaisonForm,
    RemoveLiaisonForm,
    ReviewRiskForm,
    RiskForm,
    today_first,
)
from qizhi.conduct.importers.registers import LIAISONS, RISKS, liaison_rows, risk_rows
from qizhi.conduct.permissions.registers import (
    MANAGE_LIAISONS,
    MANAGE_RISKS,
    SEE_RISKS,
    liaison_for,
    risk_for,
)
from qizhi.conduct.queries import risks as queries
from qizhi.conduct.services import risks as services
from qizhi.conduct.views.registers_shared import data_of, saved, tabs_for
from qizhi.core import audit, clock
from qizhi.core.http import actor_of, key_asked, reads, table_file, writes
from qizhi.core.paging import page_of
from qizhi.org.queries import PeopleIndex

PAGE = 50


@reads(SEE_RISKS)
def risks(request: HttpRequest) -> HttpResponse:
    """Risk points by the day of the next review."""
    actor, today = actor_of(request), clock.today()
    unit_id, level = key_asked(request, "unit"), request.GET.get("level", "")
    is_closed = request.GET.get("closed") == "1"
    found = queries.risks_of(
        actor, unit_id=unit_id, level=level if level in RiskLevel else "", is_closed=is_closed
    )
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(RISKS.columns, risk_rows(found), "廉政风险点", kind)
    context = {
        "tabs": tabs_for(actor, "conduct:risks"),
        "page_of_risks": page_of(found, PAGE, request.GET.get("page")),
        "overdue": queries.overdue_risks(actor, today).count(),
        "units": queries.departments(actor, SEE_RISKS, today),
        "levels": RiskLevel.choices,
        "unit_id": unit_id,
        "level": level,
        "is_closed": is_closed,
        "today": today,
        "may_manage": actor.may(MANAGE_RISKS),
    }
    return render(request, "conduct/risks.html", context)


@writes(MANAGE_RISKS)
def risk_new(request: HttpRequest) -> HttpResponse:
    """Write down a risk point."""
    actor = actor_of(request)
    units = queries.departments(actor, MANAGE_RISKS, clock.today())
    form = RiskForm(data_of(request), units=units, initial={"unit": units.first()})
    return saved(
        request,
        form,
        lambda: services.save_risk(facts=form.facts, by=actor, id=form.cleaned_data["id"]),
        title="登记廉政风险点",
        back=reverse("conduct:risks"),
    )


@reads(SEE_RISKS)
def risk(request: HttpRequest, risk_id: uuid.UUID) -> HttpResponse:
    """One risk point: what is done about it, when it was and will be looked at."""
    actor, today = actor_of(request), clock.today()
    found = risk_for(actor, SEE_RISKS, risk_id)
    may_manage = actor.may(MANAGE_RISKS, found.unit_id, found.unit.path)
    context = {
        "risk": found,
        "is_overdue": found.closed_on is None and found.review_on < today,
        "may_manage": may_manage,
        "liaisons": queries.liaisons_of(actor, today).filter(unit=found.unit),
        "history": audit.tell(found) if may_manage else [],
    }
    return render(request, "conduct/risk.html", context)


def _risk_form(request: HttpRequest, risk_id: uuid.UUID, what: str) -> HttpResponse:
    """The three forms about one risk point."""
    actor = actor_of(request)
    found = risk_for(actor, MANAGE_RISKS, risk_id)
    if what == "edit":
        units = queries.departments(actor, MANAGE_RISKS, clock.today())
        form: Any = RiskForm(data_of(request), units=units, initial={**vars(found), "unit": found.unit_id})
        save = lambda: services.save_risk(found, facts=form.facts, by=actor)  # noqa: E731 - one of three
    elif what == "review":
        form = ReviewRiskForm(data_of(request), initial=today_first("reviewed_on"))
        save = lambda: services.review_risk(found, **form.cleaned_data, by=actor)  # noqa: E731
    else:
        form = CloseRiskForm(data_of(request), initial=today_first("closed_on"))
        save = lambda: services.close_risk(found, **form.cleaned_data, by=actor)  # noqa: E731
    title = {"edit": "修改", "review": "复核", "close": "销号"}[what]
    back, lead = found.get_absolute_url(), str(found.unit)
    return saved(request, form, save, title=f"{title}：{found}", lead=lead, back=back)


@writes(MANAGE_RISKS)
def risk_edit(request: HttpRequest, risk_id: uuid.UUID) -> HttpResponse:
    """Correct a risk point."""
    return _risk_form(request, risk_id, "edit")


@writes(MANAGE_RISKS)
def risk_review(request: HttpRequest, risk_id: uuid.UUID) -> HttpResponse:
    """Note that it was looked at, and when that is due again."""
    return _risk_form(request, risk_id, "review")


@writes(MANAGE_RISKS)
def risk_close(request: HttpRequest, risk_id: uuid.UUID) -> HttpResponse:
    """Close it."""
    return _risk_form(request, risk_id, "close")


@reads(SEE_RISKS)
def liaisons(request: HttpRequest) -> HttpResponse:
    """Liaison officers of today or of all days, department by department."""
    actor, today = actor_of(request), clock.today()
    is_all = request.GET.get("all") == "1"
    found = queries.liaisons_of(actor, None if is_all else today)
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(LIAISONS.columns, liaison_rows(found), "廉政风险防控联络员", kind)
    rows = list(found)
    there = {row.unit_id for row in rows if row.to_on is None or row.to_on >= today}
    units = list(queries.departments(actor, SEE_RISKS, today))
    context = {
        "tabs": tabs_for(actor, "conduct:liaisons"),
        "rows": rows,
        "without": [unit for unit in units if unit.pk not in there],
        "units": units,
        "is_all": is_all,
        "may_manage": actor.may(MANAGE_LIAISONS),
    }
    return render(request, "conduct/liaisons.html", context)


@writes(MANAGE_LIAISONS)
def liaison_new(request: HttpRequest) -> HttpResponse:
    """Name a liaison officer."""
    actor = actor_of(request)
    form = LiaisonForm(
        data_of(request),
        units=queries.departments(actor, MANAGE_LIAISONS, clock.today()),
        index=PeopleIndex(actor.bureau_id),
        initial={**today_first("from_on"), "unit": key_asked(request, "unit")},
    )
    return saved(
        request,
        form,
        lambda: services.name_liaison(**form.cleaned_data, by=actor),
        title="登记联络员",
        back=reverse("conduct:liaisons"),
    )


@writes(MANAGE_LIAISONS)
def liaison_end(request: HttpRequest, liaison_id: uuid.UUID) -> HttpResponse:
    """End a term."""
    actor = actor_of(request)
    found = liaison_for(actor, MANAGE_LIAISONS, liaison_id)
    form = EndLiaisonForm(data_of(request), initial={"to_on": found.to_on or clock.today()})
    return saved(
        request,
        form,
        lambda: services.end_liaison(found, **form.cleaned_data, by=actor),
        title=f"结束：{found}",
        back=reverse("conduct:liaisons"),
    )


@writes(MANAGE_LIAISONS)
def liaison_edit(request: HttpRequest, liaison_id: uuid.UUID) -> HttpResponse:
    """Correct a term that was entered wrongly."""
    actor = actor_of(request)
    found = liaison_for(actor, MANAGE_LIAISONS, liaison_id)
    form = EditLiaisonForm(
        data_of(request),
        units=queries.departments(actor, MANAGE_LIAISONS, clock.today()),
        index=PeopleIndex(actor.bureau_id),
        initial={
            "unit": found.unit_id,
            "person": f"{found.person.name}({found.person.staff_no})",
            "from_on": found.from_on,
            "to_on": found.to_on,
        },
    )
    return saved(
        request,
        form,
        lambda: services.correct_liaison(found, **form.cleaned_data, by=actor),
        title=f"更正：{found}",
        lead="只改登记错的；换人的，先结束这一位，再登记下一位",
        back=reverse("conduct:liaisons"),
        row=found,
    )


@writes(MANAGE_LIAISONS)
def liaison_remove(request: HttpRequest, liaison_id: uuid.UUID) -> HttpResponse:
    """Remove a term that was entered by mistake."""
    actor = actor_of(request)
    found = liaison_for(actor, MANAGE_LIAISONS, liaison_id)
    form = RemoveLiaisonForm(data_of(request))
    return saved(
        request,
        form,
        lambda: services.remove_liaison(found, **form.cleaned_data, by=actor),
        title=f"删除：{found}",
        back=reverse("conduct:liaisons"),
        done="已删除；操作日志保留登记的内容和理由。",
        step="删除",
    )
