"""Who had to come to warning education by rank, and who came: session by session, person by person."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qizhi.branch_life.permissions import SEE_BRANCH_LIFE
from qizhi.branch_life.queries.ranked import ATTENDANCE, Asked, Seat, Session, sessions_of
from qizhi.branch_life.queries.ranked_year import YearOf, year_of
from qizhi.branch_life.rules.ranked import Taken
from qizhi.branch_life.views.shown import Chip
from qizhi.core import clock, periods
from qizhi.core.figures import Ask
from qizhi.core.http import actor_of, key_asked, reads, table_file
from qizhi.core.paging import page_of
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_day_or_month, parse_text
from qizhi.core.values import dataclass
from qizhi.core.years import year_asked, years_offered
from qizhi.org.enums import Rank, UnitKind
from qizhi.org.models import Unit
from qizhi.org.permissions import unit_for
from qizhi.regulations.kinds import ParameterError, days_bound, kind_by_key
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import clauses_during

PAGE = 100
WORDS = {
    Taken.PRESENT: ("done", "到会"),
    Taken.EXCUSED: ("excused", "请假"),
    Taken.MADE_UP: ("late", "已补课"),
    Taken.OPEN: ("due", "待补课"),
    Taken.ABSENT: ("missing", "缺席"),
    Taken.UNKNOWN: ("unknown", "未知"),
}
COLUMNS = (
    Column(key="held_on", label="日期", parse=parse_day_or_month, width=14),
    Column(key="title", label="活动", parse=parse_text, width=36),
    Column(key="unit", label="组织", parse=parse_text, width=20),
    Column(key="person", label="姓名", parse=parse_text, width=12),
    Column(key="rank", label="当天职级", parse=parse_text, width=12),
    Column(key="state", label="情况", parse=parse_text),
    Column(key="why", label="说明", parse=parse_text, width=40),
    Column(key="source", label="依据", parse=parse_text, width=40),
)


@dataclass(frozen=True)
class Line:
    """Somebody at a session, in words."""

    session: Session
    seat: Seat
    clause: Clause

    @property
    def chip(self) -> Chip:
        """How they stand to it."""
        return Chip(*WORDS[self.seat.state])

    @property
    def why(self) -> str:
        """Since when or until when, or what is not known."""
        if self.seat.made_up_on:
            return f"{periods.say_day(self.seat.made_up_on)}补课"
        if self.seat.make_up_until:
            return f"可补课至{periods.say_day(self.seat.make_up_until)}"
        return self.seat.why


@dataclass(frozen=True)
class Part:
    """A clause with its sessions; `problem` is Chinese: why it cannot be judged by."""

    clause: Clause
    rank: str = ""
    at_least: int = 0
    sessions: tuple[tuple[Session, list[int]], ...] = ()
    year: YearOf | None = None
    problem: str = ""


@reads(SEE_BRANCH_LIFE)
def ranked(request: HttpRequest) -> HttpResponse:
    """Everybody of the rank on the day: there, excused, made up for it, with time for that, or absent."""
    actor, year, key = actor_of(request), year_asked(request, is_ahead=True), key_asked(request, "unit")
    chosen = unit_for(actor, SEE_BRANCH_LIFE, key) if key else None
    reach, span = actor.reach(SEE_BRANCH_LIFE), periods.year(year)
    seen = Unit.objects.filter(reach.units(""), bureau_id=actor.bureau_id, kind=UnitKind.BRANCH)
    units = list(seen.within(span.start, span.end).order_by("position", "code"))
    within = None if reach.is_all and chosen is None else tuple(u.pk for u in ([chosen] if chosen else units))
    ask = Ask(actor.bureau_id, span, clock.today(), within)
    parts = [
        _part(clause, ask) for clause in clauses_during(ask.bureau_id, span.start, span.end, kind=ATTENDANCE)
    ]
    lines = list(_lines(parts, key_asked(request, "session"), request.GET.get("state", "")))
    if (kind := request.GET.get("format")) in {"xlsx", "csv"}:
        return table_file(COLUMNS, map(_row, lines), f"{chosen or ''}{year}年警示教育参加情况", kind)
    numbers = {one: sum(s.number(one) for part in parts for s, _ in part.sessions) for one in Taken}
    context = {
        "parts": parts,
        "lines": page_of(lines, PAGE, request.GET.get("page")),
        "sessions": [(str(s.gathering.pk), str(s.gathering)) for part in parts for s, _ in part.sessions],
        "session": request.GET.get("session", ""),
        "states": [(one.value, WORDS[one][1]) for one in Taken],
        "state": request.GET.get("state", ""),
        "numbers": [(Chip(*WORDS[one]), number) for one, number in numbers.items()],
        "missing": numbers[Taken.ABSENT],
        "open": numbers[Taken.OPEN]
        + numbers[Taken.UNKNOWN]
        + sum(len(part.year.without) for part in parts if part.year and not part.year.gap),
        "is_over": span.end < clock.today(),
        "unarranged": sum(len(part.year.without) for part in parts if part.year and not part.year.gap),
        "units": units,
        "unit_key": chosen.pk if chosen else "",
        "chosen": chosen,
        "year": year,
        "years": years_offered(request),
    }
    return render(request, "branch_life/ranked.html", context)


def _part(clause: Clause, ask: Ask) -> Part:
    kind = kind_by_key(ATTENDANCE)
    try:
        values = kind.read(clause.parameters) if kind else {}
    except ParameterError as error:
        return Part(clause, problem=f"参数有误：{error}")
    asked = Asked(values["gathering"], values["from_rank"], values["make_up_days"])
    days = days_bound(clause, ask)
    found = sessions_of(ask.bureau_id, asked, days, ask.as_of, ask.unit_ids) if days else []
    at_least = values["at_least"]
    whole = None
    if at_least and ask.unit_ids is None:
        held = sessions_of(ask.bureau_id, asked, ask.period, ask.as_of, None)
        whole = year_of(ask.bureau_id, asked, ask.period, held, at_least)
    return Part(
        clause,
        str(Rank(asked.from_rank).label),
        at_least,
        tuple((session, [session.number(one) for one in Taken]) for session in found),
        whole,
    )


def _lines(parts: list[Part], session: uuid.UUID | None, state: str) -> Iterator[Line]:
    for part in parts:
        for one, _ in part.sessions:
            if session not in {None, one.gathering.pk}:
                continue
            for seat in one.seats:
                if state in {"", seat.state.value}:
                    yield Line(one, seat, part.clause)


def _row(line: Line) -> dict[str, Any]:
    held = line.session.gathering
    return {
        "held_on": held.day_or_month,
        "title": held.title,
        "unit": held.unit.full_label,
        "person": line.seat.person,
        "rank": line.seat.rank or "没有登记",
        "state": line.chip.words,
        "why": line.why,
        "source": line.clause.source,
    }
