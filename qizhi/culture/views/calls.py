"""Calls: the register, one of them with its works, what is decided about them, and what judges read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.http import actor_of, reads, sheet, writes
from qizhi.core.ids import read_key
from qizhi.core.paging import page_of
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import integer, parse_day, parse_text
from qizhi.core.years import year_narrowing, years_offered
from qizhi.culture import queries, services
from qizhi.culture.enums import WorkState
from qizhi.culture.forms import CallForm, ForwardForm
from qizhi.culture.models import Call, Work
from qizhi.culture.permissions import JUDGE_WORKS, MANAGE_CALLS, SEE_CALLS, call_for, works_for
from qizhi.culture.rules import by_list
from qizhi.culture.views.shared import saved
from qizhi.org.enums import UnitKind
from qizhi.org.queries import units_on

PAGE = 100
STATES = (*WorkState.choices, ("forwarded", "已报送"))
REGISTER = (
    Column(key="title", label="征集", parse=parse_text, width=36),
    Column(key="kind", label="类别", parse=parse_text, width=12),
    Column(key="unit", label="征集组织", parse=parse_text, width=20),
    Column(key="opened_on", label="发布日期", parse=parse_day, width=14),
    Column(key="due_on", label="截止日期", parse=parse_day, width=14),
    Column(key="received", label="收到", parse=integer()),
    Column(key="selected", label="入选", parse=integer()),
    Column(key="forwarded", label="报送", parse=integer()),
)
WORKS = (
    Column(key="number", label="编号", parse=integer(), width=8),
    Column(key="title", label="题目", parse=parse_text, width=40),
    Column(key="author", label="作者", parse=parse_text, width=16),
    Column(key="unit", label="组织", parse=parse_text, width=20),
    Column(key="handed_in_on", label="收到日期", parse=parse_day, width=14),
    Column(key="late", label="逾期", parse=parse_text, width=8),
    Column(key="state", label="结果", parse=parse_text, width=10),
    Column(key="forwarded_on", label="报送日期", parse=parse_day, width=14),
    Column(key="forwarded_to", label="报送单位", parse=parse_text, width=20),
    Column(key="may_show", label="同意公开", parse=parse_text, width=10),
    Column(key="text", label="内容", parse=parse_text, width=60),
    Column(key="withdrawn", label="撤回原因", parse=parse_text, width=20),
)


@reads(SEE_CALLS)
def calls(request: HttpRequest) -> HttpResponse:
    """The register of calls, with what came in and what was sent on."""
    actor, today = actor_of(request), clock.today()
    kinds = list(queries.kinds_of(actor.bureau_id))
    lists = list(by_list((one.name, one.lists) for one in kinds))
    kind, named, year = request.GET.get("kind", ""), request.GET.get("list", ""), year_narrowing(request)
    kind = kind if any(kind == one.key for one in kinds) else ""
    named = named if named in lists else ""
    found = list(queries.calls_of(actor.bureau_id, kind=kind, named=named, year=year))
    if (file := sheet(request, REGISTER, map(_call_row, found), "征集")) is not None:
        return file
    context = {
        "calls": [(one, one.is_open(today)) for one in found],
        "open": [one for one in found if one.is_open(today)],
        "kinds": [(one.key, one.name) for one in kinds if one.is_collected],
        "kind": kind,
        "lists": lists,
        "named": named,
        "years": years_offered(request),
        "year": year,
        "may_manage": actor.may(MANAGE_CALLS),
    }
    return render(request, "culture/calls.html", context)


def _call_row(one: Any) -> dict[str, Any]:
    plain = ("title", "opened_on", "due_on", "received", "selected", "forwarded")
    return {
        **{name: getattr(one, name) for name in plain},
        "kind": one.kind.name,
        "unit": one.unit.name,
    }


@reads(SEE_CALLS)
def call(request: HttpRequest, call_id: uuid.UUID) -> HttpResponse:
    """One call with the works that one may open."""
    actor, today = actor_of(request), clock.today()
    found = call_for(actor, call_id)
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()
    rows = queries.works_of(actor, found, state=state if state in dict(STATES) else "", text=text)
    if (file := sheet(request, WORKS, _work_rows(rows), found.title)) is not None:
        return file
    may_manage = actor.may(MANAGE_CALLS)
    context = {
        "call": found,
        "numbers": queries.calls_of(actor.bureau_id).get(pk=found.pk),
        "is_open": found.is_open(today),
        "page_of_works": page_of(rows, PAGE, request.GET.get("page")),
        "states": STATES,
        "state": state,
        "text": text,
        "form": ForwardForm(initial={"forwarded_on": today}),
        "may_manage": may_manage,
        "may_judge": actor.may(JUDGE_WORKS),
        "may_hand_in": actor.person_id is not None,
        "history": audit.tell(found) if may_manage else [],
    }
    return render(request, "culture/call.html", context)


def _work_rows(rows: Any) -> Iterator[dict[str, Any]]:
    for one in rows:
        yield {
            "number": one.number,
            "title": one.title,
            "author": one.author_label,
            "unit": one.unit.name,
            "handed_in_on": one.handed_in_on,
            "late": "逾期" if one.is_late else None,
            "state": one.get_state_display(),
            "forwarded_on": one.forwarded_on,
            "forwarded_to": one.forwarded_to or None,
            "may_show": "是" if one.may_show else "否",
            "text": one.text or None,
            "withdrawn": one.withdrawn_because or None,
        }


def _form(request: HttpRequest, actor: Actor, call: Call | None = None) -> CallForm:
    sorts = (UnitKind.BUREAU, UnitKind.COMMITTEE, UnitKind.PARTY_GROUP, UnitKind.DEPARTMENT)
    units = units_on(actor.bureau_id, clock.today(), *sorts).order_by("path")
    offered = Q(is_active=True, is_collected=True)
    initial: dict[str, Any] = {}
    if call is not None:
        offered |= Q(pk=call.kind_id)
        names = ("kind", "title", "unit", "opened_on", "due_on", "is_blind", "note")
        initial = {"id": None, **{name: getattr(call, name) for name in names}}
    kinds = queries.kinds_of(actor.bureau_id).filter(offered)
    data = request.POST if request.method == "POST" else None
    return CallForm(data, units=units, kinds=kinds, initial=initial)


@writes(MANAGE_CALLS)
def call_new(request: HttpRequest) -> HttpResponse:
    """Open a call."""
    actor = actor_of(request)
    form, back = _form(request, actor), reverse("culture:calls")
    nothing = ""
    if not form.is_bound and not queries.kinds_of(actor.bureau_id).exists():
        nothing = "还没有作品类别。请先在“征集—作品类别”里载入标准类别，或新建一类，再来发布。"
    return saved(request, form, services.save_call, title="发布征集", back=back, nothing=nothing)


@writes(MANAGE_CALLS)
def call_edit(request: HttpRequest, call_id: uuid.UUID) -> HttpResponse:
    """Correct a call."""
    actor = actor_of(request)
    found = call_for(actor, call_id)
    form = _form(request, actor, found)
    save = partial(services.save_call, found)
    return saved(request, form, save, title=f"修改：{found}", back=found.get_absolute_url())


@writes(MANAGE_CALLS)
def call_remove(request: HttpRequest, call_id: uuid.UUID) -> HttpResponse:
    """Remove a call that was made by mistake."""
    actor = actor_of(request)
    found = call_for(actor, call_id)
    if request.method != "POST":
        return redirect(found)
    services.remove_call(found, by=actor)
    messages.success(request, f"“{found}”已删除。")
    return redirect("culture:calls")


@reads(JUDGE_WORKS)
def reading(request: HttpRequest, call_id: uuid.UUID) -> HttpResponse:
    """What judges read: number, title and words; who wrote it only where the call is not blind."""
    actor = actor_of(request)
    found = call_for(actor, call_id)
    rows = Work.objects.standing().filter(bureau_id=actor.bureau_id, call=found)
    context = {"call": found, "works": rows.select_related("author", "unit").order_by("number")}
    return render(request, "culture/reading.html", context)


@writes(MANAGE_CALLS)
def works_decide(request: HttpRequest, call_id: uuid.UUID) -> HttpResponse:
    """Select works, pass them over, or send them on: those that are ticked."""
    actor = actor_of(request)
    found = call_for(actor, call_id)
    if request.method != "POST":
        return redirect(found)
    works = _ticked(request, actor, found)
    step = request.POST.get("step", "")
    if not works:
        messages.warning(request, "没有勾选作品。请先在表里勾选，再点按钮。")
    elif step in WorkState:
        changed = services.decide_works(works, state=step, by=actor)
        messages.success(request, f"{len(changed)} 件作品改为“{WorkState(step).label}”。")
    elif step in {"forward", "call_back"}:
        _forward(request, works, actor, is_back=step == "call_back")
    else:
        raise Http404
    return redirect(found)


def _ticked(request: HttpRequest, actor: Actor, found: Call) -> list[Work]:
    keys = filter(None, map(read_key, request.POST.getlist("work")))
    return list(works_for(actor).filter(call=found, pk__in=keys).order_by("number"))


def _forward(request: HttpRequest, works: list[Work], actor: Actor, *, is_back: bool) -> None:
    form = ForwardForm(request.POST)
    if is_back:
        changed = services.forward_works(works, on=None, to="", by=actor)
        messages.success(request, f"{len(changed)} 件作品已取消报送。")
    elif not form.is_valid() or form.cleaned_data["forwarded_on"] is None:
        messages.warning(request, "没有报送：请填写报送日期（例如 2018-03-01）。")
    else:
        values = form.cleaned_data
        changed = services.forward_works(
            works, on=values["forwarded_on"], to=values["forwarded_to"], by=actor
        )
        messages.success(request, f"{len(changed)} 件作品已登记报送{values['forwarded_to']}。")
