"""Before anybody is held to account for a period: since when there are records, who was away all through it.

Every kind that judges a period asks here first: what nobody wrote down is unknown and never zero, and leave
and secondment are reckoned before anything is found missing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Min, QuerySet

from qizhi.core import kept
from qizhi.core.periods import Period
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.rules.grounds import gap_before
from qizhi.org.models import Leave

__all__ = ["ONE_DAY", "away_over", "away_through", "gap_before", "records_since"]

ONE_DAY = dt.timedelta(days=1)


def records_since(bureau_id: uuid.UUID, *others: tuple[QuerySet[Any], str]) -> dt.date | None:
    """The day of the first record; before it nothing is known. One query, and one for each other.

    Args:
        bureau_id: whose.
        others: rows beside gatherings that tell of the same matter, with the field of their day.
    """
    gatherings = Gathering.objects.held().filter(bureau_id=bureau_id)
    find = partial(gatherings.aggregate, first=Min("held_on"))
    first = [kept.keep_small(find, "gatherings.records_since", bureau_id)["first"]]
    first += [found.aggregate(first=Min(field))["first"] for found, field in others]
    return min((day for day in first if day), default=None)


def away_through(bureau_id: uuid.UUID, period: Period) -> dict[uuid.UUID, str]:
    """Who was on approved leave or sent elsewhere on every day of the period, and why; one statement.

    Leaves that follow each other without a day between are one.
    """
    work = partial(_away_through, bureau_id, period)
    return kept.keep(work, "gatherings.away_through", bureau_id, period)


def away_over(bureau_id: uuid.UUID, spans: Sequence[Period]) -> dict[Period, dict[uuid.UUID, str]]:
    """The same of several periods, each with who was away on every day of it; one statement for all."""
    if not spans:
        return {}
    leaves = _leaves(bureau_id, Period(min(one.start for one in spans), max(one.end for one in spans)))
    return {span: _away_in(leaves, span) for span in spans}


def _away_through(bureau_id: uuid.UUID, period: Period) -> dict[uuid.UUID, str]:
    return _away_in(_leaves(bureau_id, period), period)


def _leaves(bureau_id: uuid.UUID, period: Period) -> Mapping[uuid.UUID, list[Leave]]:
    rows = Leave.objects.within(period.start, period.end).filter(bureau_id=bureau_id)
    by_person: dict[uuid.UUID, list[Leave]] = defaultdict(list)
    for row in rows.only("person_id", "kind", "from_on", "to_on").order_by("from_on"):
        by_person[row.person_id].append(row)
    return by_person


def _away_in(by_person: Mapping[uuid.UUID, Iterable[Leave]], period: Period) -> dict[uuid.UUID, str]:
    found = {}
    for person_id, leaves in by_person.items():
        here = [
            one for one in leaves if one.from_on <= period.end and (one.to_on or period.end) >= period.start
        ]
        reached = period.start - ONE_DAY
        for leave in here:
            if leave.from_on <= reached + ONE_DAY:
                reached = max(reached, leave.to_on or period.end)
        if here and reached >= period.end:
            words = dict.fromkeys(str(leave.get_kind_display()) for leave in here)
            found[person_id] = f"整个期间{'、'.join(words)}"
    return found
