"""What costs points: the clauses in force on a day, area by area."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.conduct.permissions.cases import SEE_CASES
from qizhi.conduct.queries.clauses import Deduction, deductions_on
from qizhi.conduct.views.shared import columns
from qizhi.core import periods
from qizhi.core.days import day_asked
from qizhi.core.http import actor_of, reads, sheet
from qizhi.regulations.permissions import SEE_REGULATIONS

COLUMNS = columns(
    ("area", "类别"),
    ("key", "条款代码"),
    ("source", "出处"),
    ("version", "版本"),
    ("text", "条文"),
    ("judged", "怎样判定"),
    ("points", "分值"),
    ("subject", "对象"),
    ("evidence", "所需证据"),
    ("from_on", "施行"),
    ("to_on", "失效"),
    ("state", "状态"),
)


def _row(one: Deduction) -> dict[str, object]:
    clause = one.clause
    return {
        "area": one.area,
        "key": clause.key,
        "source": clause.source,
        "version": clause.version.label,
        "text": clause.text,
        "judged": one.judged,
        "points": clause.points,
        "subject": clause.get_subject_display(),
        "evidence": clause.evidence,
        "from_on": clause.version.effective_from,
        "to_on": clause.version.effective_to,
        "state": one.state,
    }


@reads(SEE_REGULATIONS)
def clauses(request: HttpRequest) -> HttpResponse:
    """Everybody may know what costs points; how often it did is for those who see cases."""
    actor, day = actor_of(request), day_asked(request)
    found = deductions_on(actor.bureau_id, day, periods.year(day.year))
    if (file := sheet(request, COLUMNS, map(_row, found), f"扣分条款{day:%Y%m%d}")) is not None:
        return file
    context = {
        "groups": [(area, list(rows)) for area, rows in groupby(found, key=lambda one: one.area)],
        "day": day,
        "sees_all": actor.reach(SEE_CASES).is_all,
    }
    return render(request, "conduct/clauses.html", context)
