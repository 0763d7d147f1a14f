"""What the outlooks of the kinds look at: what was held, who is in which post and who gave lessons."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from qizhi.branch_life.queries.occasions import entries_held
from qizhi.branch_life.rules import Held
from qizhi.core.periods import Period
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import Lecturer
from qizhi.org.models import Membership, Person, Post


def held_in(
    bureau_id: uuid.UUID,
    ledger: str,
    span: Period,
    unit_ids: Collection[uuid.UUID] | None,
    lecturer: str = "",
) -> dict[uuid.UUID, list[Held]]:
    """What was held, by unit and in order of time; one query.

    Args:
        bureau_id: whose.
        ledger: what counts.
        span: the days.
        unit_ids: only of these units; None for all of the bureau.
        lecturer: only what was given in this capacity; empty for all.
    """
    rows = entries_held(bureau_id, ledger, lecturer, span, unit_ids)
    found: dict[uuid.UUID, list[Held]] = defaultdict(list)
    columns = ("unit_id", "held_on", "gathering_id", "gathering__is_recorded_late")
    for unit_id, day, key, is_late in rows.values_list(*columns).order_by("held_on", "gathering_id"):
        found[unit_id].append(Held(day, key, is_late))
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
    """Who held which of the posts, by staff number; three queries.

    A post in a unit that is not looked at, such as the Party group, stands with the branch of the person.
    """
    wanted = set(unit_ids)
    rows = Post.objects.within(period.start, period.end).filter(bureau_id=bureau_id, role__in=roles)
    posts = list(rows.select_related("person").order_by("person__staff_no", "from_on"))
    day = min(as_of, period.end)
    elsewhere = {post.person_id for post in posts if post.unit_id not in wanted}
    branches: dict[uuid.UUID, uuid.UUID] = {}
    if elsewhere:
        members = Membership.objects.on(day).filter(
            bureau_id=bureau_id, person_id__in=elsewhere, unit_id__in=wanted
        )
        branches = dict(members.values_list("person_id", "unit_id"))
    starts, ends = (
        {(post.person_id, post.role) for post in posts if _holds(post, edge)}
        for edge in (period.start, period.end)
    )
    found: dict[tuple[uuid.UUID, str], InPost] = {}
    for post in posts:
        unit_id = post.unit_id if post.unit_id in wanted else branches.get(post.person_id)
        if unit_id is not None:
            key = post.person_id, post.role
            found[key] = InPost(post.person, post.role, unit_id, key in starts and key in ends)
    _add_lessons(bureau_id, list(found.values()), period.until(as_of))
    return list(found.values())


def _add_lessons(bureau_id: uuid.UUID, found: list[InPost], days: Period | None) -> None:
    if days is None or not found:
        return
    given: dict[uuid.UUID, list[Held]] = defaultdict(list)
    rows = Lecturer.objects.filter(
        bureau_id=bureau_id,
        person_id__in={one.person.pk for one in found},
        gathering__held_on__range=(days.start, days.end),
        gathering__withdrawn_at__isnull=True,
        gathering__ledger_entries__ledger=Ledger.LESSON,
    )
    columns = ("person_id", "gathering__held_on", "gathering_id", "gathering__is_recorded_late")
    for person_id, day, key, is_late in rows.order_by("gathering__held_on").values_list(*columns):
        given[person_id].append(Held(day, key, is_late))
    for one in found:
        one.lessons = given[one.person.pk]


def _holds(post: Post, day: dt.date) -> bool:
    return post.from_on <= day and (post.to_on is None or day <= post.to_on)
