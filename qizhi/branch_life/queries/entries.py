"""What was held for the ledgers: read once for all lines and clauses that look at the same days."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property

from django.db.models import Exists, OuterRef

from qizhi.branch_life.rules import Held
from qizhi.core import kept
from qizhi.core.periods import Period
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import Lecturer, LedgerEntry
from qizhi.org.enums import UnitKind
from qizhi.org.queries.belonging import belonging_of

Row = tuple[uuid.UUID, Held]
"""The unit, and what it held."""
MOST = 8
"""Spans kept of a bureau at a time; the oldest goes first."""
UnitIds = frozenset[uuid.UUID] | None
"""Of which units is looked; None for all of the bureau."""


class Entries:
    """Ledger entries of some days and units, without those of withdrawn gatherings; nobody may change it."""

    def __init__(
        self, bureau_id: uuid.UUID, span: Period, unit_ids: UnitIds, *, has_groups: bool = False
    ) -> None:
        """Read nothing yet; `has_groups`: of the groups of these units, too."""
        self._bureau_id, self._span, self._own, self._has_groups = bureau_id, span, unit_ids, has_groups

    @cached_property
    def _unit_ids(self) -> UnitIds:
        if self._own is None or not self._has_groups:
            return self._own
        groups = belonging_of(self._bureau_id).units_within(self._span, UnitKind.GROUP)
        return self._own.union(group.pk for group in groups if group.parent_id in self._own)

    def hold(self, span: Period, unit_ids: UnitIds) -> bool:
        """Whether everything of these days and units is among them."""
        is_within = self._span.start <= span.start and span.end <= self._span.end
        return is_within and (self._unit_ids is None or (unit_ids is not None and unit_ids <= self._unit_ids))

    def of(self, ledger: str, span: Period, unit_ids: UnitIds, lecturer: str = "") -> Iterator[Row]:
        """Those of a ledger in the days, in order of time; of a capacity only what was given in it."""
        for unit_id, held in self._by_ledger.get(ledger, ()):
            if (
                span.start <= held.day <= span.end
                and (unit_ids is None or unit_id in unit_ids)
                and (not lecturer or lecturer in self.capacities.get(held.key, ()))
            ):
                yield unit_id, held

    @cached_property
    def _by_ledger(self) -> dict[str, list[Row]]:
        rows = LedgerEntry.objects.filter(
            bureau_id=self._bureau_id,
            ledger__in=Ledger.values,  # as the index begins
            held_on__range=(self._span.start, self._span.end),
            gathering__withdrawn_at__isnull=True,
        )
        if self._unit_ids is not None:
            rows = rows.filter(unit_id__in=self._unit_ids)
        columns = ("ledger", "unit_id", "held_on", "gathering_id", "gathering__is_recorded_late")
        found: dict[str, list[Row]] = defaultdict(list)
        for ledger, unit_id, *held in rows.values_list(*columns).order_by("held_on", "gathering_id"):
            found[ledger].append((unit_id, Held(*held)))
        return dict(found)

    @cached_property
    def capacities(self) -> dict[uuid.UUID, set[str]]:
        """In which capacities lessons of the days were given, by gathering, whichever unit held it."""
        found: dict[uuid.UUID, set[str]] = defaultdict(set)
        for key, capacity, *_ in self._lecturers:
            found[key].add(capacity)
        return dict(found)

    def lessons(self, span: Period) -> dict[uuid.UUID, list[Held]]:
        """What each person gave in the days for the ledger of lessons, whichever unit held it."""
        found: dict[uuid.UUID, list[Held]] = defaultdict(list)
        for key, _, person_id, day, is_late, is_lesson in self._lecturers:
            if person_id is not None and is_lesson and span.start <= day <= span.end:
                found[person_id].append(Held(day, key, is_late))
        return dict(found)

    @cached_property
    def _lecturers(self) -> list[tuple[uuid.UUID, str, uuid.UUID | None, dt.date, bool, bool]]:
        lesson = LedgerEntry.objects.filter(
            bureau_id=OuterRef("bureau_id"), gathering_id=OuterRef("gathering_id"), ledger=Ledger.LESSON
        )
        rows = Lecturer.objects.filter(
            bureau_id=self._bureau_id,
            gathering__held_on__range=(self._span.start, self._span.end),
            gathering__withdrawn_at__isnull=True,
        )
        days = ("gathering__held_on", "gathering__is_recorded_late")
        columns = ("gathering_id", "capacity", "person_id", *days, Exists(lesson))
        return list(rows.order_by("gathering__held_on").values_list(*columns))


def entries_of(bureau_id: uuid.UUID, span: Period, unit_ids: Collection[uuid.UUID] | None) -> Entries:
    """Entries that hold everything of the days and units: those that are there, else new ones.

    Two statements at most, kept until something is written. Who asks for several spans says so before by
    `will_look_at`; all of them then find theirs in it.
    """
    wanted = None if unit_ids is None else frozenset(unit_ids)
    there = _there(bureau_id)
    for one in tuple(there):
        if one.hold(span, wanted):
            return one
    return _add(there, Entries(bureau_id, span, wanted))


def will_look_at(bureau_id: uuid.UUID, span: Period, unit_ids: UnitIds) -> None:
    """Say the widest days that will be asked for, of these units and their groups; reads nothing yet."""
    _add(_there(bureau_id), Entries(bureau_id, span, unit_ids, has_groups=True))


def _add(there: list[Entries], made: Entries) -> Entries:
    there.append(made)
    del there[:-MOST]
    return made


def _there(bureau_id: uuid.UUID) -> list[Entries]:
    return kept.keep(list[Entries], "branch_life.entries", bureau_id)
