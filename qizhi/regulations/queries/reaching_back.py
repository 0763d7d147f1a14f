"""What a version that begins in the past touches: months that were judged, and what quotes the one before."""

from __future__ import annotations

import datetime as dt

from qizhi.core import clock
from qizhi.core.periods import Every, Period, split
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.regulations.enums import RunStatus
from qizhi.regulations.models import PeriodClose, Run, Version
from qizhi.regulations.queries.mentions import FindingMention, quotes_of


@dataclass(frozen=True)
class ReachingBack:
    """A draft whose days have begun.

    Attributes:
        open_months: months that were judged and will be judged anew by the next run.
        settled_months: months in which that run only proposes.
        quotes: what quotes the version before for facts of these days.
    """

    open_months: list[Period]
    settled_months: list[Period]
    quotes: list[FindingMention]

    @property
    def months(self) -> list[Period]:
        """All of them, in order."""
        return sorted([*self.open_months, *self.settled_months], key=lambda one: one.start)


def reaching_back(actor: Actor, draft: Version, earlier: Version | None) -> ReachingBack | None:
    """What a draft touches that begins before today; None for one that does not. Two queries, one an app."""
    today = clock.today()
    if draft.effective_from >= today:
        return None
    last = min(draft.effective_to or today, today)
    days = Period(draft.effective_from, max(last, draft.effective_from))
    runs = Run.objects.filter(
        bureau_id=draft.bureau_id, status=RunStatus.DONE, start__lte=days.end, end__gte=days.start
    )
    judged = {
        month.start: month
        for start, end in runs.values_list("start", "end")
        for month in split(Period(start, end), Every.MONTH)
        if month.start <= days.end and days.start <= month.end
    }
    closed = list(PeriodClose.objects.filter(bureau_id=draft.bureau_id).values_list("start", "end"))
    months = [judged[first] for first in sorted(judged)]
    settled = [one for one in months if _is_settled(one, closed)]
    quotes = quotes_of(actor, earlier, draft.effective_from) if earlier else []
    return ReachingBack([one for one in months if one not in settled], settled, quotes)


def _is_settled(month: Period, closed: list[tuple[dt.date, dt.date]]) -> bool:
    return any(start <= month.end and month.start <= end for start, end in closed)
