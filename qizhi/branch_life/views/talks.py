"""Talks: coverage, the list, the quick form, and what is done with one of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.branch_life import queries, services
from qizhi.branch_life.forms import CorrectTalkForm, TalksForm
from qizhi.branch_life.importers import TALKS, talk_rows
from qizhi.branch_life.permissions import RECORD_TALKS, SEE_BRANCH_LIFE, talk_for
from qizhi.branch_life.queries import TalkCoverage, accountable_units
from qizhi.branch_life.services.talks import TalkFact
from qizhi.core import audit, clock, periods
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, key_asked, reads, say_refusal, table_file, writes
from qizhi.core.paging import page_of
from qizhi.core.periods import Period
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_integer, parse_text
from qizhi.core.years import year_asked, years_offered
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries import units_on

PAGE = 50
COVERAGE = (
    Column(key="unit", label="党支部", parse=parse_text, width=18),
    Column(key="owed", label="应谈", parse=parse_integer),
    Column(key="done", label="谈过", parse=parse_integer),
    Column(key="without", label="还没有谈的", parse=parse_text, width=40),
    Column(key="unknown", label="判定不了", parse=parse_integer),
)


@reads(SEE_BRANCH_LIFE)
def talks(request: HttpRequest) -> HttpResponse:
    """How many members of each branch had a talk in a year, who had none yet, and the talks themselves."""
    actor, year = actor_of(request), year_asked(request, is_ahead=True)
    span, unit_id = periods.year(year), key_asked(request, "unit")
    branches = list(accountable_units(actor.bureau_id, span).filter(actor.reach(SEE_BRANCH_LIFE).units("")))
    found = queries.talks_of(actor, SEE_BRANCH_LIFE, span, unit_id=unit_id)
    file, is_coverage = request.GET.get("format"), request.GET.get("table") == "coverage"
    if file in {"xlsx", "csv"} and not is_coverage:
        return table_file(TALKS.columns, talk_rows(found), f"{year}年谈心谈话", file)
    chosen = [unit for unit in branches if unit_id in {None, unit.pk}]
    coverage = queries.talk_coverage(actor.bureau_id, [unit.pk for unit in chosen], span, clock.today())
    rows = [(unit, coverage[unit.pk]) for unit in chosen if coverage[unit.pk].lines]
    if file in {"xlsx", "csv"}:
        return table_file(COVERAGE, map(_coverage_row, rows), f"{year}年谈心谈话覆盖情况", file)
    context = {
        "rows": rows,
        "done": sum(one.done for _, one in rows),
        "owed": sum(one.owed for _, one in rows),
        "without": sum(len(one.without) for _, one in rows),
        "page_of_talks": page_of(found, PAGE, request.GET.get("page")),
        "branches": branches,
        "unit_id": unit_id,
        "year": year,
        "years": years_offered(request),
        "may_record": actor.may(RECORD_TALKS),
    }
    return render(request, "branch_life/talks.html", context)


def _coverage_row(row: tuple[Unit, TalkCoverage]) -> dict[str, Any]:
    unit, one = row
    return {
        "unit": unit.name,
        "owed": one.owed,
        "done": one.done,
        "without": "、".join(line.person.name for line in one.without) or None,
        "unknown": one.unknown or None,
    }


@writes(RECORD_TALKS)
def talk_new(request: HttpRequest) -> HttpResponse:
    """Record talks of a branch: one person, one day, one or several others."""
    actor, today = actor_of(request), clock.today()
    branches = units_on(actor.bureau_id, today, UnitKind.BRANCH).filter(actor.reach(RECORD_TALKS).units(""))
    units = list(branches.order_by("position", "code"))
    asked = key_asked(request, "unit")
    unit = next((one for one in units if one.pk == asked), units[0] if len(units) == 1 else None)
    if unit is None:
        context = {"units": units, "back": reverse("branch_life:talks")}
        return render(request, "branch_life/talk_unit.html", context)
    people = queries.partners(unit, _recent(today.year))
    data = request.POST if request.method == "POST" else None
    initial = {"held_on": today, "one": actor.person_id, "others": request.GET.getlist("with")}
    form = TalksForm(data, people=people, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            made = services.record_talks(_facts(unit, form.cleaned_data), by=actor)
        except Refused as error:
            say_refusal(form, error, {"other": "others"}.get(error.field or ""))
        else:
            known = len(form.cleaned_data["others"]) - len(made)
            more = f"另有 {known} 次早已登记，没有重复。" if known else ""
            messages.success(request, f"已登记 {len(made)} 次谈话。{more}", extra_tags=f"talk-{unit.pk}")
            return redirect(f"{reverse('branch_life:unit', args=[unit.pk])}#line-coverage")
    back, draft = reverse("branch_life:talks"), f"talk-{unit.pk}"
    lead = f"{unit.name}：只记谁和谁、哪一天，不记谈话内容"
    return form_page(request, form, title="登记谈心谈话", lead=lead, back=back, draft=draft)


def _recent(year: int) -> Period:
    """Who belonged to the branch since the beginning of last year may be named."""
    return periods.years(year - 1, year)


def _facts(unit: Unit, values: dict[str, Any]) -> list[TalkFact]:
    day, is_month = values["held_on"], values["is_month_only"]
    return [TalkFact(unit, values["one"], other, day, is_month) for other in values["others"]]


@reads(SEE_BRANCH_LIFE)
def talk(request: HttpRequest, talk_id: uuid.UUID) -> HttpResponse:
    """One talk: who, when, and what was done to the row."""
    actor = actor_of(request)
    found = talk_for(actor, SEE_BRANCH_LIFE, talk_id)
    may_record = actor.may(RECORD_TALKS, found.unit_id, found.unit.path)
    context = {
        "talk": found,
        "may_record": may_record,
        "history": audit.tell(found) if may_record else [],
    }
    return render(request, "branch_life/talk.html", context)


@writes(RECORD_TALKS)
def talk_correct(request: HttpRequest, talk_id: uuid.UUID) -> HttpResponse:
    """Correct the day or the people of a talk."""
    actor = actor_of(request)
    found = talk_for(actor, RECORD_TALKS, talk_id)
    first = min(found.held_on.year, clock.today().year - 1)
    people = queries.partners(found.unit, periods.years(first, clock.today().year))
    initial = {
        "one": found.one_id,
        "other": found.other_id,
        "held_on": found.held_on,
        "is_month_only": found.is_month_only,
    }
    form = CorrectTalkForm(request.POST if request.method == "POST" else None, people=people, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            services.correct_talk(found, fact=TalkFact(found.unit, **form.cleaned_data), by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已更正。", extra_tags=f"talk-{found.pk}")
            return redirect(found)
    back, draft = found.get_absolute_url(), f"talk-{found.pk}"
    return form_page(request, form, title="更正谈心谈话", lead=str(found.unit), back=back, draft=draft)


@writes(RECORD_TALKS)
def talk_withdraw(request: HttpRequest, talk_id: uuid.UUID) -> HttpResponse:
    """Take a talk out of every count."""
    actor = actor_of(request)
    found = talk_for(actor, RECORD_TALKS, talk_id)
    if request.method == "POST":
        services.withdraw_talk(found, by=actor)
        messages.success(request, "已撤销，不再计数；需要时可以恢复。")
    return redirect(found)


@writes(RECORD_TALKS)
def talk_restore(request: HttpRequest, talk_id: uuid.UUID) -> HttpResponse:
    """Count a withdrawn talk again."""
    actor = actor_of(request)
    found = talk_for(actor, RECORD_TALKS, talk_id)
    if request.method == "POST":
        services.restore_talk(found, by=actor)
        messages.success(request, "已恢复，重新计数。")
    return redirect(found)
