"""The agenda with its clock, of a gathering and before one; nothing of it is kept."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from qizhi.core import clock
from qizhi.core.http import actor_of, reads
from qizhi.gatherings.forms.agenda import AgendaForm
from qizhi.gatherings.permissions import RECORD, SEE, gathering_for
from qizhi.gatherings.queries.agenda import agenda_of


@reads(SEE)
def agenda(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """The agenda of a gathering with a clock for the room; also to print."""
    actor = actor_of(request)
    gathering = gathering_for(actor, SEE, gathering_id)
    begins = gathering.starts_at
    at = [gathering.unit.full_label, gathering.day_label, begins and f"{begins:%H:%M}", gathering.place]
    chair = f"主持人 {gathering.chair}" if gathering.chair else ""
    context = {
        "title": gathering.title,
        "lead": " · ".join(filter(None, [*map(str, filter(None, at)), chair])),
        "agenda": agenda_of(actor.bureau_id, gathering.topics, gathering.held_on, begins),
        "back": gathering.get_absolute_url(),
        "form": None,
    }
    return render(request, "gatherings/agenda.html", context)


@reads(SEE)
def agenda_plan(request: HttpRequest) -> HttpResponse:
    """An agenda that is typed in before the gathering: to read, to print, to run the clock by."""
    actor, today = actor_of(request), clock.today()
    form = AgendaForm(request.GET if "topics" in request.GET else None)
    values: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    topics, begins = values.get("topics", ""), values.get("starts_at")
    record = ""
    if topics and actor.may(RECORD):
        given = {"topics": topics, "title": values["title"]}
        given |= {"starts_at": f"{begins:%H:%M}"} if begins else {}
        record = f"{reverse('gatherings:record')}?{urlencode(given)}"
    context = {
        "title": values.get("title") or "议程时钟",
        "lead": f"{begins:%H:%M} 开始" if begins else "",
        "agenda": agenda_of(actor.bureau_id, topics, today, begins),
        "back": reverse("gatherings:gatherings"),
        "form": form,
        "record": record,
    }
    return render(request, "gatherings/agenda.html", context, status=422 if form.errors else 200)
