"""Campaigns: the list, one of them as topic by unit, and the cell that opens to its gatherings."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, reads, writes
from qizhi.core.periods import Period
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_integer, parse_text
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.permissions import unit_for
from qizhi.study.forms.campaigns import WordForm
from qizhi.study.models import Campaign, CampaignTopic
from qizhi.study.permissions.campaigns import (
    DECIDE_CAMPAIGNS,
    MANAGE_CAMPAIGNS,
    SEE_CAMPAIGNS,
    campaign_for,
    topic_for,
)
from qizhi.study.queries import campaigns as queries
from qizhi.study.queries.campaigns import LAYERS, Cell, Covered
from qizhi.study.rules.campaigns import Coverage, Ground
from qizhi.study.services import campaigns as services
from qizhi.study.views.shared import table, wants_table

STATES = {
    Coverage.DONE: ("done", "已开展"),
    Coverage.DUE: ("due", "未到期"),
    Coverage.MISSING: ("missing", "缺"),
    Coverage.NA: ("na", "不适用"),
}
GROUNDS = {Ground.PERSON: "人工认定", Ground.WORD: "按识别词对应", Ground.LIKE: "按内容相近对应，请核对"}
LIST_COLUMNS = (
    Column(key="name", label="专题教育", parse=parse_text, width=40),
    Column(key="from_on", label="开始日期", parse=parse_day, width=14),
    Column(key="to_on", label="结束日期", parse=parse_day, width=14),
    Column(key="topics", label="必学内容", parse=parse_integer),
    Column(key="done", label="已开展", parse=parse_integer),
    Column(key="missing", label="缺", parse=parse_integer),
    Column(key="due", label="未到期", parse=parse_integer),
)
COLUMNS = (
    Column(key="layer", label="层级", parse=parse_text),
    Column(key="unit", label="组织", parse=parse_text, width=20),
    Column(key="phase", label="阶段", parse=parse_text, width=16),
    Column(key="topic", label="必学内容", parse=parse_text, width=40),
    Column(key="state", label="情况", parse=parse_text, width=16),
    Column(key="first_on", label="首次开展", parse=parse_day, width=14),
    Column(key="number", label="次数", parse=parse_integer),
    Column(key="days", label="各次日期", parse=parse_text, width=40),
)


def _line(one: Covered) -> dict[str, Any]:
    return {
        "campaign": one.campaign,
        "name": one.campaign.name,
        "from_on": one.campaign.from_on,
        "to_on": one.campaign.to_on,
        "topics": len(one.topics),
        "done": len(one.in_state(Coverage.DONE)),
        "missing": len(one.in_state(Coverage.MISSING)),
        "due": len(one.in_state(Coverage.DUE)),
    }


@reads(SEE_CAMPAIGNS)
def campaigns(request: HttpRequest) -> HttpResponse:
    """All campaigns, newest first, with how far the units that the reader may see have come."""
    actor = actor_of(request)
    found = list(queries.campaigns_of(actor.bureau_id))
    within = actor.reach(SEE_CAMPAIGNS).units("")
    lines = [_line(one) for one in queries.covered(actor.bureau_id, found, clock.today(), within)]
    if wants_table(request):
        return table(request, LIST_COLUMNS, lines, "专题教育")
    context = {
        "lines": lines,
        "coming": [one for one in found if one.from_on > clock.today()],
        "missing": sum(one["missing"] for one in lines),
        "may_manage": actor.may(MANAGE_CAMPAIGNS),
    }
    return render(request, "study/campaigns.html", context)


@reads(SEE_CAMPAIGNS)
def campaign(request: HttpRequest, campaign_id: uuid.UUID) -> HttpResponse:
    """One campaign: topic by unit with dates, what is missing, and what nobody has placed yet."""
    actor, today = actor_of(request), clock.today()
    found = campaign_for(actor, SEE_CAMPAIGNS, campaign_id)
    reach = actor.reach(SEE_CAMPAIGNS)
    rows = queries.covered(actor.bureau_id, [found], today, reach.units(""))
    one = rows[0] if rows else Covered(found, tuple(found.topics.all()), ())
    if wants_table(request):
        return table(request, COLUMNS, map(_row, one.cells), f"{found.name}开展情况")
    may_manage, phases = actor.may(MANAGE_CAMPAIGNS), list(found.phases.all())
    unmatched = queries.unmatched(found, today, one.cells, reach.units()) if one.topics else []
    outside = [other for other in unmatched if other.why]
    context = {
        "campaign": found,
        "topics": one.topics,
        "phases": phases,
        "rows": [(unit, [(cell, *STATES[cell.state]) for cell in cells]) for unit, cells in one.rows],
        "done": len(one.in_state(Coverage.DONE)),
        "missing": one.in_state(Coverage.MISSING),
        "due": len(one.in_state(Coverage.DUE)),
        "unmatched": unmatched,
        "outside": outside,
        "other_words": f"{'其余' if outside else '共'} {len(unmatched) - len(outside)} 次",
        "may_manage": may_manage,
        "history": audit.tell(found, [*phases, *one.topics]) if may_manage else [],
    }
    return render(request, "study/campaign.html", context)


def _row(cell: Cell) -> dict[str, Any]:
    return {
        "layer": str(LAYERS[UnitKind(cell.unit.kind)].label),
        "unit": cell.unit.name,
        "phase": cell.topic.phase.name if cell.topic.phase else None,
        "topic": cell.topic.title,
        "state": f"{STATES[cell.state][1]}：{cell.why}" if cell.why else STATES[cell.state][1],
        "first_on": cell.first_on,
        "number": len(cell.found),
        "days": "、".join(dict.fromkeys(str(one.day) for one in cell.found)),
    }


def _days(found: Campaign, today: dt.date) -> Period | None:
    """The days in which a gathering may be named: the whole campaign, not the phase alone."""
    end = found.to_on or today
    return Period(found.from_on, max(end, found.from_on)).until(today)


@writes(SEE_CAMPAIGNS)
def topic_unit(request: HttpRequest, topic_id: uuid.UUID, unit_id: uuid.UUID) -> HttpResponse:
    """One cell: the gatherings that count and why; who may decide names another or says no."""
    actor, today = actor_of(request), clock.today()
    unit = unit_for(actor, SEE_CAMPAIGNS, unit_id)
    topic = topic_for(actor, SEE_CAMPAIGNS, topic_id)
    found = campaign_for(actor, SEE_CAMPAIGNS, topic.campaign_id)
    may_decide = actor.may(DECIDE_CAMPAIGNS, unit.pk, unit.path)
    held = queries.gatherings_of(unit, _days(found, today))
    data = request.POST if request.method == "POST" and may_decide else None
    form = WordForm(data, gatherings=held)
    if form.is_bound and form.is_valid() and _decided(request, topic, unit, form):
        return redirect("study:topic_unit", topic.pk, unit.pk)
    rows = queries.covered(actor.bureau_id, [found], today, Q(pk=unit.pk))
    cells = [cell for one in rows for cell in one.cells if cell.topic.pk == topic.pk]
    grounds = {one.key: one for cell in cells for one in cell.found}
    known = queries.gatherings_by_key(actor.bureau_id, list(grounds))
    context = {
        "topic": topic,
        "campaign": found,
        "unit": unit,
        "cell": cells[0] if cells else None,
        "state": STATES[cells[0].state] if cells else STATES[Coverage.NA],
        "lines": [
            (known[key], GROUNDS[one.ground], one.word) for key, one in grounds.items() if key in known
        ],
        "others": [row for row in held if row.pk not in grounds] if may_decide else [],
        "form": form,
        "may_decide": may_decide,
        "back": reverse("study:campaign", args=[found.pk]),
    }
    return render(request, "study/topic_unit.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, topic: CampaignTopic, unit: Unit, form: WordForm) -> bool:
    gathering, is_rejected = form.cleaned_data["gathering"], form.cleaned_data["is_rejected"]
    try:
        services.decide_topic(topic, unit, gathering, is_rejected=is_rejected, by=actor_of(request))
    except Refused as error:
        form.add_error("gathering", error.message)
        return False
    word = "不是" if is_rejected else "是"
    messages.success(request, f"已认定“{gathering}”{word}“{topic}”。")
    return True
