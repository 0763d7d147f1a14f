"""Works: handing one in, one of them, correcting it and taking it back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, reads, say_refusal, writes
from qizhi.core.permissions import Actor
from qizhi.culture import queries, services
from qizhi.culture.forms import WithdrawWorkForm, WorkForm
from qizhi.culture.models import Call, Work
from qizhi.culture.permissions import (
    HAND_IN,
    MANAGE_CALLS,
    call_for,
    may_change,
    own_work_for,
    work_for,
)
from qizhi.org.models import Person


def _form(request: HttpRequest, actor: Actor, **initial: Any) -> WorkForm:
    """The form; whoever may enter only their own work is the author."""
    units = queries.units_of(actor, clock.today())
    owner = None
    if not actor.reach(HAND_IN).is_all and not units.exists():
        if actor.person_id is None:
            raise Http404
        owner = Person.objects.filter(bureau_id=actor.bureau_id, pk=actor.person_id).first()
        if owner is None:
            raise Http404
    data = request.POST if request.method == "POST" else None
    return WorkForm(data, bureau_id=actor.bureau_id, units=units, owner=owner, initial=initial)


def _allowed(actor: Actor) -> set[uuid.UUID] | None:
    if actor.reach(HAND_IN).is_all:
        return None
    return set(queries.units_of(actor, clock.today()).values_list("pk", flat=True))


@writes(HAND_IN)
def work_new(request: HttpRequest, call_id: uuid.UUID) -> HttpResponse:
    """Hand in a work: one's own, or one of the branch."""
    actor = actor_of(request)
    found = call_for(actor, call_id)
    form, draft = _form(request, actor), f"work-new {found.pk}"
    if form.is_bound and form.is_valid():
        try:
            made = services.hand_in(
                found,
                form.facts(found.kind),
                by=actor,
                allowed=_allowed(actor),
                id=form.cleaned_data["id"],
            )
        except Refused as error:
            _refuse(form, error)
        else:
            late = "，晚于截止日期，标为逾期" if made.is_late else ""
            messages.success(request, f"已收到，编号{made.number}{late}。", extra_tags=draft)
            return redirect(made)
    return _page(request, form, found, title="提交作品", back=found.get_absolute_url(), draft=draft)


def _refuse(form: WorkForm, error: Refused) -> None:
    say_refusal(form, error)


def _page(
    request: HttpRequest, form: WorkForm, call: Call, *, title: str, back: str, draft: str
) -> HttpResponse:
    due = f"，{call.due_on.year}年{call.due_on.month}月{call.due_on.day}日截止" if call.due_on else ""
    lead = f"{call}{due}。自愿提交，只用于评选；是否公开由作者决定。"
    return form_page(request, form, title=title, lead=lead, back=back, draft=draft)


@reads(HAND_IN)
def work(request: HttpRequest, work_id: uuid.UUID) -> HttpResponse:
    """One work: its words, and what became of it."""
    actor = actor_of(request)
    found = work_for(actor, work_id)
    context = {
        "work": found,
        "call": found.call,
        "may_change": may_change(actor, found),
        "history": audit.tell(found) if actor.may(MANAGE_CALLS) else [],
    }
    return render(request, "culture/work.html", context)


@writes(HAND_IN)
def work_edit(request: HttpRequest, work_id: uuid.UUID) -> HttpResponse:
    """Correct a work."""
    actor = actor_of(request)
    found = own_work_for(actor, work_id)
    names = ("title", "text", "unit", "handed_in_on", "may_show")
    known = {name: getattr(found, name) for name in names}
    author = f"{found.author.name}({found.author.staff_no})" if found.author else ""
    form, draft = _form(request, actor, **known, author=author, id=None), f"work {found.pk}"
    if form.is_bound and form.is_valid():
        try:
            facts = form.facts(found.call.kind)
            services.change_work(found, facts, by=actor, allowed=_allowed(actor))
        except Refused as error:
            _refuse(form, error)
        else:
            messages.success(request, "已更正。", extra_tags=draft)
            return redirect(found)
    return _page(
        request, form, found.call, title=f"更正：{found}", back=found.get_absolute_url(), draft=draft
    )


@writes(HAND_IN)
def work_withdraw(request: HttpRequest, work_id: uuid.UUID) -> HttpResponse:
    """Take a work back, and say why."""
    actor = actor_of(request)
    found: Work = own_work_for(actor, work_id)
    form = WithdrawWorkForm(request.POST if request.method == "POST" else None)
    draft = f"work-back {found.pk}"
    if form.is_bound and form.is_valid():
        try:
            services.withdraw_work(found, because=form.cleaned_data["because"], by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已撤回，不再计入。", extra_tags=draft)
            return redirect(found)
    back = found.get_absolute_url()
    return form_page(request, form, title="撤回作品", lead=str(found), back=back, draft=draft, step="撤回")


@writes(HAND_IN)
def work_restore(request: HttpRequest, work_id: uuid.UUID) -> HttpResponse:
    """Count a work again that was taken back."""
    actor = actor_of(request)
    found = work_for(actor, work_id)
    if request.method == "POST":
        services.restore_work(found, by=actor)
        messages.success(request, "已恢复，重新计入。")
    return redirect(found)
