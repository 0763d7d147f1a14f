"""Bases and role models: the registers, one of them with its gatherings, and those of one gathering."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.http import actor_of, reads, writes
from qizhi.core.ids import read_key
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_integer, parse_text
from qizhi.gatherings.permissions import RECORD, gathering_for
from qizhi.study.enums import ResourceKind
from qizhi.study.forms.resources import ResourceForm, ResourcesForm
from qizhi.study.models import Resource
from qizhi.study.permissions.resources import MANAGE_RESOURCES, SEE_RESOURCES, resource_for
from qizhi.study.queries import resources as queries
from qizhi.study.services import resources as services
from qizhi.study.views.shared import edited, table, wants_table

COLUMNS = (
    Column(key="sort", label="类别", parse=parse_text, width=16),
    Column(key="name", label="名称", parse=parse_text, width=30),
    Column(key="place", label="所在地或单位", parse=parse_text, width=20),
    Column(key="from_on", label="起始日期", parse=parse_day, width=14),
    Column(key="to_on", label="截止日期", parse=parse_day, width=14),
    Column(key="number", label="活动次数", parse=parse_integer),
    Column(key="last_on", label="最近一次", parse=parse_day, width=14),
    Column(key="note", label="说明", parse=parse_text, width=30),
)


@reads(SEE_RESOURCES)
def resources(request: HttpRequest) -> HttpResponse:
    """The registers, with how often each was visited or spoken of."""
    actor = actor_of(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in ResourceKind else ""
    found = list(queries.resources_of(actor.bureau_id, kind))
    if wants_table(request):
        rows = [{**vars(one), "sort": one.get_kind_display()} for one in found]
        return table(request, COLUMNS, rows, "学习资源和标签")
    context = {
        "resources": found,
        "kinds": ResourceKind.choices,
        "kind": kind,
        "today": clock.today(),
        "may_manage": actor.may(MANAGE_RESOURCES),
    }
    return render(request, "study/resources.html", context)


@reads(SEE_RESOURCES)
def resource(request: HttpRequest, resource_id: uuid.UUID) -> HttpResponse:
    """One base or role model with its gatherings by year."""
    actor = actor_of(request)
    found = resource_for(actor, SEE_RESOURCES, resource_id)
    may_manage, may_link = actor.may(MANAGE_RESOURCES), actor.may(RECORD)
    visits, reach = queries.visits_of(actor, found), actor.reach(RECORD)
    context = {
        "resource": found,
        "visits": visits,
        "lines": [(one, reach.covers(one.unit_id, one.unit.path)) for one in visits.gatherings],
        "offered": queries.offered(actor, found) if may_link else [],
        "may_manage": may_manage,
        "may_link": may_link,
        "history": audit.tell(found) if may_manage else [],
    }
    return render(request, "study/resource.html", context)


@writes(MANAGE_RESOURCES)
def resource_new(request: HttpRequest) -> HttpResponse:
    """Register a base or a role model."""
    data = request.POST if request.method == "POST" else None
    kind = request.GET.get("kind", "")
    form = ResourceForm(data, initial={"kind": kind} if kind in ResourceKind else {})
    back = reverse("study:resources")
    return edited(request, form, services.save_resource, title="登记学习资源或标签", back=back)


@writes(MANAGE_RESOURCES)
def resource_edit(request: HttpRequest, resource_id: uuid.UUID) -> HttpResponse:
    """Correct a base or a role model."""
    found = resource_for(actor_of(request), MANAGE_RESOURCES, resource_id)
    names = ("kind", "name", "place", "from_on", "to_on", "note")
    initial = {"id": None, **{name: getattr(found, name) for name in names}}
    form = ResourceForm(request.POST if request.method == "POST" else None, initial=initial)
    save = partial(services.save_resource, found)
    return edited(request, form, save, title=f"修改：{found}", back=found.get_absolute_url())


@writes(RECORD)
def resource_link(request: HttpRequest, resource_id: uuid.UUID) -> HttpResponse:
    """Add a gathering that one may record to a base or role model, or take it away."""
    actor = actor_of(request)
    found = resource_for(actor, SEE_RESOURCES, resource_id)
    if request.method == "POST":
        key = read_key(request.POST.get("gathering", ""))
        if key is None:
            messages.warning(request, "请先选择一次活动。")
            return redirect(found)
        gathering = gathering_for(actor, RECORD, key)
        if "remove" in request.POST:
            services.unlink_resource(found, gathering, by=actor)
            messages.success(request, f"“{gathering}”不再计入“{found}”。")
        else:
            services.link_resource(found, gathering, by=actor)
            messages.success(request, f"“{gathering}”已计入“{found}”。")
    return redirect(found)


@writes(RECORD)
def gathering_resources(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """Choose the bases and role models of one gathering."""
    actor = actor_of(request)
    gathering = gathering_for(actor, RECORD, gathering_id)
    if gathering.withdrawn_at:
        raise Http404
    held = Resource.objects.filter(bureau_id=actor.bureau_id, links__gathering=gathering)
    then = Resource.objects.on(gathering.held_on).values("pk")
    chosen = Resource.objects.filter(Q(pk__in=then) | Q(pk__in=held.values("pk")), bureau_id=actor.bureau_id)
    data = request.POST if request.method == "POST" else None
    form = ResourcesForm(data, resources=chosen, initial={"resources": held})

    return edited(
        request,
        form,
        partial(services.set_resources, gathering),
        title="学习资源和标签",
        lead=f"{gathering} · {gathering.day_label}。勾选去过的基地、学习的典型、用过的誓词，以及标签和项目。",
        back=gathering.get_absolute_url(),
    )
