"""Dual organisational life: leading cadres as ordinary members of their own branch, from its rolls."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import partial

from django.db.models import Case, QuerySet, When

from qizhi.core import kept
from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.queries.diary import diary_of
from qizhi.gatherings.queries.roster import Attendance
from qizhi.org.enums import Role
from qizhi.org.models import Person, Post
from qizhi.org.queries.belonging import Tie, belonging_of

LEADING = (Role.PARTY_GROUP_SECRETARY, Role.PARTY_GROUP_MEMBER, Role.LEADER)


@dataclass(frozen=True)
class Invitation:
    """A gathering at which a leader was due; `is_present` is None where paper gives only numbers."""

    gathering: Gathering
    is_present: bool | None
    is_made_up: bool = False


@dataclass(frozen=True)
class DualLine:
    """A leader in the own branch during a period."""

    person: Person
    title: str
    branches: tuple[str, ...]
    invitations: tuple[Invitation, ...]

    @property
    def due(self) -> int:
        """How often due, where the roll says who came."""
        return sum(1 for one in self.invitations if one.is_present is not None)

    @property
    def present(self) -> int:
        """How often there."""
        return sum(1 for one in self.invitations if one.is_present)

    @property
    def made_up(self) -> int:
        """How often made up for."""
        return sum(1 for one in self.invitations if one.is_made_up)

    @property
    def unknown(self) -> int:
        """At how many gatherings only numbers from paper are known."""
        return len(self.invitations) - self.due


def dual_lines(
    bureau_id: uuid.UUID,
    span: Period,
    as_of: dt.date,
    *,
    unit_ids: Collection[uuid.UUID] | None = None,
    person_id: uuid.UUID | None = None,
) -> list[DualLine]:
    """A line for each leading cadre of the span, in the order of their posts.

    One query however many people, and those of `diary_of` and `belonging_of`.

    Args:
        bureau_id: whose.
        span: days that count.
        as_of: what lies after it does not count.
        unit_ids: only gatherings of these branches; None: of all.
        person_id: only this leader.
    """
    days = span.until(as_of)
    if days is None:
        return []
    units = None if unit_ids is None else frozenset(unit_ids)
    lines = kept.keep(partial(_lines, bureau_id, days, units), "branch_life.dual", bureau_id, days, units)
    return [line for line in lines if person_id in {None, line.person.pk}]


@kept.sharing()
def _lines(bureau_id: uuid.UUID, days: Period, unit_ids: Collection[uuid.UUID] | None) -> list[DualLine]:
    posts: dict[uuid.UUID, list[Post]] = defaultdict(list)
    for post in _posts(bureau_id, days):
        posts[post.person_id].append(post)
    joined = _joined(bureau_id, posts, days, unit_ids)
    diary, here = diary_of(bureau_id, days), belonging_of(bureau_id)
    units = {key for found in joined.values() for row in found for key in (row.unit_id, row.group_id) if key}
    rows = diary.held(days, units)
    rolls, held = diary.attendance(rows), [diary.gathering(row) for row in rows]
    return [
        DualLine(
            found[0].person,
            str(found[0]),
            tuple(dict.fromkeys(str(here.unit_of(row)) for row in joined[key])),
            tuple(
                invitation
                for gathering in held
                if (invitation := _invitation(gathering, rolls[gathering.pk], found))
            ),
        )
        for key, found in posts.items()
        if joined[key]
    ]


def _posts(bureau_id: uuid.UUID, days: Period) -> QuerySet[Post]:
    weight = Case(*(When(role=role, then=number) for number, role in enumerate(LEADING)), default=9)
    found: QuerySet[Post] = Post.objects.within(days.start, days.end).filter(
        bureau_id=bureau_id, role__in=LEADING
    )
    return found.select_related("person").order_by(weight, "from_on", "person__staff_no")


def _joined(
    bureau_id: uuid.UUID, people: Collection[uuid.UUID], days: Period, unit_ids: Collection[uuid.UUID] | None
) -> dict[uuid.UUID, list[Tie]]:
    found: dict[uuid.UUID, list[Tie]] = defaultdict(list)
    for tie in belonging_of(bureau_id).members:
        if tie.person_id in people and tie.touches(days) and (unit_ids is None or tie.unit_id in unit_ids):
            found[tie.person_id].append(tie)
    return found


def _invitation(gathering: Gathering, roll: Attendance, posts: Sequence[Post]) -> Invitation | None:
    """None where the person was not due, or not yet (or no longer) a leader."""
    person_id, day = posts[0].person_id, gathering.held_on
    is_leader = any(post.holds(day) for post in posts)
    if not is_leader or roll.due is None or person_id not in roll.due:
        return None
    if gathering.due_total is not None and person_id in roll.present:
        # Numbers from paper name nobody: that no exception is written down says nothing.
        return Invitation(gathering, None)
    return Invitation(gathering, person_id in roll.present, person_id in roll.made_up)
