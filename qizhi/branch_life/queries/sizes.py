"""How many belong to each branch and its committee on a day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection

from qizhi.branch_life.rules import Sizes
from qizhi.core.periods import Period
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, MemberStatus, UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries.belonging import belonging_of

SIZE = "size"


def sizes_on(
    bureau_id: uuid.UUID, day: dt.date, unit_ids: Collection[uuid.UUID] | None = None
) -> list[tuple[Unit, Sizes]]:
    """Branches that exist on the day, in fixed order, with their numbers; the queries of `belonging_of`."""
    here = belonging_of(bureau_id)
    members: Counter[uuid.UUID | None] = Counter()
    full: Counter[uuid.UUID | None] = Counter()
    for tie in here.members:
        if tie.holds(day):
            members[tie.unit_id] += 1
            full[tie.unit_id] += tie.what == MemberStatus.FULL
    committee: dict[uuid.UUID | None, set[uuid.UUID]] = defaultdict(set)
    for tie in here.posts:
        if tie.what in BRANCH_COMMITTEE_ROLES and tie.holds(day):
            committee[tie.unit_id].add(tie.person_id)
    return [
        (unit, Sizes(full[unit.pk], members[unit.pk], len(committee[unit.pk])))
        for unit in here.units_within(Period(day, day), UnitKind.BRANCH)
        if unit_ids is None or unit.pk in unit_ids
    ]
