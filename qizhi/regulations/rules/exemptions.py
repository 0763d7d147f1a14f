"""Which periods an exemption takes in: those of which it holds on every day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from qizhi.core.periods import Period
from qizhi.regulations.rules.spans import Span, covering


class Exempt(NamedTuple):
    """That a unit need not do what a clause asks, from one day to another.

    Attributes:
        unit_id: which unit.
        asked_by: document and clause, as in `Clause.asked_by`: it holds through all versions of the clause.
        from_on: first day.
        to_on: last day.
        words: Chinese; why, who has approved it and when.
    """

    unit_id: uuid.UUID
    asked_by: str
    from_on: dt.date
    to_on: dt.date
    words: str


class Exemptions:
    """The exemptions of a bureau; their order does not matter."""

    def __init__(self, rows: Iterable[Exempt] = ()) -> None:
        """Index them by unit and clause."""
        self._by_key: dict[tuple[uuid.UUID, str], list[Exempt]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.from_on, row.to_on, row.words)):
            self._by_key[row.unit_id, row.asked_by].append(row)
        self._units = {unit_id for unit_id, _ in self._by_key}

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._by_key)

    def of(self, unit_id: uuid.UUID) -> bool:
        """Whether the unit has any."""
        return unit_id in self._units

    def why(self, unit_id: uuid.UUID | None, asked_by: str, period: Period) -> str:
        """Why the unit is exempt all through the period; empty where it is not.

        Exemptions that follow each other without a day between are one. A period of which a single day is
        left is still owed: what is asked can be done on it.
        """
        if unit_id is None or (unit_id, asked_by) not in self._by_key:
            return ""
        rows = self._by_key[unit_id, asked_by]
        return covering((Span(row.from_on, row.to_on, row.words) for row in rows), period)

    def told(self, unit_id: uuid.UUID, asked_by: str, period: Period) -> str:
        """Every exemption that takes in a day of the period, with its days and why; empty where none does."""
        if (unit_id, asked_by) not in self._by_key:
            return ""
        rows = [row for row in self._by_key[unit_id, asked_by] if row.from_on <= period.end]
        return "；".join(
            f"{Period(row.from_on, row.to_on).label}已免除：{row.words}"
            for row in rows
            if row.to_on >= period.start
        )
