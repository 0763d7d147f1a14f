"""Months whose records were written or corrected after they were judged."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Q

from qizhi.core import clock, kept
from qizhi.core.models import AuditEvent
from qizhi.core.periods import Every, Period, month_of, split
from qizhi.core.values import dataclass
from qizhi.regulations.enums import RunStatus
from qizhi.regulations.kinds import all_records
from qizhi.regulations.models import Run
from qizhi.regulations.services.comparing import MOST_MONTHS

MOST = 1000
"""How many changes are looked at, the newest first."""


@dataclass(frozen=True)
class Behind:
    """A month that was judged before its records were complete.

    Attributes:
        month: which.
        judged_at: when it was judged last.
        said: Chinese: of which kind how many records are newer; empty for none.
        until: the last day that the run has looked at, where the month went on after it; else None.
    """

    month: Period
    judged_at: dt.datetime
    said: str
    until: dt.date | None


@dataclass(frozen=True)
class MonthsBehind:
    """All of them, and the months to judge again in one step."""

    months: tuple[Behind, ...]

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.months)

    @property
    def start(self) -> dt.date:
        """First month of the run that is offered: of too many months it takes the last ones."""
        last = self.months[-1].month.start
        most = last.year * 12 + last.month - MOST_MONTHS
        return max(self.months[0].month.start, dt.date(most // 12, most % 12 + 1, 1))

    @property
    def end(self) -> dt.date:
        """Last month of it."""
        return self.months[-1].month.start


class _Judged(NamedTuple):
    at: dt.datetime
    as_of: dt.date


def months_behind(bureau_id: uuid.UUID, days: Period | None = None) -> MonthsBehind:
    """Months that were judged before the last of their records, in order; kept until something is written.

    Two queries, and one for each table of which something is newer.

    Args:
        bureau_id: whose.
        days: the months that they touch; None for all.
    """
    return kept.keep(partial(_months_behind, bureau_id, days), "regulations.behind", bureau_id, days)


def looked_at(month: Period) -> Period:
    """The days of which a run of the month judges: those of all periods that end with it. Pure."""
    number = month.start.month
    months = next(length for length in (12, 6, 3, 1) if number % length == 0)
    return Period(month.start.replace(month=number - months + 1), month.end)


def _months_behind(bureau_id: uuid.UUID, days: Period | None) -> MonthsBehind:
    judged = _judged(bureau_id, days)
    newer: dict[dt.date, dict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    spans = {first: looked_at(month_of(first)) for first in judged}
    for at, model, key, touched in _changes(
        bureau_id, min((one.at for one in judged.values()), default=None)
    ):
        for first, run in judged.items():
            if at > run.at and touched.start <= spans[first].end and spans[first].start <= touched.end:
                newer[first][model].add(key)
    found = []
    for first, run in sorted(judged.items()):
        month = month_of(first)
        until = run.as_of if run.as_of < month.end < clock.today() else None
        if first in newer or until:
            found.append(Behind(month, run.at, _said(newer.get(first, {})), until))
    return MonthsBehind(tuple(found))


def _judged(bureau_id: uuid.UUID, days: Period | None) -> dict[dt.date, _Judged]:
    """When each month was judged last, by its first day."""
    rows = Run.objects.filter(bureau_id=bureau_id, status=RunStatus.DONE)
    if days is not None:
        rows = rows.filter(start__lte=days.end, end__gte=days.start)
    found = {}
    for start, end, at, as_of in rows.order_by("at", "id").values_list("start", "end", "at", "as_of"):
        for month in split(Period(start, end), Every.MONTH):
            if days is None or (month.start <= days.end and days.start <= month.end):
                found[month.start] = _Judged(at, as_of)
    return found


def _changes(
    bureau_id: uuid.UUID, since: dt.datetime | None
) -> Iterable[tuple[dt.datetime, str, object, Period]]:
    """What has changed of the records by which clauses judge: when, of which table and row, which days."""
    if since is None:
        return
    records = all_records()
    gone = {one.removal: label for label, one in records.items()}
    told = Q(model__in=list(records)) | Q(verb__in=list(gone))
    rows = AuditEvent.objects.filter(told, bureau_id=bureau_id, at__gt=since)
    rows = rows.exclude(verb__in=[verb for one in records.values() for verb in one.but])
    values = rows.order_by("-at", "-id").values_list("at", "verb", "model", "object_id", "before", "after")
    events = list(values[:MOST])
    known = _rows({(model, key) for _, verb, model, key, _, _ in events if verb not in gone})
    for at, verb, model, key, before, after in events:
        # What is removed is told of the row that remains: the days are in the words of the log alone.
        label = gone.get(verb, model)
        row = {} if verb in gone else known.get(key, {})
        touched = records[label].touched(row, *(_by_column(label, side) for side in (before, after)))
        if touched is not None:
            yield at, label, (key, at) if verb in gone else key, touched


def _by_column(label: str, side: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values by the names of their columns, where the log tells the row in words."""
    names = {str(field.verbose_name): field.attname for field in apps.get_model(label)._meta.concrete_fields}
    return {names.get(key, key): value for key, value in side.items()}


def _rows(wanted: Iterable[tuple[str, uuid.UUID | None]]) -> dict[uuid.UUID | None, Mapping[str, Any]]:
    """The days of the rows as they are now; one query for each table."""
    by_model: dict[str, list[uuid.UUID]] = defaultdict(list)
    for label, key in wanted:
        if key is not None:
            by_model[label].append(key)
    found: dict[uuid.UUID | None, Mapping[str, Any]] = {}
    for label, keys in by_model.items():
        model, one = apps.get_model(label), all_records()[label]
        names = [name for name in (one.first, one.last, one.year) if name]
        if names:
            rows = model._base_manager.filter(pk__in=keys).values("pk", *names)
            found.update((row.pop("pk"), row) for row in rows)
    return found


def _said(newer: Mapping[str, set[object]]) -> str:
    names = {label: str(apps.get_model(label)._meta.verbose_name) for label in newer}
    return "、".join(f"{names[label]}{len(keys)}条" for label, keys in sorted(newer.items()))
