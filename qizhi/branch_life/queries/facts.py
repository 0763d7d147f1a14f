"""Units in time, and what they held, as the rules want them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence

from qizhi.branch_life.queries.entries import entries_of
from qizhi.branch_life.queries.lines import WIDE, Line
from qizhi.branch_life.rules import Days, Facts, Held, Part
from qizhi.core.periods import Every, Period
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES
from qizhi.org.models import Post, Unit
from qizhi.org.queries.belonging import belonging_of


def facts_during(
    bureau_id: uuid.UUID, units: Sequence[Unit], groups: Sequence[Unit], span: Period
) -> dict[uuid.UUID, Facts]:
    posts: dict[uuid.UUID, list[tuple[uuid.UUID, Days]]] = defaultdict(list)
    rows = Post.objects.within(span.start, span.end).filter(
        bureau_id=bureau_id, unit_id__in=[unit.pk for unit in units], role__in=BRANCH_COMMITTEE_ROLES
    )
    for unit_id, person_id, from_on, to_on in rows.values_list("unit_id", "person_id", "from_on", "to_on"):
        posts[unit_id].append((person_id, Days(from_on, to_on)))
    parts: dict[uuid.UUID | None, list[Part]] = defaultdict(list)
    for group in groups:
        parts[group.parent_id].append(Part(group.pk, str(group), Days(group.from_on, group.to_on)))
    names = {unit.pk: str(unit) for unit in units}
    if any(unit.successor_id and unit.successor_id not in names for unit in units):
        names = {key: str(unit) for key, unit in belonging_of(bureau_id).units.items()}
    return {
        unit.pk: Facts(
            exists=Days(unit.from_on, unit.to_on),
            successor=(names.get(unit.successor_id, "其他支部") if unit.successor_id else ""),
            posts=tuple(posts[unit.pk]),
            groups=tuple(parts[unit.pk]),
        )
        for unit in units
    }


Place = tuple[int, int]
HeldBy = dict[tuple[uuid.UUID, str], dict[Place, list[Held]]]
_WIDTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


def place_of(every: Every, day: dt.date) -> Place:
    """Year and number of the month, quarter or year: cheaper than a `Period` for thousands of days."""
    return day.year, (day.month - 1) // _WIDTHS[every]


def held_during(
    bureau_id: uuid.UUID, units: Sequence[Unit], groups: Sequence[Unit], lines: Sequence[Line], span: Period
) -> HeldBy:
    """What was held, by unit and line, then by the place of the period in which it falls."""
    owners: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID | None]] = {unit.pk: (unit.pk, None) for unit in units}
    owners |= {group.pk: (group.parent_id, group.pk) for group in groups if group.parent_id}
    wide = [unit for unit in units if unit.kind in WIDE]
    kinds = {unit.pk: unit.kind for unit in units}
    by_ledger: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_ledger[line.ledger].append(line)
    looked_at, entries = None if wide else frozenset(owners), entries_of(bureau_id, span)
    lecturers = entries.capacities if any(line.lecturer for line in lines) else {}
    result: HeldBy = defaultdict(lambda: defaultdict(list))
    found = ((ledger, *row) for ledger in by_ledger for row in entries.of(ledger, span, looked_at))
    for ledger, unit_id, row in found:
        owner, part = owners.get(unit_id, (None, None))
        for line in by_ledger[ledger]:
            if line.lecturer and line.lecturer not in lecturers.get(row.key, ()):
                continue
            place = place_of(line.every, row.day)
            if owner is not None and kinds[owner] == line.unit_kind and line.unit_kind not in WIDE:
                result[owner, line.key][place].append(Held(row.day, row.key, row.is_late, part))
            for unit in wide:
                if unit.kind == line.unit_kind:
                    result[unit.pk, line.key][place].append(row)
    return result
