"""What the page of one gathering shows: its people in one query, its history in Chinese."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, DateField, F, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast

from qizhi.core import audit, periods
from qizhi.core.models import AuditEvent
from qizhi.gatherings.enums import Capacity, DatePrecision, RollState, VisitorRole
from qizhi.gatherings.models import Gathering, Lecturer, RollEntry, Visitor
from qizhi.gatherings.queries.roster import Roster
from qizhi.org.models import Leave, Person, Unit


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody named in a gathering: as lecturer, on the roll, or as visitor."""

    source: str
    person_id: uuid.UUID | None
    name: str
    word: str
    text: str
    day: dt.date | None

    @property
    def label(self) -> str:
        """What `word` says: a capacity, a state or a role."""
        words: dict[str, Any] = {"lecturer": Capacity, "roll": RollState, "visitor": VisitorRole}
        return str(words[self.source](self.word).label)


def participants(gathering: Gathering) -> list[Participant]:
    """Lecturers, exceptions from the roll and visitors, with their comments; one query."""
    own = {"bureau_id": gathering.bureau_id, "gathering": gathering}
    no_day, no_text = Cast(Value(None), DateField()), Cast(Value(""), TextField())
    parts = [
        _columns(
            Lecturer.objects.filter(**own),
            "lecturer",
            guest=F("guest_name"),
            word=F("capacity"),
            text=no_text,
            day=no_day,
        ),
        _columns(
            RollEntry.objects.filter(**own),
            "roll",
            guest=Cast(Value(""), CharField(max_length=40)),
            word=F("state"),
            text=Cast(F("reason"), TextField()),
            day=F("made_up_on"),
        ),
        _columns(
            Visitor.objects.filter(**own),
            "visitor",
            guest=F("guest_name"),
            word=F("role"),
            text=F("comment"),
            day=no_day,
        ),
    ]
    rows: Any = parts[0].union(*parts[1:], all=True)
    return [
        Participant(source, person_id, name or guest, word, text, day)
        for source, _key, person_id, name, guest, word, text, day in sorted(rows, key=lambda row: row[:2])
    ]


def _columns(
    rows: QuerySet[Any], source: str, *, guest: Any, word: Any, text: Any, day: Any
) -> QuerySet[Any]:
    named = rows.order_by().annotate(
        source_of=Value(source, CharField(max_length=10)),
        key_of=F("id"),
        person_of=Cast(F("person_id"), UUIDField()),
        name_of=F("person__name"),
        guest_of=guest,
        word_of=word,
        text_of=text,
        day_of=day,
    )
    found: QuerySet[Any] = named.values_list(
        "source_of", "key_of", "person_of", "name_of", "guest_of", "word_of", "text_of", "day_of"
    )
    return found


@dataclass(frozen=True, slots=True)
class DueLine:
    """Somebody who is due, and the approved leave that covers the day, if any."""

    person: Person
    leave: str


def due_lines(bureau_id: uuid.UUID, people: frozenset[uuid.UUID], day: dt.date) -> list[DueLine]:
    """The names of those due, by staff number, with their leave of the day; two queries."""
    leaves = {
        leave.person_id: str(leave)
        for leave in Leave.objects.on(day).filter(bureau_id=bureau_id, person_id__in=people)
    }
    found = Person.objects.filter(bureau_id=bureau_id, pk__in=people).order_by("staff_no")
    return [DueLine(person, leaves.get(person.pk, "")) for person in found]


CHAIRS = ("secretary", "group_leader", "committee_secretary", "party_group_secretary", "deputy_secretary")
"""Posts that usually chair a unit's gatherings, the first that is held."""


def usual_chair(roster: Roster, unit: Unit, day: dt.date) -> uuid.UUID | None:
    """The key of the person who usually chairs the unit's gatherings on the day."""
    held = {
        bond.role: bond.person_id
        for bond in roster.bonds
        if bond.unit_id == unit.pk
        and bond.role in CHAIRS
        and bond.from_on <= day <= (bond.to_on or dt.date.max)
    }
    return next((held[role] for role in CHAIRS if role in held), None)


VERBS = {
    "gatherings.record": "登记",
    "gatherings.correct": "更正",
    "gatherings.withdraw": "撤销",
    "gatherings.restore": "恢复",
    "gatherings.comment": "点评",
    "gatherings.attach": "添加附件",
    "gatherings.detach": "删除附件",
}
_CHILDREN = {
    "unit": "组织",
    "chair": "主持人",
    "series": "系列",
    "kinds": "活动类型",
    "lecturers": "授课人",
    "roll": "到会例外",
    "visitors": "旁听与列席",
    "resolutions": "决议",
    "attachment": "附件",
    "comment": "点评",
}
_HIDDEN = frozenset({"id", "recorded_at", "recorded_by", "visitor"})


@dataclass(frozen=True, slots=True)
class Change:
    """A field with its value before and after, as people read them."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event in the life of a gathering."""

    at: dt.datetime
    by: str
    what: str
    changes: list[Change]


def history_of(gathering: Gathering, *, most: int = 50) -> list[HistoryLine]:
    """What happened to a gathering, newest first, with old and new values; one query."""
    return [
        HistoryLine(event.at, event.by_label, VERBS.get(event.verb, event.verb), _changes(event))
        for event in audit.history(gathering)[:most]
    ]


def _changes(event: AuditEvent) -> list[Change]:
    labels = {column.attname: str(column.verbose_name) for column in Gathering._meta.concrete_fields}
    labels |= _CHILDREN
    names = [name for name in dict.fromkeys([*event.before, *event.after]) if _is_shown(name)]
    is_new = not event.before
    return [
        Change(labels.get(name, name), _say(name, event.before.get(name)), _say(name, event.after.get(name)))
        for name in names
        if not is_new or event.after.get(name) not in (None, "", [], False, "0.0")
    ]


def _is_shown(name: str) -> bool:
    # Keys of other rows are in the log for machines; people read their names, which are there too.
    return name not in _HIDDEN and not name.endswith("_id")


def _say(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if value in (None, "", []):
        return "—"
    if isinstance(value, list):
        return "；".join(str(one) for one in value)
    return _SAID[name](value) if name in _SAID else str(value)


_SAID: dict[str, Callable[[str], str]] = {
    "precision": lambda value: str(DatePrecision(value).label),
    "held_on": lambda value: periods.say_day(dt.date.fromisoformat(value)),
    "withdrawn_at": lambda value: value[:16].replace("T", " "),
}
