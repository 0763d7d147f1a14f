"""The first screen: what is missing, until when, one step."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.branch_life.queries import visits_owed
from qizhi.conduct.permissions.cases import SEE_CASES
from qizhi.conduct.permissions.leave import APPROVE_LEAVE
from qizhi.conduct.queries.cases import to_answer
from qizhi.conduct.queries.desk import open_cases, waiting_list
from qizhi.conduct.queries.leave import own_unreturned, waiting_for
from qizhi.conduct.queries.registers import open_registers
from qizhi.core import clock, kept, periods
from qizhi.core.http import actor_of, reads
from qizhi.core.permissions import Actor
from qizhi.gatherings.permissions import RECORD
from qizhi.org.permissions import MANAGE_UNITS
from qizhi.publishing.queries import waiting_for as complaints_waiting
from qizhi.regulations.queries import to_publish
from qizhi.web.queries import desk
from qizhi.web.queries.set_up import is_set_up


@reads()
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person who asks; the whole bureau for those who see it."""
    actor, today = actor_of(request), clock.today()
    waits = kept.keep_small(partial(_waits, actor, today), "web.home", actor, today)
    said = {
        "today": today,
        "quarter": periods.quarter_of(today).label,
        "span": f"?year={today.year}&part=q{(today.month + 2) // 3}",
        "may_record": actor.may(RECORD),
        "shown": desk.SHOWN,
    }
    return render(request, "web/home.html", said | waits)


def _waits(actor: Actor, today: dt.date) -> dict[str, object]:
    """Everything on the page that is asked of the database, as lists: requests of the person share it."""
    own = to_answer(actor, today)
    cases = waiting_list(open_cases(actor.bureau_id), actor, today) if actor.may(SEE_CASES) else []
    return {
        "home": desk.home_for(actor, today),
        "unreturned": own_unreturned(actor),
        "leaves": waiting_for(actor) if actor.may(APPROVE_LEAVE) else [],
        "recent": desk.recent_gatherings(actor),
        "documents": desk.documents_for(actor, today),
        "to_publish": to_publish(actor),
        "to_answer": own,
        "cases": [one for one in cases if one.is_mine and one.case not in own],
        "is_new": actor.may(MANAGE_UNITS) and not is_set_up(actor),
        "registers": open_registers(actor, today),
        "complaints": complaints_waiting(actor, today),
        "visits": visits_owed(actor, periods.year(today.year), today),
    }
