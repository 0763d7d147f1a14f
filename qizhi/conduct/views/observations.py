"""What inspections have seen: written down, corrected, taken away."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from qizhi.conduct.forms.inspections import ObservationForm
from qizhi.conduct.forms.parts import written
from qizhi.conduct.models import Inspection, Observation
from qizhi.conduct.permissions.cases import RECORD_CASES, inspection_for, observation_for
from qizhi.conduct.queries.clauses import clauses_with_points
from qizhi.conduct.services import inspections as services
from qizhi.conduct.views.inspections import units_to_inspect
from qizhi.conduct.views.shared import posted, step_page
from qizhi.core import clock
from qizhi.core.http import actor_of, writes
from qizhi.core.permissions import Actor


def _observation_form(request: HttpRequest, actor: Actor, initial: dict[str, Any]) -> ObservationForm:
    return ObservationForm(
        posted(request),
        bureau_id=actor.bureau_id,
        clauses=clauses_with_points(actor.bureau_id),
        units=units_to_inspect(actor),
        initial=initial,
    )


def _seen(values: dict[str, Any]) -> services.Seen:
    return services.Seen(**{name: value for name, value in values.items() if name != "id"})


@writes(RECORD_CASES)
def observation_new(request: HttpRequest, inspection_id: uuid.UUID) -> HttpResponse:
    """Write down what was seen."""
    actor = actor_of(request)
    found = inspection_for(actor, RECORD_CASES, inspection_id)
    form = _observation_form(request, actor, {"happened_on": found.held_on or clock.today()})
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
    form = _observation_form(request, actor, initial)
    return step_page(
        request,
        form,
        lambda values: _then(
            row.inspection,
            services.save_observation(row.inspection, _seen(values), observation=row, by=actor),
        ),
        title="更正检查记录",
        lead=str(row.inspection),
        back=row.inspection.get_absolute_url(),
        done="已更正。",
    )


@writes(RECORD_CASES)
def observation_remove(request: HttpRequest, observation_id: uuid.UUID) -> HttpResponse:
    """Take a mistaken line away."""
    actor = actor_of(request)
    row = observation_for(actor, RECORD_CASES, observation_id)
    if request.method == "POST":
        services.remove_observation(row, by=actor)
        messages.success(request, "已删除，变更记录里仍可查到。")
    return redirect(row.inspection)
