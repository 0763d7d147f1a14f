"""Gatherings written down: each with its kinds, ledgers, roll and people, as the service would keep them."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from qizhi.core import clock
from qizhi.gatherings.enums import Capacity, DatePrecision, RollState, Threshold, VisitorRole
from qizhi.gatherings.models import (
    LATE_AFTER_DAYS,
    Gathering,
    GatheringKind,
    Kind,
    Lecturer,
    Resolution,
    RollEntry,
    Series,
    Visitor,
)
from qizhi.gatherings.queries.roster import Roster
from qizhi.gatherings.rules import days_late
from qizhi.gatherings.rules.attendance import MEMBER, PLACEMENT, POST, Bond
from qizhi.gatherings.services import entries_for
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, LeaveKind, Role
from qizhi.org.models import Leave, Membership, Person, Placement, Post, Unit
from qizhi.sample.lengths import timed
from qizhi.sample.organisation import FIRST_BRANCH
from qizhi.sample.rows import Rows, chance, words
from qizhi.sample.voting import as_rules

ABSENT_SHARE, MADE_UP_SHARE = 0.012, 0.4
LATE_SHARE = 0.03
SHOWN_DAYS = 120
AFTERNOON = dt.time(14, 30)


class Key(StrEnum):
    """Codes of the standard kinds of gathering."""

    CONGRESS = "congress"
    COMMITTEE = "committee"
    GROUP = "group-meeting"
    LESSON = "lesson"
    MICRO_LESSON = "micro-lesson"
    THEME_DAY = "theme-day"
    ORG_LIFE = "org-life"
    APPRAISAL = "appraisal"
    CENTRE_STUDY = "centre-study"
    CENTRE_DISCUSSION = "centre-discussion"
    INTEGRITY = "integrity"
    WARNING = "warning"
    CAMPAIGN = "campaign"
    ONSITE = "onsite"
    FLAG = "flag-ceremony"
    VOLUNTEER = "volunteer"
    PAIRING = "pairing"
    FIELD_VISIT = "field-visit"
    TRAINING = "training"
    DEBRIEF = "debrief"
    MEMORIAL = "memorial"
    SUPERVISORS = "supervisors"


@dataclass
class Entry:
    """What is to be written down of a gathering; `invited` stands for the due list where no list is kept."""

    unit: str
    title: str
    on: dt.date
    kinds: Sequence[Key]
    starts_at: dt.time | None = AFTERNOON
    hours: str = "2"
    place: str = ""
    topics: Sequence[str] = ()
    series: str = ""
    chair: Person | None = None
    lecturer: Person | None = None
    invited: Sequence[Person] = ()
    minutes: str = ""
    is_month_only: bool = False
    recorded_on: dt.date | None = None
    recorded_by: str = ""


@dataclass
class Diary:
    """Writes gatherings of one bureau up to a day."""

    rows: Rows
    units: Mapping[str, Unit]
    kinds: Mapping[str, Kind]
    number: int
    until: dt.date
    series: dict[str, Series] = field(default_factory=dict)
    held: dict[tuple[str, str, int, int], list[Gathering]] = field(default_factory=lambda: defaultdict(list))
    """What was held, by code of unit, ledger, year and month."""

    def __post_init__(self) -> None:
        """Index who belongs where, who holds what and who was away."""
        self._roster = Roster(_bonds(self.rows))
        self._exclusions = as_rules(self.rows)
        self._persons: dict[uuid.UUID, Person] = {p.pk: p for p in self.rows.of(Person)}
        self._leaves: dict[tuple[uuid.UUID, dt.date], Leave] = {}
        for leave in self.rows.of(Leave):
            last = leave.to_on or leave.from_on
            for number in range((last - leave.from_on).days + 1):
                self._leaves[leave.person_id, leave.from_on + dt.timedelta(days=number)] = leave
        self._visits: set[tuple[uuid.UUID, uuid.UUID]] = set()
        self._posts: dict[uuid.UUID, list[Post]] = defaultdict(list)
        for post in self.rows.of(Post):
            self._posts[post.unit_id].append(post)

    def holder(self, unit: str, role: Role, day: dt.date) -> Person | None:
        """Who held a post on the day; of several the one who has held it longest."""
        found = self.holders(unit, day, role)
        return found[0] if found else None

    def holders(self, unit: str, day: dt.date, *roles: Role) -> list[Person]:
        """Holders of the posts on the day, those who have held them longest first."""
        posts = [post for post in self._posts[self.units[unit].pk] if post.role in roles and post.holds(day)]
        return [self._persons[post.person_id] for post in sorted(posts, key=lambda p: (p.from_on, p.pk))]

    def chair(self, unit: str, day: dt.date, *roles: Role) -> Person | None:
        """Who takes the chair: the first of these roles that is held by somebody who is not away."""
        people = [person for role in roles for person in self.holders(unit, day, role)]
        return next((person for person in people if self.leave(person, day) is None), None)

    def was_elected(self, unit: str, day: dt.date) -> bool:
        """Whether a seat of the branch's committee changed hands on the day."""
        return any(
            post.from_on == day and post.role in BRANCH_COMMITTEE_ROLES
            for post in self._posts[self.units[unit].pk]
        )

    def due(self, unit: str, day: dt.date, kinds: Sequence[Key]) -> list[Person]:
        """People due at such a gathering, by key."""
        audiences = {self.kinds[key].audience for key in kinds}
        return [self._persons[key] for key in sorted(self._roster.due(self.units[unit], day, audiences))]

    def here(self, unit: str, day: dt.date) -> list[Person]:
        """Members of a branch who are not away on the day."""
        return [person for person in self.due(unit, day, [Key.CONGRESS]) if self.leave(person, day) is None]

    def hold(self, entry: Entry) -> Gathering | None:
        """Write it down; None when it lies in the future or was not recorded by the last day."""
        draw = chance(self.number, "entry", entry.unit, entry.title, entry.on)
        recorded_on = entry.recorded_on or entry.on + dt.timedelta(days=self._delay(draw, entry))
        if entry.on > self.until or recorded_on > self.until:
            return None
        gathering = self.rows.add(
            Gathering,
            entry.on,
            unit=self.units[entry.unit],
            title=entry.title,
            held_on=entry.on,
            precision=DatePrecision.MONTH if entry.is_month_only else DatePrecision.DAY,
            starts_at=None if entry.is_month_only else entry.starts_at,
            place=entry.place,
            chair=entry.chair,
            topics="\n".join(self._topics(entry)),
            minutes=entry.minutes,
            hours=Decimal(entry.hours),
            series=self.series.get(entry.series),
            recorded_at=dt.datetime.combine(recorded_on, dt.time(16, draw.randint(0, 59)), clock.ZONE),
            recorded_by=entry.recorded_by or (entry.chair.name if entry.chair else self._officer(entry.on)),
        )
        gathering.is_recorded_late = days_late(gathering.last_day, recorded_on) > LATE_AFTER_DAYS
        kinds = [self.kinds[key] for key in entry.kinds]
        for kind in kinds:
            self.rows.add(GatheringKind, entry.on, gathering=gathering, kind=kind)
        for counted in entries_for(gathering, kinds):
            self.rows.adopt(counted, entry.on)
            self.held[entry.unit, counted.ledger, entry.on.year, entry.on.month].append(gathering)
        if not entry.is_month_only:
            self._roll(gathering, entry, draw)
        return gathering

    def _topics(self, entry: Entry) -> Sequence[str]:
        """The lines of its agenda; meetings plan how long each takes, other gatherings do not."""
        is_meeting = {Key.CONGRESS, Key.COMMITTEE} >= set(entry.kinds)
        return timed(entry.topics, self.number, entry.unit, entry.on) if is_meeting else entry.topics

    def _delay(self, draw: random.Random, entry: Entry) -> int:
        """Days until it was recorded: mostly the same or the next days, seldom very late.

        What the first branch did of late is there on the last day, so that its page shows every state.
        """
        is_late = draw.random() < LATE_SHARE
        days = LATE_AFTER_DAYS + draw.randint(4, 40) if is_late else draw.choice([0, 0, 0, 1, 1, 2, 3])
        is_shown = entry.unit.startswith(FIRST_BRANCH) and (self.until - entry.on).days <= SHOWN_DAYS
        return 0 if is_shown else days

    def _officer(self, day: dt.date) -> str:
        officer = self.holder("b", Role.AFFAIRS_OFFICER, day)
        return officer.name if officer else ""

    def _roll(self, gathering: Gathering, entry: Entry, draw: random.Random) -> None:
        reasons: list[str] = words("topics")["absent_reasons"]
        surely = {person.pk for person in (entry.chair, entry.lecturer) if person is not None}
        invited = {person.pk for person in entry.invited}
        away = 0
        for person in self.due(entry.unit, entry.on, entry.kinds):
            if invited and person.pk not in invited:
                continue
            leave = self.leave(person, entry.on)
            if leave is not None:
                self._exception(gathering, person, RollState.EXCUSED, _REASONS[leave.kind], draw)
            elif draw.random() < ABSENT_SHARE and person.pk not in surely:
                self._exception(gathering, person, RollState.ABSENT, draw.choice(reasons), draw)
            else:
                continue
            away += 1
        if invited:
            gathering.due_total, gathering.present_total = len(invited), len(invited) - away

    def leave(self, person: Person, day: dt.date) -> Leave | None:
        """The approved leave that covers the day."""
        return self._leaves.get((person.pk, day))

    def _exception(
        self, gathering: Gathering, person: Person, state: RollState, reason: str, draw: random.Random
    ) -> None:
        made_up_on = gathering.held_on + dt.timedelta(days=draw.randint(3, 25))
        is_made_up = draw.random() < MADE_UP_SHARE and made_up_on <= self.until
        self.rows.add(
            RollEntry,
            gathering.held_on,
            gathering=gathering,
            person=person,
            state=RollState.MADE_UP if is_made_up else state,
            reason=reason,
            made_up_on=made_up_on if is_made_up else None,
        )

    def lecture(self, gathering: Gathering | None, who: Person | str, capacity: Capacity) -> None:
        """Write down who gave the lesson: a person of ours, or a guest by name."""
        if gathering is not None:
            person, guest = (None, who) if isinstance(who, str) else (who, "")
            day = gathering.held_on
            self.rows.add(
                Lecturer, day, gathering=gathering, person=person, guest_name=guest, capacity=capacity
            )

    def visit(
        self, gathering: Gathering | None, who: Person | str, role: VisitorRole, comment: str = ""
    ) -> None:
        """Write down a visitor; a person who is there already is not written down again."""
        if gathering is not None:
            person, guest = (None, who) if isinstance(who, str) else (who, "")
            if person is not None and (gathering.pk, person.pk) in self._visits:
                return
            if person is not None:
                self._visits.add((gathering.pk, person.pk))
            day = gathering.held_on
            self.rows.add(
                Visitor, day, gathering=gathering, person=person, guest_name=guest, role=role, comment=comment
            )

    def resolve(
        self,
        gathering: Gathering | None,
        titles: Sequence[str],
        threshold: Threshold,
        person: Person | None = None,
        places: tuple[int, int] | None = None,
    ) -> None:
        """Write down what was put to the vote; those away do not vote, a few say no or abstain."""
        if gathering is None:
            return
        draw = chance(self.number, "vote", gathering.title, gathering.unit_id, gathering.held_on)
        audiences = {self.kinds[Key.CONGRESS].audience}
        voting = self._roster.voting(gathering.unit, gathering.held_on, audiences, self._exclusions)
        voters = voting.due_for(threshold)
        away = {e.person_id for e in self._away(gathering)}
        before = sum(r.gathering_id == gathering.pk for r in self.rows.of(Resolution)[-9:])
        for number, title in enumerate(titles, before + 1):
            present = len(voters - away)
            no = min(present, int(draw.random() < 0.06))  # noqa: PLR2004
            abstained = min(present - no, int(draw.random() < 0.1))  # noqa: PLR2004
            written = int(threshold is Threshold.ADMISSION and present < len(voters))
            self.rows.add(
                Resolution,
                gathering.held_on,
                gathering=gathering,
                position=number,
                title=title,
                person=person,
                threshold=threshold,
                due=len(voters),
                present=present,
                yes=present - no - abstained,
                no=no,
                abstained=abstained,
                written_yes=written,
                ballots_issued=present if threshold is Threshold.ELECTION else None,
                ballots_returned=present if threshold is Threshold.ELECTION else None,
                candidates=places[0] if places else None,
                seats=places[1] if places else None,
                elected=places[1] if places else None,
            )

    def _away(self, gathering: Gathering) -> list[RollEntry]:
        """The exceptions of the gathering written last."""
        found = []
        for entry in reversed(self.rows.of(RollEntry)):
            if entry.gathering_id != gathering.pk:
                break
            found.append(entry)
        return found


_REASONS = {str(kind.value): str(kind.label) for kind in LeaveKind}


def _bonds(rows: Rows) -> list[Bond]:
    """Ties of people to units, as the roster of gatherings wants them."""
    return [
        *(_bond(MEMBER, row, row.status, row.group_id) for row in rows.of(Membership)),
        *(_bond(POST, row, row.role) for row in rows.of(Post)),
        *(_bond(PLACEMENT, row, "") for row in rows.of(Placement)),
    ]


def _bond(tie: str, row: Membership | Post | Placement, role: str, group_id: uuid.UUID | None = None) -> Bond:
    return Bond(tie, row.person_id, row.unit_id, row.unit.path, group_id, role, row.from_on, row.to_on)
