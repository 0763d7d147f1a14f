"""Plans against what was held: the bureau's page, a plan's page, and a person's word on one item."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import clock, periods
from qizhi.core.figures import Measure, Value, say
from qizhi.core.http import actor_of, reads, sheet, table_file, writes
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import integer, parse_day, parse_text
from qizhi.core.years import year_asked, years_offered
from qizhi.gatherings.models import Gathering
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.study.forms.plans import LinkForm
from qizhi.study.queries import plans as queries
from qizhi.study.queries.plans import Compared, Line
from qizhi.study.queries.rota import OPEN
from qizhi.study.rules.plans import Basis, Progress, closeness
from qizhi.study.services import plans as services
from qizhi.study.views.rota import rota_in
from qizhi.tasks.models import PlanItem
from qizhi.tasks.permissions import MANAGE_PLANS, SEE_PLANS, item_for, plan_for

STATES = {
    Progress.DONE: ("done", "已开展"),
    Progress.DUE: ("due", "未到期"),
    Progress.MISSING: ("missing", "未开展"),
    Progress.GONE: ("na", "不适用"),
    Progress.CANCELLED: ("na", "已取消"),
}
BASES = {Basis.PERSON: "人工认定", Basis.TOPIC: "按月份和内容对应", Basis.MONTH: "按月份对应，内容请核对"}
COLUMNS = (
    Column(key="month", label="月份", parse=parse_text),
    Column(key="topic", label="计划内容", parse=parse_text, width=40),
    Column(key="lead", label="牵头人", parse=parse_text),
    Column(key="state", label="情况", parse=parse_text),
    Column(key="held_on", label="实际日期", parse=parse_day, width=14),
    Column(key="title", label="实际活动", parse=parse_text, width=40),
    Column(key="note", label="说明", parse=parse_text, width=24),
)
COUNTED = {
    "planned": "计划",
    "done": "已开展",
    "missing": "未开展",
    "due": "未到期",
    "cancelled": "已取消",
    "gone": "不适用",
}
BUREAU = (
    Column(key="unit", label="组织", parse=parse_text, width=24),
    *(Column(key=key, label=label, parse=integer()) for key, label in COUNTED.items()),
    Column(key="extra", label="计划外", parse=integer()),
    Column(key="state", label="说明", parse=parse_text),
)

PACES = (
    Column(key="label", label="中心组学习", parse=parse_text, width=24),
    Column(key="in_year", label="全年次数", parse=parse_text),
    Column(key="trailing", label="近十二个月", parse=parse_text),
    Column(key="average", label="年均", parse=parse_text),
    Column(key="years", label="年均的年度", parse=parse_text, width=18),
)


@reads(SEE_PLANS)
def bureau(request: HttpRequest) -> HttpResponse:
    """The centre group and every branch the reader may see: planned, carried out, missing."""
    actor = actor_of(request)
    year = year_asked(request, is_ahead=True)
    reach = actor.reach(SEE_PLANS)
    plans = queries.study_plans(actor.bureau_id, periods.year(year)).filter(reach.units())
    found = queries.compare(plans, clock.today())
    by_unit = {one.plan.unit_id: one for one in found.values()}
    units = list(queries.study_units(actor.bureau_id, year).filter(reach.units("")))
    span = periods.year(year)
    rows = [(unit, by_unit.get(unit.pk), unit.why_ended(span)) for unit in units]
    if request.GET.get("table") == "paces":
        told = [one for one in _paces(actor.bureau_id, year) if any(map(_is_centre, units))]
        if (file := sheet(request, PACES, told, f"{year}年中心组学习次数")) is not None:
            return file
    if (file := sheet(request, BUREAU, map(_bureau_row, rows), f"{year}年学习计划完成情况")) is not None:
        return file
    centre = next(filter(_is_centre, units), None)
    context = {
        "year": year,
        "years": years_offered(request),
        "rows": rows,
        "done": sum(one.done for one in found.values()),
        "planned": sum(one.planned for one in found.values()),
        "missing": sum(one.missing for one in found.values()),
        "unplanned": sum(1 for _, one, why in rows if one is None and not why),
        "may_manage": actor.may(MANAGE_PLANS),
        "centre": centre,
        "paces": _paces(actor.bureau_id, year) if centre else [],
    }
    return render(request, "study/bureau.html", context)


def _is_centre(unit: Unit) -> bool:
    return unit.kind == UnitKind.CENTRE_GROUP


def _bureau_row(row: tuple[Unit, Compared | None, str]) -> dict[str, Any]:
    unit, one, why = row
    if one is None:
        return {"unit": unit.name, "state": why or "未编制"}
    numbers = {key: getattr(one, key) for key in COUNTED}
    return {"unit": unit.name, **numbers, "extra": len(one.extra), "state": why or None}


def _paces(bureau_id: uuid.UUID, year: int) -> list[dict[str, str]]:
    def said(value: Value) -> str:
        return say(value, Measure.TIMES)

    return [
        {
            "label": one.label,
            "in_year": said(one.in_year),
            "trailing": said(one.trailing),
            "average": said(one.average),
            "years": one.years,
        }
        for one in queries.paces(bureau_id, year, clock.today())
    ]


@reads(SEE_PLANS)
def plan(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """One plan, item by item, with the gathering that carried each out; and what stands in no item."""
    actor = actor_of(request)
    found = plan_for(actor, SEE_PLANS, plan_id)
    if not found.is_study:
        raise Http404
    compared = queries.compare([found], clock.today())[found.pk]
    kind = request.GET.get("format")
    if kind in {"xlsx", "csv"}:
        return _table(compared, kind)
    context = {
        "plan": found,
        "compared": compared,
        "lines": [_shown(line, found.unit, actor) for line in compared.lines],
        "rota": rota_in(compared),
        "may_manage": actor.may(MANAGE_PLANS, found.unit_id, found.unit.path),
    }
    return render(request, "study/plan.html", context)


def _shown(line: Line, unit: Unit, actor: Actor) -> dict[str, Any]:
    kind, words = STATES[line.progress]
    is_open = (
        line.progress in OPEN and (line.item.plan.year, line.item.month) <= clock.today().timetuple()[:2]
    )
    step = queries.record_item("登记", line.item, unit) if is_open else None
    return {
        "item": line.item,
        "gathering": line.gathering,
        "kind": kind,
        "words": words,
        "why": line.why,
        "basis": BASES[line.basis] if line.basis else "",
        "record": step.address if step and step.is_for(actor) else "",
    }


def _table(compared: Compared, kind: str) -> HttpResponse:
    rows = [
        {
            "month": f"{line.item.month}月",
            "topic": line.item.topic,
            "lead": str(line.item.lead or ""),
            "state": STATES[line.progress][1],
            "held_on": line.gathering.held_on if line.gathering else None,
            "title": line.gathering.title if line.gathering else None,
            "note": line.why or (BASES[line.basis] if line.basis else ""),
        }
        for line in compared.lines
    ] + [
        {"state": "计划外", "held_on": gathering.held_on, "title": gathering.title}
        for gathering in compared.extra
    ]
    name = f"{compared.plan.name}完成情况"
    return table_file(COLUMNS, rows, name, kind)


@writes(MANAGE_PLANS)
def item_link(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Name the gathering that carried out an item, out of those of the year, the likeliest first."""
    actor = actor_of(request)
    item = item_for(actor, MANAGE_PLANS, item_id)
    form = LinkForm(
        request.POST if request.method == "POST" else None, gatherings=queries.candidates(item, clock.today())
    )
    if request.method == "POST" and form.is_valid():
        services.link_item(item, form.cleaned_data["gathering"], by=actor)
        messages.success(request, f"“{item}”已认定为“{form.cleaned_data['gathering']}”。")
        return redirect("study:plan", item.plan_id)
    context = {
        "item": item,
        "form": form,
        "candidates": _likeliest(item, list(queries.candidates(item, clock.today()))),
        "back": reverse("study:plan", args=[item.plan_id]),
    }
    return render(request, "study/link.html", context, status=422 if form.errors else 200)


def _likeliest(item: PlanItem, gatherings: list[Gathering]) -> list[Gathering]:
    def order(gathering: Gathering) -> Any:
        words = f"{gathering.title}\n{gathering.topics}"
        is_other = not gathering.counts  # type: ignore[attr-defined] # annotated by `candidates`
        distance = abs(gathering.held_on.month - item.month)
        return is_other, distance, -closeness(item.topic, words), gathering.held_on

    return sorted(gatherings, key=order)


@writes(MANAGE_PLANS)
def item_unlink(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Say that a gathering did not carry out an item."""
    actor = actor_of(request)
    item = item_for(actor, MANAGE_PLANS, item_id)
    form = LinkForm(
        request.POST if request.method == "POST" else None, gatherings=queries.candidates(item, clock.today())
    )
    if request.method == "POST" and form.is_valid():
        services.unlink_item(item, form.cleaned_data["gathering"], by=actor)
        messages.success(request, f"已取消“{item}”与“{form.cleaned_data['gathering']}”的对应。")
    return redirect("study:plan", item.plan_id)
