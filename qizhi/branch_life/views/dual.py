"""Dual organisational life: how leading cadres took part in their own branch."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.branch_life import queries
from qizhi.branch_life.permissions import SEE_DUAL_LIFE
from qizhi.branch_life.queries import DualLine, Invitation
from qizhi.branch_life.views import shown
from qizhi.core import clock, periods
from qizhi.core.http import actor_of, reads, table_file
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day_or_month, parse_text
from qizhi.core.years import year_asked, years_offered

COLUMNS = (
    Column(key="person", label="姓名", parse=parse_text, width=12),
    Column(key="title", label="职务", parse=parse_text, width=18),
    Column(key="branch", label="所在党支部", parse=parse_text, width=20),
    Column(key="due", label="应到", parse=parse_text),
    Column(key="present", label="实到", parse=parse_text),
    Column(key="made_up", label="补课", parse=parse_text),
    Column(key="unknown", label="只有纸质人数", parse=parse_text, width=14),
)
PERSON_COLUMNS = (
    Column(key="held_on", label="日期", parse=parse_day_or_month, width=14),
    Column(key="unit", label="组织", parse=parse_text, width=20),
    Column(key="title", label="活动", parse=parse_text, width=36),
    Column(key="state", label="情况", parse=parse_text, width=14),
)


@reads(SEE_DUAL_LIFE)
def dual_life(request: HttpRequest) -> HttpResponse:
    """Every leading cadre in the own branch in a year: due, present."""
    actor, year = actor_of(request), year_asked(request)
    lines = queries.dual_lines(actor.bureau_id, periods.year(year), clock.today())
    if (file := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(COLUMNS, _rows(lines), f"{year}年双重组织生活", file)
    context = {
        "lines": lines,
        "present": sum(line.present for line in lines),
        "due": sum(line.due for line in lines),
        "year": year,
        "years": years_offered(request),
    }
    return render(request, "branch_life/dual_life.html", context)


def _rows(lines: list[DualLine]) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield {
            "person": line.person.name,
            "title": line.title,
            "branch": "、".join(line.branches),
            "due": line.due,
            "present": line.present,
            "made_up": line.made_up,
            "unknown": line.unknown or None,
        }


@reads(SEE_DUAL_LIFE)
def dual_person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """The gatherings of a leader's own branch at which they were due, one by one."""
    actor, year = actor_of(request), year_asked(request)
    lines = queries.dual_lines(actor.bureau_id, periods.year(year), clock.today(), person_id=person_id)
    if not lines:
        raise Http404
    line = lines[0]
    if (file := request.GET.get("format")) in {"xlsx", "csv"}:
        rows = (
            {
                "held_on": one.gathering.held_on,
                "unit": one.gathering.unit.full_label,
                "title": one.gathering.title,
                "state": _state(one).words,
            }
            for one in line.invitations
        )
        return table_file(PERSON_COLUMNS, rows, f"{line.person}{year}年双重组织生活", file)
    context = {
        "line": line,
        "invitations": [(one.gathering, _state(one)) for one in line.invitations],
        "year": year,
        "years": years_offered(request),
    }
    return render(request, "branch_life/dual_person.html", context)


def _state(one: Invitation) -> shown.Chip:
    if one.is_present is None:
        return shown.Chip("unknown", "只有纸质人数")
    if one.is_present:
        return shown.Chip("done", "到会")
    return shown.Chip("late", "已补课") if one.is_made_up else shown.Chip("excused", "未到")
