"""What the page of one gathering shows: its people in one query, its history in Chinese."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from functools import partial

from django.db.models import (
    OuterRef,
    Q,
    Subquery,
)

from qizhi.core import audit, kept
from qizhi.core.values import dataclass
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
    history: list[audit.Told]

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
        history=audit.tell(gathering),
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
