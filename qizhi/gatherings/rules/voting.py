"""Who votes on a day: a list of its own beside the roll of those who are due to come.

A full member votes. Probationary members and members whose vote is suspended are due to come and do not vote
(EL-04). Some full members who cannot come may be left out of the number of those due (EL-05), for admissions
and elections alone, once the superior organisation has consented *and* the members' congress has approved.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import field
from typing import NamedTuple

from qizhi.core.values import dataclass
from qizhi.gatherings.rules.attendance import FULL_MEMBER, MEMBER, Bond, Place, due
from qizhi.gatherings.rules.votes import ADMISSION, ELECTION

LEAVING_OUT = frozenset({ADMISSION, ELECTION})
"""Kinds of vote for which somebody may be left out; the answers of the Organisation Department name these."""


class Exclusion(NamedTuple):
    """That a member cannot come for one of the five reasons, with the days of both approvals."""

    person_id: uuid.UUID
    from_on: dt.date
    to_on: dt.date | None
    consented_on: dt.date | None
    approved_on: dt.date | None

    def holds(self, day: dt.date) -> bool:
        """Whether the reason itself holds on the day."""
        return self.from_on <= day and (self.to_on is None or self.to_on >= day)

    def lacks(self, day: dt.date) -> tuple[str, ...]:
        """Which approvals are not there on the day; with none lacking the member is left out."""
        asked = (("上级党组织同意", self.consented_on), ("党员大会通过", self.approved_on))
        return tuple(word for word, given in asked if given is None or given > day)


@dataclass(frozen=True, slots=True)
class VotingRoll:
    """The members due on a day, by what they may do.

    Attributes:
        voters: full members with a vote.
        silent: standing of those who come and do not vote.
        left_out: voters who are not counted as due in admissions and elections.
        pending: voters named to be left out, with the approvals that lack; they are counted.
    """

    voters: frozenset[uuid.UUID] = frozenset()
    silent: dict[uuid.UUID, str] = field(default_factory=dict)
    left_out: frozenset[uuid.UUID] = frozenset()
    pending: dict[uuid.UUID, tuple[str, ...]] = field(default_factory=dict)

    def due_for(self, threshold: str) -> frozenset[uuid.UUID]:
        """Those counted as due for a kind of vote."""
        return self.voters - self.left_out if threshold in LEAVING_OUT else self.voters


def voting_roll(
    place: Place,
    audiences: Iterable[str],
    day: dt.date,
    bonds: Iterable[Bond],
    exclusions: Iterable[Exclusion] = (),
) -> VotingRoll:
    """The voting roll of a gathering; arguments as `attendance.due`, and the exclusions known."""
    known = tuple(bonds)
    standing = {
        bond.person_id: bond.role
        for bond in known
        if bond.tie == MEMBER and bond.from_on <= day and (bond.to_on is None or bond.to_on >= day)
    }
    here = due(place, audiences, day, known) & standing.keys()
    voters = frozenset(person for person in here if standing[person] == FULL_MEMBER)
    named = {one.person_id: one.lacks(day) for one in exclusions if one.holds(day)}
    return VotingRoll(
        voters=voters,
        silent={person: standing[person] for person in here - voters},
        left_out=frozenset(person for person in voters if named.get(person) == ()),
        pending={person: lacks for person, lacks in named.items() if lacks and person in voters},
    )
