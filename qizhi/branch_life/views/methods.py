"""Working methods: the register, and the pages that change it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as show
from django.urls import reverse

from qizhi.branch_life import queries, services
from qizhi.branch_life.enums import Conclusion
from qizhi.branch_life.forms import ChangeMethodForm, EndForm, MethodForm, ReviewForm, UseForm
from qizhi.branch_life.permissions import MANAGE_METHODS, SEE_BRANCH_LIFE, method_for, review_for
from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, key_asked, reads, say_refusal, table_file, writes
from qizhi.core.permissions import Actor, Permission
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_text
from qizhi.core.years import year_asked
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries import units_on
from qizhi.regulations.kinds import Standing

COLUMNS = (
    Column(key="unit", label="党支部", parse=parse_text, width=20),
    Column(key="name", label="工作法", parse=parse_text, width=20),
    Column(key="elements", label="要素", parse=parse_text, width=40),
    Column(key="from_on", label="起始日期", parse=parse_day, width=14),
    Column(key="to_on", label="停用日期", parse=parse_day, width=14),
)
MOST_OFFERED = 60


def _branches(actor: Actor, wanted: Permission) -> list[Unit]:
    reach = actor.reach(wanted)
    branches = units_on(actor.bureau_id, clock.today(), UnitKind.BRANCH).filter(reach.units(""))
    return list(branches.order_by("position", "code"))


@reads(SEE_BRANCH_LIFE)
def methods(request: HttpRequest) -> HttpResponse:
    """The register: which branch follows which method, and how many branches have one today."""
    actor, today = actor_of(request), clock.today()
    unit_id, is_active = key_asked(request, "unit"), request.GET.get("active") == "1"
    found = queries.methods_of(
        actor, SEE_BRANCH_LIFE, unit_id=unit_id, active_on=today if is_active else None
    )
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        rows = [
            {
                "unit": one.unit.name,
                "name": one.name,
                "elements": "\n".join(element.text for element in one.elements.all()),
                "from_on": one.from_on,
                "to_on": one.ends_on,
            }
            for one in found
        ]
        return table_file(COLUMNS, rows, "支部工作法", kind)
    listed = list(found)
    context = {
        "methods": listed,
        "branches_with": len({m.unit_id for m in listed if m.is_active_in(periods.Period(today, today))}),
        "branches": _branches(actor, SEE_BRANCH_LIFE),
        "unit_id": unit_id,
        "is_active": is_active,
        "standings": [("1", "施行中")],
        "today": today,
        "may_manage": actor.may(MANAGE_METHODS),
    }
    return show(request, "branch_life/methods.html", context)


@reads(SEE_BRANCH_LIFE)
def method(request: HttpRequest, method_id: uuid.UUID) -> HttpResponse:
    """One method: its elements, its reviews, the gatherings that put it into practice."""
    actor = actor_of(request)
    found = method_for(actor, SEE_BRANCH_LIFE, method_id)
    prefetch_related_objects([found], "reviews")
    reviews, today = list(found.reviews.all()), clock.today()
    standing, why = queries.review_of(found, periods.year(today.year), today)
    may_manage = actor.may(MANAGE_METHODS, found.unit_id, found.unit.path)
    context = {
        "method": found,
        "elements": found.elements.all(),
        "reviews": reviews,
        "is_reviewed": standing is Standing.DONE,
        "is_review_due": standing is Standing.DUE,
        "why": why,
        "is_active": found.is_active_in(periods.Period(today, today)),
        "why_ended": found.unit.why_ended(periods.Period(found.from_on, today)),
        "uses": queries.uses_of(found),
        "year": today.year,
        "may_manage": may_manage,
        "history": audit.tell(found, reviews) if may_manage else [],
    }
    return show(request, "branch_life/method.html", context)


@writes(MANAGE_METHODS)
def method_review(request: HttpRequest, method_id: uuid.UUID) -> HttpResponse:
    """Record the yearly review of a method."""
    actor = actor_of(request)
    found = method_for(actor, MANAGE_METHODS, method_id)
    data = request.POST if request.method == "POST" else None
    is_of_now = year_asked(request) == clock.today().year
    initial = {"reviewed_on": clock.today() if is_of_now else None, "conclusion": Conclusion.CONTINUE}
    form = ReviewForm(data, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            services.review_method(found, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "评议已登记。", extra_tags=f"review-{found.pk}")
            return redirect(found)
    back, draft = found.get_absolute_url(), f"review-{found.pk}"
    return form_page(
        request, form, title=f"年度评议：{found.name}", lead=str(found.unit), back=back, draft=draft
    )


@writes(MANAGE_METHODS)
def review_remove(request: HttpRequest, review_id: uuid.UUID) -> HttpResponse:
    """Take back a review that never was."""
    actor = actor_of(request)
    review = review_for(actor, MANAGE_METHODS, review_id)
    found = review.method
    if request.method == "POST":
        services.remove_review(review, by=actor)
        messages.success(request, "这次评议已删除。")
    return redirect(found)


@writes(MANAGE_METHODS)
def method_link(request: HttpRequest, method_id: uuid.UUID) -> HttpResponse:
    """Pick a gathering of the branch that put the method into practice."""
    actor = actor_of(request)
    found = method_for(actor, MANAGE_METHODS, method_id)
    gatherings = queries.candidates(found)
    form = UseForm(request.POST if request.method == "POST" else None, gatherings=gatherings)
    if form.is_bound and form.is_valid():
        services.link_gathering(found, form.cleaned_data["gathering"], by=actor)
        messages.success(request, f"已关联“{form.cleaned_data['gathering']}”。")
        return redirect(found)
    offered = gatherings.exclude(method_uses__method=found)[:MOST_OFFERED]
    context = {"method": found, "form": form, "gatherings": offered}
    return show(request, "branch_life/method_link.html", context, status=422 if form.errors else 200)


@writes(MANAGE_METHODS)
def method_unlink(request: HttpRequest, method_id: uuid.UUID) -> HttpResponse:
    """Say that a gathering did not put the method into practice."""
    actor = actor_of(request)
    found = method_for(actor, MANAGE_METHODS, method_id)
    form = UseForm(request.POST if request.method == "POST" else None, gatherings=queries.uses_of(found))
    if form.is_bound and form.is_valid():
        services.unlink_gathering(found, form.cleaned_data["gathering"], by=actor)
        messages.success(request, f"已取消与“{form.cleaned_data['gathering']}”的关联。")
    return redirect(found)


@writes(MANAGE_METHODS)
def method_new(request: HttpRequest) -> HttpResponse:
    """Register a method."""
    actor = actor_of(request)
    units = units_on(actor.bureau_id, clock.today(), UnitKind.BRANCH)
    units = units.filter(actor.reach(MANAGE_METHODS).units("")).order_by("position", "code")
    data = request.POST if request.method == "POST" else None
    form = MethodForm(data, units=units, initial={"unit": key_asked(request, "unit")})
    if form.is_bound and form.is_valid():
        try:
            made = services.add_method(**form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"“{made}”已登记。", extra_tags="method-new")
            return redirect(made)
    back = reverse("branch_life:methods")
    return form_page(request, form, title="登记支部工作法", back=back, draft="method-new")


@writes(MANAGE_METHODS)
def method_edit(request: HttpRequest, method_id: uuid.UUID) -> HttpResponse:
    """Correct a method."""
    actor = actor_of(request)
    found = method_for(actor, MANAGE_METHODS, method_id)
    lines = "\n".join(element.text for element in found.elements.all())
    initial = {"name": found.name, "elements": lines, "from_on": found.from_on}
    form = ChangeMethodForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            services.change_method(found, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已保存。", extra_tags=f"method-{found.pk}")
            return redirect(found)
    back, draft = found.get_absolute_url(), f"method-{found.pk}"
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
            say_refusal(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(found)
    step, back = "更正停用日期" if found.to_on else "停用", found.get_absolute_url()
    return form_page(request, form, title=f"{step}：{found.name}", lead=str(found.unit), back=back)
