"""Cases in every state: stories of each year told to their end, and those that are open on the last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qizhi.conduct.enums import (
    CaseStatus,
    Decision,
    InspectionStatus,
    PointsKind,
    ReviewOutcome,
    StepKind,
)
from qizhi.conduct.models import Case, CaseStep, Inspection, Observation, PointsEntry, SampleDraw
from qizhi.conduct.queries.inspections import say_inspection
from qizhi.conduct.rules.procedure import draw, months_after, window
from qizhi.conduct.rules.quotes import LAPSED
from qizhi.conduct.services.drafts import rule_of
from qizhi.core import clock, periods
from qizhi.core.periods import say_day
from qizhi.org.enums import Role
from qizhi.org.models import Bureau, Person, Placement, Unit
from qizhi.regulations.enums import FindingStatus, RunStatus, Verdict
from qizhi.regulations.models import Clause, Finding, Run
from qizhi.regulations.rules import WorkingCalendar
from qizhi.regulations.rules.working_days import UnknownCalendarError
from qizhi.sample.agenda import Agenda
from qizhi.sample.diary import Diary
from qizhi.sample.organisation import Branch
from qizhi.sample.rows import Rows, chance, words
from qizhi.sample.staff import ONE_DAY

FIRST_YEAR = 2016
STATEMENT_DAYS, APPEAL_DAYS, REVIEW_MONTHS = 5, 10, 3
POINTS = {"MV-1": Decimal(-2)}
DRAWN = 8
OTHER_NAMES = {"MV-2": "LB-02"}


@dataclass
class Cases:
    """Writes inspections, what they saw, and cases with all their steps."""

    diary: Diary
    agenda: Agenda
    calendar: WorkingCalendar
    number: int
    inspections: dict[tuple[int, int], Inspection] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the words."""
        self.rows, self.until = self.diary.rows, self.diary.until
        self._said: dict[str, Any] = words("cases")

    def tell(self, branches: list[Branch]) -> None:
        """Everything up to the last day; cases are numbered in the order in which they were recorded."""
        for year in range(FIRST_YEAR, self.until.year + 1):
            for month in range(1, 13):
                self._inspect(year, month)
            for place, said in enumerate(self._said["years"]):
                day = self.agenda.in_month("case", year, said["month"], 8 + place, 20)
                self._story(said, day, f"{year} {place}")
        for place, said in enumerate(self._said["recent"]):
            self._story(said, self._back(self.until, said["before"]), f"recent {place}")
        self._corrected(branches)
        self._count()

    def _inspect(self, year: int, month: int) -> None:
        day = self.agenda.in_month("inspection", year, month, 20, 24)
        leader = self.diary.holder("b", Role.DISCIPLINE_OFFICER, day)
        if day > self.until or leader is None:
            return
        said, seed = self._said["inspection"], f"{year}-{month:02}"
        row = self.rows.add(
            Inspection,
            day,
            month=dt.date(year, month, 1),
            title=said["title"].format(year=year, month=month),
            scope=said["scope"],
            held_on=day,
            led_by=leader,
            status=InspectionStatus.OPEN if (year, month) == _month(self.until) else InspectionStatus.CLOSED,
        )
        self.inspections[year, month] = row
        self._sample(row, day, seed, leader)

    def _sample(self, row: Inspection, day: dt.date, seed: str, by: Person) -> None:
        placed = [row for row in self.rows.of(Placement) if row.holds(day)]
        units = sorted({row.unit.code: row.unit for row in placed}.items())
        unit: Unit = units[day.month % len(units)][1]
        people = {row.person.staff_no: row.person for row in placed if row.unit_id == unit.pk}
        drawn = draw(list(people), min(DRAWN, len(people)), seed)
        self.rows.add(
            SampleDraw,
            day,
            inspection=row,
            at=dt.datetime.combine(day, dt.time(8), clock.ZONE),
            by_label=by.name,
            on=day,
            seed=seed,
            number=len(drawn),
            units=[{"id": str(unit.pk), "name": str(unit)}],
            frame=sorted(people),
            drawn=[
                {"id": str(people[key].pk), "staff_no": key, "name": people[key].name, "unit": str(unit)}
                for key in drawn
            ],
        )

    def _story(self, said: dict[str, Any], day: dt.date, key: str) -> None:
        """One case from the fact on, as far as the last day lets it come."""
        recorded = self._later(day, 2)
        recorder = self.diary.holder("b", Role.DISCIPLINE_OFFICER, recorded)
        placed = self._somebody(day, key)
        if recorded > self.until or recorder is None or placed is None:
            return
        facts = {"happened_on": day, "fact": said["fact"], "evidence": self._evidence(said["clause"])}
        inspection = self.inspections.get(_month(day))
        seen = None
        if inspection is not None and said["clause"] in {"MV-4", "MV-5"}:
            seen = self.rows.add(Observation, day, inspection=inspection, person=placed.person, **facts)
            facts["evidence"] += f"\n检查记录：{self._how_seen(seen, recorded)}。"
        case = self._case(
            recorded,
            recorder,
            clause=said["clause"],
            person=placed.person,
            unit=placed.unit,
            observation=seen,
            inspection=inspection if seen else None,
            **facts,
        )
        Path(self, case, recorded).walk(said["path"])

    def _evidence(self, clause: str) -> str:
        evidence: dict[str, str] = self._said["evidence"]
        return evidence.get(clause, evidence["other"])

    def _how_seen(self, seen: Observation, known_on: dt.date) -> str:
        """The same as a draft says: in which inspection, who led it and who has seen it."""
        leader = seen.inspection.led_by
        officers = self.diary.holders("b", known_on, Role.DISCIPLINE_OFFICER, Role.AFFAIRS_OFFICER)
        another = next((one for one in officers if one not in {leader, seen.person}), None)
        seers = [one for one in (leader, another) if one is not None]
        for one in seers:
            self.rows.link(Observation.seen_by.through, observation=seen, person=one)
        held_on = seen.inspection.held_on
        is_over = held_on is not None and held_on <= known_on
        return say_inspection(seen.inspection, held_on if is_over else None, seers)

    def _case(self, day: dt.date, recorder: Person, clause: str, **values: Any) -> Case:
        case = self.rows.add(
            Case,
            day,
            year=day.year,
            serial=0,
            rule={"key": clause},
            points=POINTS.get(clause, Decimal(-1)),
            recorded_by=recorder,
            recorded_on=day,
            **values,
        )
        self.step(case, StepKind.DRAFTED, day, recorder, "")
        return case

    def step(self, case: Case, kind: StepKind, day: dt.date, by: Person | None, text: str) -> None:
        """Write a step down, each at its own minute of the day."""
        number = sum(1 for row in self.rows.of(CaseStep) if row.case is case)
        at = dt.datetime.combine(day, dt.time(9, number), clock.ZONE)
        label = by.name if by else "—"
        self.rows.add(CaseStep, day, case=case, kind=kind, on=day, at=at, by=by, by_label=label, text=text)

    def _somebody(self, day: dt.date, key: str) -> Placement | None:
        """Who was at work that day, long enough in the bureau, and no officer of ours."""
        officers = {person.pk for person in self._officers(day)}
        there = [
            row
            for row in self.rows.of(Placement)
            if row.holds(day)
            and row.person_id not in officers
            and (row.person.entered_on is None or row.person.entered_on < months_after(day, -13))
            and self.diary.leave(row.person, day) is None
        ]
        return chance(self.number, "case", key).choice(there) if there else None

    def _officers(self, day: dt.date) -> list[Person]:
        found = self.diary.holders("b", day, Role.DISCIPLINE_OFFICER)
        found += self.diary.holders("oc", day, Role.COMMITTEE_SECRETARY)
        return found + self.diary.holders("pg", day, Role.PARTY_GROUP_SECRETARY, Role.PARTY_GROUP_MEMBER)

    def another(self, day: dt.date, *others: Person | None) -> Person | None:
        """Who decides: an officer or the secretary of the organ committee, none of the others."""
        found = self.diary.holders("b", day, Role.DISCIPLINE_OFFICER)
        found += self.diary.holders("oc", day, Role.COMMITTEE_SECRETARY)
        return next((person for person in found if person not in others), None)

    def third(self, day: dt.date, *others: Person | None) -> Person | None:
        """Who reviews: the secretary of the Party group, none of the others."""
        found = self.diary.holders("pg", day, Role.PARTY_GROUP_SECRETARY, Role.PARTY_GROUP_MEMBER)
        return next((person for person in found if person not in others), None)

    def reason(self, word: str) -> str:
        """The words of the file."""
        return str(self._said["reasons"].get(word) or self._said[word])

    def later(self, day: dt.date, count: int) -> dt.date:
        """So many working days later."""
        return self._later(day, count)

    def _later(self, day: dt.date, count: int) -> dt.date:
        for _ in range(count):
            day = self.agenda.after(day + ONE_DAY)
        return day

    def _back(self, day: dt.date, count: int) -> dt.date:
        day = self.agenda.before(day)
        for _ in range(count):
            day = self.agenda.before(day - ONE_DAY)
        return day

    def _corrected(self, branches: list[Branch]) -> None:
        """A branch that held what was missed: the record came late, the finding went, the case waits."""
        quarter = periods.quarter_of(periods.quarter_of(self.until).start - ONE_DAY)
        found_on = self._back(self.until, 6)
        recorder = self.diary.holder("b", Role.DISCIPLINE_OFFICER, found_on)
        there = [one for one in branches if one.exists_on(quarter.start) and one.exists_on(self.until)]
        if quarter.start.year < FIRST_YEAR or found_on <= quarter.end or recorder is None or len(there) < 2:  # noqa: PLR2004
            return
        unit, said = self.diary.units[there[1].code], self._said["gone"]
        values = {"required": said["required"], "actual": said["actual"]}
        sentence = said["sentence"].format(unit=unit, quarter=quarter.label)
        run = self.rows.add(
            Run, found_on, **_span(quarter.end), as_of=found_on, status=RunStatus.DONE, by_label=recorder.name
        )
        finding = self.rows.add(
            Finding,
            found_on,
            run=run,
            slot=f"micro-violations|MV-1|{unit.pk}|{quarter.start.isoformat()}|",
            unit=unit,
            start=quarter.start,
            end=quarter.end,
            verdict=Verdict.VIOLATED,
            points=POINTS["MV-1"],
            sentence=sentence,
            status=FindingStatus.GONE,
            closed_at=dt.datetime.combine(self.until, dt.time(8), clock.ZONE),
            closed_by_label="核算",
            closed_because="补录了本季度的党风廉政教育",
            found_at=dt.datetime.combine(found_on, dt.time(8), clock.ZONE),
            **values,
        )
        evidence = f"应当：{said['required']}。\n实际：{said['actual']}。"
        facts = {"happened_on": quarter.end, "fact": sentence, "evidence": evidence}
        case = self._case(found_on, recorder, clause="MV-1", unit=unit, finding=finding, **facts)
        Path(self, case, found_on).walk(["told"])

    def _count(self) -> None:
        """Number the cases of each year in the order in which they were recorded."""
        last: dict[int, int] = {}
        for case in sorted(self.rows.of(Case), key=lambda row: (row.recorded_on, row.pk)):
            last[case.year] = case.serial = last.get(case.year, 0) + 1


class Path:
    """A case on its way; each word of a path is a method that takes it one step on, unless it is too late."""

    def __init__(self, told: Cases, case: Case, day: dt.date) -> None:
        """Begin on the day on which it was recorded."""
        self.cases, self.case, self.day = told, case, day

    def walk(self, path: list[str]) -> None:
        """As far as the last day and the known calendar let it come."""
        for word in path:
            step: Callable[[str], dt.date | None] = getattr(self, f"_{word}", self._review)
            day = step(word)
            if day is None:
                return
            self.day = day

    def _step(self, kind: StepKind, day: dt.date, by: Person | None, text: str) -> dt.date:
        self.cases.step(self.case, kind, day, by, text)
        return day

    def _is_ahead(self, day: dt.date) -> bool:
        return day > self.cases.until

    def _window(self, start: dt.date, days: int) -> tuple[dt.date, str] | None:
        try:
            found = window(self.cases.calendar, start, days)
        except UnknownCalendarError:
            return None
        return found.until, found.sentence

    def _dropped(self, word: str) -> dt.date | None:
        day = self.cases.later(self.day, 1)
        if self._is_ahead(day):
            return None
        self.case.status = CaseStatus.DROPPED
        return self._step(StepKind.DROPPED, day, self.case.recorded_by, self.cases.reason(word))

    def _told(self, _word: str) -> dt.date | None:
        day = self.cases.later(self.day, 1)
        found = self._window(day, STATEMENT_DAYS)
        if self._is_ahead(day) or found is None:
            return None
        case = self.case
        case.status, case.notified_on, case.statement_days = CaseStatus.NOTIFIED, day, STATEMENT_DAYS
        case.statement_until = found[0]
        return self._step(StepKind.NOTIFIED, day, case.recorded_by, f"陈述期{found[1]}。")

    def _stated(self, _word: str) -> dt.date | None:
        day = self.cases.later(self.day, 3)
        if self._is_ahead(day):
            return None
        self.case.stated_on, self.case.statement = day, self.cases.reason("statement")
        return self._step(StepKind.STATED, day, self.case.person, self.case.statement)

    def _withdrawn(self, word: str) -> dt.date | None:
        return self._decide(word, self.cases.later(self.day, 2))

    def _confirmed(self, word: str) -> dt.date | None:
        until = self.case.statement_until
        return self._decide(word, self.cases.later(until, 1)) if until else None

    def _decide(self, word: str, day: dt.date) -> dt.date | None:
        case = self.case
        decider = self.cases.another(day, case.recorded_by, case.person)
        found = self._window(day, APPEAL_DAYS)
        if self._is_ahead(day) or decider is None or found is None:
            return None
        heard = f"{word}_heard" if case.statement and word == "confirmed" else word
        decision, reason = Decision(word), self.cases.reason(heard)
        case.decided_by, case.decided_on = decider, day
        case.decision, case.decision_reason = decision, reason
        text = f"{decision.label}：{reason}"
        if decision is Decision.CONFIRMED:
            case.status, case.appeal_until = CaseStatus.DECIDED, found[0]
            text += f"\n申诉期{found[1]}。"
        else:
            case.status = CaseStatus.CLEARED
        return self._step(StepKind.DECIDED, day, decider, text)

    def _final(self, _word: str) -> dt.date | None:
        case = self.case
        day = self.cases.later(max(case.appeal_until or self.day, self.day), 1)
        if self._is_ahead(day):
            return None
        case.status, case.final_on, case.final_points = CaseStatus.FINAL, day, case.points
        self._deduct(case.points, day, day)
        text = f"{LAPSED}，记{case.points}分"
        return self._step(StepKind.FINAL, day, case.recorded_by, text)

    def _appealed(self, _word: str) -> dt.date | None:
        day = self.cases.later(self.day, 4)
        if self._is_ahead(day):
            return None
        case = self.case
        case.status, case.appealed_on, case.appeal = CaseStatus.APPEALED, day, self.cases.reason("appeal")
        case.review_until, case.is_appeal_open = months_after(day, REVIEW_MONTHS), True
        return self._step(StepKind.APPEALED, day, case.person, case.appeal)

    def _late(self, word: str) -> dt.date | None:
        case = self.case
        day = self.cases.later(max(case.appeal_until or self.day, self.day), 4)
        if self._is_ahead(day):
            return None
        case.appealed_on, case.appeal, case.is_appeal_late = day, self.cases.reason(word), True
        case.is_appeal_open = True
        return self._step(StepKind.LATE_APPEAL, day, case.person, case.appeal)

    def _admitted(self, word: str) -> dt.date | None:
        return self._answer(word, is_admitted=True)

    def _not_admitted(self, word: str) -> dt.date | None:
        return self._answer(word, is_admitted=False)

    def _answer(self, word: str, *, is_admitted: bool) -> dt.date | None:
        case, day = self.case, self.cases.later(self.day, 3)
        third = self.cases.third(day, case.recorded_by, case.decided_by, case.person)
        if self._is_ahead(day) or third is None:
            return None
        if is_admitted:
            case.review_until, case.admitted_by = months_after(day, REVIEW_MONTHS), third
        else:
            case.appealed_on, case.appeal, case.is_appeal_late = None, "", False
            case.is_appeal_open = False
        kind = StepKind.ADMITTED if is_admitted else StepKind.NOT_ADMITTED
        return self._step(kind, day, third, self.cases.reason(word))

    def _review(self, word: str) -> dt.date | None:
        case, day = self.case, self.cases.later(self.day, 20)
        third = self.cases.third(day, case.recorded_by, case.decided_by, case.person)
        if self._is_ahead(day) or third is None:
            return None
        outcome, reason = ReviewOutcome(word), self.cases.reason(word)
        case.reviewed_by, case.reviewed_on = third, day
        case.outcome, case.review_reason, case.is_appeal_open = outcome, reason, False
        counted_on = case.final_on or day
        points = {ReviewOutcome.UPHELD: case.points, ReviewOutcome.CHANGED: Decimal("-0.5")}.get(outcome)
        self._settle(points, counted_on, day)
        return self._step(StepKind.REVIEWED, day, third, f"{outcome.label}：{reason}")

    def _settle(self, points: Decimal | None, counted_on: dt.date, day: dt.date) -> None:
        case = self.case
        standing = next((row for row in self.cases.rows.of(PointsEntry) if row.case is case), None)
        if standing is not None:
            self._entry(PointsKind.REVERSED, -standing.points, counted_on, day, standing)
        is_cleared = points is None
        case.status = CaseStatus.CLEARED if is_cleared else CaseStatus.FINAL
        case.final_points, case.final_on = points, None if is_cleared else counted_on
        if points is not None:
            self._deduct(points, counted_on, day)

    def _deduct(self, points: Decimal, counted_on: dt.date, day: dt.date) -> None:
        self._entry(PointsKind.DEDUCTED, points, counted_on, day, None)

    def _entry(
        self,
        kind: PointsKind,
        points: Decimal,
        counted_on: dt.date,
        day: dt.date,
        reverses: PointsEntry | None,
    ) -> None:
        case = self.case
        number = len(self.cases.rows.of(PointsEntry)) % 60
        self.cases.rows.add(
            PointsEntry,
            day,
            case=case,
            person=case.person,
            unit=None if case.person else case.unit,
            kind=kind,
            points=points,
            counted_on=counted_on,
            reverses=reverses,
            at=dt.datetime.combine(day, dt.time(16, number), clock.ZONE),
            by_label=case.recorded_by.name,
            reason=f"{say_day(day)}登记",
        )


def name_clauses(rows: Rows, bureau: Bureau) -> None:
    """Point cases, observations and findings to the clauses of the bureau, and copy the words."""
    found = Clause.objects.filter(bureau=bureau, version__regulation__code="micro-violations")
    clauses = {clause.key: clause for clause in found.select_related("version__regulation")}
    for new, old in OTHER_NAMES.items():
        clauses.setdefault(new, clauses.get(old))  # type: ignore[arg-type]
    for case in rows.of(Case):
        case.clause = clauses[case.rule["key"]]
        case.rule = rule_of(case.clause)
        if case.observation is not None:
            case.observation.clause = case.clause
    for finding in rows.of(Finding):
        if finding.slot.startswith("micro-violations|"):
            finding.clause = clauses["MV-1"]
            finding.evidence = {"rule": rule_of(finding.clause), "facts": {}}


def name_units(rows: Rows) -> None:
    """Say of saved inspections which units each looked at: its sample's, and those of whom it has seen."""
    link = Inspection.units.through
    drawn = {(str(row.inspection_id), unit["id"]) for row in rows.of(SampleDraw) for unit in row.units}
    seen = {
        (str(row.inspection_id), str(row.unit_id))
        for row in rows.of(Case)
        if row.inspection_id and row.unit_id
    }
    pairs = sorted(drawn | seen)
    link.objects.bulk_create(link(inspection_id=one, unit_id=unit) for one, unit in pairs)


def _month(day: dt.date) -> tuple[int, int]:
    return day.year, day.month


def _span(last: dt.date) -> dict[str, dt.date]:
    month = periods.month_of(last)
    return {"start": month.start, "end": month.end}
