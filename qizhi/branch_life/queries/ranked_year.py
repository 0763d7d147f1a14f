"""Whether everybody of a rank was due at a session of the kind in a year at all."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass

from qizhi.branch_life.queries.ranked import Asked, sessions_of
from qizhi.core.periods import Period
from qizhi.gatherings.queries.grounds import away_through, gap_before, records_since
from qizhi.org.enums import RANK_ORDER, Rank, UnitKind
from qizhi.org.models import Placement, RankTenure, Unit


@dataclass(frozen=True)
class YearOf:
    """How a bureau stands to so many sessions a year for everybody of the rank.

    Attributes:
        unit_id: the bureau itself.
        unit: its Chinese name.
        people: how many had the rank all through the year and were not away all the time.
        without: names of those who were due at too few sessions, by staff number.
        sessions: how many were held.
        gap: Chinese; why nothing can be said, empty when something can.
    """

    unit_id: uuid.UUID
    unit: str
    people: int
    without: tuple[str, ...]
    sessions: int
    gap: str = ""


def year_of(bureau_id: uuid.UUID, asked: Asked, year: Period, as_of: dt.date, at_least: int) -> YearOf:
    """Whether everybody who had the rank all through a year was due at enough sessions; four queries more.

    Who came, who was excused and who missed it is asked session by session; this asks that there was one.
    """
    sessions = sessions_of(bureau_id, asked, year, as_of, None)
    times = Counter(seat.person_id for session in sessions for seat in session.seats)
    names = _people(bureau_id, asked.from_rank, year)
    root = Unit.objects.get(bureau_id=bureau_id, kind=UnitKind.BUREAU)
    return YearOf(
        root.pk,
        str(root),
        len(names),
        tuple(name for person_id, name in names.items() if times[person_id] < at_least),
        len(sessions),
        gap_before(records_since(bureau_id), year),
    )


def _people(bureau_id: uuid.UUID, from_rank: str, year: Period) -> dict[uuid.UUID, str]:
    """Names of those who had the rank and worked here on the first and the last day, and were not away."""
    least = [rank for rank, order in RANK_ORDER.items() if order >= RANK_ORDER[Rank(from_rank)]]
    rows = RankTenure.objects.filter(bureau_id=bureau_id, rank__in=least)
    work = Placement.objects.filter(bureau_id=bureau_id)
    people = rows.on(year.start).filter(person_id__in=rows.on(year.end).values("person_id"))
    for day in (year.start, year.end):
        people = people.filter(person_id__in=work.on(day).values("person_id"))
    away = away_through(bureau_id, year)
    found = people.order_by("person__staff_no").values_list("person_id", "person__name")
    return {person_id: name for person_id, name in found if person_id not in away}
