"""Whether everybody of a rank was due at a session of the kind in a year at all."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable

from qizhi.branch_life.queries.ranked import Asked, Session
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.queries.grounds import away_through, gap_before, records_since
from qizhi.org.enums import UnitKind
from qizhi.org.queries.belonging import Belonging, belonging_of


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


def year_of(
    bureau_id: uuid.UUID, asked: Asked, year: Period, held: Iterable[Session], at_least: int
) -> YearOf:
    """Whether everybody who had the rank all through a year was due at enough sessions of it.

    Who came, who was excused and who missed it is asked session by session; this asks that there was one.

    Args:
        bureau_id: whose.
        asked: what is asked of whom.
        year: the year.
        held: the sessions, those of other years too.
        at_least: how many.
    """
    sessions = [session for session in held if session.gathering.held_on in year]
    times = Counter(seat.person_id for session in sessions for seat in session.seats)
    here, away = belonging_of(bureau_id), away_through(bureau_id, year)
    names = {key: here.people[key].name for key in _people(here, asked, year) if key not in away}
    root = next(unit for unit in here.units.values() if unit.kind == UnitKind.BUREAU)
    return YearOf(
        root.pk,
        str(root),
        len(names),
        tuple(name for person_id, name in names.items() if times[person_id] < at_least),
        len(sessions),
        gap_before(records_since(bureau_id), year),
    )


def _people(here: Belonging, asked: Asked, year: Period) -> list[uuid.UUID]:
    """Who had the rank and worked here on the first and on the last day, by staff number."""
    wanted = asked.ranks
    ranks = [tie for tie in here.ranks if tie.what in wanted]
    edges = [
        {tie.person_id for tie in ties if tie.holds(day)}
        for ties in (ranks, here.placements)
        for day in (year.start, year.end)
    ]
    found = set.intersection(*edges)
    return [key for key in here.people if key in found]
