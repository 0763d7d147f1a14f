"""The kind of clause `coverage`: so many talks with each person in a year, by anybody."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qizhi.branch_life.kinds.ahead_people import talks_ahead
from qizhi.branch_life.queries import TALKS, asked_units, talk_coverage
from qizhi.branch_life.rules import State, judge_talk
from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period, say_day, whole_years
from qizhi.core.values import dataclass
from qizhi.gatherings.queries.grounds import gap_before
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


@dataclass(frozen=True)
class TalkFact:
    """A member of a branch with the talks of a period: how many, never about what.

    Attributes:
        person_id: who.
        person: Chinese name.
        unit: Chinese name of the branch.
        period: the year.
        talks: how many, with whomever.
        gap: Chinese; why it is not known whether there were more, empty when it is.
    """

    person_id: uuid.UUID
    person: str
    unit: str
    period: Period
    talks: int
    gap: str = ""


@register
class TalkCoverageKind(KindByDay[TalkFact]):
    """每名党员一年内至少谈心谈话 N 次: covered is who had one, not every pair."""

    key = TALKS
    label = "谈心谈话覆盖"
    shown_on = (("谈心谈话", "branch_life:talks"), ("逐条检查", "branch_life:findings"))
    figures = ("branch_life.talk_coverage",)
    is_by_year = True
    facts = ("期间", "核算日", "入支部", "请假", "记录始于", "谈话")
    parameters = (
        Parameter("every", "周期", ParameterType.CHOICE, choices=((Every.YEAR, "每年"),)),
        Parameter("at_least", "至少次数", ParameterType.INTEGER, minimum=1),
        Parameter("coverage", "覆盖", ParameterType.CHOICE, choices=(("person", "每名党员"),)),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[TalkFact]:
        """Members who had too few talks in a year that ended in the period; two queries."""
        over = whole_years(ask.period)
        for period in years_over(clause, ask):
            names = {unit.pk: str(unit) for unit in asked_units(ask, period)}
            for unit_id, found in talk_coverage(ask.bureau_id, names, period, ask.as_of, over).items():
                for line in found.in_state(State.MISSING, State.UNKNOWN):
                    who = (line.person.pk, line.person.name, names[unit_id])
                    yield TalkFact(*who, period, line.talks, found.gap)

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Every member of the branches in a year; three queries a year."""
        return talks_ahead(clauses, look)

    def judge(self, parameters: Mapping[str, Any], fact: TalkFact) -> Judgement:
        """Met from `at_least` on; unknown where the records do not reach back."""
        at_least: int = parameters["at_least"]
        evidence = {"period": fact.period.label, "talks": fact.talks}
        required = f"每年至少谈心谈话{at_least}次"
        if fact.talks < at_least and fact.gap:
            return Judgement(Verdict.UNKNOWN, required, f"已知谈{fact.talks}次，{fact.gap}", evidence)
        verdict = Verdict.MET if fact.talks >= at_least else Verdict.VIOLATED
        return Judgement(verdict, required, f"已谈{fact.talks}次", evidence)

    def read_case(self, given: Given) -> tuple[dt.date, tuple[Given, Period]]:
        """The year, the day of reckoning (the day after, unless given), member since when, talks.

        请假 (`from to`) is leave or being sent elsewhere, 记录始于 the first record of the bureau.
        """
        span = given.period()
        return span.end, (given, span)

    def judge_case(self, clause: CaseClause, told: tuple[Given, Period]) -> Outcome:
        """By the arithmetic of the coverage page."""
        given, span = told
        as_of = given.day("核算日", span.end + dt.timedelta(days=1))
        talks = sum(1 for day, _ in given.items("谈话") if day in span and day <= as_of)
        since, gap = given.day("入支部", EVER), gap_before(given.day("记录始于", EVER), span)
        at_least = clause.parameters["at_least"]
        state = judge_talk(
            *(talks, since, span, as_of, at_least), is_away=given.covers("请假", span), has_gap=bool(gap)
        )
        words = {
            State.DONE: MET,
            State.DUE: DUE,
            State.NA: NA,
            State.EXCUSED: EXCUSED,
            State.UNKNOWN: UNKNOWN,
        }
        reasons = {
            State.NA: f"{say_day(since)}才入支部，本期不要求",
            State.EXCUSED: "整个期间经批准请假或借调",
            State.UNKNOWN: gap,
        }
        reason = reasons.get(state, f"每年{at_least}次，已谈{talks}次")
        return Outcome(words.get(state, clause.failed), reason, period_key(span, Every.YEAR))

    def sentence(self, clause: Clause, fact: TalkFact, judgement: Judgement) -> str:
        """Who, when, what is asked, what is the case, and the source of the clause."""
        what = f"{fact.unit}{fact.person}{fact.period.label}应{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"
