"""What was held for the ledgers: looked up in the diary, once for all lines and clauses of the same days."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from functools import cached_property, partial

from qizhi.branch_life.rules import Held
from qizhi.core import kept
from qizhi.core.periods import Period
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.queries.diary import Diary, diary_of

Row = tuple[uuid.UUID, Held]
"""The unit, and what it held."""


class Entries:
    """What a diary tells of ledgers and of who spoke; nobody may change it."""

    def __init__(self, diary: Diary) -> None:
        """Look at nothing yet."""
        self._diary = diary

    def of(
        self, ledger: str, span: Period, unit_ids: Collection[uuid.UUID] | None, lecturer: str = ""
    ) -> list[Row]:
        """Those of a ledger in the days, in order of time; of a capacity only what was given in it."""
        by_unit = self._by_ledger.get(ledger, {})
        mine = by_unit.keys() if unit_ids is None else by_unit.keys() & set(unit_ids)
        found = [
            (unit_id, held)
            for unit_id in mine
            for held in by_unit[unit_id]
            if span.start <= held.day <= span.end
            and (not lecturer or lecturer in self.capacities.get(held.key, ()))
        ]
        return sorted(found, key=_by_time)

    @cached_property
    def _by_ledger(self) -> dict[str, dict[uuid.UUID, list[Held]]]:
        found: dict[str, dict[uuid.UUID, list[Held]]] = defaultdict(lambda: defaultdict(list))
        for row in self._diary.rows:
            held = Held(row.held_on, row.pk, row.is_recorded_late)
            for ledger in row.ledgers:
                found[ledger][row.unit_id].append(held)
        return found

    @cached_property
    def capacities(self) -> dict[uuid.UUID, set[str]]:
        """In which capacities lessons of the days were given, by gathering, whichever unit held it."""
        return {key: {capacity for _, capacity in named} for key, named in self._diary.lecturers.items()}

    def lessons(self, span: Period) -> dict[uuid.UUID, list[Held]]:
        """What each person gave in the days for the ledger of lessons, whichever unit held it."""
        found: dict[uuid.UUID, list[Held]] = defaultdict(list)
        for person_id, held in self._lessons:
            if span.start <= held.day <= span.end:
                found[person_id].append(held)
        return dict(found)

    @cached_property
    def _lessons(self) -> list[tuple[uuid.UUID, Held]]:
        lecturers = self._diary.lecturers
        return [
            (person_id, Held(row.held_on, row.pk, row.is_recorded_late))
            for row in self._diary.rows
            if Ledger.LESSON in row.ledgers
            for person_id, _ in lecturers.get(row.pk, ())
            if person_id is not None
        ]


def _by_time(row: Row) -> tuple[dt.date, uuid.UUID]:
    return row[1].day, row[1].key


def entries_of(bureau_id: uuid.UUID, span: Period) -> Entries:
    """What was held in the days for the ledgers; the queries of `diary_of`."""
    diary = diary_of(bureau_id, span)
    return kept.keep(partial(Entries, diary), "branch_life.entries", diary)
