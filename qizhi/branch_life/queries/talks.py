"""Talks against the members of branches: who had at least one, who still has none."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Any

from django.db.models import Min, QuerySet

from qizhi.branch_life.models import Talk
from qizhi.branch_life.rules import State, judge_talk
from qizhi.core import kept
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor, Permission
from qizhi.core.values import dataclass
from qizhi.gatherings.queries.grounds import away_through, gap_before, records_since
from qizhi.org.models import Membership, Person, Unit
from qizhi.org.queries.belonging import belonging_of
from qizhi.regulations.queries import known_during
from qizhi.regulations.rules import is_in_force

TALKS = "coverage"
"""The kind of clause that asks for talks with everybody."""


@dataclass(frozen=True)
class TalkLine:
    """A member of a branch with the number of talks in a period."""

    person: Person
    talks: int
    state: State


@dataclass(frozen=True)
class TalkCoverage:
    """A branch's members in a period, by staff number; `gap`: Chinese, why too little is known of it."""

    lines: tuple[TalkLine, ...] = ()
    gap: str = ""

    def in_state(self, *states: State) -> list[TalkLine]:
        """Lines in one of the states."""
        return [line for line in self.lines if line.state in states]

    @property
    def done(self) -> int:
        """Members with at least one talk."""
        return len(self.in_state(State.DONE))

    @property
    def owed(self) -> int:
        """Members who should have one: all but those who joined in the period, were away, or are unknown."""
        return len(self.lines) - len(self.in_state(State.NA, State.EXCUSED, State.UNKNOWN))

    @property
    def unknown(self) -> int:
        """Members of whom it cannot be said."""
        return len(self.in_state(State.UNKNOWN))

    @property
    def without(self) -> list[TalkLine]:
        """Members who still have none."""
        return self.in_state(State.DUE, State.MISSING)


def talk_coverage(
    bureau_id: uuid.UUID,
    unit_ids: Iterable[uuid.UUID],
    span: Period,
    as_of: dt.date,
    over: Period | None = None,
) -> dict[uuid.UUID, TalkCoverage]:
    """Coverage of each branch, as it stood on the last day that counts; seven queries however many.

    How many talks are asked of a period the clause says that binds on its last day; none, nothing is missing.

    A talk counts for both people, in whichever branch it was held: who moves takes it along. Who asks of
    several years says over which days they lie: the talks of all of them are read at once.
    """
    wanted = tuple(unit_ids)
    return kept.keep(
        partial(_coverage, bureau_id, wanted, span, as_of, over or span),
        "branch_life.talks",
        bureau_id,
        wanted,
        span,
        as_of,
    )


def _coverage(
    bureau_id: uuid.UUID, wanted: Sequence[uuid.UUID], span: Period, as_of: dt.date, over: Period
) -> dict[uuid.UUID, TalkCoverage]:
    days = span.until(as_of)
    if days is None:
        return dict.fromkeys(wanted, TalkCoverage())
    asked, away = talks_asked(bureau_id, span, over), away_through(bureau_id, span, over)
    gap = gap_before(records_since(bureau_id, _first_talk(bureau_id)), span)
    talks = kept.keep(partial(_talks_in, bureau_id, over), "branch_life.talks_in", bureau_id, over)
    numbers = Counter(chain.from_iterable(pair for day, *pair in talks if day in days))
    here, lines = belonging_of(bureau_id), {key: list[TalkLine]() for key in wanted}
    for tie in here.members:
        if tie.unit_id not in lines or not tie.holds(days.end):
            continue
        key = tie.person_id
        state = judge_talk(
            *(numbers[key], here.member_since[key], span, as_of, asked),
            is_away=key in away,
            has_gap=bool(gap),
        )
        lines[tie.unit_id].append(TalkLine(here.people[key], numbers[key], state))
    return {key: TalkCoverage(tuple(found), gap) for key, found in lines.items()}


def _first_talk(bureau_id: uuid.UUID) -> dt.date | None:
    """The day of the first talk on record; one query."""
    find = partial(Talk.objects.held().filter(bureau_id=bureau_id).aggregate, first=Min("held_on"))
    day: dt.date | None = kept.keep_small(find, "branch_life.first_talk", bureau_id)["first"]
    return day


def _talks_in(bureau_id: uuid.UUID, days: Period) -> list[tuple[dt.date, uuid.UUID, uuid.UUID]]:
    """Day and both people of each talk."""
    rows = Talk.objects.held().between(days).filter(bureau_id=bureau_id)
    return list(rows.order_by().values_list("held_on", "one_id", "other_id"))


def talks_asked(bureau_id: uuid.UUID, span: Period, over: Period | None = None) -> int:
    """How many talks with each person the clauses ask that bind on the last day of the span; 0 for none.

    The clauses in force on a day of `over` are read at once.
    """
    days = over or Period(span.end, span.end)
    clauses = kept.keep(partial(_asking, bureau_id, days), "branch_life.talks_asked", bureau_id, days)
    asked = [found.get("at_least") for found, start, end in clauses if is_in_force(start, end, span.end)]
    return max((number for number in asked if isinstance(number, int)), default=0)


def _asking(bureau_id: uuid.UUID, days: Period) -> list[tuple[Any, dt.date, dt.date | None]]:
    """Parameters, first and last day of the clauses that ask for talks."""
    return [
        (one.parameters, one.version.effective_from, one.version.effective_to)
        for one in known_during(bureau_id, days, kind=TALKS)
    ]


def talks_of(
    actor: Actor, wanted: Permission, span: Period, *, unit_id: uuid.UUID | None = None
) -> QuerySet[Talk]:
    """Talks of a span of the branches that the actor may see, newest first; withdrawn ones too."""
    found = Talk.objects.filter(actor.reach(wanted).units()).between(span)
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    return found.select_related("unit", "one", "other").order_by("-held_on", "unit__position", "-pk")


def partners(unit: Unit, days: Period) -> list[Person]:
    """Members of a branch on any of the days, by staff number."""
    belonging = Membership.objects.within(days.start, days.end).filter(bureau_id=unit.bureau_id, unit=unit)
    people = Person.objects.filter(bureau_id=unit.bureau_id, pk__in=belonging.values("person_id"))
    return list(people.order_by("staff_no"))
