"""Everybody named in gatherings: lecturers, exceptions from the roll and visitors, in one query."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import connection

from qizhi.core import kept
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Capacity, RollState, VisitorRole
from qizhi.gatherings.models import Gathering, Lecturer, RollEntry, Visitor
from qizhi.org.models import Person


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody named in a gathering: as lecturer, on the roll, or as visitor."""

    source: str
    gathering_id: uuid.UUID
    person_id: uuid.UUID | None
    number: str
    name: str
    word: str
    text: str
    day: dt.date | None
    entered_on: dt.date | None = None
    left_on: dt.date | None = None

    @property
    def label(self) -> str:
        """What `word` says: a capacity, a state or a role."""
        words: dict[str, Any] = {"lecturer": Capacity, "roll": RollState, "visitor": VisitorRole}
        return str(words[self.source](self.word).label)


def participants(gathering: Gathering) -> list[Participant]:
    """Lecturers, exceptions from the roll and visitors of one gathering; see `participants_of`."""
    return participants_of(gathering.bureau_id, [gathering.pk])[gathering.pk]


def participants_of(
    bureau_id: uuid.UUID, gathering_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[Participant]]:
    """Lecturers, exceptions from the roll and visitors of each gathering, in order of entry; one query."""
    ids = tuple(gathering_ids)
    return kept.keep(partial(_participants_of, bureau_id, ids), "gatherings.participants", bureau_id, ids)


def _participants_of(
    bureau_id: uuid.UUID, gathering_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[Participant]]:
    found: dict[uuid.UUID, list[Participant]] = {key: [] for key in gathering_ids}
    if not found:
        return found
    text = _SQL.format(marks=", ".join(["%s"] * len(gathering_ids)))
    values = [bureau_id.hex, *(key.hex for key in gathering_ids)]
    with connection.cursor() as cursor:
        cursor.execute(text, values * len(_SOURCES))
        rows = cursor.fetchall()
    for source, _, gathering, person, number, name, word, note, *days in sorted(rows, key=_in_order):
        key = uuid.UUID(gathering)
        day, entered_on, left_on = (dt.date.fromisoformat(one) if one else None for one in days)
        found[key].append(
            Participant(
                *(source, key, uuid.UUID(person) if person else None, number, name),
                *(word, note, day, entered_on, left_on),
            )
        )
    return found


def _in_order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row[:2]


# By hand and as text, like the roster: to build it by querysets takes ten times as long as to run it, and the
# page of every gathering asks it. The columns: name of who is no person of ours, word, text, day.
_SOURCES = {
    "lecturer": (Lecturer, "t.guest_name", "t.capacity", "''", "NULL"),
    "roll": (RollEntry, "''", "t.state", "t.reason", "t.made_up_on"),
    "visitor": (Visitor, "t.guest_name", "t.role", "t.comment", "NULL"),
}
_SELECT = (
    "SELECT '{source}', CAST(t.id AS varchar(40)), CAST(t.gathering_id AS varchar(40)), "
    "CAST(t.person_id AS varchar(40)), COALESCE(p.staff_no, ''), COALESCE(NULLIF(p.name, ''), {guest}), "
    "{word}, {note}, CAST({day} AS varchar(10)), CAST(p.entered_on AS varchar(10)), "
    "CAST(p.left_on AS varchar(10)) FROM {table} t LEFT JOIN {people} p ON p.id = t.person_id "
    "WHERE t.bureau_id = %s AND t.gathering_id IN ({{marks}})"
)
_SQL = " UNION ALL ".join(
    _SELECT.format(
        source=source,
        guest=guest,
        word=word,
        note=note,
        day=day,
        table=model._meta.db_table,
        people=Person._meta.db_table,
    )
    for source, (model, guest, word, note, day) in _SOURCES.items()
)
