"""The kind of clause `lecturers`: everybody in a post gives so many lessons a year."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qizhi.branch_life.kinds.ahead_people import lessons_ahead
from qizhi.branch_life.queries.occasions import LECTURERS, lecturers_of
from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period, whole_years
from qizhi.core.values import dataclass
from qizhi.gatherings.queries.grounds import gap_before, records_since
from qizhi.org.enums import Role
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Given,
    Judgement,
    KindByDay,
    Look,
    Outcome,
    OutlookLine,
    Parameter,
    ParameterType,
    register,
    years_over,
)
from qizhi.regulations.kinds.cases import DUE, EVER, EXCUSED, MET, NA, UNKNOWN, period_key
from qizhi.regulations.models import Clause

POSTS = (Role.PARTY_GROUP_SECRETARY, Role.PARTY_GROUP_MEMBER, Role.COMMITTEE_SECRETARY, Role.SECRETARY)


@dataclass(frozen=True)
class LecturerFact:
    """Somebody in a post through a year, with the lessons given; `gap`: Chinese, why more is not known."""

    person_id: uuid.UUID
    person: str
    unit: str
    period: Period
    lessons: int
    gap: str = ""


@register
class Lecturers(KindByDay[LecturerFact]):
    """担任某职务的每人每年讲党课 N 次: counted from who gave the lessons recorded."""

    key = LECTURERS
    label = "讲党课覆盖"
    shown_on = (("逐条检查", "branch_life:findings"),)
    is_by_year = True
    facts = ("期间", "核算日", "任职", "离任", "请假", "记录始于", "讲课")
    parameters = (
        Parameter(
            "role", "职务", ParameterType.CHOICE, choices=tuple((r.value, str(r.label)) for r in POSTS)
        ),
        Parameter("every", "周期", ParameterType.CHOICE, choices=((Every.YEAR, "每年"),)),
        Parameter("at_least", "至少次数", ParameterType.INTEGER, minimum=1),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[LecturerFact]:
        """Who gave too few in a year that is over; four queries."""
        parameters, over = self.read(clause.parameters), whole_years(ask.period)
        for period in years_over(clause, ask):
            gap = gap_before(records_since(ask.bureau_id), period)
            asked = (ask.bureau_id, parameters["role"], period, ask.as_of, ask.unit_ids)
            for line in lecturers_of(*asked, over=over):
                if line.lessons < parameters["at_least"]:
                    yield LecturerFact(line.person_id, line.person, line.unit, period, line.lessons, gap)

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Everybody in the post in a year with the branch they stand with; four queries a clause and year."""
        return lessons_ahead(clauses, look, self.read)

    def judge(self, parameters: Mapping[str, Any], fact: LecturerFact) -> Judgement:
        """Met from `at_least` on; unknown where the records do not reach back."""
        at_least: int = parameters["at_least"]
        evidence = {"period": fact.period.label, "lessons": fact.lessons}
        required = f"每年至少讲党课{at_least}次"
        if fact.lessons < at_least and fact.gap:
            return Judgement(Verdict.UNKNOWN, required, f"已知讲{fact.lessons}次，{fact.gap}", evidence)
        verdict = Verdict.MET if fact.lessons >= at_least else Verdict.VIOLATED
        return Judgement(verdict, required, f"已讲{fact.lessons}次", evidence)

    def read_case(self, given: Given) -> tuple[dt.date, tuple[Given, Period]]:
        """The year, the day of reckoning (the day after, unless given), when in post, lessons.

        请假 (`from to`) is leave or being sent elsewhere, 记录始于 the first record of the bureau.
        """
        span = given.period()
        return span.end, (given, span)

    def judge_case(self, clause: CaseClause, told: tuple[Given, Period]) -> Outcome:
        """Enough is enough; who came to the post or left it inside the year, or was away, owes none."""
        given, span = told
        as_of = given.day("核算日", span.end + dt.timedelta(days=1))
        lessons = sum(1 for day, _ in given.items("讲课") if day in span and day <= as_of)
        at_least, period = clause.parameters["at_least"], period_key(span, Every.YEAR)
        reason, gap = f"每年{at_least}次，已讲{lessons}次", gap_before(given.day("记录始于", EVER), span)
        until = given.maybe_day("离任")
        if lessons >= at_least:
            return Outcome(MET, reason, period)
        if given.day("任职", EVER) > span.start or (until is not None and until < span.end):
            return Outcome(NA, "本年度内任职或离任，不要求", period)
        if given.covers("请假", span):
            return Outcome(EXCUSED, "整个期间经批准请假或借调", period)
        if as_of <= span.end:
            return Outcome(DUE, reason, period)
        return Outcome(UNKNOWN if gap else clause.failed, gap or reason, period)

    def sentence(self, clause: Clause, fact: LecturerFact, judgement: Judgement) -> str:
        """Who, when, what is asked, what is the case, and the source of the clause."""
        what = f"{fact.unit}{fact.person}{fact.period.label}应{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"
