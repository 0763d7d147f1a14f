"""Monthly inspections: the list, one of them, what it has seen, what runs have found for it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.conduct.forms.inspections import InspectionForm, SampleForm
from qizhi.conduct.forms.parts import written
from qizhi.conduct.permissions.cases import RECORD_CASES, SEE_CASES, inspection_for
from qizhi.conduct.queries import inspections as queries
from qizhi.conduct.services import inspections as services
from qizhi.conduct.views.shared import columns, posted, step_page, year_of, years_offered
from qizhi.core import clock
from qizhi.core.http import actor_of, reads, table_file, writes
from qizhi.core.permissions import Actor
from qizhi.org.enums import UnitKind
from qizhi.org.models import Person, Unit
from qizhi.org.queries import units_on

PAGE = 36
COLUMNS = columns(
    ("month", "月份"),
    ("title", "名称"),
    ("held_on", "检查日期"),
    ("led_by", "负责人"),
    ("seen", "检查记录"),
    ("drafted", "立案"),
    ("status", "状态"),
)


@reads(SEE_CASES)
def inspections(request: HttpRequest) -> HttpResponse:
    """All inspections of a year."""
    actor, year = actor_of(request), year_of(request, clock.today().year)
    rows = queries.inspections_of(actor.bureau_id, year)
    if (file := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(COLUMNS, map(_row, rows), f"{year}年月度检查", file)
    context = {
        "page_of_inspections": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "year": year,
        "years": years_offered(year),
        "may_record": actor.may(RECORD_CASES),
    }
    return render(request, "conduct/inspections.html", context)


def _row(row: Any) -> dict[str, object]:
    names = ("month", "title", "held_on", "led_by", "seen", "drafted")
    return {**{name: getattr(row, name) for name in names}, "status": row.get_status_display()}


@reads(SEE_CASES)
def inspection(request: HttpRequest, inspection_id: uuid.UUID) -> HttpResponse:
    """One inspection: scope and sample, what was seen, what runs have found in its month."""
    actor = actor_of(request)
    found = inspection_for(actor, SEE_CASES, inspection_id)
    context = {
        "inspection": found,
        "units": found.units.order_by("position", "code"),
        "observations": queries.observations_of(found),
        "candidates": queries.candidates_of(found)[:200],
        "cases": found.cases.filter(bureau_id=found.bureau_id).select_related("person", "unit"),
        "may_record": actor.may(RECORD_CASES),
    }
    return render(request, "conduct/inspection.html", context)


def units_to_inspect(actor: Actor) -> QuerySet[Unit]:
    """Departments and branches of today."""
    return units_on(actor.bureau_id, clock.today(), UnitKind.DEPARTMENT, UnitKind.BRANCH)


def _first(actor: Actor) -> dict[str, Any]:
    today = clock.today()
    person = Person.objects.filter(bureau_id=actor.bureau_id, pk=actor.person_id or uuid.UUID(int=0)).first()
    title = f"{today.year}年{today.month}月作风纪律检查"
    return {"month": today, "title": title, "held_on": today, "led_by": written(person)}


@writes(RECORD_CASES)
def inspection_new(request: HttpRequest) -> HttpResponse:
    """Plan an inspection."""
    actor = actor_of(request)
    data = posted(request)
    form = InspectionForm(
        data,
        bureau_id=actor.bureau_id,
        units=units_to_inspect(actor),
        initial={} if data else _first(actor),
    )
    return step_page(
        request,
        form,
        lambda values: services.save_inspection(_values(values), id=values["id"], by=actor),
        title="新建月度检查",
        lead="先定范围和组织；样本可以由系统按公开的种子抽取",
        back=reverse("conduct:inspections"),
        done="已建立。",
    )


def _values(values: dict[str, Any]) -> services.InspectionValues:
    return services.InspectionValues(**{name: value for name, value in values.items() if name != "id"})


@writes(RECORD_CASES)
def inspection_edit(request: HttpRequest, inspection_id: uuid.UUID) -> HttpResponse:
    """Change an inspection while it is open."""
    actor = actor_of(request)
    found = inspection_for(actor, RECORD_CASES, inspection_id)
    names = ("month", "title", "held_on", "scope", "sampling")
    initial = {name: getattr(found, name) for name in names}
    initial |= {"led_by": written(found.led_by), "units": list(found.units.values_list("pk", flat=True))}
    form = InspectionForm(
        posted(request), bureau_id=actor.bureau_id, units=units_to_inspect(actor), initial=initial
    )
    return step_page(
        request,
        form,
        lambda values: services.save_inspection(_values(values), inspection=found, by=actor),
        title="修改月度检查",
        lead=str(found),
        back=found.get_absolute_url(),
        done="已保存。",
    )


@writes(RECORD_CASES)
def inspection_draw(request: HttpRequest, inspection_id: uuid.UUID) -> HttpResponse:
    """Let the machine draw a sample by a stated seed."""
    actor = actor_of(request)
    found = inspection_for(actor, RECORD_CASES, inspection_id)
    initial = {"on": found.held_on or clock.today(), "seed": f"{found.month:%Y-%m}"}
    return step_page(
        request,
        SampleForm(posted(request), initial=initial),
        lambda values: services.draw_sample(found, **values, by=actor),
        title="抽取样本",
        lead=f"{found}：按种子抽取，谁来重抽都是同样的人；重新抽取会替换原来写的抽样办法",
        back=found.get_absolute_url(),
        done="已抽取。",
        step="抽取",
    )


@writes(RECORD_CASES)
def inspection_close(request: HttpRequest, inspection_id: uuid.UUID) -> HttpResponse:
    """End an inspection."""
    actor = actor_of(request)
    found = inspection_for(actor, RECORD_CASES, inspection_id)
    if request.method == "POST":
        services.close_inspection(found, by=actor)
        messages.success(request, "检查已结束；已立的事项继续办理。")
    return redirect(found)
