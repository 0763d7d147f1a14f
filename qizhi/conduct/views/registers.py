"""The registers of conduct at a glance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.conduct.permissions.registers import SEE_REGISTERS
from qizhi.conduct.queries.registers import waiting_in
from qizhi.conduct.views.registers_shared import tabs_for
from qizhi.core import clock
from qizhi.core.http import actor_of, reads


@reads(SEE_REGISTERS)
def registers(request: HttpRequest) -> HttpResponse:
    """The registers that one may open, and what waits in each."""
    actor = actor_of(request)
    waiting = waiting_in(actor, clock.today())
    context = {
        "tabs": tabs_for(actor),
        "waiting": waiting,
        "open": [one for one in waiting if one.number],
    }
    return render(request, "conduct/registers.html", context)
