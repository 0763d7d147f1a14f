"""The outlook on sessions to which everybody of a rank comes: who was there, who still makes up for it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from qizhi.branch_life.kinds.ahead_ranked_year import years_ahead
from qizhi.branch_life.queries.ranked import Asked, Seat, Session, sessions_of
from qizhi.branch_life.rules.ranked import Taken
from qizhi.core.periods import Period
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.permissions import RECORD, SEE
from qizhi.gatherings.queries.known import known_kinds
from qizhi.org.enums import Rank, UnitKind
from qizhi.org.queries.belonging import belonging_of
from qizhi.regulations.kinds import Look, Mark, OutlookLine, PersonProspect, Prospect, Standing, Step
from qizhi.regulations.kinds.outlook import by_clause, cited, numbers_of, say_people, standing_of_all
from qizhi.regulations.models import Clause

SESSION_RANK = 1200
STATES = {
    Taken.PRESENT: Standing.DONE,
    Taken.MADE_UP: Standing.LATE,
    Taken.EXCUSED: Standing.EXCUSED,
    Taken.OPEN: Standing.DUE,
    Taken.ABSENT: Standing.MISSING,
    Taken.UNKNOWN: Standing.UNKNOWN,
}
WORDS = {Taken.OPEN: "没有参加，还可以补课", Taken.ABSENT: "没有参加，也没有补课"}
NONE_HELD = "这段时间没有举办"

Found = list[tuple[Clause, Session, Seat]]


def sessions_ahead(clauses: Sequence[Clause], look: Look, read: Any) -> Iterator[OutlookLine]:
    """Each session of the span with the people of each branch; those of `sessions_of`."""
    branches = look.of_kind(UnitKind.BRANCH)
    days = look.span.until(look.as_of)
    ids = tuple(unit.pk for unit in branches)
    homes, names = _homes(look, ids, days), _names(look.bureau_id)
    for number, (key, versions) in enumerate(by_clause(clauses).items()):
        found: dict[uuid.UUID, Found] = defaultdict(list)
        for clause in versions:
            part = _bound(clause, days)
            for session in _sessions(clause, part, look, read, ids) if part else ():
                for seat in session.seats:
                    home = _home_on(homes[seat.person_id], session.gathering.held_on)
                    if home is not None:
                        found[home].append((clause, session, seat))
        newest = read(versions[-1].parameters)
        rank = Rank(newest["from_rank"]).label
        yield OutlookLine(
            key=key,
            label=f"{names.get(newest['gathering'], newest['gathering'])}（全员）",
            asks=f"{rank}以上人员每次都参加，缺席的补课",
            unit_kind=UnitKind.BRANCH,
            clauses=cited(versions),
            prospects=tuple(
                one
                for unit in branches
                for one in _of_unit(unit.pk, found[unit.pk], look, newest["at_least"])
            ),
            rank=SESSION_RANK + number,
        )
        if newest["at_least"]:
            yield from years_ahead(key, versions, look, read, names.get(newest["gathering"], ""))


def _names(bureau_id: uuid.UUID) -> dict[str, str]:
    """What the kinds of gathering are called, by key."""
    return {kind.key: kind.name for kind in known_kinds(bureau_id)}


def _bound(clause: Clause, days: Period | None) -> Period | None:
    """The days on which a version binds."""
    if days is None:
        return None
    version = clause.version
    start, end = max(days.start, version.effective_from), min(days.end, version.effective_to or days.end)
    return Period(start, end) if start <= end else None


def _sessions(
    clause: Clause, days: Period, look: Look, read: Any, ids: tuple[uuid.UUID, ...]
) -> list[Session]:
    values = read(clause.parameters)
    asked = Asked(values["gathering"], values["from_rank"], values["make_up_days"])
    return sessions_of(look.bureau_id, asked, days, look.as_of, ids)


Homes = dict[uuid.UUID, list[tuple[uuid.UUID, dt.date, dt.date | None]]]


def _homes(look: Look, ids: Sequence[uuid.UUID], days: Period | None) -> Homes:
    """To which of the branches people belonged, when."""
    homes: Homes = defaultdict(list)
    if days is None:
        return homes
    for tie in belonging_of(look.bureau_id).members:
        if tie.unit_id is not None and tie.unit_id in ids and tie.touches(days):
            homes[tie.person_id].append((tie.unit_id, tie.from_on, tie.to_on))
    return homes


def _home_on(homes: list[tuple[uuid.UUID, dt.date, dt.date | None]], day: dt.date) -> uuid.UUID | None:
    return next((unit for unit, first, last in homes if first <= day and (last is None or day <= last)), None)


def _of_unit(unit_id: uuid.UUID, found: Found, look: Look, at_least: int) -> Iterator[Prospect]:
    """One prospect for each session."""
    if not found:
        arranged = f"；每人每年至少{at_least}次，由本局统一安排" if at_least else ""
        yield Prospect(unit_id, look.span, Standing.NA, reason=f"{NONE_HELD}{arranged}")
        return
    by_session: dict[uuid.UUID, Found] = defaultdict(list)
    for one in found:
        by_session[one[1].gathering.pk].append(one)
    for mine in by_session.values():
        clause, held = mine[0][0], mine[0][1].gathering
        people = tuple(_person(seat, held) for _, _, seat in mine)
        state, (required, counted) = standing_of_all(people), numbers_of(people)
        until = [seat.make_up_until for _, _, seat in mine if seat.make_up_until and seat.state in WORDS]
        yield Prospect(
            unit_id,
            Period(held.held_on, held.held_on),
            state,
            max(until, default=None),
            say_people(people),
            source=clause.source,
            is_general=clause.is_general,
            marks=(Mark(held.held_on, held.pk),),
            people=people,
            required=required,
            counted=counted,
        )


def _person(seat: Seat, held: Gathering) -> PersonProspect:
    state = STATES[seat.state]
    words = WORDS.get(seat.state, "")
    steps: tuple[Step, ...] = ()
    if seat.state in WORDS:
        key, unit = (str(held.pk),), held.unit
        steps = (
            Step("登记补课", "gatherings:correct", RECORD, (), key, unit.pk, unit.path),
            Step("看这次活动", "gatherings:detail", SEE, (), key, unit.pk, unit.path),
        )
    return PersonProspect(seat.person_id, seat.person, state, words, seat.why, steps)
