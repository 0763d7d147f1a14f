"""What is known of a gathering, apart from how it is stored: what forms, imports and samples hand in."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from qizhi.core import audit, periods
from qizhi.core.periods import Period
from qizhi.core.text import clean, one_line
from qizhi.core.values import dataclass
from qizhi.gatherings import rules
from qizhi.gatherings.enums import Capacity, DatePrecision, RollState, Threshold, VisitorRole
from qizhi.gatherings.models import Gathering, Kind, Resolution, Series
from qizhi.gatherings.queries.participants import Participant, participants_of
from qizhi.org.models import Person, Unit


@dataclass(frozen=True)
class LecturerFact:
    """Who gave a lesson: a person of ours, or a guest by name."""

    person: Person | None = None
    guest_name: str = ""
    capacity: str = Capacity.MEMBER

    def __str__(self) -> str:
        """For the log."""
        return f"{self.person or self.guest_name}（{Capacity(self.capacity).label}）"


@dataclass(frozen=True)
class RollFact:
    """An exception from the roll."""

    person: Person
    state: str
    reason: str = ""
    made_up_on: dt.date | None = None

    def __str__(self) -> str:
        """For the log."""
        more = [self.reason, periods.say_day(self.made_up_on) if self.made_up_on else ""]
        said = "，".join(text for text in more if text)
        return f"{self.person}：{RollState(self.state).label}{f'（{said}）' if said else ''}"


@dataclass(frozen=True)
class VisitorFact:
    """An auditor or guest; `comment` is the auditor's own and is never changed by a correction."""

    person: Person | None = None
    guest_name: str = ""
    role: str = VisitorRole.GUEST
    comment: str = ""

    def __str__(self) -> str:
        """For the log."""
        comment = f"，点评：{self.comment}" if self.comment else ""
        return f"{self.person or self.guest_name}（{VisitorRole(self.role).label}）{comment}"


@dataclass(frozen=True)
class ResolutionFact:
    """Something put to the vote, with its count; `person` is whom an admission concerns."""

    title: str
    due: int
    present: int
    yes: int
    no: int = 0
    abstained: int = 0
    written_yes: int = 0
    threshold: str = Threshold.ORDINARY
    person: Person | None = None
    ballots_issued: int | None = None
    ballots_returned: int | None = None
    candidates: int | None = None
    seats: int | None = None
    elected: int | None = None

    def __str__(self) -> str:
        """For the log."""
        whom = f"，讨论对象 {self.person}" if self.person else ""
        ballots = (
            ""
            if self.ballots_issued is None
            else f"，发出选票 {self.ballots_issued}，收回 {self.ballots_returned}"
        )
        return (
            f"{self.title}（{Threshold(self.threshold).label}）：应到 {self.due}，实到 {self.present}，"
            f"赞成 {self.yes}，反对 {self.no}，弃权 {self.abstained}，会前书面赞成 {self.written_yes}"
            f"{ballots}{self._places}{whom}"
        )

    @property
    def _places(self) -> str:
        """For the log: how many stood for how many seats, as far as it is given."""
        told = (("候选人", self.candidates), ("应选", self.seats), ("当选", self.elected))
        return "".join(f"，{label} {number}" for label, number in told if number is not None)


@dataclass(frozen=True, kw_only=True)
class GatheringFacts:
    """One gathering.

    Attributes:
        unit: who held it.
        held_on: the day; any day of the month where only that is known.
        kinds: one or several.
        title: left empty, it is suggested from the kinds and the month.
        precision: `DatePrecision`.
        hours: study hours; None takes the longest of the kinds' own.
        due_total: number due from paper, which rules over the list of names; so does `present_total`.
        roll: exceptions from "everybody due was present".
    """

    unit: Unit
    held_on: dt.date
    kinds: tuple[Kind, ...]
    title: str = ""
    precision: str = DatePrecision.DAY
    starts_at: dt.time | None = None
    place: str = ""
    chair: Person | None = None
    topics: str = ""
    minutes: str = ""
    hours: Decimal | None = None
    series: Series | None = None
    due_total: int | None = None
    present_total: int | None = None
    lecturers: tuple[LecturerFact, ...] = ()
    roll: tuple[RollFact, ...] = ()
    visitors: tuple[VisitorFact, ...] = ()
    resolutions: tuple[ResolutionFact, ...] = ()

    @property
    def days(self) -> Period:
        """The days on which it can have happened."""
        if self.precision == DatePrecision.MONTH:
            return periods.month_of(self.held_on)
        return Period(self.held_on, self.held_on)

    @property
    def people(self) -> list[tuple[str, Person]]:
        """Everybody named, with the input that names them."""
        named = [("chair", self.chair)]
        named += [("lecturers", lecturer.person) for lecturer in self.lecturers]
        named += [("roll", entry.person) for entry in self.roll]
        named += [
            ("auditors" if visitor.role == VisitorRole.AUDITOR else "guests", visitor.person)
            for visitor in self.visitors
        ]
        named += [("resolutions", resolution.person) for resolution in self.resolutions]
        return [(field, person) for field, person in named if person is not None]

    def settled(self) -> GatheringFacts:
        """The same facts as they are stored: texts cleaned, blanks filled, kinds and roll in order."""
        kinds = tuple(sorted(set(self.kinds), key=lambda kind: (kind.position, kind.key)))
        is_month = self.precision == DatePrecision.MONTH
        day = self.held_on.replace(day=1) if is_month else self.held_on
        title = one_line(self.title) or rules.suggest_title([kind.name for kind in kinds], day)
        longest = max((Decimal(kind.default_hours) for kind in kinds), default=Decimal(0))
        hours = longest if self.hours is None else self.hours
        return replace(
            self,
            kinds=kinds,
            held_on=day,
            title=title,
            hours=hours.quantize(Decimal("0.1")),
            starts_at=None if is_month else self.starts_at,
            place=one_line(self.place),
            topics=clean(self.topics).strip(),
            minutes=clean(self.minutes).strip(),
            roll=tuple(sorted(self.roll, key=lambda entry: entry.person.staff_no)),
        )


COLUMNS = (
    "title",
    "held_on",
    "precision",
    "starts_at",
    "place",
    "topics",
    "minutes",
    "hours",
    "due_total",
    "present_total",
)
"""Facts that are plain columns of a gathering."""
RESOLUTION_COLUMNS = tuple(column.name for column in fields(ResolutionFact))


def facts_of(gatherings: Sequence[Gathering]) -> dict[uuid.UUID, GatheringFacts]:
    """The facts of gatherings as they are stored, in four queries however many there are."""
    rows = Gathering.objects.filter(pk__in=[gathering.pk for gathering in gatherings])
    return known_facts(list(rows.select_related("unit", "chair", "series")))


def known_facts(gatherings: Sequence[Gathering]) -> dict[uuid.UUID, GatheringFacts]:
    """The facts of gatherings fetched just now with unit, chair and series; three queries."""
    if not gatherings:
        return {}
    ids = [gathering.pk for gathering in gatherings]
    prefetch_related_objects(
        list(gatherings),
        "kinds",
        Prefetch("resolutions", Resolution.objects.select_related("person").order_by("position")),
    )
    people = participants_of(gatherings[0].bureau_id, ids)
    return {gathering.pk: _facts(gathering, people[gathering.pk]) for gathering in gatherings}


def _person(one: Participant, bureau_id: uuid.UUID) -> Person | None:
    """The person with the columns that are known; the others are read when somebody asks for them."""
    if one.person_id is None:
        return None
    names = ["id", "bureau_id", "staff_no", "name", "entered_on", "left_on"]
    values = [one.person_id, bureau_id, one.number, one.name, one.entered_on, one.left_on]
    return Person.from_db(None, names, values)


def _facts(gathering: Gathering, people: Sequence[Participant]) -> GatheringFacts:
    named = [
        (one, person, "" if person else one.name)
        for one in people
        for person in [_person(one, gathering.bureau_id)]
    ]
    return GatheringFacts(
        unit=gathering.unit,
        kinds=tuple(gathering.kinds.all()),
        chair=gathering.chair,
        series=gathering.series,
        lecturers=tuple(
            LecturerFact(person, guest, one.word) for one, person, guest in named if one.source == "lecturer"
        ),
        roll=tuple(
            RollFact(person, one.word, one.text, one.day)
            for one, person, _ in named
            if one.source == "roll" and person
        ),
        visitors=tuple(
            VisitorFact(person, guest, one.word, one.text)
            for one, person, guest in named
            if one.source == "visitor"
        ),
        resolutions=tuple(
            ResolutionFact(**{name: getattr(row, name) for name in RESOLUTION_COLUMNS})
            for row in gathering.resolutions.all()
        ),
        **{name: getattr(gathering, name) for name in COLUMNS},
    ).settled()


def fingerprint(facts: GatheringFacts) -> str:
    """Sixty-four digits that differ when anything differs that a correction can change."""
    silent = replace(facts, visitors=tuple(replace(one, comment="") for one in facts.visitors))
    told = _readable(silent) | {name: str(getattr(silent, name)) for name in COLUMNS}
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def snapshot(gathering: Gathering, facts: GatheringFacts) -> audit.Snapshot:
    """The row's columns and its children as people read them, for the log."""
    return audit.snapshot(gathering) | _readable(facts)


def _readable(facts: GatheringFacts) -> dict[str, Any]:
    return {
        "unit": str(facts.unit),
        "chair": str(facts.chair) if facts.chair else "",
        "series": str(facts.series) if facts.series else "",
        "kinds": [kind.name for kind in facts.kinds],
        "lecturers": [str(fact) for fact in facts.lecturers],
        "roll": [str(fact) for fact in facts.roll],
        "visitors": [str(fact) for fact in facts.visitors],
        "resolutions": [str(fact) for fact in facts.resolutions],
    }
