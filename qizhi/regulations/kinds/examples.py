"""Examples: facts that a kind proposes for the golden cases of a clause, one that is violated and one met.

They are drawn from the parameters and as close together as can be. A person looks through them, changes what
is meant otherwise, and saves them; they hold only if the clause itself says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from qizhi.core.periods import Every, Period, period_of
from qizhi.regulations.kinds.cases import CaseClause

ONE_DAY = dt.timedelta(days=1)


class Example(NamedTuple):
    """A case that is proposed: its name, the facts, and the word that the clause must say of them."""

    name: str
    given: Mapping[str, Any]
    word: str


def first_whole(clause: CaseClause, every: Every) -> Period | None:
    """The first month, quarter, half-year or year that lies within the days of the version; None for none."""
    period = period_of(every, clause.from_on)
    if period.start < clause.from_on:
        period = period_of(every, period.end + ONE_DAY)
    return period if clause.to_on is None or period.end <= clause.to_on else None


def days_in(period: Period, number: int) -> list[str]:
    """The first so many days of a period, as a case writes them."""
    days = (period.start + ONE_DAY * one for one in range(number))
    return [day.isoformat() for day in days if day in period]
