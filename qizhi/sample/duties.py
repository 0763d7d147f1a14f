"""The three lists of each year and the tasks that were split over branches, with what branches did."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qizhi.org.enums import Role
from qizhi.org.models import Person, Post
from qizhi.sample.agenda import Agenda
from qizhi.sample.diary import Diary
from qizhi.sample.organisation import Branch
from qizhi.sample.rows import chance, words
from qizhi.sample.staff import ONE_DAY
from qizhi.tasks.enums import ListKind, Settlement
from qizhi.tasks.models import Duty, DutyList, DutyNote, DutyPart, Plan

FIRST_YEAR = 2017
MISSED_SHARE, EXTENDED_SHARE, EARLY_SHARE = 0.03, 0.04, 0.25
"""Parts that were let slip; that got more time; that were done well before their day."""
COMMITTEE = "oc"
A_WHILE = 20


@dataclass
class Duties:
    """Writes lists, tasks, parts and notes."""

    diary: Diary
    agenda: Agenda
    number: int

    def __post_init__(self) -> None:
        """Read the words."""
        self.rows, self.units, self.until = self.diary.rows, self.diary.units, self.diary.until
        self._said: dict[str, Any] = words("duties")

    def tell(self, year: int, branches: Iterable[Branch]) -> None:
        """What was asked in a year, from 2017 on."""
        branches = list(branches)
        issued = self.agenda.in_month("lists", year, 2, 5, 15)
        if year < FIRST_YEAR:
            return
        if issued <= self.until:
            self._responsibility(year, issued, branches)
            self._notes(year, issued, branches, ListKind.INCENTIVE, said="good", number=5)
            self._notes(year, issued, branches, ListKind.NEGATIVE, said="doubts", number=2)
        for said in self._said["tasks"]:
            self._task(year, said, branches)

    def _list(self, year: int, issued: dt.date, kind: ListKind) -> DutyList:
        name = self._said["names"][kind.value].format(year=year)
        unit = self.units[COMMITTEE]
        return self.rows.add(
            DutyList, issued, issuer=unit, year=year, kind=kind.value, name=name, issued_on=issued
        )

    def _responsibility(self, year: int, issued: dt.date, branches: list[Branch]) -> None:
        made = self._list(year, issued, ListKind.RESPONSIBILITY)
        for position, said in enumerate(self._said["responsibility"], start=1):
            month, day = map(int, said.get("due", "12-31").split("-"))
            is_dated = "days" not in said
            duty = self._duty(
                year,
                issued,
                duty_list=made,
                position=position,
                text=said["text"],
                provision=self._said["provision"],
                owner_role=said["role"],
                due_on=dt.date(year, month, day) if is_dated else None,
                start_on=None if is_dated else issued,
                working_days=said.get("days"),
                figure=said.get("figure", ""),
                target=said.get("target"),
            )
            due = dt.date(year, month, day) if is_dated else self._after(issued, said["days"])
            for branch in branches:
                self._part(duty, branch, issued, due, has_plan=said.get("plan", False))

    def _task(self, year: int, said: dict[str, Any], branches: list[Branch]) -> None:
        issued = self.agenda.in_month("task", year, said["month"], 8, 18)
        if issued > self.until:
            return
        duty = self._duty(
            year,
            issued,
            text=said["text"],
            owner_role=Role.SECRETARY,
            start_on=issued,
            working_days=said["days"],
            issued_on=issued,
        )
        for branch in branches:
            self._part(duty, branch, issued, self._after(issued, said["days"]))

    def _duty(self, year: int, issued: dt.date, **values: Any) -> Duty:
        return self.rows.add(Duty, issued, issuer=self.units[COMMITTEE], year=year, **values)

    def _after(self, day: dt.date, count: int) -> dt.date:
        for _ in range(count):
            day = self.agenda.after(day + ONE_DAY)
        return day

    def _part(
        self, duty: Duty, branch: Branch, issued: dt.date, due: dt.date, *, has_plan: bool = False
    ) -> None:
        if not branch.exists_on(issued):
            return
        part = self.rows.add(DutyPart, issued, duty=duty, unit=self.units[branch.code])
        if duty.figure:
            return
        draw = chance(self.number, "part", duty.year, duty.text, branch.code)
        done_on = self._done_on(draw, issued, due)
        if draw.random() < EXTENDED_SHARE and due < self.until:
            approver = self._approver(due)
            if approver is not None:
                part.extended_to, part.extended_because = self._after(due, 10), self._said["extended"]
                part.approved_by = approver
        if draw.random() < MISSED_SHARE or done_on > self.until:
            return
        part.settled_as, part.settled_on = Settlement.DONE, done_on
        plan = self._plan(branch, duty.year) if has_plan else None
        if plan is not None:
            part.link_label, part.link_address = plan.name, plan.get_absolute_url()
            part.settled_on = max(plan.adopted_on or done_on, issued)
        else:
            part.words = draw.choice(self._said["done"])

    def _done_on(self, draw: random.Random, issued: dt.date, due: dt.date) -> dt.date:
        """Mostly in the last weeks, sometimes early, always a working day and not after the last one."""
        first = issued if draw.random() < EARLY_SHARE else max(issued, due - dt.timedelta(days=A_WHILE))
        day = first + dt.timedelta(days=draw.randint(0, max(0, (due - first).days)))
        return max(self.agenda.before(day), issued)

    def _plan(self, branch: Branch, year: int) -> Plan | None:
        unit = self.units[branch.code]
        found = (plan for plan in self.rows.of(Plan) if plan.unit is unit and plan.year == year)
        return next(found, None)

    def _approver(self, day: dt.date) -> Person | None:
        """The secretary of the organ committee on the day."""
        for post in self.rows.of(Post):
            is_then = post.holds(day)
            if post.role == Role.COMMITTEE_SECRETARY and is_then:
                person: Person = post.person
                return person
        return None

    def _notes(
        self, year: int, issued: dt.date, branches: list[Branch], kind: ListKind, *, said: str, number: int
    ) -> None:
        made = self._list(year, issued, kind)
        there = [branch for branch in branches if branch.exists_on(issued)]
        duties = []
        for position, text in enumerate(self._said[kind.value], start=1):
            duty = self._duty(year, issued, duty_list=made, position=position, text=text)
            duties.append(duty)
            for branch in there:
                self.rows.add(DutyPart, issued, duty=duty, unit=self.units[branch.code])
        for index in range(number):
            draw = chance(self.number, "note", kind, year, index)
            branch, which = draw.choice(there), draw.randrange(len(self._said[said]))
            day = self.agenda.before(issued + dt.timedelta(days=draw.randint(5, 300)))
            if issued <= day <= self.until and branch.exists_on(day) and day.year == year:
                self.rows.add(
                    DutyNote,
                    day,
                    duty=duties[which],
                    unit=self.units[branch.code],
                    noted_on=day,
                    words=self._said[said][which],
                )
