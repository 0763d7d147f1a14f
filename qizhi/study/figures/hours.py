"""The number of training hours: how many of those who are asked for hours have them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from fractions import Fraction
from functools import partial

from django.db.models import Q, QuerySet

from qizhi.core import kept
from qizhi.core.figures import NOTHING, Ask, Column, Figure, Measure, Span, Value, register
from qizhi.org.models import Membership
from qizhi.study.queries.hours import Line, lines
from qizhi.study.rules.hours import Standing

_ASKED = {Standing.DONE, Standing.DUE, Standing.MISSING}


def _lines(ask: Ask) -> list[Line]:
    """Members at the end of the period's last year, or on the day of reckoning."""
    return kept.keep(partial(_fetched, ask), "study.hours_lines", ask)


def _fetched(ask: Ask) -> list[Line]:
    within = Q() if ask.unit_ids is None else Q(unit_id__in=ask.unit_ids)
    return lines(ask.bureau_id, ask.period.end.year, ask.as_of, within)


def _is_known(found: Iterable[Line]) -> bool:
    """Whether the records reach back to the beginning of the year."""
    return not any(line.gap and line.standing is Standing.UNKNOWN for line in found)


def _share(found: Iterable[Line]) -> Value:
    found = list(found)
    if not _is_known(found):
        return NOTHING  # those who are known to have enough are no share of all
    asked = [line for line in found if line.standing in _ASKED]
    done = sum(1 for line in asked if line.standing is Standing.DONE)
    return Value(Fraction(done, len(asked)), done, len(asked)) if asked else NOTHING


def _rows(ask: Ask) -> QuerySet[Membership]:
    found = _lines(ask)
    is_known = _is_known(found)
    done = [line.person.pk for line in found if line.standing is Standing.DONE and is_known]
    day = min(ask.as_of, ask.period.end.replace(month=12, day=31))
    rows: QuerySet[Membership] = Membership.objects.on(day).filter(
        bureau_id=ask.bureau_id, person_id__in=done
    )
    rows = rows if ask.unit_ids is None else rows.filter(unit_id__in=ask.unit_ids)
    return rows.select_related("person", "unit").order_by("unit__position", "unit__code", "person__staff_no")


def _by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
    found: dict[uuid.UUID, list[Line]] = {pk: [] for pk in ask.unit_ids or ()}
    for line in _lines(ask):
        found.setdefault(line.unit.pk, []).append(line)
    return {pk: _share(part) for pk, part in found.items()}


def _address(row: Membership) -> str:
    return str(row.person.get_absolute_url())


register(
    Figure(
        key="study.hours_met",
        label="学时达到要求的党员比例",
        measure=Measure.SHARE,
        definition=(
            "年末（当年截至核算日）在册党员中，全年学时达到当时有效条款要求的比例；支部书记和委员按其条款。"
            "年内新加入的、全年请假或借调的不计；没有条款要求的年份没有这个数。只知人数、没有名单的活动不计入个人学时，"
            "可能因此够了的判定不了，也不计；记录还没有开始的年度没有这个数。"
        ),
        source="活动登记、课程完成记录",
        span=Span.YEAR,
        reckon=lambda ask: _share(_lines(ask)),
        rows=_rows,
        columns=(
            Column("党支部", lambda row: row.unit.name),
            Column("姓名", lambda row: row.person.name),
        ),
        link=_address,
        by_unit=_by_unit,
        formula="达到要求的人数 ÷ 有学时要求的人数",
    )
)
