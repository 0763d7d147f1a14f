"""The list of gatherings, and its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from qizhi.core import clock, periods
from qizhi.core.days import day_narrowing
from qizhi.core.http import actor_of, key_asked, reads, table_file
from qizhi.core.periods import Every, Period
from qizhi.core.tables import Column, TableSchema
from qizhi.core.tables.values import parse_text
from qizhi.gatherings.enums import VisitorRole
from qizhi.gatherings.permissions import MANAGE_KINDS, RECORD, SEE, sight_of, with_readable
from qizhi.gatherings.queries import listing as queries
from qizhi.gatherings.services import GatheringFacts, facts_of

MOST_EXPORTED = 20_000
BATCH = 500
SPANS = {
    "year": "本年",
    "last_year": "上年",
    "quarter": "本季度",
    "last_quarter": "上季度",
    "month": "本月",
    "last_month": "上月",
    "trailing_year": "近十二个月",
}
_SELDOM = ("ledger", "from", "to", "series", "late", "withdrawn")
_WIDE = 36
_TEXTS = (
    ("unit", "组织", 20),
    ("day", "日期", 14),
    ("starts_at", "开始时间", 10),
    ("kinds", "活动类型", 24),
    ("title", "名称", _WIDE),
    ("chair", "主持人", 12),
    ("lecturers", "授课人", 18),
    ("place", "地点", 18),
    ("topics", "议题", _WIDE),
    ("hours", "学时", 8),
    ("due", "应到", 8),
    ("present", "实到", 8),
    ("excused", "请假人员", 24),
    ("absent", "缺席人员", 24),
    ("made_up", "补课人员", 24),
    ("guests", "列席人员", 24),
    ("auditors", "旁听人员", 24),
    ("resolutions", "决议", _WIDE),
    ("ledgers", "计入台账", _WIDE),
    ("late", "补录", 8),
    ("recorded_by", "登记人", 12),
)
SCHEMA = TableSchema(
    name="gatherings",
    label="活动",
    columns=tuple(
        Column(key=key, label=label, parse=parse_text, width=width) for key, label, width in _TEXTS
    ),
)


@reads(SEE)
def gatherings(request: HttpRequest) -> HttpResponse:
    """Gatherings that the reader may know, filtered; also as a file."""
    actor, wanted = actor_of(request), _wanted(request)
    sight = sight_of(actor)
    kind = request.GET.get("format", "")
    if kind in {"xlsx", "csv"}:
        rows = queries.find(actor, wanted, sight)
        return _file(with_readable(rows, actor, sight)[:MOST_EXPORTED], kind)
    found = queries.page_of(actor, wanted, sight, request.GET.get("page", ""))
    context = {
        "page_of_rows": found.page,
        "lead": _lead(wanted, found.page.paginator.count),
        "lines": found.lines,
        "lines_key": found.key,
        "options": queries.options_for(actor.reach(SEE)),
        "wanted": wanted,
        "asked": {name: request.GET.get(name, "") for name in ("unit", "span", "from", "to")},
        "has_more_asked": any(request.GET.get(name) for name in _SELDOM),
        "is_filtered": any(request.GET.get(name) for name in request.GET if name != "page"),
        "spans": SPANS,
        "base": reverse("gatherings:gatherings"),
        "may_record": actor.may(RECORD),
        "may_manage": actor.may(MANAGE_KINDS),
    }
    return render(request, "gatherings/gatherings.html", context)


def _lead(wanted: queries.Wanted, number: int) -> str:
    """The answer to what was asked, in one sentence."""
    what = "已撤销的活动" if wanted.is_withdrawn else "补录的活动" if wanted.is_late_only else "活动"
    days = f"{wanted.period.label}，" if wanted.period and wanted.period.start > dt.date.min else ""
    return f"{days}{what} {number} 次。"


def _wanted(request: HttpRequest) -> queries.Wanted:
    """The filters of the address; what cannot be read narrows nothing, and days say so."""
    first = day_narrowing(request, "from", "起始日期")
    last = day_narrowing(request, "to", "截止日期")
    asked = request.GET
    return queries.Wanted(
        unit=key_asked(request, "unit"),
        kind=asked.get("kind", ""),
        ledger=asked.get("ledger", ""),
        series=asked.get("series", ""),
        period=_period(asked.get("span", ""), first, last),
        text=asked.get("q", "").replace("\x00", "").strip()[:100],
        is_late_only=asked.get("late") == "1",
        is_withdrawn=asked.get("withdrawn") == "1",
    )


def _period(span: str, start: dt.date | None, end: dt.date | None) -> Period | None:
    """A span by name, cut to the days that were typed."""
    named = _span(span)
    first = start or (named.start if named else None)
    last = end or (named.end if named else None)
    if first is None and last is None:
        return None
    first, last = first or dt.date.min, last or dt.date.max
    return Period(min(first, last), max(first, last))


def _span(name: str) -> Period | None:
    today = clock.today()
    if name == "trailing_year":
        return periods.trailing_year(today)
    every = {"year": Every.YEAR, "quarter": Every.QUARTER, "month": Every.MONTH}.get(
        name.removeprefix("last_")
    )
    if every is None:
        return None
    current = periods.period_of(every, today)
    is_last = name.startswith("last_")
    return periods.period_of(every, current.start - dt.timedelta(days=1)) if is_last else current


def _file(rows: Any, kind: str) -> HttpResponse:
    """The whole filtered list; roll, names and resolutions stay out of what one may not read fully."""
    lines = _exported(list(rows.select_related("unit__parent", "chair", "series")))
    name = f"活动-{clock.today():%Y%m%d}"
    return table_file(SCHEMA, lines, name, kind, title="活动")


def _exported(gatherings: list[Any]) -> Iterable[dict[str, object]]:
    for start in range(0, len(gatherings), BATCH):
        part = gatherings[start : start + BATCH]
        facts = facts_of(part)
        bureau_id = part[0].bureau_id
        for line in queries.lines_of(bureau_id, part):
            yield _row(line, facts[line.gathering.pk])


def _row(line: queries.Line, facts: GatheringFacts) -> dict[str, object]:
    gathering = line.gathering
    is_readable = getattr(gathering, "is_readable", True)
    row: dict[str, object] = {
        "unit": gathering.unit.full_label,
        "day": gathering.day_or_month,
        "starts_at": f"{gathering.starts_at:%H:%M}" if gathering.starts_at else None,
        "kinds": line.kinds,
        "title": gathering.title,
        "chair": facts.chair.name if facts.chair else None,
        "lecturers": "、".join(str(one) for one in facts.lecturers) or None,
        "place": gathering.place or None,
        "topics": gathering.topics or None,
        "hours": gathering.hours,
        "due": line.roll.due,
        "present": line.roll.present,
        "ledgers": "、".join(queries.ledger_names(facts.kinds)) or None,
        "late": "补录" if gathering.is_recorded_late else None,
        "recorded_by": gathering.recorded_by,
    }
    if is_readable:
        for state in ("excused", "absent", "made_up"):
            row[state] = "、".join(one.person.name for one in facts.roll if one.state == state) or None
        for key, role in (("guests", VisitorRole.GUEST), ("auditors", VisitorRole.AUDITOR)):
            names = [str(one.person or one.guest_name) for one in facts.visitors if one.role == role]
            row[key] = "、".join(names) or None
        row["resolutions"] = "；".join(str(one) for one in facts.resolutions) or None
    return row
