"""Cases in every state: stories of each year told to their end, and those that are open on the last day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from qizhi.conduct.enums import (
    InspectionStatus,
    StepKind,
)
from qizhi.conduct.models import Case, CaseStep, Inspection, Observation, SampleDraw
from qizhi.conduct.queries.inspections import say_inspection
from qizhi.conduct.rules.procedure import draw, months_after
from qizhi.conduct.services.drafts import rule_of
from qizhi.core import clock, periods
from qizhi.core.periods import Period
from qizhi.org.enums import Role
from qizhi.org.models import Bureau, Person, Placement, Unit
from qizhi.regulations.enums import FindingStatus, RunStatus, Verdict
from qizhi.regulations.models import Clause, Finding, Run
from qizhi.regulations.rules import WorkingCalendar
from qizhi.sample.agenda import Agenda
from qizhi.sample.case_path import Path
from qizhi.sample.diary import Diary
from qizhi.sample.organisation import Branch
from qizhi.sample.rows import Rows, chance, words
from qizhi.sample.staff import ONE_DAY

FIRST_YEAR = 2016
POINTS = {"MV-1": Decimal(-2)}
DRAWN = 8
OTHER_NAMES = {"MV-2": "LB-02"}


class Clue(NamedTuple):
    """What a finding is about: the clause, the key of whom it concerns, the days, and the sentence."""

    clause: str
    whose: str
    span: Period
    sentence: str


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
        self._gone(branches)
        self._corrected()
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
        facts = {
            "happened_on": day,
            "fact": said["fact"],
            "evidence": self.by_clause("evidence", said["clause"]),
        }
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

    def by_clause(self, name: str, clause: str) -> str:
        """The words of the file for cases of a clause."""
        said: dict[str, str] = self._said[name]
        return said.get(clause, said["other"])

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

    def step(self, case: Case, kind: StepKind, day: dt.date, by: Person | None, text: str) -> CaseStep:
        """Write a step down, each at its own minute of the day."""
        number = sum(1 for row in self.rows.of(CaseStep) if row.case is case)
        at = dt.datetime.combine(day, dt.time(9, number), clock.ZONE)
        label = by.name if by else "—"
        values = {"case": case, "kind": kind, "on": day, "at": at, "by": by, "by_label": label, "text": text}
        return self.rows.add(CaseStep, day, **values)

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

    def _gone(self, branches: list[Branch]) -> None:
        """A branch that held what was missed: the record came late, the finding went, the case waits."""
        quarter = periods.quarter_of(periods.quarter_of(self.until).start - ONE_DAY)
        found_on = self._back(self.until, 6)
        recorder = self.diary.holder("b", Role.DISCIPLINE_OFFICER, found_on)
        there = [one for one in branches if one.exists_on(quarter.start) and one.exists_on(self.until)]
        if quarter.start.year < FIRST_YEAR or found_on <= quarter.end or recorder is None or len(there) < 2:  # noqa: PLR2004
            return
        unit, said = self.diary.units[there[1].code], self._said["gone"]
        finding = self._found(
            found_on,
            recorder,
            Clue("MV-1", str(unit.pk), quarter, said["sentence"].format(unit=unit, quarter=quarter.label)),
            unit=unit,
            required=said["required"],
            actual=said["actual"],
        )
        self._end(finding, FindingStatus.GONE, self.until, "核算", said["because"])
        case = self._case(found_on, recorder, clause="MV-1", **_facts(finding))
        Path(self, case, found_on).walk(["told"])

    def _corrected(self) -> None:
        """A day in the register of documents was corrected after the notice: told again, then withdrawn."""
        said, found_on, mended_on = (
            self._said["corrected"],
            self._back(self.until, 36),
            self._back(self.until, 31),
        )
        recorder = self.diary.holder("b", Role.DISCIPLINE_OFFICER, found_on)
        due, placed = self._back(found_on, 12), self._somebody(found_on, "corrected")
        if due.year < FIRST_YEAR or recorder is None or placed is None:
            return
        span = Period(due, due)
        about = {"person": placed.person, "unit": placed.unit, "required": said["required"]}
        first, second = (
            self._found(
                day,
                recorder,
                Clue(
                    "MV-2",
                    str(placed.person.pk),
                    span,
                    said["sentence"].format(name=placed.person.name, days=days),
                ),
                actual=said["actual"].format(days=days),
                **about,
            )
            for day, days in ((found_on, 5), (mended_on, 3))
        )
        second.supersedes = first
        self._end(first, FindingStatus.SUPERSEDED, mended_on, "核算", said["because"])
        case = self._case(found_on, recorder, clause="MV-2", **_facts(first))
        path = Path(self, case, found_on)
        path.walk(["told"])
        path.day = mended_on
        path.tell_again(_facts(second))
        path.walk(["stated", "withdrawn"])
        if case.decided_by is not None and case.decided_on is not None:
            because = f"事项撤销：{case.decision_reason}"
            self._end(second, FindingStatus.WITHDRAWN, case.decided_on, case.decided_by.name, because)

    def _found(self, day: dt.date, by: Person, clue: Clue, **values: Any) -> Finding:
        """What a run of a day has found."""
        run = self.rows.add(
            Run, day, **_span(clue.span.end), as_of=day, status=RunStatus.DONE, by_label=by.name
        )
        return self.rows.add(
            Finding,
            day,
            run=run,
            slot=f"micro-violations|{clue.clause}|{clue.whose}|{clue.span.start.isoformat()}|",
            start=clue.span.start,
            end=clue.span.end,
            verdict=Verdict.VIOLATED,
            points=POINTS.get(clue.clause, Decimal(-1)),
            sentence=clue.sentence,
            found_at=dt.datetime.combine(day, dt.time(8), clock.ZONE),
            **values,
        )

    def _end(self, finding: Finding, status: FindingStatus, day: dt.date, by: str, because: str) -> None:
        finding.status, finding.closed_by_label, finding.closed_because = status, by, because
        finding.closed_at = dt.datetime.combine(day, dt.time(8), clock.ZONE)

    def _count(self) -> None:
        """Number the cases of each year in the order in which they were recorded."""
        last: dict[int, int] = {}
        for case in sorted(self.rows.of(Case), key=lambda row: (row.recorded_on, row.pk)):
            last[case.year] = case.serial = last.get(case.year, 0) + 1


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
    for step in rows.of(CaseStep):
        if step.earlier:
            step.earlier["rule"] = step.case.rule
    for finding in rows.of(Finding):
        if finding.slot.startswith("micro-violations|"):
            finding.clause = clauses[finding.slot.split("|")[1]]
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


def _facts(finding: Finding) -> dict[str, Any]:
    """What a case takes over of the finding that it rests on."""
    evidence = f"应当：{finding.required}。\n实际：{finding.actual}。"
    about = {"person": finding.person, "unit": finding.unit, "finding": finding}
    return {**about, "happened_on": finding.end, "fact": finding.sentence, "evidence": evidence}


def _month(day: dt.date) -> tuple[int, int]:
    return day.year, day.month


def _span(last: dt.date) -> dict[str, dt.date]:
    month = periods.month_of(last)
    return {"start": month.start, "end": month.end}
