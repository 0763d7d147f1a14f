"""Who is due at many gatherings, from one query."""

from __future__ import annotations

import datetime as dt
import uuid
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Protocol

from django.db import connection

from qizhi.core import kept
from qizhi.core.periods import Period, year
from qizhi.core.values import dataclass
from qizhi.gatherings import rules
from qizhi.gatherings.enums import DatePrecision
from qizhi.gatherings.models import Gathering, GatheringKind, RollEntry
from qizhi.gatherings.rules.attendance import MADE_UP, MEMBER, PLACEMENT, POST, Bond, Place
from qizhi.org.enums import MemberStatus, UnitKind
from qizhi.org.models import DatedRow, Membership, Placement, Post, Unit
from qizhi.org.queries.belonging import belonging_of

TIES = (MEMBER, POST, PLACEMENT)
WIDE = {UnitKind.BUREAU, UnitKind.COMMITTEE}
"""Kinds of unit whose gatherings ask for people of the units below."""


def place_of(unit: Unit) -> Place:
    """The unit as the rules see it."""
    return Place(unit.pk, unit.kind, unit.path)


class Roster:
    """The ties of everybody who may be due at gatherings of some units during some days."""

    def __init__(self, bonds: Iterable[Bond]) -> None:
        """Sort the ties by unit and by group."""
        self.bonds = tuple(bonds)
        self._by_unit: dict[uuid.UUID, list[Bond]] = defaultdict(list)
        self._edges: dict[uuid.UUID, list[int]] = {}
        self._known: dict[tuple[uuid.UUID, int, frozenset[str]], frozenset[uuid.UUID]] = {}
        self._around: dict[tuple[uuid.UUID, int, int], frozenset[uuid.UUID]] = {}
        for bond in self.bonds:
            self._by_unit[bond.unit_id].append(bond)
            if bond.group_id:
                self._by_unit[bond.group_id].append(bond)

    @classmethod
    def load(
        cls,
        bureau_id: uuid.UUID,
        units: Iterable[Unit],
        days: Period,
        audiences: Mapping[uuid.UUID, set[str]] | None = None,
    ) -> Roster:
        """Read the ties of these units (and of those below bureau and committee); one query.

        Args:
            bureau_id: whose units they are.
            units: units that held, or may hold, gatherings.
            days: the days that matter; read are the whole years, which pages of one unit then share.
            audiences: by unit, the audiences that will be asked about; all ties are read without it.
        """
        wanted = [(unit, frozenset(_ties(unit, audiences))) for unit in units]
        if not wanted:
            return cls(())
        asked = tuple((unit.pk, ties) for unit, ties in wanted)
        days = Period(year(days.start.year).start, year(days.end.year).end)
        return kept.keep(
            lambda: cls(_bonds(_rows(bureau_id, wanted, days))), "gatherings.roster", bureau_id, asked, days
        )

    @classmethod
    def whole(cls, bureau_id: uuid.UUID) -> Roster:
        """The ties of everybody at all times, for many gatherings; the queries of `belonging_of`."""
        return kept.keep(partial(cls._whole, bureau_id), "gatherings.whole_roster", bureau_id)

    @classmethod
    def _whole(cls, bureau_id: uuid.UUID) -> Roster:
        here = belonging_of(bureau_id)
        kinds = ((MEMBER, here.members), (POST, here.posts), (PLACEMENT, here.placements))
        paths = {key: unit.path for key, unit in here.units.items()}
        return cls(
            Bond(
                *(kind, tie.person_id, tie.unit_id, paths[tie.unit_id]),
                *(tie.group_id, tie.what, tie.from_on, tie.to_on),
            )
            for kind, ties in kinds
            for tie in ties
            if tie.unit_id
        )

    def due(self, unit: Unit, day: dt.date, audiences: Iterable[str]) -> frozenset[uuid.UUID]:
        """People due at a gathering of the unit on the day."""
        asked = frozenset(audiences)
        key = (unit.pk, self._stretch(unit, day), asked)
        if key not in self._known:
            self._known[key] = rules.due(place_of(unit), asked, day, self._of(unit))
        return self._known[key]

    def _stretch(self, unit: Unit, day: dt.date) -> int:
        """The same number for all days between which no tie of the unit begins or ends."""
        if unit.pk not in self._edges:
            bonds = self._of(unit)
            ends = {bond.to_on.toordinal() + 1 for bond in bonds if bond.to_on}
            self._edges[unit.pk] = sorted(ends | {bond.from_on.toordinal() for bond in bonds})
        return bisect_right(self._edges[unit.pk], day.toordinal())

    def voting(
        self,
        unit: Unit,
        day: dt.date,
        audiences: Iterable[str],
        exclusions: Iterable[rules.Exclusion] = (),
    ) -> rules.VotingRoll:
        """Which of them vote; `exclusions` are those known in the bureau (see `queries.voting`)."""
        return rules.voting_roll(place_of(unit), audiences, day, self._of(unit), exclusions)

    def people(self, unit: Unit, days: Period) -> frozenset[uuid.UUID]:
        """Everybody with any tie to the unit (or, for bureau and committee, below it) during the days."""
        key = (unit.pk, self._stretch(unit, days.start), self._stretch(unit, days.end))
        if key not in self._around:
            self._around[key] = frozenset(
                bond.person_id
                for bond in self._of(unit)
                if bond.from_on <= days.end and (bond.to_on is None or bond.to_on >= days.start)
            )
        return self._around[key]

    def roles(self, person_id: uuid.UUID, day: dt.date) -> set[str]:
        """Roles of the posts that the person holds on the day in the units of this roster."""
        return {
            bond.role
            for bond in self.bonds
            if bond.tie == POST
            and bond.person_id == person_id
            and bond.from_on <= day
            and (bond.to_on is None or bond.to_on >= day)
        }

    def is_full_member(self, person_id: uuid.UUID, day: dt.date) -> bool:
        """Whether the person is a full member on the day in a branch of this roster."""
        return any(
            bond.tie == MEMBER
            and bond.person_id == person_id
            and bond.role == MemberStatus.FULL
            and bond.from_on <= day
            and (bond.to_on is None or bond.to_on >= day)
            for bond in self.bonds
        )

    def _of(self, unit: Unit) -> Sequence[Bond]:
        return self.bonds if unit.kind in WIDE else self._by_unit.get(unit.pk, ())


def _ties(unit: Unit, audiences: Mapping[uuid.UUID, set[str]] | None) -> set[str]:
    if audiences is None:
        return {MEMBER, POST, PLACEMENT}
    return {rules.ties_asked(audience, unit.kind) for audience in audiences.get(unit.pk, ())}


def _rows(bureau_id: uuid.UUID, wanted: list[tuple[Unit, frozenset[str]]], days: Period) -> Iterable[Any]:
    """Only the ties that are asked about; each unit is looked for among its own kind of ties."""
    joined, holding, working = ([unit for unit, ties in wanted if tie in ties] for tie in TIES)
    texts: list[str] = []
    values: list[str] = []

    def ask(model: type[DatedRow], tie: str, group: str, role: str, units: Sequence[Unit] | None) -> None:
        """Add one kind of tie: of these units, or of all of them where `units` is None."""
        texts.append(_SELECT.format(tie=tie, group=group, role=role, table=model._meta.db_table))
        values.extend((bureau_id.hex, days.end.isoformat(), days.start.isoformat()))
        if units is not None:
            columns = ("unit_id", "group_id") if tie == MEMBER else ("unit_id",)
            marks = ", ".join(["%s"] * len(units))
            texts[-1] += f" AND ({' OR '.join(f't.{column} IN ({marks})' for column in columns)})"
            values.extend([unit.pk.hex for unit in units] * len(columns))

    if joined:
        has_wide = any(unit.kind in WIDE for unit in joined)
        group = "COALESCE(CAST(t.group_id AS varchar(40)), '')"
        ask(Membership, MEMBER, group, "t.status", None if has_wide else joined)
    if holding:
        ask(Post, POST, "''", "t.role", holding)
    if working:
        departments = [unit for unit in working if unit.kind == UnitKind.DEPARTMENT]
        has_bureau = any(unit.kind == UnitKind.BUREAU for unit in working)
        if has_bureau or departments:
            ask(Placement, PLACEMENT, "''", "''", None if has_bureau else departments)
    if not texts:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), values)
        return list(cursor.fetchall())


# By hand: to build this by querysets takes six times as long as to run it, and nearly every page asks it.
# Everything as text: the few different keys and days are then read once each, not once a row.
_SELECT = (
    "SELECT '{tie}', CAST(t.person_id AS varchar(40)), CAST(t.unit_id AS varchar(40)), u.path, {group}, "
    "{role}, CAST(t.from_on AS varchar(10)), COALESCE(CAST(t.to_on AS varchar(10)), '') "
    "FROM {table} t JOIN org_unit u ON u.id = t.unit_id "
    "WHERE t.bureau_id = %s AND t.from_on <= %s AND (t.to_on IS NULL OR t.to_on >= %s)"
)


def _bonds(rows: Iterable[Any]) -> list[Bond]:
    key, day = lru_cache(maxsize=None)(uuid.UUID), lru_cache(maxsize=None)(dt.date.fromisoformat)
    return [
        Bond(
            tie,
            key(person),
            key(unit),
            path,
            key(group) if group else None,
            role,
            day(start),
            day(end) if end else None,
        )
        for tie, person, unit, path, group, role, start, end in rows
    ]


def span_of(days: Iterable[dt.date]) -> Period:
    """The shortest span that holds all the days (of which there is at least one)."""
    known = list(days)
    return Period(min(known), max(known))


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was due at a gathering, who was there, and who made up for it; None: the day is not known."""

    due: frozenset[uuid.UUID] | None
    present: frozenset[uuid.UUID]
    made_up: frozenset[uuid.UUID]


def audiences_of(bureau_id: uuid.UUID, gathering_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """The audiences of the kinds of each gathering; one query."""
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    links = GatheringKind.objects.filter(bureau_id=bureau_id, gathering_id__in=gathering_ids)
    for gathering_id, audience in links.values_list("gathering_id", "kind__audience"):
        found[gathering_id].add(audience)
    return found


def exceptions_of(
    bureau_id: uuid.UUID, gathering_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, dict[uuid.UUID, str]]:
    """State by person of each gathering's roll; one query."""
    found: dict[uuid.UUID, dict[uuid.UUID, str]] = defaultdict(dict)
    entries = RollEntry.objects.filter(bureau_id=bureau_id, gathering_id__in=gathering_ids)
    for gathering_id, person_id, state in entries.values_list("gathering_id", "person_id", "state"):
        found[gathering_id][person_id] = state
    return found


def due_at(roster: Roster, gathering: Held, audiences: Iterable[str]) -> frozenset[uuid.UUID] | None:
    """People due at a gathering with its unit loaded; None when only its month is known."""
    if gathering.precision == DatePrecision.MONTH:
        return None
    return roster.due(gathering.unit, gathering.held_on, audiences)


def roll_counts(
    roster: Roster,
    gatherings: Iterable[Gathering],
    audiences: Mapping[uuid.UUID, set[str]],
    exceptions: Mapping[uuid.UUID, Mapping[uuid.UUID, str]],
) -> dict[uuid.UUID, rules.RollCount]:
    """The roll of each gathering in numbers; no query."""
    return {
        gathering.pk: rules.count_roll(
            due_at(roster, gathering, audiences.get(gathering.pk, ())),
            exceptions.get(gathering.pk, {}),
            due_total=gathering.due_total,
            present_total=gathering.present_total,
        )
        for gathering in gatherings
    }


class Held(Protocol):
    """A gathering as far as its roll goes: the row, or what has been read of it."""

    @property
    def pk(self) -> uuid.UUID:
        """Its key."""

    @property
    def unit(self) -> Unit:
        """Who held it."""

    @property
    def held_on(self) -> dt.date:
        """Its day."""

    @property
    def precision(self) -> str:
        """Whether its day is known."""


def attendance(
    roster: Roster,
    gatherings: Iterable[Held],
    audiences: Mapping[uuid.UUID, set[str]],
    exceptions: Mapping[uuid.UUID, Mapping[uuid.UUID, str]],
) -> dict[uuid.UUID, Attendance]:
    """Who was due and who came, by gathering; no query.

    Numbers typed from paper name nobody and are left out of it.
    """
    found = {}
    for gathering in gatherings:
        people = due_at(roster, gathering, audiences.get(gathering.pk, ()))
        away = exceptions.get(gathering.pk, {})
        made_up = frozenset(person for person, state in away.items() if state == MADE_UP)
        found[gathering.pk] = Attendance(people, (people or frozenset()) - away.keys(), made_up)
    return found
