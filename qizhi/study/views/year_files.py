"""The study file of a centre group for a year: what belongs into it, what lacks, and its closing."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.core import audit, clock, periods
from qizhi.core.documents.files import DOCX, docx_of
from qizhi.core.http import actor_of, download, reads, writes
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import integer, parse_day, parse_text
from qizhi.core.years import year_asked, years_offered
from qizhi.org.models import Bureau
from qizhi.study.forms.year_files import CloseFileForm, ReopenFileForm
from qizhi.study.models import YearFile
from qizhi.study.permissions.year_files import CLOSE_FILE, centre_group_for, closed_file_for
from qizhi.study.queries.year_files import FileOfYear, file_of, files_closed, steps_of
from qizhi.study.rules.year_files import Part, PartJudged, PartState
from qizhi.study.services import year_files as services
from qizhi.study.services.year_file_papers import STATE_WORDS, document_of
from qizhi.study.views.shared import edited, table, wants_table
from qizhi.tasks.permissions import SEE_PLANS

COLUMNS = (
    Column(key="held_on", label="日期", parse=parse_day, width=14),
    Column(key="title", label="学习", parse=parse_text, width=40),
    Column(key="due", label="应到", parse=integer()),
    Column(key="present", label="实到", parse=integer()),
    Column(key="away", label="缺勤", parse=parse_text, width=30),
    Column(key="visitors", label="旁听、列席", parse=parse_text, width=30),
    Column(key="files", label="附件", parse=integer()),
)


@reads(SEE_PLANS)
def year_file(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """Each part present or missing, with one step to mend it; the plan; each session with its attendance."""
    actor, year = actor_of(request), periods.year(year_asked(request, is_ahead=True))
    unit = centre_group_for(actor, SEE_PLANS, unit_id)
    found = file_of(unit, year, clock.today())
    if wants_table(request):
        return table(request, COLUMNS, _rows(found), found.title)
    if request.GET.get("format") == "docx":
        bureau = Bureau.objects.get(pk=actor.bureau_id)
        content = docx_of(document_of(found, bureau), clock.now(), bureau.name)
        return download(content, f"{found.title}.docx", DOCX)
    closed, parts = files_closed(unit, year), [_shown(one, found, actor) for one in found.parts]
    context = {
        "file": found,
        "year": year.start.year,
        "years": years_offered(request),
        "parts": parts,
        "has_steps": any(one["steps"] for one in parts),
        "lacking": [one for one in found.parts if one.state is PartState.MISSING],
        "unknown": [one for one in found.parts if one.state is PartState.UNKNOWN],
        "is_done": found.state is PartState.DONE,
        "may_close": actor.may(CLOSE_FILE, unit.pk, unit.path),
        "is_ready": year.end < found.as_of and found.filed is None and not found.lacking,
        "history": [told for row in closed for told in audit.tell(row)],
    }
    return render(request, "study/year_file.html", context)


def _shown(one: PartJudged, found: FileOfYear, actor: Actor) -> dict[str, Any]:
    is_open = one.state in {PartState.DUE, PartState.MISSING} and one.part is not Part.FILED
    steps = steps_of(one, found.unit, found.year, found.known) if is_open else ()
    return {
        "label": one.label,
        "kind": one.state.value,
        "said": STATE_WORDS[one.state],
        "words": one.words,
        "until": one.until if one.state in {PartState.DUE, PartState.MISSING} else None,
        "steps": [step for step in steps if step.is_for(actor)],
    }


def _rows(found: FileOfYear) -> list[dict[str, Any]]:
    return [
        {
            "held_on": one.gathering.held_on,
            "title": one.gathering.title,
            "due": one.roll.due,
            "present": one.roll.present,
            "away": one.say_away,
            "visitors": one.say_visitors,
            "files": one.files,
        }
        for one in found.sessions
    ]


@writes(CLOSE_FILE)
def year_file_close(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """Close the file of a year."""
    actor, year = actor_of(request), periods.year(year_asked(request, is_ahead=True))
    unit = centre_group_for(actor, CLOSE_FILE, unit_id)
    post = request.POST if request.method == "POST" else None
    form = CloseFileForm(post, initial={"closed_on": clock.today()})
    save = partial(services.close_file, unit=unit, year=year)
    return edited(
        request,
        form,
        save,
        title=f"归档：{unit}{year.start.year}年学习档案",
        lead="归档只记下是谁、哪一天归档，以及归档时的各项；以后更正了记录，学习档案页会写明哪里有变动。",
        back=YearFile(unit=unit, year=year.start.year).get_absolute_url(),
        done="{}已归档。",
    )


@writes(CLOSE_FILE)
def year_file_reopen(request: HttpRequest, year_file_id: uuid.UUID) -> HttpResponse:
    """Open a file again, with the reason."""
    row = closed_file_for(actor_of(request), CLOSE_FILE, year_file_id)
    form = ReopenFileForm(request.POST if request.method == "POST" else None)
    save = partial(services.reopen_file, row)
    back, done = row.get_absolute_url(), "{}已取消归档。"
    return edited(request, form, save, title=f"取消归档：{row}", back=back, done=done, row=row)
