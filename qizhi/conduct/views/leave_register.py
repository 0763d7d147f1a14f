"""Leave of many: what waits for one's decision, the register, balances, and a month at a glance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from qizhi.conduct.enums import LeaveStatus
from qizhi.conduct.forms.leave import RegisterLeaveForm
from qizhi.conduct.importers.leave import LEAVES, leave_rows
from qizhi.conduct.permissions.leave import APPROVE_LEAVE, REGISTER_LEAVE, SEE_LEAVES
from qizhi.conduct.queries import leave as queries
from qizhi.conduct.services import leave as services
from qizhi.conduct.views.asked import as_table, wants_table
from qizhi.core import clock, periods
from qizhi.core.days import month_asked
from qizhi.core.errors import Refused
from qizhi.core.http import actor_of, form_page, key_asked, reads, say_refusal, writes
from qizhi.core.paging import page_of
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day, parse_integer, parse_text
from qizhi.core.years import year_asked, years_offered
from qizhi.org.enums import LeaveKind, UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries import PeopleIndex, units_on, visible_people
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import WorkingCalendar

PAGE = 50
DRAFT = "leave-register"
BALANCES = (
    Column(key="staff_no", label="工号", parse=parse_text),
    Column(key="name", label="姓名", parse=parse_text),
    Column(key="began", label="参加工作日期", parse=parse_day, width=14),
    Column(key="entitled", label="应休（天）", parse=parse_integer),
    Column(key="taken", label="已休（天）", parse=parse_integer),
    Column(key="ahead", label="已批准未休（天）", parse=parse_integer, width=16),
    Column(key="asked", label="待批（天）", parse=parse_integer),
    Column(key="left", label="还可申请（天）", parse=parse_integer, width=14),
    Column(key="why", label="说明", parse=parse_text, width=60),
)


@reads(APPROVE_LEAVE)
def leave_waiting(request: HttpRequest) -> HttpResponse:
    """Requests that wait for the person who asks, and leave that nobody has returned from."""
    actor = actor_of(request)
    context = {
        "waiting": queries.waiting_for(actor),
        "unreturned": list(queries.unreturned(actor)[:PAGE]),
        "today": clock.today(),
    }
    return render(request, "conduct/leave_waiting.html", context)


@reads(SEE_LEAVES)
def leaves(request: HttpRequest) -> HttpResponse:
    """The register: requests that touch a year, narrowed by kind, state, department and name."""
    actor, year = actor_of(request), year_asked(request, is_ahead=True)
    wanted = _wanted(request, periods.year(year))
    rows = queries.register_of(actor, wanted)
    if wants_table(request):
        return as_table(request, LEAVES.columns, leave_rows(rows), f"{year}年请销假登记")
    may_register = actor.may(REGISTER_LEAVE)
    unreturned = queries.unreturned(actor)
    context = {
        "page_of_leaves": page_of(rows, PAGE, request.GET.get("page")),
        "direct": [] if wanted.status else list(queries.direct_of(actor, wanted)[:PAGE]),
        "unreturned": unreturned.count(),
        "superior": queries.without_superior(actor.bureau_id) if may_register else [],
        "wanted": wanted,
        "year": year,
        "years": years_offered(request),
        "kinds": LeaveKind.choices,
        "statuses": LeaveStatus.choices,
        "units": _units(actor, clock.today()),
        "today": clock.today(),
        "may_register": may_register,
        "may_approve": actor.may(APPROVE_LEAVE),
    }
    return render(request, "conduct/leaves.html", context)


def _wanted(request: HttpRequest, days: Period) -> queries.Wanted:
    kind, status = request.GET.get("kind", ""), request.GET.get("status", "")
    return queries.Wanted(
        days,
        kind if kind in LeaveKind.values else "",
        status if status in LeaveStatus.values else "",
        key_asked(request, "unit"),
        request.GET.get("q", "").strip()[:40],
    )


def _units(actor: Actor, day: dt.date) -> list[Unit]:
    """Departments that the reader may choose."""
    found = units_on(actor.bureau_id, day, UnitKind.DEPARTMENT, UnitKind.BUREAU)
    return list(found.filter(actor.reach(SEE_LEAVES).units("")).order_by("position", "code"))


@writes(REGISTER_LEAVE)
def leave_register(request: HttpRequest) -> HttpResponse:
    """Enter somebody's leave from a paper; signed already, it is approved at once."""
    actor = actor_of(request)
    data = request.POST if request.method == "POST" else None
    form = RegisterLeaveForm(data, find=PeopleIndex(actor.bureau_id).find)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        asked: dict[str, Any] = {"person": values["person"], "fact": form.fact, "by": actor}
        try:
            if form.paper:
                made = services.register_leave(**asked, paper=form.paper, id=values["id"])
            else:
                made = services.request_leave(**asked, id=values["id"])
        except Refused as error:
            say_refusal(form, error)
        else:
            messages.success(request, f"{made}：已登记。", extra_tags=DRAFT)
            return redirect(made)
    lead = "替没有账号或不上系统的人登记；本人仍可随时查看"
    back = reverse("conduct:leaves")
    return form_page(request, form, title="登记请假", lead=lead, back=back, draft=DRAFT, step="登记")


@reads(SEE_LEAVES)
def leave_balances(request: HttpRequest) -> HttpResponse:
    """Annual leave of everybody in a department, in the order of the roll and of nothing else."""
    actor, year = actor_of(request), year_asked(request, is_ahead=True)
    today = clock.today()
    units = _units(actor, today)
    is_whole = request.GET.get("unit") == "" and actor.reach(SEE_LEAVES).is_all
    first = units[0] if units and not is_whole else None
    unit = next((one for one in units if one.pk == key_asked(request, "unit")), first)
    code = unit.code if unit else ""
    people = list(visible_people(actor, SEE_LEAVES, today, unit=code, has_left=False)) if units else []
    found = queries.balances(actor.bureau_id, people, queries.reckoning_day(year, today))
    lines = [(one, found[one.pk]) for one in people]
    if wants_table(request):
        rows = [
            {
                "staff_no": one.staff_no,
                "name": one.name,
                "began": one.began_work_on,
                **{key: getattr(left, key) for key in ("entitled", "taken", "ahead", "asked", "left")},
                "why": left.unknown or "".join(left.lines),
            }
            for one, left in lines
        ]
        return as_table(request, BALANCES, rows, f"{unit or '全局'}{year}年年休假")
    context: dict[str, Any] = {
        "chosen": unit.pk if unit else "",
        "whose": unit or "全局",
        "units": units,
        "year": year,
        "years": years_offered(request),
        "number": len(lines),
    }
    context |= {"page_of_lines": page_of(lines, PAGE, request.GET.get("page"))}
    context |= {"every": "全部" if actor.reach(SEE_LEAVES).is_all else ""}
    context |= {"unknown": sum(1 for _, left in lines if left.unknown)}
    return render(request, "conduct/leave_balances.html", context)


@reads(SEE_LEAVES)
def leave_calendar(request: HttpRequest) -> HttpResponse:
    """A month: who is away with approval on which days, in the order of the roll."""
    actor, days = actor_of(request), month_asked(request)
    wanted = _wanted(request, days)
    lines = queries.calendar_lines(actor, wanted)
    calendar = calendar_for(actor.bureau_id)
    heads = [
        _head(days.start + dt.timedelta(days=n), calendar) for n in range((days.end - days.start).days + 1)
    ]
    if wants_table(request):
        return as_table(request, _columns(heads), _month_rows(lines), f"{days.label}请假")
    context = {
        "lines": lines,
        "heads": heads,
        "first": days.start,
        "label": days.label,
        "before": (days.start - dt.timedelta(days=1)).strftime("%Y-%m"),
        "after": (days.end + dt.timedelta(days=1)).strftime("%Y-%m"),
        "wanted": wanted,
        "units": _units(actor, clock.today()),
        "kinds": LeaveKind.choices,
    }
    return render(request, "conduct/leave_calendar.html", context)


def _head(day: dt.date, calendar: WorkingCalendar) -> tuple[dt.date, bool]:
    """A day, and whether it is worked; a day without a paper is shown like a worked one."""
    return day, not calendar.is_known(day) or calendar.is_working_day(day)


def _columns(heads: Iterable[tuple[dt.date, bool]]) -> tuple[Column, ...]:
    named = [Column(key="name", label="姓名", parse=parse_text)]
    return (
        *named,
        *(Column(key=f"d{day.day}", label=f"{day.day}日", parse=parse_text, width=8) for day, _ in heads),
    )


def _month_rows(lines: Iterable[queries.CalendarLine]) -> Iterable[dict[str, str]]:
    for line in lines:
        yield {"name": line.person.name, **{f"d{n}": what for n, what in enumerate(line.days, start=1)}}
