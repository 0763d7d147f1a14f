"""What the page of one gathering shows: its people in one query, its history in Chinese."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import (
    OuterRef,
    Q,
    Subquery,
)

from qizhi.core import audit, kept, periods
from qizhi.core.models import AuditEvent
from qizhi.gatherings.enums import DatePrecision
from qizhi.gatherings.models import (
    Attachment,
    Gathering,
    Kind,
    Resolution,
)
from qizhi.gatherings.queries.participants import Participant, participants
from qizhi.gatherings.queries.roster import Roster
from qizhi.org.enums import LeaveKind
from qizhi.org.models import Leave, Person, Unit


@dataclass(frozen=True)
class Dossier:
    """What hangs on a gathering: the page of one gathering shows all of it, or the first part."""

    kinds: list[Kind]
    people: list[Participant]
    resolutions: list[Resolution]
    attachments: list[Attachment]
    history: list[HistoryLine]

    def named(self, source: str) -> list[Participant]:
        """Its lecturers, those on the roll, or its visitors."""
        return [one for one in self.people if one.source == source]


def dossier_of(gathering: Gathering) -> Dossier:
    """Everything that hangs on a gathering; five queries, none when it is kept."""
    return kept.keep(partial(_dossier_of, gathering), "gatherings.dossier", gathering.pk)


def _dossier_of(gathering: Gathering) -> Dossier:
    return Dossier(
        kinds=list(gathering.kinds.all()),
        people=participants(gathering),
        resolutions=list(gathering.resolutions.select_related("person")),
        attachments=list(
            Attachment.without_content().filter(gathering=gathering).order_by("added_at"),
        ),
        history=history_of(gathering),
    )


@dataclass(frozen=True, slots=True)
class DueLine:
    """Somebody who is due, and the approved leave that covers the day, if any."""

    person: Person
    leave: str


def due_lines(
    bureau_id: uuid.UUID, people: Collection[uuid.UUID], day: dt.date, *, away: Collection[uuid.UUID] = ()
) -> list[DueLine]:
    """People by staff number with their approved leave of the day; one query.

    Args:
        bureau_id: whose people they are.
        people: keys of those to list.
        day: the day of the leave.
        away: keys of those to list only if they are on leave.
    """
    leave = Leave.objects.on(day).filter(bureau_id=bureau_id, person_id=OuterRef("pk"))
    rows = Person.objects.filter(bureau_id=bureau_id).annotate(leave_kind=Subquery(leave.values("kind")[:1]))
    wanted = rows.filter(Q(pk__in=people) | Q(pk__in=away, leave_kind__isnull=False)).order_by("staff_no")
    return [DueLine(row, str(LeaveKind(row.leave_kind).label) if row.leave_kind else "") for row in wanted]


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
    "gatherings.comment": "旁听、点评",
    "gatherings.leave_audit": "取消旁听",
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
