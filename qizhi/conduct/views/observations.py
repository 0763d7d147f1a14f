"""What inspections have seen: found again, written down, corrected, withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.conduct.forms.inspections import CorrectObservationForm, ObservationForm, WithdrawObservationForm
from qizhi.conduct.forms.parts import written
from qizhi.conduct.models import Inspection, Observation
from qizhi.conduct.permissions.cases import RECORD_CASES, SEE_CASES, inspection_for, observation_for
from qizhi.conduct.queries import inspections as queries
from qizhi.conduct.queries.clauses import clauses_with_points
from qizhi.conduct.services import observations as services
from qizhi.conduct.views.inspections import units_to_inspect
from qizhi.conduct.views.shared import columns, posted, step_page
from qizhi.core import audit, clock
from qizhi.core.http import actor_of, reads, sheet, writes
from qizhi.core.paging import page_of
from qizhi.core.permissions import Actor
from qizhi.core.years import year_narrowing, years_offered

PAGE = 50
COLUMNS = columns(
    ("inspection", "月度检查"),
    ("happened_on", "发生日期"),
    ("person", "人员"),
    ("staff_no", "工号"),
    ("unit", "组织"),
    ("fact", "情况"),
    ("evidence", "依据"),
    ("seen_by", "检查人"),
    ("clause", "依据条款"),
    ("case", "立案"),
    ("withdrawn", "撤销"),
)


def observation_rows(rows: QuerySet[Observation]) -> Iterator[dict[str, object]]:
    """Observations as lines of a table that leaves the system; asked for only when one does."""
    yield from map(_line, rows.prefetch_related("seen_by"))


def _line(row: Observation) -> dict[str, object]:
    return {
        "inspection": str(row.inspection),
        "happened_on": row.happened_on,
        "person": row.person.name if row.person else "",
        "staff_no": row.person.staff_no if row.person else "",
        "unit": str(row.unit or ""),
        "fact": row.fact,
        "evidence": row.evidence,
        "seen_by": "、".join(str(one) for one in row.seen_by.all()),
        "clause": row.clause.source if row.clause else "",
        "case": "、".join(map(str, row.cases.all())),
        "withdrawn": row.withdrawn_because,
    }


@reads(SEE_CASES)
def observations(request: HttpRequest) -> HttpResponse:
    """What all inspections have seen, looked for by year, unit, clause, words and what became of it."""
    actor, asked = actor_of(request), request.GET
    words = {name: asked.get(name, "").strip() for name in ("unit", "clause", "state")}
    wanted = queries.Wanted(year=year_narrowing(request), text=asked.get("q", "").strip(), **words)
    rows = queries.observations_found(actor.bureau_id, wanted)
    if (file := sheet(request, COLUMNS, observation_rows(rows), "检查记录")) is not None:
        return file
    context = {
        "page_of_observations": page_of(rows, PAGE, asked.get("page")),
        "wanted": wanted,
        "years": years_offered(request),
        "states": queries.STATES,
        "units": units_to_inspect(actor),
        "clauses": queries.clauses_seen(actor.bureau_id),
    }
    return render(request, "conduct/observations.html", context)


@reads(SEE_CASES)
def observation(request: HttpRequest, observation_id: uuid.UUID) -> HttpResponse:
    """One observation: what was seen, what became of it, and how it was corrected."""
    actor = actor_of(request)
    found = observation_for(actor, SEE_CASES, observation_id)
    cases = found.cases.filter(bureau_id=found.bureau_id).order_by("year", "serial")
    context = {
        "observation": found,
        "cases": cases,
        "is_free": not any(case.status != "dropped" for case in cases),
        "referrals": found.referrals.filter(bureau_id=found.bureau_id),
        "history": audit.tell(found),
        "may_record": actor.may(RECORD_CASES),
    }
    return render(request, "conduct/observation.html", context)


def _choices(actor: Actor) -> dict[str, Any]:
    return {
        "bureau_id": actor.bureau_id,
        "clauses": clauses_with_points(actor.bureau_id),
        "units": units_to_inspect(actor),
    }


def _seen(values: dict[str, Any]) -> services.Seen:
    apart = {"id", "because"}
    return services.Seen(**{name: value for name, value in values.items() if name not in apart})


@writes(RECORD_CASES)
def observation_new(request: HttpRequest, inspection_id: uuid.UUID) -> HttpResponse:
    """Write down what was seen."""
    actor = actor_of(request)
    found = inspection_for(actor, RECORD_CASES, inspection_id)
    first = {
        "happened_on": found.held_on or clock.today(),
        "person": request.GET.get("person", "")[:60],
        "seen_by": written(found.led_by),
    }
    form = ObservationForm(posted(request), initial=first, **_choices(actor))
    return step_page(
        request,
        form,
        lambda values: _then(
            found, services.save_observation(found, _seen(values), id=values["id"], by=actor)
        ),
        title="登记检查记录",
        lead=f"{found}：记看到的情况和依据，不作评价",
        back=found.get_absolute_url(),
        done="已登记。",
    )


def _then(inspection: Inspection, _made: Observation) -> Inspection:
    return inspection


@writes(RECORD_CASES)
def observation_edit(request: HttpRequest, observation_id: uuid.UUID) -> HttpResponse:
    """Correct what was written down."""
    actor = actor_of(request)
    row = observation_for(actor, RECORD_CASES, observation_id)
    names = ("unit", "clause", "happened_on", "fact", "evidence")
    initial = {**{name: getattr(row, name) for name in names}, "person": written(row.person)}
    initial["seen_by"] = "、".join(map(written, row.seen_by.all()))
    form = CorrectObservationForm(posted(request), initial=initial, **_choices(actor))

    def save(values: dict[str, Any]) -> Observation:
        because = values["because"]
        return services.save_observation(
            row.inspection, _seen(values), observation=row, because=because, by=actor
        )

    return step_page(
        request,
        form,
        save,
        title="更正检查记录",
        lead=str(row.inspection),
        back=row.get_absolute_url(),
        done="已更正。",
    )


@writes(RECORD_CASES)
def observation_withdraw(request: HttpRequest, observation_id: uuid.UUID) -> HttpResponse:
    """Take a mistaken line back, and say why."""
    actor = actor_of(request)
    row = observation_for(actor, RECORD_CASES, observation_id)
    return step_page(
        request,
        WithdrawObservationForm(posted(request)),
        lambda values: services.withdraw_observation(row, because=values["because"], by=actor),
        title="撤销检查记录",
        lead=f"{row.person or row.unit}：{row.fact}",
        back=row.get_absolute_url(),
        done="已撤销，不再计入；内容和理由仍可查到。",
        step="撤销",
    )


@writes(RECORD_CASES)
def observation_restore(request: HttpRequest, observation_id: uuid.UUID) -> HttpResponse:
    """Take a withdrawal back."""
    actor = actor_of(request)
    row = observation_for(actor, RECORD_CASES, observation_id)
    if request.method == "POST":
        services.restore_observation(row, by=actor)
        messages.success(request, "已恢复。")
    return redirect(reverse("conduct:observation", args=[row.pk]))
