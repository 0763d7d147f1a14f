"""What a branch owes and what the bureau's branches owe."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.branch_life import queries
from qizhi.branch_life.permissions import (
    MANAGE_METHODS,
    RECORD_TALKS,
    SEE_BRANCH_LIFE,
    SEE_DUAL_LIFE,
)
from qizhi.branch_life.queries import Cell, States, accountable_units, states
from qizhi.branch_life.rules import State
from qizhi.branch_life.views import shown
from qizhi.core import clock, periods
from qizhi.core.figures import report_year
from qizhi.core.http import actor_of, reads, table_file
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.gatherings.permissions import RECORD, SEE_VOTING
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.permissions import unit_for

KINDS = (UnitKind.BRANCH, UnitKind.CENTRE_GROUP)
YEARS_BACK = 10


def year_asked(request: HttpRequest) -> int:
    """The year of `?year=`; this year when it is missing or out of reach."""
    text, this_year = request.GET.get("year", ""), clock.today().year
    is_year = text.isdecimal() and this_year - YEARS_BACK <= int(text) <= this_year + 1
    return int(text) if is_year else this_year


def years_offered() -> list[int]:
    """The years that lists offer, newest first."""
    this_year = clock.today().year
    return list(range(this_year + 1, this_year - YEARS_BACK - 1, -1))


@reads(SEE_BRANCH_LIFE)
def unit(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """What a branch still has to do, until when, one step each; then its year, line by line."""
    actor, today, year = actor_of(request), clock.today(), year_asked(request)
    found = unit_for(actor, SEE_BRANCH_LIFE, unit_id)
    first = min(year, report_year(today))
    cells = states(found.bureau_id, [found], periods.years(first, max(year, today.year)), today).cells
    in_year = [cell for cell in cells if cell.period.start.year == year]
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        return _table(in_year, f"{found}{year}年组织生活", kind)
    may_record = actor.may(RECORD, found.pk, found.path)
    recent = [cell for cell in cells if cell.period.end.year >= report_year(today)]
    todos = [shown.todo(c, today, may_record=may_record) for c in queries.urgent(recent, today)]
    context = {
        "unit": found,
        "todos": todos,
        "due": sum(1 for one in todos if one.cell.state is State.DUE),
        "missing": sum(1 for one in todos if one.cell.state is State.MISSING),
        "unknown": [c for c in cells if c.state is State.UNKNOWN and today in c.period],
        "year": year,
        "last_year": year - 1,
        "years": years_offered(),
        "lines": [
            (line, shown.year_slots([c for c in in_year if c.line.key == line.key], today))
            for line in shown.lines_of(in_year)
        ],
        "methods": queries.methods_of(actor, SEE_BRANCH_LIFE, unit_id=found.pk),
        "may_manage": actor.may(MANAGE_METHODS, found.pk, found.path),
        "today": today,
    }
    if found.kind == UnitKind.BRANCH:
        context |= _of_branch(actor, found, periods.year(year), today)
    return render(request, "branch_life/unit.html", context)


def _of_branch(actor: Actor, found: Unit, span: Period, today: dt.date) -> dict[str, Any]:
    """What only branches have: talks of the year, and who keeps contact with them."""
    return {
        "is_branch": True,
        "talks": queries.talk_coverage(found.bureau_id, [found.pk], span, today)[found.pk],
        "contacts": queries.contacts_of(found, span, today),
        "may_see_voting": actor.may(SEE_VOTING, found.pk, found.path),
        "may_record_talks": actor.may(RECORD_TALKS, found.pk, found.path),
    }


def _table(cells: list[Cell], name: str, kind: str) -> HttpResponse:
    return table_file(shown.COLUMNS, shown.as_rows(cells), name, kind)


@reads(SEE_BRANCH_LIFE)
def bureau(request: HttpRequest) -> HttpResponse:
    """Every branch the reader may see against every requirement; somebody with one branch goes to it."""
    actor, today, year = actor_of(request), clock.today(), year_asked(request)
    options = shown.choices(year)
    wanted = request.GET.get("part") or f"m{today.month}"
    chosen = next((option for option in options if option.value == wanted), options[-1])
    units = _units(actor, chosen.period)
    if len(units) == 1 and not actor.reach(SEE_BRANCH_LIFE).is_all:
        return redirect("branch_life:unit", units[0].pk)
    found = states(actor.bureau_id, units, chosen.period, today)
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        return _table(list(found.cells), f"{chosen.period.label}组织生活", kind)
    place = {one.pk: number for number, one in enumerate(units)}
    missing = sorted(found.in_state(State.MISSING), key=lambda cell: place[cell.unit.pk])
    context = {
        "sections": [_section(found, units, kind) for kind in KINDS],
        "chosen": chosen,
        "options": options,
        "year": year,
        "years": years_offered(),
        "missing": missing,
        "units_missing": len({cell.unit.pk for cell in missing}),
        "due": len(found.in_state(State.DUE)),
        "done": len(found.in_state(State.DONE, State.LATE)),
        "unknown": len(found.in_state(State.UNKNOWN)),
        "units": units,
        "today": today,
        "may_see_dual_life": actor.may(SEE_DUAL_LIFE),
    }
    return render(request, "branch_life/bureau.html", context)


def _units(actor: Actor, span: Period) -> list[Unit]:
    reach = actor.reach(SEE_BRANCH_LIFE)
    return list(accountable_units(actor.bureau_id, span, *KINDS).filter(reach.units("")))


def _section(found: States, units: list[Unit], unit_kind: str) -> dict[str, Any]:
    """Units of a kind, in the fixed order of the bureau, against the lines they owe."""
    lines = found.lines_of(unit_kind)
    rows = [
        (one, [shown.chips(found.of(one, line)) for line in lines]) for one in units if one.kind == unit_kind
    ]
    return {"label": UnitKind(unit_kind).label, "lines": lines, "rows": rows if lines else []}
