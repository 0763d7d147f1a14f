"""Status registers of the invented bureau: reports handed in, checks drawn, risks, supervisors' opinions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from qizhi.conduct.enums import CheckKind, CheckReason, CheckResult, CorrectionStatus, ReportKind
from qizhi.conduct.models import Correction, Liaison, MatterReport, Opinion, PaperCheck, PostDuty, RiskPoint
from qizhi.conduct.rules.registers import change_due, draw
from qizhi.conduct.services.matters import draw_words
from qizhi.org.enums import RANK_ORDER, Rank, Role, UnitKind
from qizhi.org.models import Person, Placement, Post, RankTenure, Unit
from qizhi.sample.agenda import Agenda
from qizhi.sample.diary import Diary, Entry, Key
from qizhi.sample.organisation import Branch
from qizhi.sample.rows import chance, words
from qizhi.sample.staff import LEADERS, ONE_DAY
from qizhi.tasks.enums import Settlement
from qizhi.tasks.models import Duty, DutyPart

FIRST_ROUND = 2018
"""The first yearly round that falls under the rule of 2017."""
LIAISONS_SINCE = dt.date(2017, 3, 1)
COMMITTEE = "oc"
CHANGE_DAYS = 30


@dataclass
class Registers:
    """Writes the registers up to the last day."""

    diary: Diary
    agenda: Agenda
    number: int

    def __post_init__(self) -> None:
        """Read the words."""
        self.rows, self.until = self.diary.rows, self.diary.until
        self._said: dict[str, Any] = words("registers")

    def tell(self, branches: list[Branch]) -> None:
        """Everything."""
        for year in range(FIRST_ROUND, self.until.year + 1):
            self._round(year)
        self._changes()
        self._promotions()
        self._departments()
        self._posts()
        for year in range(FIRST_ROUND - 1, self.until.year + 1):
            for said in self._said["meetings"]:
                self._meeting(year, said, branches)
        self._corrections()

    def _round(self, year: int) -> None:
        """Everybody of rank on the last day of the year before hands in by the last day of January."""
        people = self._cadres(dt.date(year - 1, 12, 31))
        for person in people:
            lot = chance(self.number, "matter", year, person.staff_no)
            day = self.agenda.before(dt.date(year, 1, lot.randint(8, 29)))
            # From the second round on, one of a hundred or so comes late.
            if year > FIRST_ROUND and lot.random() < 0.01:  # noqa: PLR2004
                day = self.agenda.after(dt.date(year, 2, 1))
            if day <= self.until:
                self._report(person, year, day, due_on=dt.date(year, 1, 31))
        self._drawn(year, people)

    def _report(
        self, person: Person, year: int, day: dt.date | None, *, due_on: dt.date, **more: Any
    ) -> None:
        self.rows.add(
            MatterReport,
            day or due_on,
            person=person,
            year=year,
            due_on=due_on,
            handed_in_on=day,
            received_by_label=self._said["receiver"] if day else "",
            **more,
        )

    def _drawn(self, year: int, people: list[Person]) -> None:
        day = self.agenda.after(dt.date(year, 3, 1))
        there = {one.staff_no: one for one in people if one.left_on is None or one.left_on >= day}
        size, seed = -(-len(there) // 10), self._said["seed"].format(year=year)
        if day > self.until or not there:
            return
        for number in draw(there, size, seed):
            for kind in CheckKind:
                self._check(
                    there[number], kind, CheckReason.RANDOM, day, draw_words(len(there), "10%", size, seed)
                )

    def _check(
        self, person: Person, kind: CheckKind, reason: CheckReason, day: dt.date, how: str = ""
    ) -> None:
        lot = chance(self.number, "check", day.year, person.staff_no, kind.value)
        done = self.agenda.after(day + dt.timedelta(days=lot.randint(20, 60)))
        approver = self._approver(day, person)
        is_done = done <= self.until and approver is not None
        result = CheckResult.EXPLAINED if lot.random() < 0.1 else CheckResult.CONSISTENT  # noqa: PLR2004
        self.rows.add(
            PaperCheck,
            day,
            person=person,
            kind=kind.value,
            reason=reason.value,
            year=day.year,
            drawn_on=day,
            draw=how,
            result=result.value if is_done else CheckResult.WAITING.value,
            checked_on=done if is_done else None,
            approved_by=approver if is_done else None,
        )

    def _approver(self, day: dt.date, person: Person) -> Person | None:
        held = self._holders(day, Role.PARTY_GROUP_SECRETARY, Role.LEADER)
        return next((one for one in held if one.pk != person.pk), None)

    def _holders(self, day: dt.date, *roles: Role) -> list[Person]:
        return [row.person for row in self.rows.of(Post) if row.role in roles and row.holds(day)]

    def _cadres(self, day: dt.date) -> list[Person]:
        least = RANK_ORDER[Rank.DEPUTY_DIVISION]
        held = (row for row in self.rows.of(RankTenure) if RANK_ORDER[row.rank] >= least and row.holds(day))
        return sorted({row.person for row in held}, key=lambda one: one.staff_no)

    def _changes(self) -> None:
        """Two a year: one in time; the other is still waited for when one looks soon after."""
        for year in range(FIRST_ROUND - 1, self.until.year + 1):
            for month, days in ((5, 18), (12, 41)):
                happened = dt.date(year, month, 9)
                people = self._cadres(happened)
                due, day = change_due(happened, CHANGE_DAYS), happened + dt.timedelta(days=days)
                if happened <= self.until and people:
                    person = people[(year + month) % len(people)]
                    self._report(
                        person,
                        year,
                        day if day <= self.until else None,
                        due_on=due,
                        kind=ReportKind.CHANGE.value,
                        happened_on=happened,
                    )

    def _promotions(self) -> None:
        """Whoever is promoted among the cadres was checked two months before."""
        ranks = self.rows.of(RankTenure)
        ended = {(row.person_id, row.to_on) for row in ranks if row.to_on}
        least = RANK_ORDER[Rank.DEPUTY_DIVISION]
        for row in ranks:
            is_rise = (row.person_id, row.from_on - ONE_DAY) in ended and RANK_ORDER[row.rank] >= least
            day = self.agenda.before(row.from_on - dt.timedelta(days=60))
            if is_rise and day.year >= FIRST_ROUND - 1 and day <= self.until:
                for kind in CheckKind:
                    self._check(row.person, kind, CheckReason.PROMOTION, day)

    def _departments(self) -> None:
        """A liaison officer and two risk points each; some reviews are overdue."""
        points = self._said["risks"]
        units = [unit for unit in self.diary.units.values() if unit.kind == UnitKind.DEPARTMENT]
        for place, unit in enumerate(units):
            since = max(LIAISONS_SINCE, unit.from_on)
            if since > self.until:
                continue
            placed = [row for row in self.rows.of(Placement) if row.unit is unit and row.holds(since)]
            if placed:
                self.rows.add(Liaison, since, person=placed[-1].person, unit=unit, from_on=since)
            for said in (points[place % len(points)], points[(place + 2) % len(points)]):
                self._risk(unit, said, since, place)

    def _risk(self, unit: Unit, said: dict[str, Any], since: dt.date, place: int) -> None:
        months = 6 if place % 4 else 9
        reviewed = since
        while reviewed + dt.timedelta(days=30 * months) <= self.until - dt.timedelta(days=20):
            reviewed += dt.timedelta(days=30 * months)
        self.rows.add(
            RiskPoint,
            since,
            unit=unit,
            **{name: said[name] for name in ("name", "level", "measures")},
            reviewed_on=reviewed if reviewed > since else None,
            review_on=reviewed + dt.timedelta(days=30 * months),
        )

    def _posts(self) -> None:
        """Each department has its head, and those that receive people a window."""
        since = dt.date(2017, 1, 1)
        for place, unit in enumerate(self.diary.units.values()):
            if unit.kind != UnitKind.DEPARTMENT or unit.from_on > since or since > self.until:
                continue
            for said in self._said["posts"]:
                if place % said["each"] == 0:
                    values = {name: said[name] for name in ("name", "duties", "demands")}
                    self.rows.add(PostDuty, since, unit=unit, from_on=since, **values)

    def _meeting(self, year: int, said: dict[str, Any], branches: list[Branch]) -> None:
        day = self.agenda.in_month(f"supervisors {said['month']}", year, said["month"], 10, 25)
        if day > self.until:
            return
        held = self.diary.hold(Entry(LEADERS, said["title"], day, [Key.SUPERVISORS], hours="0"))
        if held is None:
            return
        for spoken in said["opinions"]:
            issued = self.agenda.after(day + dt.timedelta(days=5))
            is_task = spoken.get("task") and issued <= self.until
            duty = self._duty(spoken["text"], issued, branches) if is_task else None
            said = {"supervisor": spoken["by"], "text": spoken["text"], "answer": spoken.get("answer", "")}
            self.rows.add(Opinion, day, gathering=held, duty=duty, **said)

    def _duty(self, text: str, issued: dt.date, branches: list[Branch]) -> Duty:
        due = self.agenda.before(issued + dt.timedelta(days=30))
        duty = self.rows.add(
            Duty,
            issued,
            issuer=self.diary.units[COMMITTEE],
            year=issued.year,
            text=f"行风监督意见：{text}",
            owner_role=Role.SECRETARY,
            due_on=due,
            issued_on=issued,
        )
        there = [branch for branch in branches if branch.exists_on(issued)]
        for branch in there[:2]:
            part = self.rows.add(DutyPart, issued, duty=duty, unit=self.diary.units[branch.code])
            if due <= self.until:
                part.settled_as, part.settled_on, part.words = Settlement.DONE, due, "已整改"
        return duty

    def _corrections(self) -> None:
        for place, said in enumerate(self._said["corrections"]):
            if said["asked_on"] > self.until:
                continue
            there = [row.person for row in self.rows.of(Placement) if row.holds(said["asked_on"])]
            row = self.rows.add(
                Correction,
                said["asked_on"],
                person=there[(place + 1) * 61 % len(there)],
                about=said["about"],
                text=said["text"],
                asked_on=said["asked_on"],
                due_on=self._later(said["asked_on"], 15),
            )
            day = self._later(said["asked_on"], said["after"]) if "after" in said else None
            officers = self._holders(day, Role.PERSONNEL_OFFICER) if day else []
            if day and day <= self.until and officers and officers[0].pk != row.person_id:
                row.status, row.answer = CorrectionStatus(said["status"]), said["answer"]
                row.answered_by, row.answered_on = officers[0], day

    def _later(self, day: dt.date, count: int) -> dt.date:
        for _ in range(count):
            day = self.agenda.after(day + ONE_DAY)
        return day
