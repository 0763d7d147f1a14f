"""The kind of clause `lecturers`: everybody in a post gives so many lessons a year."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qizhi.branch_life.queries.occasions import LECTURERS, lecturers_of
from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period, split
from qizhi.org.enums import Role
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Given,
    Judgement,
    Kind,
    Outcome,
    Parameter,
    ParameterType,
    binding,
    register,
)
from qizhi.regulations.kinds.cases import DUE, MET, NA, period_key
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import is_in_force

POSTS = (Role.PARTY_GROUP_SECRETARY, Role.PARTY_GROUP_MEMBER, Role.COMMITTEE_SECRETARY, Role.SECRETARY)


@dataclass(frozen=True)
class LecturerFact:
    """Somebody in a post through a year, with the lessons given in it."""

    person_id: uuid.UUID
    person: str
    unit: str
    period: Period
    lessons: int


@register
class Lecturers(Kind[LecturerFact]):
    """担任某职务的每人每年讲党课 N 次: counted from who gave the lessons recorded."""

    key = LECTURERS
    label = "讲党课覆盖"
    parameters = (
        Parameter(
            "role", "职务", ParameterType.CHOICE, choices=tuple((r.value, str(r.label)) for r in POSTS)
        ),
        Parameter("every", "周期", ParameterType.CHOICE, choices=((Every.YEAR, "每年"),)),
        Parameter("at_least", "至少次数", ParameterType.INTEGER, minimum=1),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[LecturerFact]:
        """Who gave too few in a year that is over; two queries a year."""
        parameters, version = self.read(clause.parameters), clause.version
        for period in split(ask.period, Every.YEAR):
            is_bound = is_in_force(version.effective_from, version.effective_to, period.end)
            if period.end not in ask.period or period.end >= ask.as_of or not is_bound:
                continue
            for line in lecturers_of(ask.bureau_id, parameters["role"], period, ask.as_of, ask.unit_ids):
                if line.lessons < parameters["at_least"]:
                    yield LecturerFact(line.person_id, line.person, line.unit, period, line.lessons)

    def judge(self, parameters: Mapping[str, Any], fact: LecturerFact) -> Judgement:
        """Met from `at_least` on."""
        at_least: int = parameters["at_least"]
        verdict = Verdict.MET if fact.lessons >= at_least else Verdict.VIOLATED
        evidence = {"period": fact.period.label, "lessons": fact.lessons}
        return Judgement(verdict, f"每年至少讲党课{at_least}次", f"已讲{fact.lessons}次", evidence)

    def try_case(self, key: str, clauses: Sequence[CaseClause], given: Given) -> list[Outcome]:
        """Facts: 期间 (a year), 核算日 (the day after, unless given), 任职, 离任, 讲课 (days)."""
        span = given.period()
        as_of = given.day("核算日", span.end + dt.timedelta(days=1))
        since, until = given.day("任职", dt.date(2010, 1, 1)), given.maybe_day("离任")
        days = [day for day, _ in given.items("讲课") if day in span and day <= as_of]
        clause = binding(clauses, key, span.end)
        if clause is None:
            return [Outcome(NA, "规定当时未施行或已停止施行")]
        at_least = clause.parameters["at_least"]
        reason = f"每年{at_least}次，已讲{len(days)}次"
        if len(days) >= at_least:
            return [Outcome(MET, reason, period_key(span, Every.YEAR))]
        if since > span.start or (until is not None and until < span.end):
            return [Outcome(NA, "本年度内任职或离任，不要求", period_key(span, Every.YEAR))]
        return [Outcome(DUE if as_of <= span.end else clause.failed, reason, period_key(span, Every.YEAR))]

    def sentence(self, clause: Clause, fact: LecturerFact, judgement: Judgement) -> str:
        """Who, when, what is asked, what is the case, and the source of the clause."""
        what = f"{fact.unit}{fact.person}{fact.period.label}应{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"
