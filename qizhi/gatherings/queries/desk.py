"""Everything that the form of a gathering needs, read for one unit, day and choice of kinds."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import field

from qizhi.core import periods
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.models import Instruction, Kind, Series
from qizhi.gatherings.permissions import RECORD, recordable_units
from qizhi.gatherings.queries.instructions import in_force
from qizhi.gatherings.queries.names import PeopleBook
from qizhi.gatherings.queries.record import DueLine, due_lines, usual_chair
from qizhi.gatherings.queries.roster import Roster
from qizhi.gatherings.queries.voting import exclusions_on
from qizhi.gatherings.rules import VotingRoll
from qizhi.org.enums import UnitKind
from qizhi.org.models import Person, Post, Unit

LONGEST_ROLL = 80
"""People; a longer roll is not listed name by name: those away are typed."""


@dataclass(frozen=True)
class Chosen:
    """What the form says so far; nothing of it need be good."""

    unit: Unit | None
    day: dt.date
    is_month: bool
    kinds: tuple[Kind, ...]

    @property
    def days(self) -> Period:
        """The day, or the month."""
        return periods.month_of(self.day) if self.is_month else Period(self.day, self.day)


@dataclass(frozen=True)
class Shelf:
    """The units, kinds and series to choose from; three queries."""

    units: list[Unit]
    kinds: list[Kind]
    series: list[Series]

    @classmethod
    def load(cls, actor: Actor) -> Shelf:
        """Read what the actor may record for."""
        return cls(
            list(recordable_units(actor)),
            list(Kind.objects.filter(bureau_id=actor.bureau_id)),
            list(Series.objects.filter(bureau_id=actor.bureau_id)),
        )

    def unit(self, key: object) -> Unit | None:
        """The unit of that key (as text), if it may be chosen."""
        return next((unit for unit in self.units if str(unit.pk) == str(key)), None)

    def kinds_of(self, keys: Iterable[object]) -> tuple[Kind, ...]:
        """The kinds of those keys (as text), in order."""
        wanted = {str(key) for key in keys}
        return tuple(kind for kind in self.kinds if str(kind.pk) in wanted)

    def own_unit(self, actor: Actor, today: dt.date) -> Unit | None:
        """The unit that the actor most likely records for: where the post is held, a branch first."""
        roles = {role for role, _ in RECORD.held_by}
        posts = {grant.unit_id for grant in actor.grants if grant.role in roles}
        here = [unit for unit in self.units if unit.pk in posts] or self.units
        living = [unit for unit in here if unit.to_on is None or unit.to_on >= today] or here
        order = {UnitKind.BRANCH: 0, UnitKind.GROUP: 1, UnitKind.CENTRE_GROUP: 2}
        return min(living, key=lambda unit: (order.get(UnitKind(unit.kind), 3), unit.path), default=None)


@dataclass
class Desk:
    """The shelf, and the people concerned by what is chosen.

    Attributes:
        due: those due, name by name; empty where the roll is long, unknown or nobody's.
        number_due: how many are due; None where only the month is known.
        names: names to offer while somebody types.
        chair: how the usual chair is written, or empty.
        on_leave: those due who are on approved leave, with its word, for a long roll.
        voting: who votes; empty where only the month is known.
        instructions: the steps in force on the day for the chosen kinds.
    """

    shelf: Shelf
    chosen: Chosen
    roster: Roster
    book: PeopleBook
    due: list[DueLine] = field(default_factory=list)
    number_due: int | None = None
    names: list[str] = field(default_factory=list)
    chair: str = ""
    on_leave: dict[uuid.UUID, tuple[str, str]] = field(default_factory=dict)
    roles: dict[uuid.UUID, set[str]] = field(default_factory=dict)
    voting: VotingRoll = field(default_factory=VotingRoll)
    instructions: list[Instruction] = field(default_factory=list)

    @property
    def is_long(self) -> bool:
        """Whether those away are typed rather than tapped."""
        return bool(self.number_due) and not self.due

    @property
    def near(self) -> frozenset[uuid.UUID]:
        """Who is meant first where several people have one name."""
        return self.roster.people(self.chosen.unit, self.chosen.days) if self.chosen.unit else frozenset()


def draw_desk(
    actor: Actor, shelf: Shelf, chosen: Chosen, texts: Sequence[str] = (), lecturers: str = ""
) -> Desk:
    """Read the people; at most six queries whatever is chosen.

    Args:
        actor: who records.
        shelf: what may be chosen.
        chosen: what is chosen so far.
        texts: everything typed that names people.
        lecturers: the part of it that names lecturers, whose posts decide in what capacity they teach.
    """
    book = PeopleBook.load(actor.bureau_id, [*texts, lecturers])
    if chosen.unit is None:
        return Desk(shelf, chosen, Roster(()), book)
    roster = Roster.load(actor.bureau_id, [chosen.unit], chosen.days)
    desk = Desk(shelf, chosen, roster, book)
    _put_people(desk, actor.bureau_id)
    desk.instructions = in_force(actor.bureau_id, chosen.kinds, chosen.day)
    if lecturers.strip():
        desk.roles = _roles(actor.bureau_id, book, chosen.day)
    return desk


def _put_people(desk: Desk, bureau_id: uuid.UUID) -> None:
    chosen, unit = desk.chosen, desk.chosen.unit
    if unit is None:
        return
    due: frozenset[uuid.UUID] = frozenset()
    if not chosen.is_month:
        audiences = {kind.audience for kind in chosen.kinds}
        due = desk.roster.due(unit, chosen.day, audiences)
        desk.number_due = len(due)
        if due:
            known = exclusions_on(bureau_id, chosen.day)
            desk.voting = desk.roster.voting(unit, chosen.day, audiences, known)
    chair = usual_chair(desk.roster, unit, chosen.day)
    is_long = len(due) > LONGEST_ROLL
    near = desk.near if len(desk.near) <= LONGEST_ROLL else frozenset()
    keys = {*near, *(() if is_long else due), *([chair] if chair else [])}
    lines = due_lines(bureau_id, keys, chosen.day, away=due if is_long else ())
    people = [line.person for line in lines]
    for person in people:
        desk.book.add(person)  # the preset chair and names picked from the list were not typed before
    names = _written(people)
    desk.chair = names.get(chair, "") if chair else ""
    desk.names = [names[person.pk] for person in people]
    here = [line for line in lines if line.person.pk in due]
    if is_long:
        desk.on_leave = {line.person.pk: (names[line.person.pk], line.leave) for line in here if line.leave}
    else:
        desk.due = here


def _written(people: Sequence[Person]) -> dict[uuid.UUID, str]:
    """How each person is written so that nobody else is meant: the name, with the number if needed."""
    names = [person.name for person in people]
    return {
        person.pk: person.name if names.count(person.name) == 1 else f"{person.name}({person.staff_no})"
        for person in people
    }


def _roles(bureau_id: uuid.UUID, book: PeopleBook, day: dt.date) -> dict[uuid.UUID, set[str]]:
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    held = Post.objects.on(day).filter(bureau_id=bureau_id, person_id__in=book.keys())
    for person_id, role in held.values_list("person_id", "role"):
        found[person_id].add(role)
    return found
