"""What each branch has to do: the page of a branch, a part, and what is said of it."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from qizhi.core import audit, clock
from qizhi.core.errors import Refused
from qizhi.core.figures import cell_words, plain_cell
from qizhi.core.http import actor_of, form_page, key_asked, reads, say_refusal, sheet, writes
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_text
from qizhi.core.years import year_asked, years_offered
from qizhi.tasks.enums import Settlement
from qizhi.tasks.forms.duties import DoneForm, ExemptForm, ExtendForm, today_first
from qizhi.tasks.models import DutyPart
from qizhi.tasks.permissions import MANAGE_DUTIES, SEE_DUTIES, SETTLE_PARTS, part_for
from qizhi.tasks.queries import duties as queries
from qizhi.tasks.queries.duties import Standing
from qizhi.tasks.queries.mentions import with_mentions
from qizhi.tasks.rules import State
from qizhi.tasks.services import parts as services
from qizhi.tasks.services.parts import Reference
from qizhi.tasks.views.shared import Finder

STATE_WORDS = {
    State.DONE: "已完成",
    State.DUE: "未到期",
    State.MISSING: "缺",
    State.NA: "不适用",
    State.EXCUSED: "已批准不办",
    State.UNKNOWN: "未知",
}
MOST_ROWS = 100
COLUMNS = (
    Column(key="unit", label="组织", parse=parse_text, width=18),
    Column(key="source", label="来源", parse=parse_text, width=24),
    Column(key="text", label="内容", parse=parse_text, width=40),
    Column(key="owner", label="责任人", parse=parse_text, width=12),
    Column(key="due", label="期限", parse=parse_day, width=14),
    Column(key="state", label="情况", parse=parse_text, width=12),
    Column(key="number", label="指标", parse=parse_text, width=12),
    Column(key="settled_on", label="办理日期", parse=parse_day, width=14),
    Column(key="words", label="说明", parse=parse_text, width=30),
    Column(key="record", label="关联记录", parse=parse_text, width=24),
)


def sheet_rows(standings: list[Standing]) -> Iterator[dict[str, Any]]:
    """A row for each part, as it leaves the house."""
    for one in standings:
        part, duty = one.part, one.part.duty
        yield {
            "unit": part.unit.name,
            "source": duty.source_label,
            "text": duty.text,
            "owner": duty.owner_label or None,
            "due": one.due.on,
            "state": STATE_WORDS[one.state],
            "number": f"{one.number}／{duty.target}" if one.number else None,
            "settled_on": part.settled_on,
            "words": one.judged.reason or None,
            "record": part.link_label or None,
        }


@reads(SEE_DUTIES)
def duties(request: HttpRequest) -> HttpResponse:
    """What branches and departments have to do this year, one's own unit first."""
    actor, today = actor_of(request), clock.today()
    year = year_asked(request, is_ahead=True)
    branches = queries.units_seen(actor, SEE_DUTIES, today)
    unit_id = key_asked(request, "unit")
    parts = queries.parts_of(actor, SEE_DUTIES, today, year=year, unit_id=unit_id)
    found = queries.standings(parts, today)
    is_open_only = request.GET.get("open") == "1"
    if is_open_only:
        found = [one for one in found if one.is_open]
    if (file := sheet(request, COLUMNS, sheet_rows(found), f"{year}年清单与任务")) is not None:
        return file
    own = {unit.pk: number for number, unit in enumerate(branches)}
    found.sort(key=lambda one: own.get(one.part.unit_id, len(own)))
    due = sorted((one for one in found if one.state is State.DUE), key=lambda one: str(one.due.on))
    context = {
        "groups": [(k, list(g)) for k, g in itertools.groupby(found, key=lambda one: one.part.unit)],
        "due": due,
        "missing": [one for one in found if one.state is State.MISSING],
        "notes": with_mentions(actor, queries.notes_of(actor, SEE_DUTIES, year=year, unit_id=unit_id)),
        "branches": branches,
        "years": years_offered(request),
        "standings": [("1", "还要办的")],
        "asked": {"year": year, "unit_id": unit_id, "is_open_only": is_open_only},
        "may_settle": actor.may(SETTLE_PARTS),
        "may_manage": actor.may(MANAGE_DUTIES),
    }
    return render(request, "tasks/duties.html", context)


@reads(SEE_DUTIES)
def part(request: HttpRequest, part_id: uuid.UUID) -> HttpResponse:
    """What one branch does about one thing, with the rows behind its number."""
    actor = actor_of(request)
    found = part_for(actor, SEE_DUTIES, part_id)
    one = queries.standings([found], clock.today())[0]
    context = {
        "part": found,
        "one": one,
        "rows": _rows_behind(one),
        "most": MOST_ROWS,
        **_may(actor, found),
        "history": audit.tell(found),
    }
    return render(request, "tasks/part.html", context)


def _may(actor: Actor, found: DutyPart) -> dict[str, bool]:
    stands = found.duty.withdrawn_on is None
    return {
        "may_settle": stands and actor.may(SETTLE_PARTS, found.unit_id, found.unit.path),
        "may_manage": stands and actor.may(MANAGE_DUTIES, found.unit_id, found.unit.path),
    }


def _rows_behind(one: Standing) -> list[tuple[str | None, list[str]]]:
    """The rows that the figure counts for the branch: the address of each and its columns."""
    figure = one.figure
    if figure is None:
        return []
    rows = figure.rows(one.ask)[:MOST_ROWS]
    return [
        (figure.link(row), [cell_words(plain_cell(column.get(row))) for column in figure.columns])
        for row in rows
    ]


@writes(SETTLE_PARTS)
def part_done(request: HttpRequest, part_id: uuid.UUID) -> HttpResponse:
    """Mark it done, with a word if one likes; what was said before can be corrected here."""
    actor = actor_of(request)
    found = part_for(actor, SETTLE_PARTS, part_id)
    known = {"on": found.settled_on or clock.today(), "words": found.words}
    form = DoneForm(
        request.POST if request.method == "POST" else None, initial=known, record=found.link_label
    )
    if form.is_bound and form.is_valid():
        is_unlinked = form.cleaned_data.pop("is_unlinked", False)
        record = Reference() if is_unlinked else Reference(found.link_label, found.link_address)
        try:
            services.settle_part(found, how=Settlement.DONE, **form.cleaned_data, record=record, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            said = "已记为完成。写错了可以在这一页更正或撤回。"
            messages.success(request, said, extra_tags=f"part-{found.pk}")
            return redirect(found)
    if found.settled_as == Settlement.DONE:
        return _part_form(request, form, found, "更正办理情况")
    link = format_html('<a href="{}">用已有的记录办结</a>', reverse("web:part_record", args=[found.pk]))
    return _part_form(request, form, found, "办结", step="办结", about=[("有会议等记录的", link)])


@writes(MANAGE_DUTIES)
def part_exempt(request: HttpRequest, part_id: uuid.UUID) -> HttpResponse:
    """Say that a branch need not do it, and why."""
    actor = actor_of(request)
    found = part_for(actor, MANAGE_DUTIES, part_id)
    form = ExemptForm(request.POST if request.method == "POST" else None, initial=today_first())
    if form.is_bound and form.is_valid():
        try:
            services.settle_part(found, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "已登记。", extra_tags=f"part-{found.pk}")
            return redirect(found)
    return _part_form(request, form, found, "登记不适用或不办")


@writes(SETTLE_PARTS)
def part_reopen(request: HttpRequest, part_id: uuid.UUID) -> HttpResponse:
    """Take back what was said; what the office said, only the office takes back."""
    actor = actor_of(request)
    found = part_for(actor, SETTLE_PARTS, part_id)
    if found.settled_as in {Settlement.NA, Settlement.EXCUSED}:
        found = part_for(actor, MANAGE_DUTIES, part_id)
    if request.method == "POST":
        services.reopen_part(found, by=actor)
        messages.success(request, "已撤回，变更记录里仍可看到。")
    return redirect(found)


@writes(MANAGE_DUTIES)
def part_extend(request: HttpRequest, part_id: uuid.UUID) -> HttpResponse:
    """Give a branch more time, with who approved it."""
    actor = actor_of(request)
    found = part_for(actor, MANAGE_DUTIES, part_id)
    approved = f"{found.approved_by.name}({found.approved_by.staff_no})" if found.approved_by else ""
    known = {"until": found.extended_to, "because": found.extended_because, "approved_by": approved}
    data = request.POST if request.method == "POST" else None
    form = ExtendForm(data, initial=known, find=Finder(actor.bureau_id))
    if form.is_bound and form.is_valid():
        try:
            services.extend_part(found, **form.cleaned_data, by=actor)
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, "期限已更新。", extra_tags=f"part-{found.pk}")
            return redirect(found)
    return _part_form(request, form, found, "延长期限")


def _part_form(request: HttpRequest, form: Any, found: DutyPart, title: str, **more: Any) -> HttpResponse:
    back, draft = found.get_absolute_url(), f"part-{found.pk}"
    return form_page(request, form, title=title, lead=str(found), back=back, draft=draft, **more)
