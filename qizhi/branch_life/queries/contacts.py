"""Contacts against the visits recorded with gatherings: the matrix of a year, and who was visited."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import partial

from django.db.models import Case, Q, QuerySet, When

from qizhi.branch_life.enums import ContactKind
from qizhi.branch_life.models import Contact
from qizhi.branch_life.rules import State, judge_contact
from qizhi.core import kept
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import VisitorRole
from qizhi.gatherings.models import Visitor
from qizhi.gatherings.queries.diary import diary_of
from qizhi.org.enums import Role
from qizhi.org.models import Person, Post, Unit

ROLES_OF = {
    ContactKind.CONTACT: (Role.COMMITTEE_SECRETARY, Role.COMMITTEE_MEMBER),
    ContactKind.GUIDANCE: (Role.PARTY_GROUP_SECRETARY, Role.PARTY_GROUP_MEMBER, Role.LEADER),
}
"""Whose posts make a row of the matrix, whether or not they have a branch yet."""


@dataclass(frozen=True)
class Cell:
    """A person and a branch in a year: the contacts, and how often the person came."""

    person: Person
    unit: Unit
    contacts: tuple[Contact, ...]
    visits: int
    counted: int
    state: State | None

    @property
    def planned(self) -> int | None:
        """How many visits the plan says, if it says a number."""
        return max((one.visits_a_year for one in self.contacts if one.visits_a_year), default=None)

    @property
    def short_by(self) -> int:
        """How many visits are still wanted; without a number in the plan one."""
        return max((self.planned or 1) - self.counted, 0)


@dataclass(frozen=True)
class Matrix:
    """People as rows and branches as columns, both in their fixed order."""

    branches: Sequence[Unit]
    rows: Sequence[tuple[Person, Sequence[Cell]]]

    @property
    def assigned(self) -> list[Cell]:
        """Cells with a contact, branch by branch."""
        place = {unit.pk: number for number, unit in enumerate(self.branches)}
        cells = [cell for _, row in self.rows for cell in row if cell.contacts]
        return sorted(cells, key=lambda cell: place[cell.unit.pk])

    @property
    def without(self) -> list[Unit]:
        """Branches that have no contact person in the year."""
        having = {cell.unit.pk for cell in self.assigned}
        return [unit for unit in self.branches if unit.pk not in having]

    @property
    def covered(self) -> list[Unit]:
        """Branches that a contact person of theirs has visited."""
        visited = {cell.unit.pk for cell in self.assigned if cell.counted}
        return [unit for unit in self.branches if unit.pk in visited]

    def in_state(self, state: State) -> list[Cell]:
        """Assigned cells in a state."""
        return [cell for cell in self.assigned if cell.state is state]


def contact_matrix(
    bureau_id: uuid.UUID, branches: Sequence[Unit], kind: str, span: Period, as_of: dt.date
) -> Matrix:
    """The matrix of a span for some branches; two queries, and those of the diary."""
    contacts: dict[tuple[uuid.UUID, uuid.UUID], list[Contact]] = defaultdict(list)
    for contact in contacts_within(bureau_id, span, kind).filter(unit__in=branches):
        contacts[contact.person_id, contact.unit_id].append(contact)
    people = {post.person_id: post.person for post in _posts(bureau_id, span, kind)}
    others = {one.person_id: one.person for found in contacts.values() for one in found}
    # Posts first, then those who hold none of these any more (or never did).
    people |= {key: one for key, one in sorted(others.items(), key=_by_number) if key not in people}
    visits = visit_days(bureau_id, [unit.pk for unit in branches], span, as_of)
    rows = [
        (
            person,
            [
                _cell((person, unit), contacts[key, unit.pk], visits.get((key, unit.pk), []), (span, as_of))
                for unit in branches
            ],
        )
        for key, person in people.items()
    ]
    return Matrix(branches, rows)


def contact_people(bureau_id: uuid.UUID, day: dt.date) -> QuerySet[Person]:
    """Who may keep contact with a branch: holders of one of these posts on the day, by staff number."""
    roles = [role for found in ROLES_OF.values() for role in found]
    posts = Post.objects.on(day).filter(bureau_id=bureau_id, role__in=roles)
    people = Person.objects.filter(bureau_id=bureau_id, pk__in=posts.values("person_id"))
    return people.order_by("staff_no")


def _every_contact(bureau_id: uuid.UUID, days: Period) -> list[Contact]:
    """Contacts of all kinds that hold on at least one of the days; kept, as each kind has its figure."""
    rows = Contact.objects.within(days.start, days.end).filter(bureau_id=bureau_id)
    return kept.keep(lambda: list(rows.order_by("from_on", "pk")), "branch_life.contacts", bureau_id, days)


def _by_number(pair: tuple[uuid.UUID, Person]) -> str:
    return pair[1].staff_no


def contacts_of(unit: Unit, span: Period, as_of: dt.date) -> list[tuple[ContactKind, Cell]]:
    """Who keeps contact with one branch during a span, of every kind; two queries."""
    held: dict[tuple[str, uuid.UUID], list[Contact]] = defaultdict(list)
    rows = Contact.objects.within(span.start, span.end).filter(bureau_id=unit.bureau_id, unit=unit)
    for contact in rows.select_related("person").order_by("from_on", "pk"):
        held[contact.kind, contact.person_id].append(contact)
    visits = visit_days(unit.bureau_id, [unit.pk], span, as_of)
    return [
        (
            ContactKind(kind),
            _cell((found[0].person, unit), found, visits.get((key, unit.pk), []), (span, as_of)),
        )
        for (kind, key), found in held.items()
    ]


def visits_owed(actor: Actor, span: Period, as_of: dt.date) -> list[tuple[ContactKind, Cell]]:
    """Branches that the person still has to visit in the span, in their order; two queries, none for others.

    What can no longer be made up for is not among them.
    """
    roles = {role for found in ROLES_OF.values() for role in found}
    if actor.person_id is None or not any(grant.role in roles for grant in actor.grants):
        return []
    held: dict[tuple[str, uuid.UUID], list[Contact]] = defaultdict(list)
    rows = Contact.objects.within(span.start, span.end).filter(
        bureau_id=actor.bureau_id, person=actor.person_id
    )
    ordered = rows.select_related("person", "unit").order_by(
        "kind", "unit__position", "unit__code", "from_on"
    )
    for contact in ordered:
        held[contact.kind, contact.unit_id].append(contact)
    if not held:
        return []
    visits = visit_days(actor.bureau_id, [unit_id for _, unit_id in held], span, as_of)
    cells = [
        (
            ContactKind(kind),
            _cell(
                (mine[0].person, mine[0].unit), mine, visits.get((actor.person_id, key), []), (span, as_of)
            ),
        )
        for (kind, key), mine in held.items()
    ]
    return [(kind, cell) for kind, cell in cells if cell.state is State.DUE]


def contacts_within(bureau_id: uuid.UUID, span: Period, kind: str) -> QuerySet[Contact]:
    """Contacts of a kind that hold on at least one day of the span."""
    found: QuerySet[Contact] = Contact.objects.within(span.start, span.end).filter(
        bureau_id=bureau_id, kind=kind
    )
    return found.select_related("person", "unit").order_by("from_on", "pk")


def _posts(bureau_id: uuid.UUID, span: Period, kind: str) -> QuerySet[Post]:
    roles = ROLES_OF[ContactKind(kind)]
    weight = Case(*(When(role=role, then=number) for number, role in enumerate(roles)), default=len(roles))
    found: QuerySet[Post] = Post.objects.within(span.start, span.end).filter(
        bureau_id=bureau_id, role__in=roles
    )
    return found.select_related("person").order_by(weight, "person__staff_no")


Days = tuple[dt.date, dt.date]
"""The first and the last day on which a visit can have been: the same unless only its month is known."""


def visit_days(
    bureau_id: uuid.UUID, unit_ids: Collection[uuid.UUID], span: Period, as_of: dt.date
) -> dict[tuple[uuid.UUID, uuid.UUID], list[Days]]:
    """Days on which people of ours were auditors, by person and branch; one query.

    Requests and figures share the answer, and nobody may change it.
    """
    asked = (bureau_id, frozenset(unit_ids), span, as_of)
    return kept.keep(partial(_visit_days, *asked), "branch_life.visit_days", *asked)


def _visit_days(
    bureau_id: uuid.UUID, unit_ids: Collection[uuid.UUID], span: Period, as_of: dt.date
) -> dict[tuple[uuid.UUID, uuid.UUID], list[Days]]:
    found: dict[tuple[uuid.UUID, uuid.UUID], list[Days]] = defaultdict(list)
    days = span.until(as_of)
    if days is None:
        return found
    diary = diary_of(bureau_id, days)
    for row in diary.held(days):
        unit_id = row.unit_id if row.unit_id in unit_ids else row.unit.parent_id
        if unit_id is None or unit_id not in unit_ids:
            continue
        for person_id, role in diary.visitors.get(row.pk, ()):
            if person_id is not None and role == VisitorRole.AUDITOR:
                found[person_id, unit_id].append((row.held_on, row.last_day))
    return found


def visits_within(
    bureau_id: uuid.UUID, unit_ids: Collection[uuid.UUID], span: Period, as_of: dt.date
) -> QuerySet[Visitor]:
    """Auditors of gatherings of these branches and of their groups, newest first."""
    days = span.until(as_of)
    if days is None:
        return Visitor.objects.none()
    own = Q(gathering__unit_id__in=unit_ids) | Q(gathering__unit__parent_id__in=unit_ids)
    found = Visitor.objects.filter(
        own,
        bureau_id=bureau_id,
        role=VisitorRole.AUDITOR,
        gathering__withdrawn_at__isnull=True,
        gathering__held_on__range=(days.start, days.end),
    )
    return found.select_related("gathering__unit", "person").order_by("-gathering__held_on", "-pk")


def _cell(
    pair: tuple[Person, Unit], contacts: list[Contact], visits: list[Days], reckoning: tuple[Period, dt.date]
) -> Cell:
    span, as_of = reckoning
    counted = sum(1 for days in visits if any(_meets(contact, days) for contact in contacts))
    if not contacts:
        return Cell(*pair, (), len(visits), 0, None)
    planned = max((one.visits_a_year for one in contacts if one.visits_a_year), default=None)
    last = max(min(one.to_on or span.end, span.end) for one in contacts)
    state = judge_contact(counted, planned, Period(span.start, last), as_of)
    return Cell(*pair, tuple(contacts), len(visits), counted, state)


def _meets(contact: Contact, days: Days) -> bool:
    first, last = days
    return contact.from_on <= last and (contact.to_on is None or first <= contact.to_on)


def visited_branches(
    bureau_id: uuid.UUID, units: Iterable[Unit], kind: str, span: Period, as_of: dt.date
) -> dict[uuid.UUID, bool]:
    """For each branch with a contact person in the span, whether one came on a day of theirs; two queries."""
    unit_ids = {unit.pk for unit in units}
    days = span.until(as_of)
    if days is None:
        return {}
    visits = visit_days(bureau_id, unit_ids, span, as_of)
    found: dict[uuid.UUID, bool] = {}
    for contact in _every_contact(bureau_id, days):
        if contact.kind != kind or contact.unit_id not in unit_ids:
            continue
        came = any(_meets(contact, one) for one in visits.get((contact.person_id, contact.unit_id), ()))
        found[contact.unit_id] = found.get(contact.unit_id, False) or came
    return found
