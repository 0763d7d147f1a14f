"""The numbers that a branch secretary reports on, ready to copy."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.core import clock
from qizhi.core.documents.files import DOCX, docx_of
from qizhi.core.http import actor_of, download, reads
from qizhi.org.enums import UnitKind
from qizhi.reports import queries
from qizhi.reports.forms import ReckoningForm
from qizhi.reports.permissions import SEE_FIGURES
from qizhi.reports.services import secretary, sheets

FILES = ("docx", "xlsx", "csv")


@reads(SEE_FIGURES)
def secretary_report(request: HttpRequest) -> HttpResponse:
    """One branch and year: every number with its rows, what was asked and how it stands; or as a file."""
    actor, form = actor_of(request), ReckoningForm(request.GET)
    if not form.is_valid():
        return render(request, "reports/secretary_report.html", {"form": form}, status=422)
    branches = [one for one in queries.units_seen(actor, form.day) if one.kind == UnitKind.BRANCH]
    code = request.GET.get("unit", "")
    own = {grant.unit_id for grant in actor.grants}
    first = next((one for one in branches if one.pk in own), branches[0] if branches else None)
    unit = next((one for one in branches if one.code == code), None) if code else first
    if unit is None and code:
        raise Http404
    if unit is None:
        return render(request, "reports/secretary_report.html", {"form": form, "branches": []})
    reckoning = queries.reckoning_for(actor, year=form.report_year, as_of=form.day, unit=unit)
    made = secretary.secretary_report(unit, form.report_year, form.day, reckoning.unit_ids or ())
    kind = request.GET.get("format", "")
    if kind == "docx":
        bureau = queries.bureau_of_id(actor.bureau_id)
        content = docx_of(secretary.document_of(made, bureau), clock.now(), bureau.name)
        return download(content, f"{made.title}.docx", DOCX)
    if kind in FILES:
        numbers = [number for _, group in made.groups for number in group]
        table, content_type = sheets.figures_file(numbers, reckoning, kind)
        return download(table, f"{made.title}.{kind}", content_type)
    context = {"form": form, "report": made, "branches": branches, "unit": unit}
    return render(request, "reports/secretary_report.html", context)
