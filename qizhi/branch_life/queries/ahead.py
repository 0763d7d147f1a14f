"""What the outlooks of the kinds look at: what was held, who is in which post and who gave lessons."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from qizhi.branch_life.queries.entries import entries_of
from qizhi.branch_life.rules import Held
from qizhi.core.periods import Period
from qizhi.org.models import Person
from qizhi.org.queries.belonging import belonging_of


def held_in(
    bureau_id: uuid.UUID,
    ledger: str,
    span: Period,
    unit_ids: Collection[uuid.UUID] | None,
    lecturer: str = "",
) -> dict[uuid.UUID, list[Held]]:
    """What was held, by unit and in order of time; the queries of `entries_of`.

    Args:
        bureau_id: whose.
        ledger: what counts.
        span: the days.
        unit_ids: only of these units; None for all of the bureau.
        lecturer: only what was given in this capacity; empty for all.
    """
    found: dict[uuid.UUID, list[Held]] = defaultdict(list)
    for unit_id, held in entries_of(bureau_id, span).of(ledger, span, unit_ids, lecturer):
        found[unit_id].append(held)
    return found


@dataclass
class InPost:
    """Somebody who held a post on a day of a period, with the lessons given in it.

    Attributes:
        person: who.
        role: the post.
        unit_id: the unit of the post, or the branch to which the person belongs where that is not looked at.
        is_whole: whether the post was held on the first and on the last day.
        lessons: what was given until the day of reckoning.
    """

    person: Person
    role: str
    unit_id: uuid.UUID
    is_whole: bool = False
    lessons: list[Held] = field(default_factory=list)


def in_posts(
    bureau_id: uuid.UUID,
    roles: Collection[str],
    period: Period,
    as_of: dt.date,
    unit_ids: Sequence[uuid.UUID],
) -> list[InPost]:
    """Who held which of the posts, by staff number; one query, and those of `belonging_of`.

    A post in a unit that is not looked at, such as the Party group, stands with the branch of the person.
    """
    wanted = set(unit_ids)
    here, day = belonging_of(bureau_id), min(as_of, period.end)
    posts = [tie for tie in here.posts if tie.what in roles and tie.touches(period)]
    elsewhere = {post.person_id for post in posts if post.unit_id not in wanted}
    branches = {
        tie.person_id: tie.unit_id
        for tie in (here.members if elsewhere else ())
        if tie.person_id in elsewhere and tie.unit_id in wanted and tie.holds(day)
    }
    starts, ends = (
        {(post.person_id, post.what) for post in posts if post.holds(edge)}
        for edge in (period.start, period.end)
    )
    found: dict[tuple[uuid.UUID, str], InPost] = {}
    for post in posts:
        unit_id = post.unit_id if post.unit_id in wanted else branches.get(post.person_id)
        if unit_id is not None:
            key = post.person_id, post.what
            found[key] = InPost(here.people[key[0]], post.what, unit_id, key in starts and key in ends)
    _add_lessons(bureau_id, list(found.values()), period.until(as_of))
    return list(found.values())


def _add_lessons(bureau_id: uuid.UUID, found: list[InPost], days: Period | None) -> None:
    if days is None or not found:
        return
    given = entries_of(bureau_id, days).lessons(days)
    for one in found:
        one.lessons = given.get(one.person.pk, [])
