"""Plans: the list, a plan, and the page on which a plan is written."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, key_asked, reads, say_refusal, table_file, writes
from qizhi.core.ids import read_key
from qizhi.core.paging import page_of
from qizhi.core.permissions import Actor
from qizhi.core.years import year_narrowing, years_offered
from qizhi.tasks import queries, services
from qizhi.tasks.enums import PURPOSES_OF, Purpose
from qizhi.tasks.forms.plans import CancelForm, ChangePlanForm, PlanForm, item_rows
from qizhi.tasks.importers import PLANS, plan_rows
from qizhi.tasks.models import Plan
from qizhi.tasks.permissions import MANAGE_PLANS, SEE_PLANS, item_for, plan_for
from qizhi.tasks.views.shared import Finder

PAGE = 50
BLANK_ROWS = 12
MORE_ROWS = 6


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The filters of the list; what cannot be read filters nothing."""
    purpose = request.GET.get("purpose", "")
    return {
        "year": year_narrowing(request, is_ahead=True),
        "unit_id": key_asked(request, "unit"),
        "purposes": [purpose] if purpose in Purpose else [],
    }


@reads(SEE_PLANS)
def plans(request: HttpRequest) -> HttpResponse:
    """Plans of the units the reader may see; the same list goes out as a table that comes in again."""
    actor, asked = actor_of(request), _asked(request)
    found = queries.plans_of(actor, SEE_PLANS, **asked)
    kind = request.GET.get("format", "")
    if kind in {"xlsx", "csv"}:
        return table_file(PLANS, plan_rows(queries.with_items(found)), "计划", kind, title="")
    context = {
        "page_of_plans": page_of(found, PAGE, request.GET.get("page")),
        "units": queries.planning_units(actor, SEE_PLANS, clock.today()),
        "years": years_offered(request),
        "purposes": Purpose.choices,
        "purpose": next(iter(asked["purposes"]), ""),
        "asked": asked,
        "may_manage": actor.may(MANAGE_PLANS),
    }
    return render(request, "tasks/plans.html", context)


@reads(SEE_PLANS)
def plan(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """One plan, month by month."""
    actor = actor_of(request)
    found = plan_for(actor, SEE_PLANS, plan_id)
    items = list(queries.items_of(found))
    may_manage = actor.may(MANAGE_PLANS, found.unit_id, found.unit.path)
    context = {
        "plan": found,
        "items": items,
        "standing": sum(1 for item in items if not item.cancelled_because),
        "may_manage": may_manage,
        "history": audit.tell(found, items) if may_manage else [],
    }
    return render(request, "tasks/plan.html", context)


def _initial(found: Plan) -> list[dict[str, Any]]:
    return [
        {
            "id": item.pk,
            "month": item.month,
            "topic": item.topic,
            "lead": f"{item.lead.name}({item.lead.staff_no})" if item.lead else "",
            "ledger": item.ledger,
        }
        for item in queries.items_of(found).filter(cancelled_because="")
    ]


def _typed(request: HttpRequest) -> list[dict[str, Any]]:
    """The rows as they stand on the page, unchecked: more rows are asked for before anything is saved."""
    count = request.POST.get("items-TOTAL_FORMS", "")
    names = ("id", "month", "topic", "lead", "ledger", "DELETE")
    total = min(int(count), 100) if count.isdecimal() else 0
    return [{name: request.POST.get(f"items-{row}-{name}", "") for name in names} for row in range(total)]


def _copied(request: HttpRequest, actor: Actor) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the page of a new plan starts from: nothing, or the plan of another year."""
    source = key_asked(request, "copy")
    if source is None:
        asked = {name: request.GET[name] for name in ("unit", "year", "purpose") if name in request.GET}
        return {"purpose": _likely_purpose(actor, asked.get("unit", "")), **asked}, []
    last = plan_for(actor, MANAGE_PLANS, source)
    first = {"unit": last.unit_id, "year": last.year + 1, "purpose": last.purpose}
    return first, [{**row, "id": ""} for row in _initial(last)]


def _likely_purpose(actor: Actor, unit_id: str) -> str:
    """What the unit (or, without one, the first that the actor plans for) most likely makes a plan for."""
    units = queries.planning_units(actor, MANAGE_PLANS, clock.today())
    key = read_key(unit_id)
    unit = units.filter(pk=key).first() if key else units.first()
    suited = [purpose for purpose, kinds in PURPOSES_OF.items() if unit and unit.kind in kinds]
    return suited[0] if suited else Purpose.OTHER


@writes(MANAGE_PLANS)
def plan_new(request: HttpRequest) -> HttpResponse:
    """Write a plan with its items on one page, from nothing or from another year's."""
    actor = actor_of(request)
    units = queries.planning_units(actor, MANAGE_PLANS, clock.today())
    find = Finder(actor.bureau_id)
    if request.method != "POST" or "more" in request.POST:
        first, rows = (
            _copied(request, actor) if request.method != "POST" else (request.POST.dict(), _typed(request))
        )
        form = PlanForm(initial=first, units=units)
        extra = MORE_ROWS if rows else BLANK_ROWS
        return _written(request, form, item_rows(find, initial=rows, extra=extra), title="编制计划")
    form, rows_form = PlanForm(request.POST, units=units), item_rows(find, data=request.POST, extra=0)
    if form.is_valid() & rows_form.is_valid():
        try:
            made = services.create_plan(**form.cleaned_data, items=rows_form.items(), by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"“{made}”已保存。", extra_tags="plan-new")
            return redirect(made)
    return _written(request, form, rows_form, title="编制计划")


@writes(MANAGE_PLANS)
def plan_edit(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """Change a plan and its items on one page."""
    actor = actor_of(request)
    found = plan_for(actor, MANAGE_PLANS, plan_id)
    find = Finder(actor.bureau_id)
    if request.method != "POST" or "more" in request.POST:
        is_first = request.method != "POST"
        first = {"name": found.name, "adopted_on": found.adopted_on} if is_first else request.POST.dict()
        rows = item_rows(find, initial=_initial(found) if is_first else _typed(request), extra=MORE_ROWS)
        return _written(request, ChangePlanForm(initial=first), rows, plan=found)
    form, rows = ChangePlanForm(request.POST), item_rows(find, data=request.POST, extra=0)
    if form.is_valid() & rows.is_valid():
        try:
            services.change_plan(found, **form.cleaned_data, items=rows.items(), by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "计划已保存。", extra_tags=f"plan-{found.pk}")
            return redirect(found)
    return _written(request, form, rows, plan=found)


def _written(
    request: HttpRequest, form: Any, rows: Any, *, title: str = "", plan: Plan | None = None
) -> HttpResponse:
    """The page on which a plan is written; 422 when something is wrong, with everything typed."""
    unit = plan.unit if plan else None
    if plan is None:
        chosen = form["unit"].value()
        units = form.fields["unit"].queryset
        unit = units.filter(pk=read_key(str(chosen))).first() if chosen else units.first()
    context = {
        "form": form,
        "rows": rows,
        "plan": plan,
        "title": title or f"修改：{plan}",
        "draft": f"plan-{plan.pk}" if plan else "plan-new",
        "leads": queries.likely_leads(unit, clock.today()) if unit else [],
        "more_rows": MORE_ROWS,
    }
    context["has_row_errors"] = form.is_bound and (any(rows.errors) or bool(rows.non_form_errors()))
    has_errors = form.is_bound and (form.errors or context["has_row_errors"])
    return render(request, "tasks/plan_form.html", context, status=422 if has_errors else 200)


@writes(MANAGE_PLANS)
def plan_delete(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """Remove a plan made by mistake, after a question."""
    actor = actor_of(request)
    found = plan_for(actor, MANAGE_PLANS, plan_id)
    if request.method == "POST":
        services.delete_plan(found, by=actor)
        messages.success(request, f"“{found}”已删除，操作日志中留有全部内容。")
        return redirect("tasks:plans")
    context = {"plan": found, "items": queries.items_of(found)}
    return render(request, "tasks/plan_delete.html", context)


@writes(MANAGE_PLANS)
def item_cancel(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Cancel an item with a reason."""
    actor = actor_of(request)
    item = item_for(actor, MANAGE_PLANS, item_id)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_item(item, because=form.cleaned_data["because"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"“{item}”已取消。", extra_tags=f"cancel-{item.pk}")
            return redirect(item.plan)
    return form_page(
        request,
        form,
        title=f"取消计划项：{item}",
        lead=f"{item.plan} · {item.month}月。取消后仍显示在计划里，并写明原因。",
        back=reverse("tasks:plan", args=[item.plan_id]),
        draft=f"cancel-{item.pk}",
        step="取消这一项",
    )


@writes(MANAGE_PLANS)
def item_restore(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Take a cancellation back."""
    actor = actor_of(request)
    item = item_for(actor, MANAGE_PLANS, item_id)
    if request.method == "POST":
        services.restore_item(item, by=actor)
        messages.success(request, f"“{item}”已恢复。")
    return redirect(item.plan)
