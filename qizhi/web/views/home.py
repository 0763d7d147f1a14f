"""The first screen: what is missing, until when, one step."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.conduct.permissions.leave import APPROVE_LEAVE
from qizhi.conduct.queries.cases import to_state
from qizhi.conduct.queries.leave import waiting_for
from qizhi.conduct.queries.registers import open_registers
from qizhi.core import clock, periods
from qizhi.core.http import actor_of, reads
from qizhi.gatherings.permissions import RECORD
from qizhi.org.permissions import MANAGE_UNITS
from qizhi.regulations.queries import to_publish
from qizhi.web.queries import desk
from qizhi.web.queries.set_up import is_set_up


@reads()
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person who asks; the whole bureau for those who see it."""
    actor, today = actor_of(request), clock.today()
    leaves = waiting_for(actor) if actor.may(APPROVE_LEAVE) else []
    context = {
        "today": today,
        "quarter": periods.quarter_of(today).label,
        "part": f"q{(today.month + 2) // 3}",
        "home": desk.home_for(actor, today),
        "leaves": leaves,
        "recent": desk.recent_gatherings(actor),
        "documents": desk.documents_for(actor, today),
        "may_record": actor.may(RECORD),
        "to_publish": to_publish(actor),
        "shown": desk.SHOWN,
        "to_state": to_state(actor),
        "is_new": actor.may(MANAGE_UNITS) and not is_set_up(actor),
        "registers": open_registers(actor, today),
    }
    return render(request, "web/home.html", context)
