"""The tally sheet: on paper before a vote, and with its result afterwards."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.core import periods
from qizhi.core.http import actor_of, reads
from qizhi.core.periods import Period
from qizhi.gatherings.enums import Threshold
from qizhi.gatherings.permissions import RECORD, SEE, gathering_for
from qizhi.gatherings.queries.desk import Shelf
from qizhi.gatherings.queries.roster import Roster
from qizhi.gatherings.queries.voting import blank_tally, judged, roll_at
from qizhi.gatherings.rules import suggest_title
from qizhi.gatherings.views.record import chosen_by

LINES = (1, 3, 5, 8, 12)
"""How many matters or candidates a blank sheet has room for."""
USUAL_LINES = 3


@reads(SEE)
def tally_sheet(request: HttpRequest, gathering_id: uuid.UUID) -> HttpResponse:
    """What was voted on at a gathering with every count and the verdict; to print and sign."""
    actor = actor_of(request)
    gathering = gathering_for(actor, SEE, gathering_id)
    if not gathering.is_readable:  # type: ignore[attr-defined] # annotated by gathering_for
        raise Http404
    roster = Roster.load(actor.bureau_id, [gathering.unit], Period(gathering.held_on, gathering.held_on))
    audiences = {kind.audience for kind in gathering.kinds.all()}
    resolutions = list(gathering.resolutions.select_related("person"))
    context = {
        "gathering": gathering,
        "lead": f"{gathering.unit.full_label} · {gathering.day_label} · {gathering.title}",
        "votes": judged(gathering, resolutions, roll_at(gathering, audiences, roster)),
        "may_record": actor.may(RECORD, gathering.unit_id, gathering.unit.path),
    }
    return render(request, "gatherings/tally_sheet.html", context)


@reads(RECORD)
def blank_tally_sheet(request: HttpRequest) -> HttpResponse:
    """A sheet to count on: who is due and what is needed are printed, the rest is filled in by hand."""
    shelf = Shelf.load(actor_of(request))
    chosen = chosen_by(request.GET, shelf, request.GET.getlist("kinds"))
    unit, asked = chosen.unit, request.GET
    if unit is None:
        raise Http404
    rule = Threshold(asked["rule"]) if asked.get("rule") in Threshold.values else Threshold.ORDINARY
    number = next((one for one in LINES if str(one) == asked.get("number")), USUAL_LINES)
    title = suggest_title([kind.name for kind in chosen.kinds], chosen.day)
    context = {
        "unit": unit,
        "chosen": chosen,
        "lead": " · ".join(part for part in (unit.full_label, periods.say_day(chosen.day), title) if part),
        "rule": rule,
        "rules": Threshold.choices,
        "number": number,
        "numbers": LINES,
        "lines": range(1, number + 1),
        "tally": blank_tally(unit, chosen.day, {kind.audience for kind in chosen.kinds}, rule),
    }
    return render(request, "gatherings/blank_tally_sheet.html", context)
