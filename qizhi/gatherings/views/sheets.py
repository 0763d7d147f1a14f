"""Series, kinds and templates as files: what stands on their pages, a row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qizhi.core.tables import Column
from qizhi.core.tables.values import integer, parse_day, parse_decimal, parse_text
from qizhi.gatherings.queries.series import Edition, SeriesLine

SERIES = (
    Column(key="name", label="系列", parse=parse_text, width=30),
    Column(key="month", label="月份", parse=parse_text, width=8),
    Column(key="streak", label="连续年数", parse=integer()),
    Column(key="years", label="历年届数", parse=integer()),
    Column(key="last_on", label="最近一次", parse=parse_day, width=14),
    Column(key="state", label="情况", parse=parse_text),
)
EDITIONS = (
    Column(key="year", label="年份", parse=integer(), width=8),
    Column(key="day", label="日期", parse=parse_text, width=14),
    Column(key="title", label="活动", parse=parse_text, width=40),
    Column(key="unit", label="组织", parse=parse_text, width=20),
)
KINDS = (
    Column(key="name", label="类型", parse=parse_text, width=24),
    Column(key="audience", label="应到范围", parse=parse_text, width=20),
    Column(key="units", label="适用组织", parse=parse_text, width=24),
    Column(key="ledgers", label="计入台账", parse=parse_text, width=40),
    Column(key="hours", label="学时", parse=parse_decimal, width=8),
    Column(key="number", label="已登记", parse=integer(), width=8),
    Column(key="state", label="情况", parse=parse_text, width=8),
)
TEMPLATES = (
    Column(key="name", label="模板", parse=parse_text, width=24),
    Column(key="kinds", label="类型", parse=parse_text, width=30),
    Column(key="unit", label="适用组织", parse=parse_text, width=14),
    Column(key="rule", label="日期规则", parse=parse_text, width=24),
    Column(key="next", label="下一次", parse=parse_text, width=24),
    Column(key="state", label="情况", parse=parse_text, width=8),
)


def series_row(line: SeriesLine) -> dict[str, Any]:
    """A series with its years in a row."""
    series = line.series
    return {
        "name": series.name,
        "month": f"{series.month}月" if series.month else None,
        "streak": line.streak,
        "years": len(line.years),
        "last_on": line.last_on,
        "state": "延续中" if series.is_active else "已停办",
    }


def edition_rows(editions: Iterable[Edition]) -> Iterator[dict[str, Any]]:
    """Each gathering that the reader may open, and how many others there were."""
    for edition in editions:
        for one in edition.gatherings:
            unit = one.unit.full_label
            yield {"year": edition.year, "day": one.day_label, "title": one.title, "unit": unit}
        if edition.hidden:
            yield {"year": edition.year, "title": f"另有 {edition.hidden} 次由其他组织开展"}


def kind_row(line: Mapping[str, Any]) -> dict[str, Any]:
    """A kind of gathering."""
    kind = line["kind"]
    return {
        "name": kind.name,
        "audience": kind.get_audience_display(),
        "units": line["units"] or "不限",
        "ledgers": line["ledgers"] or None,
        "hours": kind.default_hours,
        "number": kind.number,
        "state": "启用" if kind.is_active else "停用",
    }


def template_row(line: Mapping[str, Any]) -> dict[str, Any]:
    """A template with the day on which it falls next."""
    following, template = line["next"], line["template"]
    return {
        "name": template.name,
        "kinds": line["kinds"],
        "unit": line["unit"],
        "rule": line["rule"] or None,
        "next": str(following["day"] or following["why"] or "") or None,
        "state": "启用" if template.is_active else "停用",
    }
