"""How many belong to each branch and its committee on a day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection

from qizhi.branch_life.rules import Sizes
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, MemberStatus, UnitKind
from qizhi.org.models import Membership, Post, Unit

SIZE = "size"


def sizes_on(
    bureau_id: uuid.UUID, day: dt.date, unit_ids: Collection[uuid.UUID] | None = None
) -> list[tuple[Unit, Sizes]]:
    """Branches that exist on the day, in fixed order, with their numbers; three queries."""
    units = Unit.objects.on(day).filter(bureau_id=bureau_id, kind=UnitKind.BRANCH)
    if unit_ids is not None:
        units = units.filter(pk__in=unit_ids)
    members: Counter[uuid.UUID] = Counter()
    full: Counter[uuid.UUID] = Counter()
    rows = Membership.objects.on(day).filter(bureau_id=bureau_id, unit__in=units)
    for unit_id, status in rows.order_by().values_list("unit_id", "status"):
        members[unit_id] += 1
        full[unit_id] += status == MemberStatus.FULL
    committee: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    posts = Post.objects.on(day).filter(bureau_id=bureau_id, unit__in=units, role__in=BRANCH_COMMITTEE_ROLES)
    for unit_id, person_id in posts.order_by().values_list("unit_id", "person_id"):
        committee[unit_id].add(person_id)
    return [
        (unit, Sizes(full[unit.pk], members[unit.pk], len(committee[unit.pk])))
        for unit in units.order_by("position", "code")
    ]
