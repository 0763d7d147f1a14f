"""What a bureau held and who is named with it: read once for figures, ledgers and clauses of the same days.

Right after a gathering was recorded nearly all that a page says of gatherings is worked out anew, and each
figure and each clause looks at another part of the same few rows. So these are read together, by two
statements, and every one looks through them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import CharField, DateField, OuterRef, Subquery, TextField, Value

from qizhi.core import kept
from qizhi.core.db.expressions import InOneText
from qizhi.core.periods import Period, whole_years
from qizhi.gatherings.enums import DatePrecision
from qizhi.gatherings.models import (
    Gathering,
    GatheringKind,
    Kind,
    Lecturer,
    LedgerEntry,
    RollEntry,
    Visitor,
)
from qizhi.gatherings.queries.known import known_kinds
from qizhi.gatherings.queries.roster import Attendance, Held, Roster, attendance
from qizhi.gatherings.rules import last_day_of
from qizhi.org.models import Unit
from qizhi.org.queries.belonging import belonging_of

MOST = 8
"""Spans kept of a bureau at a time; the oldest goes first."""


class Row(NamedTuple):
    """A gathering that was not withdrawn, as figures and clauses look at it; the names are its own."""

    pk: uuid.UUID
    unit_id: uuid.UUID
    held_on: dt.date
    precision: str
    title: str
    topics: str
    hours: Decimal
    due_total: int | None
    present_total: int | None
    chair_id: uuid.UUID | None
    is_recorded_late: bool
    kind_keys: str
    ledgers: frozenset[str]
    around: Around

    @property
    def last_day(self) -> dt.date:
        """The last day on which it can have happened."""
        return last_day_of(self.held_on, is_month=self.precision == DatePrecision.MONTH)

    @property
    def unit(self) -> Unit:
        """Who held it; the queries of `belonging_of`."""
        return self.around.units[self.unit_id]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Its kinds, in their order; those of `known_kinds`."""
        return self.around.kinds[self.kind_keys]

    @property
    def audiences(self) -> set[str]:
        """Whom its kinds ask for."""
        return {kind.audience for kind in self.kinds}


class Around:
    """Units and kinds of a bureau, which change seldom: read when the first row is asked for its own."""

    def __init__(self, bureau_id: uuid.UUID) -> None:
        """Read nothing yet."""
        self._bureau_id = bureau_id

    @cached_property
    def units(self) -> dict[uuid.UUID, Unit]:
        """Every unit by its key."""
        return belonging_of(self._bureau_id).units

    @cached_property
    def kinds(self) -> _Kinds:
        """Kinds by the text of their keys."""
        return _Kinds(known_kinds(self._bureau_id))


_COLUMNS: tuple[str, ...] = Row._fields[:-3]
"""What stands in the table of gatherings itself."""


class Entry(NamedTuple):
    """An exception on a roll."""

    state: str
    made_up_on: dt.date | None


Named = tuple[uuid.UUID | None, str]
"""A visitor with the role, or a lecturer with the capacity; None is somebody from outside."""


class Diary:
    """What a bureau held in some days; requests share it, and nobody may change it."""

    def __init__(self, bureau_id: uuid.UUID, span: Period) -> None:
        """Read nothing yet."""
        self._bureau_id, self._span = bureau_id, span
        self._made: dict[uuid.UUID, Gathering] = {}

    def has(self, span: Period) -> bool:
        """Whether it tells of all these days."""
        return self._span.start <= span.start and span.end <= self._span.end

    def held(self, days: Period | None, unit_ids: Collection[uuid.UUID] | None = None) -> list[Row]:
        """What was held in the days (None: in none), of some units or of all, in order of time."""
        if days is None:
            return []
        found = [row for row in self.rows if days.start <= row.held_on <= days.end]
        if unit_ids is None:
            return found
        wanted = frozenset(unit_ids)
        return [row for row in found if row.unit_id in wanted]

    @cached_property
    def rows(self) -> list[Row]:
        """All of it, in order of time; one statement."""
        here = {"bureau_id": OuterRef("bureau_id"), "gathering_id": OuterRef("pk")}
        kinds = GatheringKind.objects.filter(**here).order_by().values(text=InOneText("kind_id"))
        ledgers = LedgerEntry.objects.filter(**here).order_by().values(text=InOneText("ledger"))
        texts = (Subquery(kinds, TextField()), Subquery(ledgers, TextField()))
        held = Gathering.objects.held().filter(bureau_id=self._bureau_id).between(self._span)
        words, around = _Words(), Around(self._bureau_id)
        return [
            Row._make((*values, kind_keys or "", words[said or ""], around))
            for *values, kind_keys, said in held.order_by("held_on", "id").values_list(*_COLUMNS, *texts)
        ]

    def gathering(self, row: Row) -> Gathering:
        """The row as a page shows it, with its unit; what is not read here it asks for by itself."""
        if row.pk not in self._made:
            told = {name: getattr(row, name) for name in _COLUMNS[1:]}
            told |= {"id": row.pk, "bureau_id": self._bureau_id, "withdrawn_at": None}
            names = [one.attname for one in Gathering._meta.concrete_fields if one.attname in told]
            made = Gathering.from_db(connection.alias, names, [told[name] for name in names])
            made.unit = row.unit
            self._made[row.pk] = made
        return self._made[row.pk]

    @cached_property
    def _people(self) -> dict[str, list[tuple[uuid.UUID, uuid.UUID | None, str, dt.date | None]]]:
        parts = [_part(RollEntry, "state", "made_up_on"), _part(Visitor, "role"), _part(Lecturer, "capacity")]
        days = (self._span.start, self._span.end)
        first, *others = (
            part.filter(bureau_id=self._bureau_id, gathering__held_on__range=days) for part in parts
        )
        found: dict[str, list[Any]] = defaultdict(list)
        for table, *values in first.union(*others, all=True):
            found[table].append(values)
        return found

    @cached_property
    def rolls(self) -> dict[uuid.UUID, dict[uuid.UUID, Entry]]:
        """The exceptions on the roll of each gathering, by person; one statement for these and all named."""
        found: dict[uuid.UUID, dict[uuid.UUID, Entry]] = defaultdict(dict)
        for key, person_id, state, made_up_on in self._people[_name(RollEntry)]:
            if person_id is not None:
                found[key][person_id] = Entry(state, made_up_on)
        return dict(found)

    @cached_property
    def visitors(self) -> dict[uuid.UUID, list[Named]]:
        """Who visited each gathering, and as what."""
        return self._named(Visitor)

    @cached_property
    def lecturers(self) -> dict[uuid.UUID, list[Named]]:
        """Who spoke at each gathering, and in which capacity."""
        return self._named(Lecturer)

    def _named(self, model: type[Visitor | Lecturer]) -> dict[uuid.UUID, list[Named]]:
        found: dict[uuid.UUID, list[Named]] = defaultdict(list)
        for key, person_id, word, _ in self._people[_name(model)]:
            found[key].append((person_id, word))
        return dict(found)

    def attendance(self, held: Iterable[Held]) -> dict[uuid.UUID, Attendance]:
        """Who was due and who came, by gathering; the queries of `Roster.whole`."""
        wanted = list(held)
        if not wanted:
            return {}
        keys = {row.pk for row in wanted}
        asked = {row.pk: row.audiences for row in self.rows if row.pk in keys}
        states = {key: {person: one.state for person, one in self.rolls.get(key, {}).items()} for key in keys}
        return attendance(Roster.whole(self._bureau_id), wanted, asked, states)


def diary_of(bureau_id: uuid.UUID, span: Period) -> Diary:
    """What was held in the days: a diary that is there and tells of them all, else that of their whole years.

    Two statements at most, kept until something is written. Who asks of several spans says so before by
    `will_read`; all of them then find theirs in it.
    """
    return _find(bureau_id, span) or _add(bureau_id, whole_years(span))


def will_read(bureau_id: uuid.UUID, span: Period) -> None:
    """Say the widest days that will be asked for; reads nothing yet."""
    if _find(bureau_id, span) is None:
        _add(bureau_id, span)


def _find(bureau_id: uuid.UUID, span: Period) -> Diary | None:
    return next((one for one in tuple(_there(bureau_id)) if one.has(span)), None)


def _add(bureau_id: uuid.UUID, span: Period) -> Diary:
    there, made = _there(bureau_id), Diary(bureau_id, span)
    there.append(made)
    del there[:-MOST]
    return made


def _there(bureau_id: uuid.UUID) -> list[Diary]:
    return kept.keep(list[Diary], "gatherings.diary", bureau_id)


class _Kinds(dict[str, tuple[Kind, ...]]):
    """The kinds that stand in a text of keys, in their order; few texts are different."""

    def __init__(self, known: Iterable[Kind]) -> None:
        """Know all that there are."""
        super().__init__()
        self._known = {kind.pk.hex: kind for kind in known}

    def __missing__(self, text: str) -> tuple[Kind, ...]:
        """Find those of a text that is new."""
        named = {*text.replace("-", "").split()}
        return self.setdefault(text, tuple(kind for key, kind in self._known.items() if key in named))


class _Words(dict[str, frozenset[str]]):
    """The words of a text; few texts are different."""

    def __missing__(self, text: str) -> frozenset[str]:
        """Take a text apart that is new."""
        return self.setdefault(text, frozenset(text.split()))


def _name(model: type[Any]) -> str:
    return str(model._meta.model_name)


_NO_DAY = Value(None, DateField())


def _part(model: type[Any], word: str, day: str | Value = _NO_DAY) -> Any:
    """One of the tables of people, for the statement that reads all of them."""
    rows = model.objects.order_by()
    return rows.values_list(Value(_name(model), CharField()), "gathering_id", "person_id", word, day)
