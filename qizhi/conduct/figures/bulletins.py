"""Bulletins in numbers: six a year are asked for, one for every two months (LB-04)."""

from __future__ import annotations

from fractions import Fraction

from django.db.models import QuerySet

from qizhi.conduct.enums import BulletinStatus
from qizhi.conduct.models import Bulletin
from qizhi.conduct.rules.bulletins import A_YEAR, days_of
from qizhi.core.figures import Ask, Column, Figure, Measure, Span, Value, register


def _issued(ask: Ask) -> QuerySet[Bulletin]:
    """Bulletins whose two months end in the period, issued by the day of reckoning; of the bureau alone."""
    rows = Bulletin.objects.filter(
        bureau_id=ask.bureau_id,
        status=BulletinStatus.APPROVED,
        end__range=(ask.period.start, ask.period.end),
        issued_on__lte=ask.as_of,
    )
    if ask.unit_ids is not None:
        rows = rows.none()  # a bulletin is of the whole bureau
    return rows.select_related("prepared_by", "approved_by").order_by("year", "number")


def _due(ask: Ask) -> int:
    """Two-month spans that end in the period and are over on the day of reckoning."""
    years = range(ask.period.start.year, ask.period.end.year + 1)
    ends = [days_of(year, number).end for year in years for number in range(1, A_YEAR + 1)]
    return sum(1 for end in ends if end in ask.period and end < ask.as_of)


def _reckon(ask: Ask) -> Value:
    counted = _issued(ask).count()
    if ask.unit_ids is not None:
        return Value(None, 0)
    return Value(Fraction(counted), counted, _due(ask))


register(
    Figure(
        key="conduct.bulletins",
        label="印发通报",
        measure=Measure.TIMES,
        definition="期间内每两个月一期、到核算日已经签发印发的通报期数；草稿不计，全年应印发6期。",
        source="通报",
        span=Span.YEAR,
        reckon=_reckon,
        rows=_issued,
        columns=(
            Column("期号", str),
            Column("文号", lambda row: row.doc_no),
            Column("印发日期", lambda row: row.issued_on),
            Column("生效事项", lambda row: row.content.get("cases")),
        ),
        link=lambda row: str(row.get_absolute_url()),
    )
)
