"""Who is due at a gathering, and the arithmetic of the roll by exception.

Whom a kind of gathering asks for (its audience) depends on where it is held: "all staff" of a branch are
its members, "all members" of a department its staff. `_ASKED` says so once for every pair.

| audience | bureau | committee | branch | group | department | Party group, centre group |
| --- | --- | --- | --- | --- | --- | --- |
| members | all members | all members | members | members | staff | post holders |
| committee | post holders | its committee | its committee | post holders | post holders | post holders |
| group | all members | all members | members | members | staff | post holders |
| posts | post holders | … everywhere | | | | |
| staff | all staff | all members | members | members | staff | post holders |
| none | nobody | … everywhere | | | | |
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from qizhi.core.values import dataclass

MEMBER, POST, PLACEMENT = "member", "post", "placement"
"""What ties a person to a unit."""
COMMITTEE_ROLES = frozenset(
    {"secretary", "deputy_secretary", "branch_committee_member", "committee_secretary", "committee_member"}
)
FULL_MEMBER = "full"
"""The standing that carries a vote."""
EXCUSED, ABSENT, MADE_UP = "excused", "absent", "made_up"

_WIDE = frozenset({"bureau", "committee"})
_ASKED: dict[str, dict[str, str]] = {
    "members": {"department": PLACEMENT, "party_group": POST, "centre_group": POST},
    "group": {"department": PLACEMENT, "party_group": POST, "centre_group": POST},
    "staff": {
        "bureau": PLACEMENT,
        "department": PLACEMENT,
        "party_group": POST,
        "centre_group": POST,
    },
}


class Bond(NamedTuple):
    """A dated tie of a person to a unit: membership, post or placement; both days included.

    `role` is the role of a post or the standing of a member; `path` is the path of the unit. A tuple, since
    lists make a thousand of them for a page.
    """

    tie: str
    person_id: uuid.UUID
    unit_id: uuid.UUID
    path: str
    group_id: uuid.UUID | None
    role: str
    from_on: dt.date
    to_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Place:
    """The unit of a gathering: key, kind and path in the tree."""

    unit_id: uuid.UUID
    kind: str
    path: str


def ties_asked(audience: str, unit_kind: str) -> str:
    """Which tie makes somebody due: `member`, `post`, `placement`, or empty when nobody is."""
    if audience == "none":
        return ""
    if audience in {"committee", "posts"}:
        return POST
    return _ASKED[audience].get(unit_kind, MEMBER)


def due(place: Place, audiences: Iterable[str], day: dt.date, bonds: Iterable[Bond]) -> frozenset[uuid.UUID]:
    """People due on the day: the union over the audiences of all kinds of the gathering.

    Args:
        place: the unit.
        audiences: values of `enums.Audience`.
        day: the day on which it was held.
        bonds: ties of the people who may be concerned; others do no harm.
    """
    asked = {(ties_asked(audience, place.kind), audience == "committee") for audience in audiences}
    ties = {tie for tie, _ in asked}
    if not ties:
        return frozenset()
    # Where the unit has a committee, only its posts are asked for, unless another kind asks for all posts.
    is_committee = (POST, False) not in asked and place.kind in {"branch", "committee"}
    return frozenset(
        bond.person_id
        for bond in bonds
        if bond.tie in ties
        and bond.from_on <= day
        and (bond.to_on is None or bond.to_on >= day)
        and _is_here(bond, place)
        and not (is_committee and bond.tie == POST and bond.role not in COMMITTEE_ROLES)
    )


def _is_here(bond: Bond, place: Place) -> bool:
    if bond.tie == POST:
        return bond.unit_id == place.unit_id
    if place.kind in _WIDE:
        return bond.path.startswith(place.path)
    return bond.group_id == place.unit_id if place.kind == "group" else bond.unit_id == place.unit_id


@dataclass(frozen=True, slots=True)
class RollCount:
    """How many were due, away and present; None where it is not known or nobody was due.

    Those who made up for it later were away on the day: they are in `made_up`, not in `present`.
    """

    due: int | None
    present: int | None
    excused: int = 0
    absent: int = 0
    made_up: int = 0

    @property
    def away(self) -> int:
        """All who were due and not there."""
        return self.excused + self.absent + self.made_up


def count_roll(
    due_people: frozenset[uuid.UUID] | None,
    exceptions: Mapping[uuid.UUID, str],
    *,
    due_total: int | None = None,
    present_total: int | None = None,
) -> RollCount:
    """The roll by exception: everybody due was present unless the roll says otherwise.

    Args:
        due_people: who was due; None where the day is not known.
        exceptions: state by person; people who were not due do not count.
        due_total: number from paper, which rules over the list of names.
        present_total: the same for those present.
    """
    states = [
        state
        for person, state in exceptions.items()
        if not due_people or due_total is not None or person in due_people
    ]
    excused, absent, made_up = (states.count(state) for state in (EXCUSED, ABSENT, MADE_UP))
    number = due_total if due_total is not None else len(due_people or ()) or None
    present = present_total
    if present is None and number is not None:
        present = max(number - excused - absent - made_up, 0)
    return RollCount(number, present, excused, absent, made_up)
