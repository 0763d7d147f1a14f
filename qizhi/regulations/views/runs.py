"""Runs: what has been judged, the difference first, then the run."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core import clock, kept, periods
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, reads, say_refusal, table_file, writes
from qizhi.core.ids import new_id
from qizhi.core.paging import page_of
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_text
from qizhi.regulations import services
from qizhi.regulations.forms.runs import RunForm
from qizhi.regulations.models import Finding, PeriodClose, Proposal, Run
from qizhi.regulations.permissions import RUN_CLAUSES, SEE_FINDINGS, run_for
from qizhi.regulations.services.comparing import Outcome, Step, lines_of

PAGE = 30
LINES = 100
COLUMNS = (
    Column(key="change", label="变更", parse=parse_text, width=12),
    Column(key="period", label="期间", parse=parse_text, width=20),
    Column(key="old", label="原来", parse=parse_text, width=60),
    Column(key="new", label="现在", parse=parse_text, width=60),
    Column(key="differs", label="不同之处", parse=parse_text, width=60),
    Column(key="settled", label="结账期", parse=parse_text, width=16),
)


@reads(SEE_FINDINGS)
def runs(request: HttpRequest) -> HttpResponse:
    """Every run, newest first, and what waits for a decision."""
    actor = actor_of(request)
    found = Run.objects.filter(bureau_id=actor.bureau_id)
    page = page_of(found, PAGE, request.GET.get("page"))
    context = {
        "page_of_runs": page,
        "rows": [(run, services.say_counts(run.counts)) for run in page],
        "waiting": Proposal.objects.filter(bureau_id=actor.bureau_id, decided_at__isnull=True).count(),
        "behind": services.months_behind(actor.bureau_id),
        "may_run": actor.may(RUN_CLAUSES),
        "today": clock.today(),
    }
    return render(request, "regulations/runs.html", context)


@writes(RUN_CLAUSES)
def run_new(request: HttpRequest) -> HttpResponse:
    """Choose months, see what a run would change, then run it."""
    actor = actor_of(request)
    data = request.POST if request.method == "POST" else request.GET if "start" in request.GET else None
    form = RunForm(data, initial=_usual())
    if form.is_bound and form.is_valid() and request.method == "POST":
        values = form.cleaned_data
        asked = {"bureau_id": actor.bureau_id, "span": form.span, "as_of": values["as_of"]}
        try:
            made = services.run_clauses(**asked, by=actor, id=values["id"], seen=values["seen"])
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"{made}核算完成：{services.say_counts(made.counts)}。")
            return redirect(made)
    outcome, file = _difference(request, form)
    if file is not None:
        return file
    context = {"form": form, "outcome": outcome, "key": new_id(), **_shown(request, actor.bureau_id, outcome)}
    return render(request, "regulations/run_new.html", context, status=422 if form.errors else 200)


def _usual() -> dict[str, dt.date]:
    """The month before this one, reckoned today."""
    today = clock.today()
    last = periods.month_of(today.replace(day=1) - dt.timedelta(days=1))
    return {"start": last.start, "end": last.start, "as_of": today}


def _difference(request: HttpRequest, form: RunForm) -> tuple[Outcome | None, HttpResponse | None]:
    """What a run would change, if the months can be read; as a file if one is asked for."""
    if not form.is_bound or not {"start", "end", "as_of"} <= form.cleaned_data.keys():
        return None, None
    asked = (actor_of(request).bureau_id, form.span, form.cleaned_data["as_of"])
    try:
        outcome = kept.keep(partial(services.compare, *asked), "regulations.difference", *asked)
    except Refused as error:
        say_refusal(form, error)
        return None, None
    kind = request.GET.get("format", "")
    if kind not in {"xlsx", "csv"}:
        return outcome, None
    lines = lines_of(asked[0], _steps(outcome))
    rows = [
        {
            **line._asdict(),
            "settled": "已结账，只提建议" if line.is_settled else None,
            "differs": "；".join(f"{one.label}：{one.before} → {one.after}" for one in line.differs) or None,
        }
        for line in lines
    ]
    return outcome, table_file(COLUMNS, rows, "核算前的差异", kind)


def _steps(outcome: Outcome) -> list[Step]:
    return [*outcome.changes, *outcome.proposals]


def _shown(request: HttpRequest, bureau_id: uuid.UUID, outcome: Outcome | None) -> dict[str, Any]:
    """A page of the difference, and its numbers by kind of change."""
    if outcome is None:
        return {}
    page = page_of(_steps(outcome), LINES, request.GET.get("page"))
    return {
        "page_of_steps": page,
        "lines": lines_of(bureau_id, list(page.object_list)),
        "numbers": services.numbers_of(outcome.counts),
    }


@reads(SEE_FINDINGS)
def run(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """One run: by which rules and calendar, and what came of it."""
    actor = actor_of(request)
    found = run_for(actor, SEE_FINDINGS, run_id)
    rows = Finding.objects.filter(bureau_id=actor.bureau_id, run=found)
    ended = Finding.objects.filter(
        bureau_id=actor.bureau_id, closed_at=found.at, end__range=(found.start, found.end)
    )
    context = {
        "run": found,
        "said": services.say_counts(found.counts),
        "numbers": services.numbers_of(found.counts),
        "problems": found.counts.get("problems", []),
        "proposed": found.counts.get("proposed", 0),
        "behind": services.months_behind(actor.bureau_id, periods.Period(found.start, found.end)),
        "may_run": actor.may(RUN_CLAUSES),
        "today": clock.today(),
        "page_of_findings": page_of(rows.shown(), PAGE, request.GET.get("page")),
        "ended": ended.shown()[:LINES],
        "settled": PeriodClose.objects.filter(
            bureau_id=actor.bureau_id, start__lte=found.end, end__gte=found.start
        ),
    }
    return render(request, "regulations/run.html", context)
