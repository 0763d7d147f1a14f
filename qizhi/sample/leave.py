"""Requests for the leave that was taken: who approved it, when they were back, and a few that wait."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from qizhi.conduct.enums import LeaveStatus
from qizhi.conduct.models import LeaveRequest
from qizhi.conduct.rules.leave import Band, Entitlement, Level, approval_level, entitled_on
from qizhi.org.enums import RANK_ORDER, LeaveKind, Rank, Role
from qizhi.org.models import Leave, Person, Placement, Post, RankTenure
from qizhi.sample.agenda import Agenda
from qizhi.sample.rows import Rows, chance
from qizhi.sample.staff import ONE_DAY

GIVES = Entitlement((Band(1, 5), Band(10, 10), Band(20, 15)))
"""As the national regulation gives it; the sample keeps to it."""
BY_LETTER = (LeaveKind.SECONDMENT,)
"""Arranged by letters between bodies, not asked for."""
STILL_AWAY, WAITING = 20, 5
"""Days in which a return may not be registered yet; requests that wait on the last day."""
FORGETFUL = 0.06


def fitting(kind: LeaveKind, began: dt.date, worked: Sequence[dt.date], used: Counter[int]) -> LeaveKind:
    """The kind of a leave: nobody takes more annual leave than there is, the rest has another ground.

    `used` counts the annual leave that the person took in each year, and this one if it is.
    """
    if kind is not LeaveKind.ANNUAL or not worked:
        return kind
    wanted = used + Counter(day.year for day in worked)
    if any(wanted[day.year] > entitled_on(began, day, GIVES) for day in worked):
        return LeaveKind.OTHER
    used.update(day.year for day in worked)
    return kind


@dataclass
class Requests:
    """Writes a request for every leave up to the last day."""

    rows: Rows
    agenda: Agenda
    number: int
    until: dt.date
    placed: dict[object, list[Placement]] = field(default_factory=lambda: defaultdict(list))
    ranks: dict[object, list[RankTenure]] = field(default_factory=lambda: defaultdict(list))
    posts: dict[str, list[Post]] = field(default_factory=lambda: defaultdict(list))
    held_by: dict[object, list[Post]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Know who sits where."""
        for placement in self.rows.of(Placement):
            self.placed[placement.person_id].append(placement)
        for tenure in self.rows.of(RankTenure):
            self.ranks[tenure.person_id].append(tenure)
        for post in self.rows.of(Post):
            self.posts[post.role].append(post)
            self.held_by[post.person_id].append(post)

    def tell(self) -> None:
        """Every leave that has begun, and what waits."""
        for leave in self.rows.of(Leave):
            if leave.from_on <= self.until and leave.kind not in BY_LETTER:
                self._request(leave)
        self._wait()

    def _request(self, leave: Leave) -> None:
        draw = chance(self.number, "request", leave.person.staff_no, leave.from_on)
        asked = self._asked(leave, draw)
        approver = self._approver(leave.person, asked, draw)
        back = self.agenda.after((leave.to_on or self.until) + ONE_DAY)
        is_forgotten = draw.random() < FORGETFUL and (self.until - back).days < STILL_AWAY
        is_back = back <= self.until and not is_forgotten
        self.rows.add(
            LeaveRequest,
            asked,
            person=leave.person,
            kind=leave.kind,
            from_on=leave.from_on,
            to_on=leave.to_on or leave.from_on,
            asked_on=asked,
            asked_by_label=leave.person.name,
            approver=approver,
            decided_by=approver,
            decided_on=asked,
            reason="" if approver else "按上级批复登记",
            status=LeaveStatus.RETURNED if is_back else LeaveStatus.APPROVED,
            returned_on=back if is_back else None,
            leave=leave,
        )

    def _asked(self, leave: Leave, draw: random.Random) -> dt.date:
        """Sick leave is asked for on its day, other leave some days before."""
        ahead = 0 if leave.kind == LeaveKind.SICK else draw.randint(2, 9)
        first = min(row.from_on for row in self.placed[leave.person_id])
        return max(leave.from_on - dt.timedelta(days=ahead), first)

    def _approver(self, person: Person, day: dt.date, draw: random.Random) -> Person | None:
        units = [row.unit_id for row in self.placed[person.pk] if row.holds(day)]
        heads = [
            post.person
            for post in self._held(Role.DEPARTMENT_HEAD, day)
            if post.unit_id in units and post.person_id != person.pk
        ]
        own = {post.role for post in self.held_by[person.pk] if post.holds(day)}
        rank = next((row.rank for row in self.ranks[person.pk] if row.holds(day)), Rank.CLERK)
        level = approval_level(
            is_principal=Role.PARTY_GROUP_SECRETARY in own,
            is_leader=Role.LEADER in own,
            is_head=Role.DEPARTMENT_HEAD in own,
            is_division=RANK_ORDER[Rank(rank)] >= RANK_ORDER[Rank.DEPUTY_DIVISION],
            has_head=bool(heads),
        )
        wanted = {Level.LEADER: Role.LEADER, Level.PRINCIPAL: Role.PARTY_GROUP_SECRETARY}
        if level in wanted:
            heads = [post.person for post in self._held(wanted[level], day) if post.person_id != person.pk]
        return draw.choice(heads) if heads and level is not Level.SUPERIOR else None

    def _is_entitled(self, person: Person) -> bool:
        """Whether years of service give the person any annual leave."""
        began = person.began_work_on
        return began is not None and entitled_on(began, self.until, GIVES) > 0

    def _held(self, role: Role, day: dt.date) -> list[Post]:
        return [post for post in self.posts[role] if post.holds(day)]

    def _wait(self) -> None:
        """On the last day some have asked for two days of the next week."""
        first = self.agenda.after(self.until + dt.timedelta(days=7))
        away = {
            leave.person_id
            for leave in self.rows.of(Leave)
            if leave.to_on is None or leave.to_on > self.until
        }
        # Nor those who have begun the annual leave of the year.
        away |= {
            leave.person_id
            for leave in self.rows.of(Leave)
            if leave.kind == LeaveKind.ANNUAL and leave.from_on.year == first.year
        }
        there = [
            row
            for row in self.rows.of(Placement)
            if row.holds(self.until) and row.holds(first)
            if row.person_id not in away and self._is_entitled(row.person)
        ]
        by_unit: dict[object, list[Placement]] = defaultdict(list)
        for row in there:
            by_unit[row.unit_id].append(row)
        for place, (_, people) in enumerate(list(by_unit.items())[:WAITING]):
            draw = chance(self.number, "waiting", place)
            person = draw.choice(people).person
            last = self.agenda.after(first + ONE_DAY)
            self.rows.add(
                LeaveRequest,
                self.until,
                person=person,
                kind=LeaveKind.ANNUAL if place % 2 == 0 else LeaveKind.PERSONAL,
                from_on=first,
                to_on=last,
                asked_on=self.until,
                asked_by_label=person.name,
                status=LeaveStatus.REQUESTED,
            )
