"""All figures on one page, and the rows behind each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.core.figures import Figure
from qizhi.core.http import actor_of, download, is_fragment, reads
from qizhi.core.paging import page_of
from qizhi.core.permissions import Actor
from qizhi.reports import queries
from qizhi.reports.forms import FiguresForm, RowsForm, asked_day
from qizhi.reports.permissions import SEE_FIGURES
from qizhi.reports.queries import Number, Numbers, Reckoning
from qizhi.reports.services import sheets

PAGE = 50
IN_DRAWER = 20


@reads(SEE_FIGURES)
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure for a year, a day and a unit."""
    actor = actor_of(request)
    form = FiguresForm(request.GET, **_filters(request, actor))
    if not form.is_valid():
        _refuse_strange_unit(form)
        return render(request, "reports/figures.html", {"form": form}, status=422)
    reckoning = _reckoning(form, actor)
    chosen = queries.figures_of(actor.bureau_id)
    found = queries.numbers_of(Numbers(reckoning), chosen, form.chosen_span)
    kind = request.GET.get("format", "")
    if kind in sheets.FORMATS:
        content, content_type = sheets.figures_file(found, reckoning, kind)
        return download(content, f"指标 {reckoning.as_of}.{kind}", content_type)
    context = {"form": form, "reckoning": reckoning, "groups": _groups(found)}
    return render(request, "reports/figures.html", context)


@reads(SEE_FIGURES)
def rows(request: HttpRequest, key: str) -> HttpResponse:
    """The rows behind one number: in the drawer, on a page of their own, or as a file."""
    actor = actor_of(request)
    figure = queries.find_figure(actor.bureau_id, key)
    if figure is None:
        raise Http404
    form = RowsForm(request.GET, **_filters(request, actor))
    fragment = is_fragment(request)
    template = "reports/_rows.html" if fragment else "reports/rows.html"
    if not form.is_valid():
        _refuse_strange_unit(form)
        return render(request, template, {"form": form, "figure": figure}, status=422)
    number = _number(form, figure, _reckoning(form, actor))
    kind = request.GET.get("format", "")
    if kind in sheets.FORMATS:
        content, content_type = sheets.rows_file(number, kind)
        return download(content, f"{figure.label} {number.reckoning.as_of}.{kind}", content_type)
    page = page_of(number.rows, IN_DRAWER if fragment else PAGE, request.GET.get("page"))
    context = {
        "form": form,
        "figure": figure,
        "number": number,
        "page_of_rows": page,
        "lines": [sheets.shown(row, figure) for row in page],
        "sum_of_rows": figure.counted_from_rows(number.ask),
    }
    return render(request, template, context)


def _filters(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """The units of the person and their word for all of them, for a form."""
    units = queries.units_seen(actor, asked_day(request.GET))
    return {"units": units, "is_all": actor.reach(SEE_FIGURES).is_all}


def _refuse_strange_unit(form: FiguresForm) -> None:
    """Http404 for a unit that is not the person's to see, so that strangers learn nothing."""
    if "unit" in form.errors:
        raise Http404


def _reckoning(form: FiguresForm, actor: Actor) -> Reckoning:
    code = form.cleaned_data["unit"]
    unit = queries.unit_by_code(actor.bureau_id, code) if code else None
    return queries.reckoning_for(actor, year=form.report_year, as_of=form.day, unit=unit)


def _number(form: RowsForm, figure: Figure, reckoning: Reckoning) -> Number:
    numbers = Numbers(reckoning)
    return numbers.of_days(figure, form.days) if form.days else numbers.get(figure, form.chosen_span)


def _groups(found: Sequence[Number]) -> list[tuple[str, list[Number]]]:
    """Numbers under the Chinese name of the app that publishes them."""
    groups: dict[str, list[Number]] = {}
    for number in found:
        label = number.figure.key.partition(".")[0]
        groups.setdefault(str(apps.get_app_config(label).verbose_name), []).append(number)
    return list(groups.items())
