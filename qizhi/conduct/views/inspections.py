"""Monthly inspections: the list, one of them, what it has seen, what runs have found for it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.conduct.forms.inspections import InspectionForm, ReopenInspectionForm, SampleForm
from qizhi.conduct.forms.parts import written
from qizhi.conduct.permissions.cases import (
    RECORD_CASES,
    REOPEN_INSPECTIONS,
    SEE_CASES,
    inspection_for,
)
from qizhi.conduct.queries import inspections as queries
from qizhi.conduct.queries import samples
from qizhi.conduct.services import inspections as services
from qizhi.conduct.views.shared import columns, posted, step_page
from qizhi.core import audit, clock
from qizhi.core.http import actor_of, reads, sheet, writes
from qizhi.core.paging import page_of
from qizhi.core.periods import month_of
from qizhi.core.permissions import Actor
from qizhi.core.years import year_asked, years_offered
from qizhi.org.enums import UnitKind
from qizhi.org.models import Person, Unit
from qizhi.org.queries import units_on
from qizhi.regulations.models import Finding
from qizhi.regulations.permissions import RUN_CLAUSES, SEE_FINDINGS
from qizhi.regulations.services import months_behind

PAGE = 36
FIRST_FOUND, FOUND_PAGE = 10, 50
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
    actor, year = actor_of(request), year_asked(request)
    rows = queries.inspections_of(actor.bureau_id, year)
    if (file := sheet(request, COLUMNS, map(_row, rows), f"{year}年月度检查")) is not None:
        return file
    context = {
        "page_of_inspections": page_of(rows, PAGE, request.GET.get("page")),
        "year": year,
        "years": years_offered(request),
        "months": queries.months_inspected(actor.bureau_id, year, clock.today()),
        "may_record": actor.may(RECORD_CASES),
    }
    return render(request, "conduct/inspections.html", context)


def _row(row: Any) -> dict[str, object]:
    names = ("month", "title", "held_on", "seen", "drafted")
    values = {name: getattr(row, name) for name in names}
    return {**values, "led_by": str(row.led_by), "status": row.get_status_display()}


@reads(SEE_CASES)
def inspection(request: HttpRequest, inspection_id: uuid.UUID) -> HttpResponse:
    """One inspection: scope and sample, what was seen, what runs have found in its month."""
    actor = actor_of(request)
    found = inspection_for(actor, SEE_CASES, inspection_id)
    last, candidates = samples.latest_draw(found), queries.candidates_of(found)
    context = {
        "inspection": found,
        "units": found.units.order_by("position", "code"),
        "draw": last,
        "said": samples.say_draw(last) if last else "",
        "observations": queries.observations_of(found),
        "candidates": candidates[:FIRST_FOUND],
        "candidates_number": candidates.count(),
        "elsewhere": queries.candidates_of(found, "all").count(),
        "judged": queries.month_judged(found),
        "behind": months_behind(found.bureau_id, month_of(found.month)),
        "may_run": actor.may(RUN_CLAUSES),
        "may_see_findings": actor.may(SEE_FINDINGS),
        "today": clock.today(),
        "cases": found.cases.filter(bureau_id=found.bureau_id).select_related("person", "unit"),
        "history": audit.tell(found),
        "may_record": actor.may(RECORD_CASES),
        "may_reopen": actor.may(REOPEN_INSPECTIONS),
    }
    return render(request, "conduct/inspection.html", context)


FOUND_COLUMNS = columns(
    ("person", "人员"),
    ("staff_no", "工号"),
    ("unit", "组织"),
    ("sentence", "说明"),
    ("clause", "依据条款"),
    ("points", "分值"),
    ("end", "期间止"),
)


def _found_row(row: Finding) -> dict[str, object]:
    return {
        "person": row.person.name if row.person else "",
        "staff_no": row.person.staff_no if row.person else "",
        "unit": str(row.unit or ""),
        "sentence": row.sentence,
        "clause": row.clause.source,
        "points": row.points,
        "end": row.end,
    }


@reads(SEE_CASES)
def inspection_findings(request: HttpRequest, inspection_id: uuid.UUID) -> HttpResponse:
    """All that runs have found in the month of an inspection: in its scope, its sample, or anywhere."""
    actor, asked = actor_of(request), request.GET
    found = inspection_for(actor, SEE_CASES, inspection_id)
    scope = asked.get("scope", "") if asked.get("scope") in dict(queries.SCOPES) else "units"
    every = queries.candidates_of(found, scope)
    clause, text = asked.get("clause", "").strip(), asked.get("q", "").strip()
    rows = queries.narrowed(every, clause=clause, text=text)
    if (file := sheet(request, FOUND_COLUMNS, map(_found_row, rows), f"{found}线索")) is not None:
        return file
    context = {
        "inspection": found,
        "page_of_findings": page_of(rows, FOUND_PAGE, asked.get("page")),
        "number": rows.count(),
        "scopes": queries.SCOPES,
        "scope": scope,
        "clauses": queries.clauses_found(every),
        "clause": clause,
        "text": text,
        "has_draw": samples.latest_draw(found) is not None,
        "behind": months_behind(found.bureau_id, month_of(found.month)),
        "may_run": actor.may(RUN_CLAUSES),
        "today": clock.today(),
        "may_record": actor.may(RECORD_CASES),
    }
    return render(request, "conduct/inspection_findings.html", context)


FRAME_COLUMNS = columns(
    ("place", "次序"),
    ("staff_no", "工号"),
    ("name", "姓名"),
    ("unit", "组织"),
    ("is_drawn", "抽中"),
    ("sum", "校验值（SHA-256）"),
)


@reads(SEE_CASES)
def inspection_sample(request: HttpRequest, inspection_id: uuid.UUID) -> HttpResponse:
    """The sample of an inspection, drawn again: the same people or not, and why not."""
    actor = actor_of(request)
    found = inspection_for(actor, SEE_CASES, inspection_id)
    draws = list(samples.draws_of(found))
    last = draws[0] if draws else None
    rows = samples.frame_rows(last) if last else []
    if (file := sheet(request, FRAME_COLUMNS, rows, f"{found}抽样")) is not None:
        return file
    units = sorted(map(str, found.units.values_list("pk", flat=True)))
    context = {
        "inspection": found,
        "draw": last,
        "earlier": draws[1:],
        "said": samples.say_draw(last) if last else "",
        "again": samples.draw_again(last) if last else None,
        "people": samples.sampled(found, last) if last else [],
        "is_of_units": last is None or sorted(unit["id"] for unit in last.units) == units,
        "may_record": actor.may(RECORD_CASES),
    }
    return render(request, "conduct/inspection_sample.html", context)


def units_to_inspect(actor: Actor) -> QuerySet[Unit]:
    """Departments and branches of today."""
    return units_on(actor.bureau_id, clock.today(), UnitKind.DEPARTMENT, UnitKind.BRANCH)


def _first(actor: Actor) -> dict[str, Any]:
    today = clock.today()
    person = Person.objects.filter(bureau_id=actor.bureau_id, pk=actor.person_id or uuid.UUID(int=0)).first()
    title = queries.free_title(actor.bureau_id, today, f"{today.year}年{today.month}月作风纪律检查")
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
        lead="先定范围和组织；样本可以由系统按公开的口令抽取",
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
        lead=f"{found}：按事先公开的口令抽取，谁来重抽都是同样的人；总体、口令和名单都留存，可以随时核对",
        back=found.get_absolute_url(),
        done="已抽取，名单在下面。",
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


@writes(REOPEN_INSPECTIONS)
def inspection_reopen(request: HttpRequest, inspection_id: uuid.UUID) -> HttpResponse:
    """Open an inspection that is over once more, and say why."""
    actor = actor_of(request)
    found = inspection_for(actor, REOPEN_INSPECTIONS, inspection_id)
    return step_page(
        request,
        ReopenInspectionForm(posted(request)),
        lambda values: services.reopen_inspection(found, because=values["because"], by=actor),
        title="重新打开检查",
        lead=f"{found}：打开以后可以补记、更正；谁、何时、为什么打开都留在经过里",
        back=found.get_absolute_url(),
        done="已重新打开。补记完请再次结束。",
        step="重新打开",
    )
