"""What the clauses in force find in a year, clause by clause."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.branch_life.permissions import SEE_BRANCH_LIFE
from qizhi.branch_life.queries.findings import Checked, check_clauses
from qizhi.core import clock, periods
from qizhi.core.http import actor_of, key_asked, reads, table_file
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_text
from qizhi.core.years import year_asked, years_offered
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.permissions import unit_for
from qizhi.regulations.permissions import SEE_FINDINGS

COLUMNS = (
    Column(key="source", label="依据", parse=parse_text, width=40),
    Column(key="text", label="要求", parse=parse_text, width=40),
    Column(key="state", label="结论", parse=parse_text),
    Column(key="sentence", label="说明", parse=parse_text, width=60),
)
ORDER = ("missing", "due", "unknown", "excused", "na", "done")


@reads(SEE_BRANCH_LIFE)
def findings(request: HttpRequest) -> HttpResponse:
    """Each clause with what it finds in the year, for one branch or for all that the reader may see."""
    actor, today, year = actor_of(request), clock.today(), year_asked(request, is_ahead=True)
    key = key_asked(request, "unit")
    chosen = unit_for(actor, SEE_BRANCH_LIFE, key) if key else None
    reach = actor.reach(SEE_BRANCH_LIFE)
    units = list(
        Unit.objects.filter(reach.units(""), bureau_id=actor.bureau_id, kind=UnitKind.BRANCH)
        .within(periods.year(year).start, periods.year(year).end)
        .order_by("position", "code")
    )
    within = None if reach.is_all and chosen is None else tuple(u.pk for u in ([chosen] if chosen else units))
    found = list(check_clauses(actor.bureau_id, periods.year(year), today, within))
    found.sort(
        key=lambda one: ORDER.index(one.state)
    )  # what is open first; each in the order of its documents
    name = f"{chosen or ''}{year}年逐条检查"
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(COLUMNS, _rows(found), name, kind)
    is_part = "part" in request.GET
    context = {
        "found": [one for one in found if one.found or one.problem] if is_part else found,
        "checked": len(found),
        "violated": sum(one.violated for one in found),
        "unknown": sum(1 for one in found if one.unknown or one.problem),
        "chosen": chosen,
        "unit_key": chosen.pk if chosen else "",
        "units": units,
        "year": year,
        "years": years_offered(request),
        "may_see_findings": actor.may(SEE_FINDINGS),
    }
    return render(request, f"branch_life/{'_findings' if is_part else 'findings'}.html", context)


def _rows(found: list[Checked]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for one in found:
        source = f"{one.clause.source}{'' if one.clause.is_confirmed else '（待确认）'}"
        clause = {"source": source, "text": one.clause.text}
        if one.problem:
            rows.append({**clause, "state": "未知", "sentence": one.problem})
        elif not one.found:
            rows.append({**clause, "state": "没有发现", "sentence": ""})
        rows += [{**clause, "state": f.word, "sentence": f.sentence} for f in one.found]
    return rows
