"""Putting the next speaker of a branch into its study plan."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from qizhi.core import clock
from qizhi.core.http import actor_of, form_page, writes
from qizhi.study.forms.plans import RotaForm
from qizhi.study.queries import plans as queries
from qizhi.study.queries.rota import OPEN, Rota, rota_of
from qizhi.tasks.enums import Deed, Purpose
from qizhi.tasks.permissions import MANAGE_PLANS, plan_for
from qizhi.tasks.services import ItemValues, change_plan


def rota_in(compared: queries.Compared) -> Rota | None:
    """The rota of a plan that was held against what was done; None where the plan is of no branch."""
    if compared.plan.purpose != Purpose.BRANCH_STUDY:
        return None
    still = [line.item for line in compared.lines if line.progress in OPEN]
    return rota_of(compared.plan, still, clock.today())


@writes(MANAGE_PLANS)
def rota_add(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """Put a speaker into the plan: an item of a month with a lead, carried out by a lesson."""
    actor, today = actor_of(request), clock.today()
    found = plan_for(actor, MANAGE_PLANS, plan_id)
    if found.purpose != Purpose.BRANCH_STUDY:
        raise Http404
    rota = rota_in(queries.compare([found], today)[found.pk])
    form = RotaForm(
        request.POST if request.method == "POST" else None,
        people=[*rota.turn, *rota.others] if rota else (),
        initial={"month": _free_month(found.year, rota, today)},
    )
    draft, back = f"rota {found.pk}", f"{reverse('study:plan', args=[found.pk])}#rota"
    if form.is_bound and form.is_valid():
        added = _item(form)
        change_plan(found, name=found.name, adopted_on=found.adopted_on, items=[added], by=actor)
        messages.success(request, f"已排进计划：{added.month}月，{added.topic}。", extra_tags=draft)
        return redirect(back)
    lead = "按名册顺序轮流，自愿参加；讲过以后登记党课，授课人填上，下一位就是后面的人"
    return form_page(
        request, form, title="排下一次微党课", lead=lead, back=back, draft=draft, step="排进计划"
    )


def _free_month(year: int, rota: Rota | None, today: dt.date) -> int:
    """The first month from now in which nobody has spoken or is to speak; December where there is none."""
    taken = {item.month for item in rota.planned} if rota else set()
    held_on = rota.last.gathering.held_on if rota and rota.last else None
    if held_on is not None and held_on.year == year:
        taken.add(held_on.month)
    first = today.month if year == today.year else 1
    return next((month for month in range(first, 13) if month not in taken), 12)


def _item(form: RotaForm) -> ItemValues:
    """The item; the same month, words and person again are the same item."""
    who = form.cleaned_data["lead"]
    topic = form.cleaned_data["topic"] or f"微党课（{who.name}）"
    return ItemValues(form.cleaned_data["month"], topic, who, Deed.LESSON)
