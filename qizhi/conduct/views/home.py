"""The first page of conduct: what waits for whom until when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.conduct.permissions.cases import RECORD_CASES, SEE_CASES
from qizhi.conduct.queries.cases import to_become_final
from qizhi.conduct.queries.desk import open_cases, waiting_list
from qizhi.conduct.queries.points import counts_of
from qizhi.core import clock, periods
from qizhi.core.http import actor_of, reads


@reads(SEE_CASES)
def home(request: HttpRequest) -> HttpResponse:
    """What waits, the reader's own first."""
    actor, today = actor_of(request), clock.today()
    waiting = waiting_list(open_cases(actor.bureau_id), actor, today)
    context = {
        "mine": [one for one in waiting if one.is_mine],
        "others": [one for one in waiting if not one.is_mine],
        "over": sum(one.is_over for one in waiting),
        "due": to_become_final(actor.bureau_id, today).count() if actor.may(RECORD_CASES) else 0,
        "counts": counts_of(actor.bureau_id, periods.year(today.year)),
        "year": today.year,
        "may_record": actor.may(RECORD_CASES),
    }
    return render(request, "conduct/home.html", context)
