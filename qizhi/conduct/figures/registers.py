"""The numbers of the status registers: how many, never who."""

from __future__ import annotations

from functools import partial

from django.db.models import Q, QuerySet
from django.urls import reverse

from qizhi.conduct.enums import ReportKind
from qizhi.conduct.models import MatterReport, Opinion, RiskPoint
from qizhi.conduct.queries.matters import Round, rank_day, round_of
from qizhi.core import kept
from qizhi.core.figures import (
    NOTHING,
    Ask,
    Column,
    Figure,
    Measure,
    Span,
    Tally,
    Value,
    count_value,
    register,
)


def _rounds(ask: Ask) -> list[Round]:
    """The rounds whose deciding day lies in the period and has come."""
    return kept.keep(partial(_fetched, ask), "conduct.rounds", ask)


def _fetched(ask: Ask) -> list[Round]:
    days = ask.days
    if days is None:
        return []
    # A period such as "ever" has many years; rules that bind begin late, and each year is two queries.
    first = max(days.start.year + 1, 2000)
    years = [year for year in range(first, days.end.year + 2) if rank_day(year) in days]
    rounds = [round_of(ask.bureau_id, year, ask.as_of, ask.unit_ids) for year in years]
    return [found for found in rounds if found.owing]


def _handed_in(ask: Ask) -> Value:
    rounds = _rounds(ask)
    if not rounds:
        return NOTHING
    owed = sum(len(found.owing) for found in rounds)
    return count_value(sum(len(found.handed_in) for found in rounds), owed)


def _reports(ask: Ask) -> QuerySet[MatterReport]:
    keys = [line.report.pk for found in _rounds(ask) for line in found.handed_in if line.report]
    rows = MatterReport.objects.filter(bureau_id=ask.bureau_id, kind=ReportKind.ANNUAL, pk__in=keys)
    return rows.order_by("-year", "handed_in_on", "pk")


register(
    Figure(
        key="conduct.matters_handed_in",
        label="报告个人有关事项的领导干部",
        measure=Measure.PEOPLE,
        definition=(
            "年末（12月31日）职级达到规定、应在次年截止日前报告个人有关事项的人员中，到核算日已经报告的人数，"
            "逾期报告的也计；截止日前已离岗的不计。明细只有日期，没有姓名和内容。"
        ),
        source="个人有关事项报告登记、职级记录",
        span=Span.YEAR,
        reckon=_handed_in,
        rows=_reports,
        columns=(
            Column("年度", lambda row: row.year),
            Column("应报日期", lambda row: row.due_on),
            Column("报告日期", lambda row: row.handed_in_on),
        ),
        # The page behind it names people; two officers may open it.
        link=lambda row: f"{reverse('conduct:matters')}?year={row.year}",
    )
)


def _risks(ask: Ask) -> QuerySet[RiskPoint]:
    days = ask.days
    if days is None:
        return RiskPoint.objects.none()
    rows = RiskPoint.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=days.end), bureau_id=ask.bureau_id
    )
    rows = rows if ask.unit_ids is None else rows.filter(unit_id__in=ask.unit_ids)
    return rows.select_related("unit").order_by("unit__position", "name", "pk")


register(
    Figure(
        key="conduct.open_risks",
        label="在控廉政风险点",
        measure=Measure.UNITS,
        definition="核算日没有销号的廉政风险点个数。",
        source="廉政风险点登记",
        span=Span.TO_DATE,
        reckon=lambda ask: NOTHING if ask.days is None else Tally(_risks(ask)),
        rows=_risks,
        columns=(
            Column("处室", lambda row: row.unit),
            Column("等级", lambda row: row.get_level_display()),
            Column("下次复核", lambda row: row.review_on),
        ),
        link=lambda row: str(row.get_absolute_url()),
    )
)


def _opinions(ask: Ask) -> QuerySet[Opinion]:
    days = ask.days
    if days is None:
        return Opinion.objects.none()
    rows = Opinion.objects.filter(
        bureau_id=ask.bureau_id,
        gathering__withdrawn_at__isnull=True,
        gathering__held_on__range=(days.start, days.end),
    )
    rows = rows if ask.unit_ids is None else rows.filter(gathering__unit_id__in=ask.unit_ids)
    return rows.select_related("gathering", "duty").order_by("gathering__held_on", "pk")


register(
    Figure(
        key="conduct.opinions",
        label="行风监督意见",
        measure=Measure.ITEMS,
        definition="期间内行风监督员会议上提出、已登记的意见建议条数，转为督办任务的和没有转的都计。",
        source="活动登记、行风监督意见登记",
        span=Span.YEAR,
        reckon=lambda ask: NOTHING if ask.days is None else Tally(_opinions(ask)),
        rows=_opinions,
        columns=(
            Column("会议日期", lambda row: row.gathering.held_on),
            Column("意见建议", lambda row: row.text),
            Column("督办", lambda row: "已转任务" if row.duty_id else "已答复" if row.answer else "没有转"),
        ),
        link=lambda _row: reverse("conduct:opinions"),
    )
)
