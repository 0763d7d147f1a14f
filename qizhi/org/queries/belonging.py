"""Who belonged where, who held which post and rank, who was away: read once, asked about any day.

A run of the clauses asks this dozens of times, each clause of each of its years. Rows come as plain values in
the order of staff numbers: people, units, and all that ties them are one statement each, sent when somebody
first asks for it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, partial
from typing import Any, NamedTuple, cast

from django.db.models import CharField, F, QuerySet, UUIDField, Value

from qizhi.core import kept
from qizhi.core.periods import Period, whole_years
from qizhi.org.models import (
    DatedRow,
    JointUnit,
    Leave,
    Membership,
    Person,
    Placement,
    Post,
    RankTenure,
    TemporaryBranch,
    Unit,
)


class Tie(NamedTuple):
    """Somebody in a unit, a post, a rank or away, from one day to another, both included.

    Attributes:
        person_id: who.
        unit_id: the branch, the unit of the post, or the department; None of ranks and leave.
        what: the standing of a member, the role of a post, the rank, the kind of leave; empty of a placement.
        from_on: the first day.
        to_on: the last day; None while it goes on.
        group_id: the group of a member, where there is one.
    """

    person_id: uuid.UUID
    unit_id: uuid.UUID | None
    what: str
    from_on: dt.date
    to_on: dt.date | None
    group_id: uuid.UUID | None = None

    def holds(self, day: dt.date) -> bool:
        """Whether it holds on the day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)

    def touches(self, days: Period) -> bool:
        """Whether it holds on at least one of the days."""
        return self.from_on <= days.end and (self.to_on is None or days.start <= self.to_on)


Ties = tuple[Tie, ...]


class Spell(NamedTuple):
    """What a branch is for a time: a temporary one, or one that covers a department."""

    unit_id: uuid.UUID
    covered_id: uuid.UUID | None
    from_on: dt.date
    to_on: dt.date | None

    def holds(self, day: dt.date) -> bool:
        """Whether it holds on the day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)

    def touches(self, days: Period) -> bool:
        """Whether it holds on at least one of the days."""
        return self.from_on <= days.end and (self.to_on is None or days.start <= self.to_on)


class Belonging:
    """The people and units of a bureau with everything that ties them, of all times; nobody may change it."""

    def __init__(self, bureau_id: uuid.UUID) -> None:
        """Read nothing yet."""
        self._bureau_id = bureau_id

    @cached_property
    def people(self) -> dict[uuid.UUID, Person]:
        """Everybody, by staff number."""
        return {row.pk: row for row in Person.objects.filter(bureau_id=self._bureau_id).order_by("staff_no")}

    @cached_property
    def units(self) -> dict[uuid.UUID, Unit]:
        """Every unit, in the fixed order, each with the one above it and the one it went into."""
        rows = Unit.objects.filter(bureau_id=self._bureau_id).order_by("position", "code")
        found = {row.pk: row for row in rows}
        for row in found.values():
            if row.parent_id in found:
                row.parent = found[row.parent_id]
            if row.successor_id in found:
                row.successor = found[row.successor_id]
        return found

    @cached_property
    def places(self) -> dict[uuid.UUID | None, int]:
        """The place of each unit in the fixed order."""
        return {key: number for number, key in enumerate(self.units)}

    def unit_of(self, tie: Tie) -> Unit:
        """The unit of a membership, a post or a placement."""
        return self.units[cast("uuid.UUID", tie.unit_id)]

    def units_within(self, days: Period, *kinds: str) -> list[Unit]:
        """Units of the kinds that existed on at least one of the days, in the fixed order."""
        return [
            unit
            for unit in self.units.values()
            if unit.kind in kinds
            and unit.from_on <= days.end
            and (unit.to_on is None or days.start <= unit.to_on)
        ]

    @property
    def members(self) -> Ties:
        """Memberships of branches."""
        return self._ties.get(_MEMBER, ())

    @property
    def posts(self) -> Ties:
        """Posts held."""
        return self._ties.get(_POST, ())

    @property
    def placements(self) -> Ties:
        """Departments worked in."""
        return self._ties.get(_PLACEMENT, ())

    @property
    def ranks(self) -> Ties:
        """Ranks held."""
        return self._ties.get(_RANK, ())

    @cached_property
    def _ties(self) -> dict[str, Ties]:
        parts = [
            _part(Membership, table=_MEMBER, unit="unit_id", what="status", group="group_id"),
            _part(Post, table=_POST, unit="unit_id", what="role"),
            _part(Placement, table=_PLACEMENT, unit="unit_id"),
            _part(RankTenure, table=_RANK, what="rank"),
        ]
        first, *others = (part.filter(bureau_id=self._bureau_id) for part in parts)
        rows = first.union(*others, all=True).order_by("number", "from_on", "pk")
        found: dict[str, list[Tie]] = defaultdict(list)
        for table, _, _, *values in rows:
            found[table].append(Tie(*values))
        return {table: tuple(ties) for table, ties in found.items()}

    @cached_property
    def _spells(self) -> list[Spell]:
        columns = ("unit_id", "covered_id", "from_on", "to_on")
        own = {"bureau_id": self._bureau_id}
        temporary = TemporaryBranch.objects.filter(**own).annotate(covered_id=_NOWHERE).order_by()
        joint = JointUnit.objects.filter(**own).order_by()
        rows = temporary.values_list(*columns).union(joint.values_list(*columns), all=True)
        return [Spell(*row) for row in rows.order_by("from_on", "unit_id", "covered_id")]

    @cached_property
    def temporary(self) -> dict[uuid.UUID, list[Spell]]:
        """By branch when it was a temporary one; one statement for this and `covered`."""
        return _by_unit(spell for spell in self._spells if spell.covered_id is None)

    @cached_property
    def covered(self) -> dict[uuid.UUID, list[Spell]]:
        """By branch which departments it covered when."""
        return _by_unit(spell for spell in self._spells if spell.covered_id is not None)

    def is_temporary(self, unit_id: uuid.UUID, day: dt.date) -> bool:
        """Whether a branch was a temporary one on the day."""
        return any(spell.holds(day) for spell in self.temporary.get(unit_id, ()))

    @cached_property
    def member_since(self) -> dict[uuid.UUID, dt.date]:
        """The day on which somebody first belonged to any branch."""
        found: dict[uuid.UUID, dt.date] = {}
        for tie in self.members:
            found[tie.person_id] = min(tie.from_on, found.get(tie.person_id, tie.from_on))
        return found


def _by_unit(spells: Iterable[Spell]) -> dict[uuid.UUID, list[Spell]]:
    found: dict[uuid.UUID, list[Spell]] = defaultdict(list)
    for spell in spells:
        found[spell.unit_id].append(spell)
    return dict(found)


def belonging_of(bureau_id: uuid.UUID) -> Belonging:
    """Who belongs where in a bureau, kept until something is written."""
    return kept.keep(partial(Belonging, bureau_id), "org.belonging", bureau_id)


def leaves_in(bureau_id: uuid.UUID, days: Period) -> dict[uuid.UUID, list[Tie]]:
    """Leave and secondment that touch the days, by person and first day; one query.

    They are many more than the other ties: read are the whole years alone that the days touch.
    """
    whole = whole_years(days)
    return kept.keep(partial(_leaves, bureau_id, whole), "org.leaves", bureau_id, whole)


def _leaves(bureau_id: uuid.UUID, days: Period) -> dict[uuid.UUID, list[Tie]]:
    rows = Leave.objects.within(days.start, days.end).filter(bureau_id=bureau_id)
    found = rows.order_by("person__staff_no", "from_on", "pk")
    columns = ("person_id", "kind", "from_on", "to_on")
    return by_person(Tie(key, None, *values) for key, *values in found.values_list(*columns))


def by_person(ties: Iterable[Tie]) -> dict[uuid.UUID, list[Tie]]:
    """The ties of each person, in their order."""
    found: dict[uuid.UUID, list[Tie]] = defaultdict(list)
    for tie in ties:
        found[tie.person_id].append(tie)
    return dict(found)


_MEMBER, _POST, _PLACEMENT, _RANK = "member", "post", "placement", "rank"
_NOWHERE, _NOTHING = Value(None, UUIDField()), Value("", CharField())
"""What a tie has no column for."""


def _part(
    model: type[DatedRow],
    *,
    table: str,
    unit: str | Value = _NOWHERE,
    what: str | Value = _NOTHING,
    group: str | Value = _NOWHERE,
) -> QuerySet[Any, Any]:
    """One of the tables, for the statement that reads all of them."""
    columns = (Value(table, CharField()), "number", "pk", "person_id", unit, what, "from_on", "to_on", group)
    rows: QuerySet[Any, Any] = model.objects.annotate(number=F("person__staff_no")).order_by()
    return rows.values_list(*columns)
