"""Who had to come to the sessions of a kind by rank, and who came; the number of queries never grows.

Due at a session is whom its roll asks for (members of a branch at one of the branch, everybody at one of the
bureau) and who has the rank on the day. A session of which only the month is known asks those who were due
all through it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from functools import partial

from qizhi.branch_life.rules.ranked import Paper, Taken, taken
from qizhi.core import kept
from qizhi.core.periods import Period, say_day
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import RollState, VisitorRole
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.queries.diary import Diary, Entry, Row, diary_of
from qizhi.gatherings.queries.roster import Roster
from qizhi.org.enums import RANK_ORDER, Rank
from qizhi.org.queries.belonging import Belonging, Tie, belonging_of, by_person, leaves_in

ATTENDANCE = "attendance"
UNNAMED = "只登记了到会人数，没有记到人"
MONTH_ONLY = "只知道月份，不知道当天是否应参加"


@dataclass(frozen=True)
class Asked:
    """Of whom something is asked.

    Attributes:
        kind: key of the kind of gathering.
        from_rank: the lowest rank of which it is asked.
        make_up_days: how many days there are to make up for it.
    """

    kind: str
    from_rank: str
    make_up_days: int = 0

    @property
    def ranks(self) -> frozenset[str]:
        """That rank and all above it."""
        least = RANK_ORDER[Rank(self.from_rank)]
        return frozenset(rank for rank, order in RANK_ORDER.items() if order >= least)


@dataclass(frozen=True)
class Seat:
    """Somebody who was due at a session by rank.

    Attributes:
        person_id: who.
        person: Chinese name.
        rank: Chinese name of the rank on the day; empty where none is registered.
        state: how they stand to it.
        why: Chinese; what is not known, empty when everything is.
        made_up_on: when it was made up for.
        make_up_until: the last day on which it can be made up for.
    """

    person_id: uuid.UUID
    person: str
    rank: str
    state: Taken
    why: str = ""
    made_up_on: dt.date | None = None
    make_up_until: dt.date | None = None


@dataclass(frozen=True)
class Session:
    """A gathering of the kind with everybody who was due by rank, by staff number.

    `nameless`: of how many who were due neither the rank nor whether they came is written down.
    """

    gathering: Gathering
    seats: tuple[Seat, ...]
    nameless: int = 0

    def number(self, *states: Taken) -> int:
        """How many stand so."""
        return sum(1 for seat in self.seats if seat.state in states)


@dataclass(frozen=True)
class _Rows:
    """What is read once for all sessions."""

    here: Belonging
    roster: Roster
    audiences: Mapping[uuid.UUID, set[str]]
    entries: Mapping[uuid.UUID, Mapping[uuid.UUID, Entry]]
    there: Mapping[uuid.UUID, set[uuid.UUID]]
    tenures: Mapping[uuid.UUID, list[Tie]]
    leaves: Mapping[uuid.UUID, list[Tie]]
    members: Mapping[uuid.UUID, list[Tie]] | None

    def is_on_leave(self, person_id: uuid.UUID, day: dt.date) -> bool:
        """Whether an approved leave covers the day."""
        return any(tie.holds(day) for tie in self.leaves.get(person_id, ()))

    def is_within(self, person_id: uuid.UUID, day: dt.date) -> bool:
        """Whether the person is one of those who are asked about."""
        return self.members is None or any(tie.holds(day) for tie in self.members.get(person_id, ()))


def sessions_of(
    bureau_id: uuid.UUID, asked: Asked, days: Period, as_of: dt.date, unit_ids: Collection[uuid.UUID] | None
) -> list[Session]:
    """The sessions of some days with everybody who was due by rank; one query, and those of the diary.

    Args:
        bureau_id: whose.
        asked: what is asked of whom.
        days: days of the sessions.
        as_of: what was made up for later is not made up for yet.
        unit_ids: only members of these branches on the day; None for everybody.
    """
    units = None if unit_ids is None else tuple(unit_ids)
    key = (bureau_id, asked, days, as_of, units)
    return kept.keep(partial(_sessions, *key), "branch_life.ranked", *key)


@kept.sharing()
def _sessions(
    bureau_id: uuid.UUID, asked: Asked, days: Period, as_of: dt.date, unit_ids: tuple[uuid.UUID, ...] | None
) -> list[Session]:
    diary = diary_of(bureau_id, days)
    held = [row for row in diary.held(days) if any(kind.key == asked.kind for kind in row.kinds)]
    if not held:
        return []
    rows = _rows(bureau_id, diary, held, unit_ids)
    return [_session(diary.gathering(row), asked, rows, as_of) for row in held]


def _rows(
    bureau_id: uuid.UUID, diary: Diary, held: list[Row], unit_ids: tuple[uuid.UUID, ...] | None
) -> _Rows:
    span = Period(min(one.held_on for one in held), max(one.last_day for one in held))
    there: dict[uuid.UUID, set[uuid.UUID]] = {}
    for row in held:
        guests = [key for key, role in diary.visitors.get(row.pk, ()) if role == VisitorRole.GUEST]
        named = (*guests, *(key for key, _ in diary.lecturers.get(row.pk, ())), row.chair_id)
        there[row.pk] = {key for key in named if key}
    here = belonging_of(bureau_id)
    return _Rows(
        here=here,
        roster=Roster.whole(bureau_id),
        audiences={row.pk: row.audiences for row in held},
        entries=diary.rolls,
        there=there,
        tenures=by_person(tie for tie in here.ranks if tie.touches(span)),
        leaves=leaves_in(bureau_id, span),
        members=None
        if unit_ids is None
        else by_person(tie for tie in here.members if tie.unit_id in unit_ids),
    )


@dataclass(frozen=True)
class _Due:
    """Who was due at a session by rank, of whom the day decides, and whose rank is not registered."""

    number: int
    ranked: Mapping[uuid.UUID, Tie]
    unsure: Collection[uuid.UUID]
    unregistered: tuple[uuid.UUID, ...]


def _due_at(gathering: Gathering, asked: Asked, rows: _Rows) -> _Due:
    days = list(dict.fromkeys((gathering.held_on, gathering.last_day)))
    audiences, ranks = rows.audiences.get(gathering.pk, ()), asked.ranks
    on_first, on_last = (rows.roster.due(gathering.unit, day, audiences) for day in (days[0], days[-1]))
    due = (on_first | on_last) or frozenset(rows.entries.get(gathering.pk, {}))
    ranked: dict[uuid.UUID, Tie] = {}
    unsure = set(on_first ^ on_last)
    unregistered = []
    for person_id in due:
        tenures = rows.tenures.get(person_id, ())
        high = [next((one for one in tenures if one.what in ranks and one.holds(day)), None) for day in days]
        if any(high):
            ranked[person_id] = next(one for one in high if one)
            if not all(high):
                unsure.add(person_id)
        elif not any(one.holds(day) for one in tenures for day in days):
            unregistered.append(person_id)
    return _Due(len(due), ranked, unsure, tuple(unregistered))


def _session(gathering: Gathering, asked: Asked, rows: _Rows, as_of: dt.date) -> Session:
    due, day = _due_at(gathering, asked, rows), gathering.held_on
    entries, there = rows.entries.get(gathering.pk, {}), rows.there.get(gathering.pk, set())
    away = sum(1 for person in entries if person in due.ranked or person in due.unregistered)
    paper = Paper(gathering.due_total, gathering.present_total, due.number, len(due.ranked), away)
    look = _Look(gathering, paper, rows, as_of, gathering.last_day + dt.timedelta(days=asked.make_up_days))
    seats = [
        _seat(look, tenure, is_unsure=person in due.unsure)
        for person, tenure in sorted(due.ranked.items(), key=lambda pair: rows.here.people[pair[0]].staff_no)
        if rows.is_within(person, day)
    ]
    nameless = 0
    for person_id in due.unregistered:
        if person_id in there or not rows.is_within(person_id, day):
            continue
        entry = entries.get(person_id)
        if entry is None:
            nameless += not paper.names_everybody
        elif entry.state == RollState.ABSENT and not rows.is_on_leave(person_id, day):
            why = f"没有参加；{say_day(day)}的职级没有登记"
            seats.append(Seat(person_id, rows.here.people[person_id].name, "", Taken.UNKNOWN, why))
    return Session(gathering, tuple(seats), nameless)


@dataclass(frozen=True)
class _Look:
    """A session as its people are looked at."""

    gathering: Gathering
    paper: Paper
    rows: _Rows
    as_of: dt.date
    until: dt.date


def _seat(look: _Look, tenure: Tie, *, is_unsure: bool) -> Seat:
    gathering, rows = look.gathering, look.rows
    entry = rows.entries.get(gathering.pk, {}).get(tenure.person_id)
    named = entry.state if entry is not None else ""
    made_up_on = None
    if entry is not None and named == RollState.MADE_UP:
        made_up_on = entry.made_up_on or gathering.last_day
    is_on_leave = named == RollState.EXCUSED or rows.is_on_leave(tenure.person_id, gathering.held_on)
    state = taken(
        is_there=tenure.person_id in rows.there.get(gathering.pk, set()),
        is_named=look.paper.names_everybody and not is_unsure,
        is_absent=named in {RollState.ABSENT, RollState.MADE_UP},
        made_up_on=made_up_on,
        is_on_leave=is_on_leave,
        make_up_until=look.until,
        as_of=look.as_of,
    )
    return Seat(
        tenure.person_id,
        rows.here.people[tenure.person_id].name,
        str(Rank(tenure.what).label),
        state,
        (MONTH_ONLY if is_unsure else UNNAMED) if state is Taken.UNKNOWN else "",
        made_up_on if state is Taken.MADE_UP else None,
        look.until if state is Taken.OPEN else None,
    )
