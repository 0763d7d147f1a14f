"""Series with their editions."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict

from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.models import Gathering, Series
from qizhi.gatherings.permissions import visible_to
from qizhi.gatherings.rules import streak


@dataclass(frozen=True)
class Edition:
    """A year of a series: how often it was held, and the gatherings that the reader may open."""

    year: int
    number: int
    gatherings: list[Gathering]
    months: frozenset[int] = frozenset()
    month: int | None = None

    @property
    def is_in_month(self) -> bool:
        """Whether any of it was held in the month of the series; true for a series without one."""
        return self.month is None or self.month in self.months

    @property
    def hidden(self) -> int:
        """How many of them the reader may not open."""
        return self.number - len(self.gatherings)


def editions(actor: Actor, series: Series) -> list[Edition]:
    """The years of a series, newest first; two queries."""
    days = _days_by_series(actor.bureau_id, series)[series.pk]
    seen: dict[int, list[Gathering]] = defaultdict(list)
    for gathering in visible_to(actor).held().filter(series=series).select_related("unit__parent"):
        seen[gathering.held_on.year].append(gathering)
    years = [day.year for day in days]
    return [
        Edition(
            year,
            years.count(year),
            seen[year],
            frozenset(day.month for day in days if day.year == year),
            series.month,
        )
        for year in sorted(set(years), reverse=True)
    ]


@dataclass(frozen=True)
class SeriesLine:
    """A series with its years in a row."""

    series: Series
    years: list[int]
    streak: int
    last_on: dt.date | None


def series_lines(bureau_id: uuid.UUID, today: dt.date) -> list[SeriesLine]:
    """All series of the bureau, running ones first; two queries."""
    days = _days_by_series(bureau_id)
    rows = Series.objects.filter(bureau_id=bureau_id).order_by("-is_active", "name")
    return [_line(series, days[series.pk], today) for series in rows]


def _line(series: Series, days: list[dt.date], today: dt.date) -> SeriesLine:
    years = sorted({day.year for day in days})
    return SeriesLine(
        series, years, len(streak(years, today.year, is_running=True)), max(days) if days else None
    )


def _days_by_series(bureau_id: uuid.UUID, series: Series | None = None) -> dict[uuid.UUID, list[dt.date]]:
    rows = Gathering.objects.held().filter(bureau_id=bureau_id, series__isnull=False)
    if series is not None:
        rows = rows.filter(series=series)
    found: dict[uuid.UUID, list[dt.date]] = defaultdict(list)
    for key, day in rows.order_by("held_on").values_list("series_id", "held_on"):
        found[key].append(day)
    return found
