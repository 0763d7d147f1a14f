"""Before anybody is held to account for a period: since when there are records, who was away all through it.

Every kind that judges a period asks here first: what nobody wrote down is unknown and never zero, and leave
and secondment are reckoned before anything is found missing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from django.db.models import Min

from qizhi.core import kept
from qizhi.core.periods import Period
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.rules.grounds import gap_before
from qizhi.org.enums import LeaveKind
from qizhi.org.queries.belonging import Tie, leaves_in

__all__ = ["ONE_DAY", "away_over", "away_through", "gap_before", "records_since"]

ONE_DAY = dt.timedelta(days=1)


def records_since(bureau_id: uuid.UUID, *others: dt.date | None) -> dt.date | None:
    """The day of the first record; before it nothing is known. One query.

    Args:
        bureau_id: whose.
        others: first days of records beside gatherings that tell of the same matter.
    """
    gatherings = Gathering.objects.held().filter(bureau_id=bureau_id)
    find = partial(gatherings.aggregate, first=Min("held_on"))
    first = kept.keep_small(find, "gatherings.records_since", bureau_id)["first"]
    return min((day for day in (first, *others) if day), default=None)


def away_through(bureau_id: uuid.UUID, period: Period, over: Period | None = None) -> dict[uuid.UUID, str]:
    """Who was on approved leave or sent elsewhere on every day of the period, and why; one statement.

    Leaves that follow each other without a day between are one. Who asks of several periods says over which
    days they lie: one statement reads for all of them.
    """
    work = partial(_away_through, bureau_id, period, over or period)
    return kept.keep(work, "gatherings.away_through", bureau_id, period)


def away_over(bureau_id: uuid.UUID, spans: Sequence[Period]) -> dict[Period, dict[uuid.UUID, str]]:
    """The same of several periods, each with who was away on every day of it; one statement for all."""
    if not spans:
        return {}
    leaves = leaves_in(bureau_id, Period(min(one.start for one in spans), max(one.end for one in spans)))
    return {span: _away_in(leaves, span) for span in spans}


def _away_through(bureau_id: uuid.UUID, period: Period, over: Period) -> dict[uuid.UUID, str]:
    return _away_in(leaves_in(bureau_id, over), period)


def _away_in(by_person: Mapping[uuid.UUID, Iterable[Tie]], period: Period) -> dict[uuid.UUID, str]:
    found = {}
    for person_id, leaves in by_person.items():
        here = [leave for leave in leaves if leave.touches(period)]
        reached = period.start - ONE_DAY
        for leave in here:
            if leave.from_on <= reached + ONE_DAY:
                reached = max(reached, leave.to_on or period.end)
        if reached >= period.end:
            words = dict.fromkeys(str(LeaveKind(leave.what).label) for leave in here)
            found[person_id] = f"整个期间{'、'.join(words)}"
    return found
