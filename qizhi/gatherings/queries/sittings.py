"""Meetings of branch committees with who was on the committee and who came; the queries of `diary_of`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Audience, DatePrecision, Ledger
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.queries.diary import Diary, Row, diary_of
from qizhi.gatherings.rules import Sitting
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, UnitKind
from qizhi.org.queries.belonging import Tie, belonging_of

Holders = dict[uuid.UUID | None, list[Tie]]


@dataclass(frozen=True)
class Meeting:
    """A meeting of a committee and how it was attended."""

    gathering: Gathering
    sitting: Sitting


def meetings_of(
    bureau_id: uuid.UUID,
    days: Period,
    unit_ids: Collection[uuid.UUID] | None,
    *,
    is_doubtful_only: bool = False,
) -> Iterator[Meeting]:
    """Meetings of branch committees in some days, in order of units and days.

    Args:
        bureau_id: whose.
        days: the days.
        unit_ids: only of these branches; None for all of the bureau.
        is_doubtful_only: leave out those to which everybody due came by name: nothing can be wrong with them.
    """
    diary = diary_of(bureau_id, days)
    found = [
        row
        for row in diary.held(days, unit_ids)
        if Ledger.COMMITTEE in row.ledgers
        and row.unit.kind == UnitKind.BRANCH
        and not (is_doubtful_only and _is_sure(row, diary))
    ]
    if not found:
        return
    holders, places = _holders(bureau_id), belonging_of(bureau_id).places
    for row in sorted(found, key=lambda one: places[one.unit_id]):
        missing = diary.rolls.get(row.pk, {}).keys()
        yield Meeting(diary.gathering(row), _sitting(row, holders[row.unit_id], missing))


def _is_sure(row: Row, diary: Diary) -> bool:
    """Whether everybody due came by name, on a day that is known."""
    is_counted = row.precision == DatePrecision.MONTH or row.present_total is not None
    return not is_counted and not diary.rolls.get(row.pk)


def _holders(bureau_id: uuid.UUID) -> Holders:
    found: Holders = defaultdict(list)
    for tie in belonging_of(bureau_id).posts:
        if tie.what in BRANCH_COMMITTEE_ROLES:
            found[tie.unit_id].append(tie)
    return found


def _sitting(row: Row, holders: Sequence[Tie], missing: Collection[uuid.UUID]) -> Sitting:
    """Whoever stands on the roll was not in the room."""
    members = _on(holders, row.held_on)
    if row.precision == DatePrecision.MONTH and members != _on(holders, row.last_day):
        return Sitting(len(members), 0, "只知月份，当月委员有变动，不能判断")
    if row.present_total is None:
        return Sitting(len(members), len(members.difference(missing)))
    if row.audiences - {Audience.COMMITTEE}:
        return Sitting(len(members), 0, f"只登记了实到{row.present_total}人，没有分出委员，不能判断")
    return Sitting(row.due_total or len(members), row.present_total)


def _on(holders: Sequence[Tie], day: dt.date) -> set[uuid.UUID]:
    return {tie.person_id for tie in holders if tie.holds(day)}
