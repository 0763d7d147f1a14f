"""Meetings of branch committees with who was on the committee and who came; two queries however many."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Audience, DatePrecision, Ledger
from qizhi.gatherings.models import Gathering, GatheringKind, RollEntry
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
    rows = Gathering.objects.held().for_ledger(Ledger.COMMITTEE).between(days)
    rows = rows.filter(bureau_id=bureau_id, unit__kind=UnitKind.BRANCH)
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    away = RollEntry.objects.filter(bureau_id=bureau_id, gathering_id=OuterRef("pk"))
    if is_doubtful_only:
        is_doubtful = Q(precision=DatePrecision.MONTH) | Q(present_total__isnull=False) | Exists(away)
        rows = rows.filter(is_doubtful)
    others = GatheringKind.objects.filter(gathering_id=OuterRef("pk")).exclude(
        kind__audience=Audience.COMMITTEE
    )
    found = list(
        rows.select_related("unit")
        .annotate(has_others=Exists(others))
        .order_by("unit__position", "unit__code", "held_on", "pk")
    )
    if not found:
        return
    holders = _holders(bureau_id)
    missing = _missing(bureau_id, rows)
    for row in found:
        yield Meeting(row, _sitting(row, holders[row.unit_id], missing[row.pk]))


def _holders(bureau_id: uuid.UUID) -> Holders:
    found: Holders = defaultdict(list)
    for tie in belonging_of(bureau_id).posts:
        if tie.what in BRANCH_COMMITTEE_ROLES:
            found[tie.unit_id].append(tie)
    return found


def _missing(bureau_id: uuid.UUID, rows: QuerySet[Gathering]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Who is on the roll of each: whoever stands there was not in the room."""
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    entries = RollEntry.objects.filter(bureau_id=bureau_id, gathering_id__in=rows.order_by().values("pk"))
    for gathering_id, person_id in entries.order_by().values_list("gathering_id", "person_id"):
        found[gathering_id].add(person_id)
    return found


def _sitting(row: Gathering, holders: Sequence[Tie], missing: set[uuid.UUID]) -> Sitting:
    members = _on(holders, row.held_on)
    if row.precision == DatePrecision.MONTH and members != _on(holders, row.last_day):
        return Sitting(len(members), 0, "只知月份，当月委员有变动，不能判断")
    if row.present_total is None:
        return Sitting(len(members), len(members - missing))
    if row.has_others:  # type: ignore[attr-defined]  # annotated above
        return Sitting(len(members), 0, f"只登记了实到{row.present_total}人，没有分出委员，不能判断")
    return Sitting(row.due_total or len(members), row.present_total)


def _on(holders: Sequence[Tie], day: dt.date) -> set[uuid.UUID]:
    return {tie.person_id for tie in holders if tie.holds(day)}
