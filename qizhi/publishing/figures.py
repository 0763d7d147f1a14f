"""The numbers of complaints and suggestions; of the whole bureau, since they belong to no unit."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from qizhi.core import clock
from qizhi.core.figures import (
    NOTHING,
    Ask,
    Column,
    Figure,
    Measure,
    Span,
    Tally,
    Value,
    register,
)
from qizhi.publishing.enums import ReplyKind
from qizhi.publishing.models import Complaint
from qizhi.publishing.rules import answer_due_on
from qizhi.regulations.queries import calendar_for

_SOURCE = "投诉建议登记"


def _received(ask: Ask) -> QuerySet[Complaint]:
    if ask.days is None or ask.unit_ids is not None:
        return Complaint.objects.none()
    found = Complaint.objects.filter(
        bureau_id=ask.bureau_id, sent_at__date__range=(ask.days.start, ask.days.end)
    )
    return found.order_by("-sent_at", "-id")


def _settled(ask: Ask) -> tuple[list[Any], int]:
    """Keys of those answered in time, and how many were answered or should have been by now."""
    calendar = calendar_for(ask.bureau_id)
    in_time, settled = [], 0
    for one in _received(ask).prefetch_related("replies"):
        due_on = answer_due_on(clock.local_date(one.sent_at), one.working_days, calendar)
        answered = _first_answer(one, ask.as_of)
        if due_on is None or (answered is None and due_on >= ask.as_of):
            continue
        settled += 1
        if answered is not None and answered <= due_on:
            in_time.append(one.pk)
    return in_time, settled


def _first_answer(one: Complaint, as_of: dt.date) -> dt.date | None:
    said = [clock.local_date(r.said_at) for r in one.replies.all() if r.kind == ReplyKind.ANSWER]
    return min((day for day in said if day <= as_of), default=None)


def _share(ask: Ask) -> Value:
    in_time, settled = _settled(ask)
    return Value(Fraction(len(in_time), settled), len(in_time), settled) if settled else NOTHING


_COLUMNS = (
    Column("收到日期", lambda row: clock.local_date(row.sent_at)),
    Column("类别", lambda row: row.get_kind_display()),
    Column("情况", lambda row: row.get_state_display()),
)
register(
    Figure(
        key="publishing.complaints",
        label="收到的投诉建议",
        measure=Measure.ITEMS,
        definition="期间内收到的投诉和建议的件数，署名和不署名的都计；属于全局，不分组织。",
        source=_SOURCE,
        span=Span.YEAR,
        reckon=lambda ask: NOTHING if ask.unit_ids is not None else Tally(_received(ask)),
        rows=_received,
        columns=_COLUMNS,
    )
)
register(
    Figure(
        key="publishing.answered_in_time",
        label="投诉建议按期答复率",
        measure=Measure.SHARE,
        definition=(
            "期间内收到的投诉建议中，在期限内首次答复的，占已答复或期限已过的比例；算不出期限的不计。"
        ),
        source=_SOURCE,
        span=Span.YEAR,
        reckon=_share,
        rows=lambda ask: _received(ask).filter(pk__in=_settled(ask)[0]),
        columns=_COLUMNS,
        formula="按期首次答复件数 ÷ 已答复或期限已过件数",
    )
)
