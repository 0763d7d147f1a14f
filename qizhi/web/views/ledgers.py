"""The ledgers: their index, each of them, and the file of a branch for a year."""

from __future__ import annotations

import uuid
from collections import Counter
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.branch_life.permissions import SEE_BRANCH_LIFE
from qizhi.branch_life.queries import contacts_of, methods_of, outlook
from qizhi.branch_life.views import screen, shown
from qizhi.core import clock, periods
from qizhi.core.figures import Measure, plain
from qizhi.core.http import actor_of, reads, table_file
from qizhi.core.paging import page_of
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_text
from qizhi.core.years import year_asked, years_offered
from qizhi.org.permissions import unit_for
from qizhi.reports import queries as reports
from qizhi.reports.permissions import SEE_FIGURES
from qizhi.reports.queries import Numbers, Reckoning
from qizhi.web.queries import branch_files
from qizhi.web.queries import ledgers as queries
from qizhi.web.queries.ledgers import Sheet

PAGE = 100


@reads(SEE_FIGURES)
def ledgers(request: HttpRequest) -> HttpResponse:
    """All thirteen, each with what it counts this year."""
    actor, year = actor_of(request), year_asked(request)
    reckoning = _reckoning(actor, year, "")
    numbers = Numbers(reckoning)
    known = {one.key: filter(reckoning.has, one.published) for one in queries.LEDGERS}
    first = {key: figure for key, found in known.items() if (figure := next(found, None))}
    numbers.ask((figure, periods.year(year)) for figure in first.values())
    rows = [
        (one, numbers.of_days(first[one.key], periods.year(year)) if one.key in first else None)
        for one in queries.LEDGERS
    ]
    context = {"rows": rows, "year": year, "years": years_offered(request)}
    return render(request, "web/ledgers.html", context)


@reads(SEE_FIGURES)
def ledger(request: HttpRequest, ledger: str) -> HttpResponse:
    """One ledger for a period: the numbers of each unit, and the records behind them."""
    found = queries.ledger_by_key(ledger)
    if found is None:
        raise Http404
    actor, year, code = actor_of(request), year_asked(request), request.GET.get("unit", "")
    options = shown.choices(year)
    chosen = next((one for one in options if one.value == request.GET.get("part")), options[-1])
    reckoning = _reckoning(actor, year, code)
    sheet = queries.sheet_of(found, reckoning, actor, chosen.period)
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        is_units = request.GET.get("table") == "units" or not len(sheet.rows)
        return _table(sheet, f"{found.label}{chosen.period.label}", kind, is_units=is_units)
    page = page_of(sheet.rows, PAGE, request.GET.get("page"))
    context = {
        "ledger": found,
        "sheet": sheet,
        "lines": [(line, shown.chips(line.duties)) for line in sheet.lines],
        "page_of_rows": page,
        "chosen": chosen,
        "options": options,
        "year": year,
        "years": years_offered(request),
        "units": reports.units_seen(actor, clock.today()),
        "scope": reckoning.unit or ("全局" if actor.reach(SEE_FIGURES).is_all else "能查看的组织"),
        "code": code,
        "query": urlencode({"year": year, "part": chosen.value, "unit": code}),
    }
    return render(request, "web/ledger.html", context)


def _reckoning(actor: Actor, year: int, code: str) -> Reckoning:
    """Whose numbers: the unit of that code if it is in sight, else all that is."""
    seen = reports.units_seen(actor, clock.today()) if code else ()
    unit = next((one for one in seen if one.code == code), None)
    if code and unit is None:
        raise Http404
    return reports.reckoning_for(actor, year=year, as_of=clock.today(), unit=unit)


def _table(sheet: Sheet, name: str, kind: str, *, is_units: bool) -> HttpResponse:
    """The records, or the numbers of each unit, as a file; numbers and days stay such."""
    if is_units:
        labels, lines = _unit_lines(sheet)
    else:
        labels = ["台账项", *sheet.rows.headings]
        lines = [[row.item, *row.cells] for row in sheet.rows[:]]
    columns = [
        Column(key=str(place), label=label, parse=parse_text, width=20) for place, label in enumerate(labels)
    ]
    rows = [{str(place): cell for place, cell in enumerate(line)} for line in lines]
    return table_file(columns, rows, name, kind)


def _unit_lines(sheet: Sheet) -> tuple[list[str], list[list[Any]]]:
    """Headings, and a line for each unit and for all: numbers, and what was asked, in words and by state."""
    shown_as = [(one.figure.label, one.figure.measure is Measure.SHARE) for one in sheet.numbers]
    labels = ["组织", *(f"{label}（%）" if is_share else label for label, is_share in shown_as)]
    lines: list[list[Any]] = [[line.label, *(spot.plain for spot in line.spots)] for line in sheet.lines]
    lines.append(["合计", *(plain(one.value, one.figure.measure) for one in sheet.numbers)])
    if sheet.ledger.duties:
        labels += ["按要求", *shown.WORDS.values()]
        duties = [line.duties for line in sheet.lines]
        for line, cells in zip(lines, [*duties, tuple(chain.from_iterable(duties))], strict=True):
            numbers = Counter(cell.state for cell in cells)
            words = "、".join(chip.words for chip in shown.chips(cells))
            line += [words or None, *(numbers[state] if cells else None for state in shown.WORDS)]
    return labels, lines


@reads(SEE_BRANCH_LIFE)
def branch_file(request: HttpRequest, unit_id: uuid.UUID) -> HttpResponse:
    """A branch's year on paper, for the folder."""
    actor, today = actor_of(request), clock.today()
    year = year_asked(request, last=today.year)
    unit = unit_for(actor, SEE_BRANCH_LIFE, unit_id)
    if not branch_files.is_branch(unit):
        raise Http404
    found, span = branch_files.branch_file_of(unit, year, today), periods.year(year)
    methods = methods_of(actor, SEE_BRANCH_LIFE, unit_id=unit.pk)
    told = outlook(unit.bureau_id, [unit], span, today)
    context = {
        "file": found,
        "unit": unit,
        "chosen": {"period": span},
        "months": screen.months_of(span),
        "rows": screen.rows_of(told, unit, span, today, actor),
        "contacts": contacts_of(unit, span, today),
        "methods": [one for one in methods if one.is_active_in(Period(span.start, found.as_of))],
        "year": year,
        "years": years_offered(request),
    }
    return render(request, "web/branch_file.html", context)
