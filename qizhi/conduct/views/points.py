"""The points ledger: its lines, the sheets of people and units, the way to the performance appraisal."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.conduct.permissions.cases import (
    SEE_CASE,
    SEE_CASES,
    sheet_person_for,
    sheet_unit_for,
)
from qizhi.conduct.queries import points as queries
from qizhi.conduct.queries.procedure import procedure_on
from qizhi.conduct.views.shared import columns
from qizhi.core import periods
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, reads, table_file
from qizhi.core.paging import page_of
from qizhi.core.years import year_asked, years_offered
from qizhi.org.queries import PeopleIndex

PAGE = 50
LINES = columns(
    ("counted_on", "计入日期"),
    ("who", "对象"),
    ("staff_no", "工号"),
    ("points", "分值"),
    ("case", "事项编号"),
    ("clause", "依据"),
    ("kind", "类别"),
    ("reason", "说明"),
)
APPRAISAL = columns(
    ("year", "年度"),
    ("staff_no", "工号"),
    ("who", "对象"),
    ("carried", "以前年度结转"),
    ("own", "本年分值"),
    ("total", "累计分值"),
    ("counted", "封顶后"),
    ("score", "现有分"),
    ("performance", "绩效分"),
    ("formula", "计算办法"),
    ("rule", "依据的制度和版本"),
    ("parameters", "参数"),
    ("cases", "本年事项编号和条款版本"),
    ("cases_before", "结转的事项编号和条款版本"),
)


@reads(SEE_CASES)
def points(request: HttpRequest) -> HttpResponse:
    """The lines of a year in the order in which they counted, with what was taken back."""
    actor, year = actor_of(request), year_asked(request)
    period = periods.year(year)
    rows = queries.entries_in(actor.bureau_id, period)
    problem, text = "", request.GET.get("q", "").strip()
    if text:
        try:
            person = PeopleIndex(actor.bureau_id).find(text)
            return redirect(f"{reverse('conduct:person_sheet', args=[person.pk])}?year={year}")
        except Refused as error:
            problem = error.message
    if (file := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(LINES, map(queries.line_values, rows), f"{year}年记分台账", file)
    context = {
        "page_of_lines": page_of(rows, PAGE, request.GET.get("page")),
        "standing": queries.standing_entries(actor.bureau_id, period).count(),
        "procedure": procedure_on(actor.bureau_id, period.end),
        "year": year,
        "years": years_offered(request),
        "text": text,
        "problem": problem,
    }
    return render(request, "conduct/points.html", context)


@reads(SEE_CASES)
def appraisal(request: HttpRequest) -> HttpResponse:
    """Points for the performance appraisal, as a file; without a formula points alone."""
    actor, year = actor_of(request), year_asked(request, is_file=True)
    rows = queries.appraisal_rows(actor.bureau_id, year)
    return table_file(APPRAISAL, rows, f"{year}年记分结果（报绩效考核）", request.GET.get("format", "xlsx"))


@reads(SEE_CASE)
def person_sheet(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """The sheet of a person: the office and the person see the same."""
    actor = actor_of(request)
    person = sheet_person_for(actor, person_id)
    year = year_asked(request)
    sheet = queries.year_sheet(person, year)
    return _sheet(request, sheet, str(person), year, is_own=person.pk == actor.person_id)


@reads(SEE_CASE)
def unit_sheet(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """The sheet of a unit: what was laid to it, not what was laid to its people."""
    unit = sheet_unit_for(actor_of(request), unit_id)
    year = year_asked(request)
    return _sheet(request, queries.year_sheet_of_unit(unit, year), str(unit), year, is_own=False)


def _sheet(request: HttpRequest, sheet: queries.Sheet, name: str, year: int, *, is_own: bool) -> HttpResponse:
    if (file := request.GET.get("format")) in {"xlsx", "csv"}:
        rows = map(queries.line_values, [*sheet.before, *sheet.lines, *sheet.taken_back])
        return table_file(LINES, rows, f"{name}{year}年记分", file)
    sees_all = actor_of(request).reach(SEE_CASES).is_all
    context = {"sheet": sheet, "name": name, "year": year, "years": years_offered(request)}
    return render(request, "conduct/sheet.html", {**context, "is_own": is_own, "sees_all": sees_all})
