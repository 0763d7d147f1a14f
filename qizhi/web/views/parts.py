"""Naming a record that is there already for something that was asked of a branch.

Tasks and gatherings stand side by side and may not know each other: they meet here.
"""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from qizhi.core import clock
from qizhi.core.http import actor_of, writes
from qizhi.tasks.enums import Settlement
from qizhi.tasks.permissions import SETTLE_PARTS, part_for
from qizhi.tasks.services.parts import settle_part
from qizhi.web.queries.records import records_of


@writes(SETTLE_PARTS)
def part_record(request: HttpRequest, part_id: uuid.UUID) -> HttpResponse:
    """Choose the record that shows that a part is done."""
    actor, today = actor_of(request), clock.today()
    part = part_for(actor, SETTLE_PARTS, part_id)
    text = request.GET.get("q", "").strip()
    records = records_of(actor, part.unit, part.duty.year, text)
    error = ""
    if request.method == "POST":
        chosen = [one for one in records if one.address == request.POST.get("record")]
        error = "请选择一条记录；没有合适的，可以直接说明完成情况。"
        for one in chosen[:1]:
            # Another record for what was done already: the words that were said of it stay.
            is_done = part.settled_as == Settlement.DONE
            settle_part(
                part,
                how=Settlement.DONE,
                on=min(one.on or today, today),
                words=part.words if is_done else "",
                record=one.reference,
                by=actor,
            )
            messages.success(request, f"已记为完成，关联“{one.label}”。")
            return redirect(part)
    context = {"part": part, "records": records, "text": text, "error": error}
    return render(request, "web/part_record.html", context, status=422 if error else 200)
