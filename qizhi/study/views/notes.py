"""Reading notes: how many one says to have kept; voluntary, and for one's own eyes."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import clock, periods
from qizhi.core.http import actor_of, reads, writes
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_integer, parse_text
from qizhi.org.models import Person
from qizhi.study.forms.notes import NewNotesForm, NotesForm
from qizhi.study.models import ReadingNotes
from qizhi.study.permissions.hours import RECORD_OWN, notes_for
from qizhi.study.queries.notes import clause_on, notes_of
from qizhi.study.services import notes as services
from qizhi.study.views.shared import edited, table, wants_table

COLUMNS = (
    Column(key="month", label="月份", parse=parse_text, width=16),
    Column(key="number", label="自报次数", parse=parse_integer),
)
LEAD = "自愿自报，只报次数：不上传笔记，不数字数。"


def _month(row: ReadingNotes) -> str:
    return periods.month_of(row.month).label


def _oneself(actor: Actor) -> Person:
    if actor.person_id is None:
        raise Http404
    return Person.objects.get(bureau_id=actor.bureau_id, pk=actor.person_id)


@reads(RECORD_OWN)
def my_notes(request: HttpRequest) -> HttpResponse:
    """What one has declared, month by month, and which rule counts it."""
    actor, today = actor_of(request), clock.today()
    if actor.person_id is None:
        return redirect("web:mine")
    rows = list(notes_of(_oneself(actor)))
    if wants_table(request):
        cells: list[dict[str, Any]] = [{"month": _month(one), "number": one.number} for one in rows]
        return table(request, COLUMNS, cells, "读书学习笔记")
    context = {
        "rows": [(one, _month(one)) for one in rows],
        "year": today.year,
        "number": sum(one.number for one in rows if one.month.year == today.year),
        "clause": clause_on(actor.bureau_id, today),
        "lead": LEAD,
    }
    return render(request, "study/my_notes.html", context)


@writes(RECORD_OWN)
def notes_new(request: HttpRequest) -> HttpResponse:
    """Say how many notes one kept in a month."""
    person = _oneself(actor_of(request))
    initial = {"month": periods.month_of(clock.today()).start}
    form = NewNotesForm(request.POST if request.method == "POST" else None, initial=initial)
    save = partial(services.declare_notes, person=person)
    back = reverse("study:my_notes")
    return edited(request, form, save, title="自报读书学习笔记", lead=LEAD, back=back)


@writes(RECORD_OWN)
def notes_edit(request: HttpRequest, declaration_id: uuid.UUID) -> HttpResponse:
    """Correct what one has said."""
    found = notes_for(actor_of(request), declaration_id)
    initial = {"month": found.month, "number": found.number}
    form = NotesForm(request.POST if request.method == "POST" else None, initial=initial)
    save = partial(services.change_notes, found)
    return edited(
        request, form, save, title=f"更正：{_month(found)}的笔记次数", back=found.get_absolute_url()
    )


@writes(RECORD_OWN)
def notes_remove(request: HttpRequest, declaration_id: uuid.UUID) -> HttpResponse:
    """Take back what one has said."""
    actor = actor_of(request)
    found = notes_for(actor, declaration_id)
    if request.method == "POST":
        services.remove_notes(found, by=actor)
        messages.success(request, f"{_month(found)}的自报已撤回，操作日志中留有内容。")
    return redirect("study:my_notes")
