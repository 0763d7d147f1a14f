"""What a branch owes and what the bureau's branches owe."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.branch_life import queries
from qizhi.branch_life.permissions import (
    MANAGE_METHODS,
    MANAGE_THEME_DAYS,
    RECORD_TALKS,
    SEE_BRANCH_LIFE,
    SEE_DUAL_LIFE,
)
from qizhi.branch_life.queries.theme_days import theme_days_of
from qizhi.branch_life.views import screen, shown
from qizhi.core import clock, periods
from qizhi.core.figures import report_year
from qizhi.core.http import actor_of, reads, table_file
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.years import year_asked, years_offered
from qizhi.gatherings.permissions import SEE_VOTING
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.permissions import unit_for
from qizhi.regulations.kinds import Standing
from qizhi.regulations.permissions import SEE_EXEMPTIONS
from qizhi.tasks.permissions import SEE_DUTIES
from qizhi.tasks.queries.duties import open_parts
from qizhi.tasks.rules import State as PartState


def part_asked(request: HttpRequest, year: int, usual: str) -> tuple[shown.Choice, list[shown.Choice]]:
    """The month, quarter or year of `?part=`, and all that are offered."""
    options = shown.choices(year)
    wanted = request.GET.get("part") or usual
    return next((option for option in options if option.value == wanted), options[-1]), options


@reads(SEE_BRANCH_LIFE)
def unit(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """What a branch still has to do, until when, one step each; then every clause that concerns it."""
    actor, today, year = actor_of(request), clock.today(), year_asked(request, is_ahead=True)
    found = unit_for(actor, SEE_BRANCH_LIFE, unit_id)
    chosen, options = part_asked(request, year, "y")
    told = queries.outlook(found.bureau_id, [found], chosen.period, today)
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        name = f"{found}{chosen.period.label}组织生活"
        return table_file(screen.COLUMNS, screen.as_rows(told, [found]), name, kind)
    context = {
        "unit": found,
        "year": year,
        "years": years_offered(request),
        "chosen": chosen,
        "options": options,
        "months": screen.months_of(chosen.period),
        "rows": screen.rows_of(told, found, chosen.period, today, actor),
        "unjudged": told.unjudged if found.kind == UnitKind.BRANCH else (),
        "methods": queries.methods_of(actor, SEE_BRANCH_LIFE, unit_id=found.pk),
        "may_manage": actor.may(MANAGE_METHODS, found.pk, found.path),
        "today": today,
        **_to_do(request, found, told, chosen),
    }
    if found.kind == UnitKind.BRANCH:
        context |= _of_branch(actor, found, periods.year(year), today)
    return render(request, "branch_life/unit.html", context)


def _to_do(request: HttpRequest, found: Unit, told: queries.Outlook, chosen: shown.Choice) -> dict[str, Any]:
    """What is to be done in the period that the reader has chosen; of all that is open where none is."""
    actor, today = actor_of(request), clock.today()
    span = Period(periods.year(report_year(today)).start, periods.year(today.year).end)
    recent = told if span == chosen.period else queries.outlook(found.bureau_id, [found], span, today)
    everything = queries.todos(found, recent.of(found.pk), today, actor)
    is_chosen = "part" in request.GET or "year" in request.GET
    todos = queries.todos(found, told.of(found.pk), today, actor) if is_chosen else everything
    due = [one for one in todos if not one.wait.is_missing]
    return {
        "todos": todos,
        "due": len(due),
        "nearest": due[0] if due else None,
        "missing": len(todos) - len(due),
        "is_chosen": is_chosen,
        "is_ahead": is_chosen and chosen.period.start > today,
        "everything": len(everything),
        "since": span.start.year,
    }


def _of_branch(actor: Actor, found: Unit, span: Period, today: dt.date) -> dict[str, Any]:
    """What only branches have: who keeps contact with them, talks and votes."""
    return {
        "is_branch": True,
        "contacts": queries.contacts_of(found, span, today),
        "may_see_voting": actor.may(SEE_VOTING, found.pk, found.path),
        "may_see_exemptions": actor.may(SEE_EXEMPTIONS, found.pk, found.path),
        "theme_day": theme_days_of(actor, found.pk).on(today).first(),
        "may_fix_day": actor.may(MANAGE_THEME_DAYS, found.pk, found.path),
        **_duties(actor, found, today),
        "may_record_talks": actor.may(RECORD_TALKS, found.pk, found.path),
    }


def _duties(actor: Actor, found: Unit, today: dt.date) -> dict[str, Any]:
    """How many items of lists and tasks the branch still has to settle, and the next: the numbers of home."""
    if not actor.may(SEE_DUTIES, found.pk, found.path):
        return {}
    parts = open_parts(found.bureau_id, [found.pk], today, since=report_year(today))
    ahead = [(one.due.on, one) for one in parts if one.due.on and one.due.on >= today]
    until, nearest = min(ahead, key=lambda one: one[0], default=(None, None))
    return {
        "nearest_duty": nearest,
        "nearest_duty_when": queries.say_open_until(until, today) if until else "",
        "duties": len(parts),
        "late_duties": sum(1 for one in parts if one.state is PartState.MISSING),
    }


@reads(SEE_BRANCH_LIFE)
def bureau(request: HttpRequest) -> HttpResponse:
    """Every branch the reader may see against every clause; somebody with one branch goes to it."""
    actor, today, year = actor_of(request), clock.today(), year_asked(request, is_ahead=True)
    chosen, options = part_asked(request, year, f"m{today.month}")
    units = queries.units_asked(actor, chosen.period)
    if len(units) == 1 and not actor.reach(SEE_BRANCH_LIFE).is_all:
        return redirect(reverse("branch_life:unit", args=[units[0].pk], query=request.GET))
    found = queries.outlook(actor.bureau_id, units, chosen.period, today)
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        name = f"{chosen.period.label}组织生活"
        return table_file(screen.COLUMNS, screen.as_rows(found, units), name, kind)
    states = sum((found.numbers(one.pk) for one in units), Counter[Standing]())
    missing = [
        (one, line, cell)
        for one in units
        for line, cells in found.of(one.pk)
        for cell in cells
        if cell.state is Standing.MISSING
    ]
    context = {
        "grids": _grids(found, units, f"?year={year}&part={chosen.value}"),
        "chosen": chosen,
        "options": options,
        "year": year,
        "years": years_offered(request),
        "missing": missing,
        "units_missing": len({one.pk for one, _, _ in missing}),
        "due": states[Standing.DUE],
        "done": states[Standing.DONE] + states[Standing.LATE],
        "unknown": states[Standing.UNKNOWN],
        "units": units,
        "today": today,
        "may_see_dual_life": actor.may(SEE_DUAL_LIFE),
        "may_see_exemptions": actor.may(SEE_EXEMPTIONS),
    }
    return render(request, "branch_life/bureau.html", context)


def _grids(found: queries.Outlook, units: list[Unit], query: str) -> list[screen.Grid]:
    """The branches, and whatever else owes something, in the fixed order of the bureau."""
    branches = [one for one in units if one.kind == UnitKind.BRANCH]
    others = [one for one in units if one.kind != UnitKind.BRANCH]
    grids = [screen.grid_of(found, branches, str(UnitKind.BRANCH.label), query)]
    grids += [screen.grid_of(found, [one], str(one), query) for one in others]
    return [grid for grid in grids if grid.rows]
