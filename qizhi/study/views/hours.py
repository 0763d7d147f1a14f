"""Hours of training: the branches, one branch, one person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import clock
from qizhi.core.http import actor_of, reads
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_decimal, parse_integer, parse_text
from qizhi.core.years import year_asked, years_offered
from qizhi.org.permissions import unit_for
from qizhi.study.permissions.hours import MANAGE_COURSES, RECORD_OWN, SEE_HOURS, learner_for
from qizhi.study.queries import hours as queries
from qizhi.study.queries.hours import Line
from qizhi.study.rules.hours import LEADER, MEMBER, Standing, Target
from qizhi.study.views.shared import table, wants_table

STATES = {
    Standing.DONE: ("done", "已达到"),
    Standing.DUE: ("due", "未到期"),
    Standing.MISSING: ("missing", "不足"),
    Standing.NA: ("na", "不适用：年内新加入"),
    Standing.EXCUSED: ("excused", "全年请假或借调"),
    Standing.UNKNOWN: ("unknown", "未知"),
    Standing.UNASKED: ("na", "—"),
}
GROUPS = {MEMBER: "党员", LEADER: "支部书记和委员"}
BRANCH_COLUMNS = (
    Column(key="unit", label="党支部", parse=parse_text, width=20),
    Column(key="members", label="党员", parse=parse_integer),
    Column(key="due", label="有学时要求的人数", parse=parse_integer, width=18),
    Column(key="done", label="已达到", parse=parse_integer),
    Column(key="below", label="未达到", parse=parse_integer),
    Column(key="unknown", label="未知", parse=parse_integer),
    Column(key="new", label="年内新加入", parse=parse_integer),
)
PERSON_COLUMNS = (
    Column(key="name", label="姓名", parse=parse_text),
    Column(key="gathered", label="集中学习学时", parse=parse_decimal, width=14),
    Column(key="courses", label="课程学时", parse=parse_decimal),
    Column(key="total", label="合计", parse=parse_decimal),
    Column(key="target", label="要求", parse=parse_integer),
    Column(key="state", label="情况", parse=parse_text, width=20),
)


def _asked(known: Mapping[str, Target]) -> list[tuple[str, Target]]:
    return [(GROUPS[of], known[of]) for of in GROUPS if of in known]


@reads(SEE_HOURS)
def hours(request: HttpRequest) -> HttpResponse:
    """Every branch the reader may see: how many of its members have enough; no names here."""
    actor, year = actor_of(request), year_asked(request, is_ahead=True)
    reach = actor.reach(SEE_HOURS)
    if not (reach.is_all or reach.unit_ids or reach.paths):
        return redirect("study:my_hours")
    asked = queries.targets_in(actor.bureau_id, year)
    found = queries.lines(actor.bureau_id, year, clock.today(), reach.units(), asked)
    branches = queries.summed(found)
    if wants_table(request):
        rows = [{**vars(one), "unit": one.unit.name, "due": one.due} for one in branches]
        return table(request, BRANCH_COLUMNS, rows, f"{year}年学时情况")
    context = {
        "year": year,
        "query": f"?year={year}",
        "years": years_offered(request),
        "branches": branches,
        "done": sum(one.done for one in branches),
        "due": sum(one.due for one in branches),
        "asked": _asked(asked),
        "is_over": year < clock.today().year,
        "may_manage": actor.may(MANAGE_COURSES),
    }
    return render(request, "study/hours.html", context)


@reads(SEE_HOURS)
def hours_unit(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """The members of one branch with their hours, in the order of the roll and of nothing else."""
    actor, year = actor_of(request), year_asked(request, is_ahead=True)
    unit = unit_for(actor, SEE_HOURS, unit_id)
    asked = queries.targets_in(actor.bureau_id, year)
    mine = queries.lines(actor.bureau_id, year, clock.today(), Q(unit=unit), asked)
    below = [line for line in mine if line.standing in {Standing.MISSING, Standing.DUE}]
    shown = below if request.GET.get("below") == "1" else mine
    if wants_table(request):
        return table(request, PERSON_COLUMNS, map(_row, shown), f"{unit.name}{year}年学时")
    context = {
        "unit": unit,
        "year": year,
        "years": years_offered(request),
        "lines": [(line, *STATES[line.standing]) for line in shown],
        "members": len(mine),
        "below": below,
        "is_below": request.GET.get("below") == "1",
        "asked": _asked(asked),
        "is_over": year < clock.today().year,
    }
    return render(request, "study/hours_unit.html", context)


def _row(line: Line) -> dict[str, Any]:
    return {
        "name": line.person.name,
        "gathered": line.gathered,
        "courses": line.courses,
        "total": line.total,
        "target": line.target.hours if line.target else None,
        "state": STATES[line.standing][1],
    }


@reads(SEE_HOURS)
def my_hours(request: HttpRequest) -> HttpResponse:
    """The way to one's own hours."""
    person_id = actor_of(request).person_id
    if person_id is None:
        return redirect("web:mine")
    return redirect(reverse("study:hours_person", args=[person_id], query=request.GET))


@reads(SEE_HOURS)
def hours_person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """What one person learnt in a year: together, and by courses."""
    actor, year = actor_of(request), year_asked(request, is_ahead=True)
    person = learner_for(actor, person_id, year)
    own = queries.own_year(person, year, clock.today())
    if wants_table(request):
        return table(request, OWN_COLUMNS, _own_rows(own), f"{person.name}{year}年学时")
    context = {
        "person": person,
        "year": year,
        "years": years_offered(request),
        "own": own,
        "state": STATES[own.line.standing] if own.line else ("na", "—"),
        "is_mine": person.pk == actor.person_id,
        "may_record": person.pk == actor.person_id and actor.may(RECORD_OWN),
        "may_manage": actor.may(MANAGE_COURSES),
    }
    return render(request, "study/hours_person.html", context)


OWN_COLUMNS = (
    Column(key="day", label="日期", parse=parse_text, width=16),
    Column(key="what", label="内容", parse=parse_text, width=40),
    Column(key="where", label="组织或平台", parse=parse_text, width=20),
    Column(key="hours", label="学时", parse=parse_decimal),
    Column(key="source", label="来源", parse=parse_text),
)


def _own_rows(own: queries.Own) -> list[dict[str, Any]]:
    held = [
        {
            "day": one.day_or_month,
            "what": one.title,
            "where": one.unit.full_label,
            "hours": one.hours,
            "source": "活动登记",
        }
        for one in own.gatherings
    ]
    return held + [
        {
            "day": one.completed_on,
            "what": one.course.name,
            "where": one.course.provider,
            "hours": one.hours,
            "source": one.get_origin_display(),
        }
        for one in own.completions
    ]
