"""The kind of clause `term`: a branch elects its committee anew every so many years."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qizhi.branch_life.kinds.ahead_standing import NO_ELECTIONS, terms_ahead
from qizhi.branch_life.queries import asked_units
from qizhi.branch_life.queries.occasions import last_elections
from qizhi.branch_life.rules import months_before, term_begins, term_ends
from qizhi.core.figures import Ask
from qizhi.core.periods import Period, month_of, say_day
from qizhi.core.values import dataclass
from qizhi.org.models import Unit
from qizhi.org.queries.belonging import belonging_of
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
    Place,
    days_bound,
    register,
)
from qizhi.regulations.kinds.cases import DUE, MET, NA
from qizhi.regulations.models import Clause

TERM = "term"


@dataclass(frozen=True)
class TermFact:
    """A branch whose term is over on a day.

    Attributes:
        unit_id: the branch.
        unit: Chinese name.
        since: day of the last election; of the founding where none is recorded.
        is_elected: whether that was an election.
        on: the day on which one looks.
    """

    unit_id: uuid.UUID | None
    unit: str
    since: dt.date
    is_elected: bool
    on: dt.date


@register
class Term(KindByDay[TermFact]):
    """每届任期 N 年: counted from the last election that stands among the resolutions."""

    key = TERM
    label = "任期"
    facts = ("日期", "选举", "补选", "成立", "临时")
    pages = {"unit_id": "branch_life:unit"}
    doubted_by = "EL-06"
    parameters = (
        Parameter("years", "任期（年）", ParameterType.INTEGER, minimum=1),
        Parameter(
            "remind_months", "提前几个月提醒", ParameterType.INTEGER, is_required=False, default=6, minimum=1
        ),
        Parameter(
            "delay_months",
            "获准延期换届一般最多几个月",
            ParameterType.INTEGER,
            is_required=False,
            default=12,
            minimum=1,
        ),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[TermFact]:
        """Branches whose term is over on the last day that counts, but temporary ones; two queries."""
        days = days_bound(clause, ask)
        if days is None:
            return
        parameters = self.read(clause.parameters)
        elected, here = last_elections(ask.bureau_id, days.end), belonging_of(ask.bureau_id)
        for unit in asked_units(ask, Period(days.end, days.end)):
            if here.is_temporary(unit.pk, days.end):
                continue
            since = elected.get(unit.pk)
            fact = TermFact(unit.pk, str(unit), since or unit.from_on, since is not None, days.end)
            if self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Each branch on the last day that counts; one query."""
        return terms_ahead(clauses, look, self._tell)

    def _tell(
        self, clause: Clause, day: dt.date, units: Sequence[Unit]
    ) -> dict[uuid.UUID, tuple[Judgement, dt.date, bool]]:
        """By unit its judgement, the last day of its term and whether that is near."""
        parameters, elected = self.read(clause.parameters), last_elections(clause.bureau_id, day)
        found = {}
        for unit in units:
            since = elected.get(unit.pk)
            fact = TermFact(unit.pk, str(unit), since or unit.from_on, since is not None, day)
            ends = term_ends(fact.since, parameters["years"])
            is_near = day >= months_before(ends, parameters["remind_months"])
            found[unit.pk] = (self.judge(parameters, fact), ends, is_near)
        return found

    def place(self, fact: TermFact, ask: Ask) -> Place:
        """The month: a term that is over is found once in each."""
        month, on = month_of(fact.on), Period(fact.on, fact.on)
        return replace(super().place(fact, ask), period=month, occurrence=fact.since.isoformat(), asked_on=on)

    def judge(self, parameters: Mapping[str, Any], fact: TermFact) -> Judgement:
        """Met until the last day of the term; where no election is recorded nobody knows."""
        ends = term_ends(fact.since, parameters["years"])
        required = f"每{parameters['years']}年换届"
        what = "上次选举" if fact.is_elected else "成立"
        evidence = {"since": fact.since.isoformat(), "ends": ends.isoformat()}
        if fact.on <= ends:
            return Judgement(Verdict.MET, required, f"{say_day(ends)}届满", evidence)
        if not fact.is_elected:
            actual = f"{say_day(fact.since)}成立，系统中没有选举记录"
            return Judgement(Verdict.UNKNOWN, required, actual, evidence)
        actual = f"{what}为{say_day(fact.since)}，{say_day(ends)}届满"
        return Judgement(Verdict.VIOLATED, required, actual, evidence)

    def read_case(self, given: Given) -> tuple[dt.date, TermFact | None]:
        """The day one looks, the last election of the whole committee, by-elections, or the founding.

        临时 (from to): nothing is asked of a temporary branch.
        """
        on = given.day("日期")
        if given.has("临时"):
            first, last = given.span("临时")
            if first <= on and (last is None or on <= last):
                return on, None
        told = [(given.maybe_day("选举"), "换届选举"), (given.maybe_day("补选"), "补选委员")]
        elected = term_begins((day, title) for day, title in told if day is not None)
        return on, TermFact(None, "", elected or given.day("成立"), elected is not None, on)

    def judge_case(self, clause: CaseClause, told: TermFact | None) -> Outcome:
        """Due within the months before the end."""
        if told is None:
            return Outcome(NA, NO_ELECTIONS)
        found = self.judge(clause.parameters, told)
        ends = term_ends(told.since, clause.parameters["years"])
        is_near = told.on >= months_before(ends, clause.parameters["remind_months"])
        word = clause.word(found.verdict)
        if found.verdict is Verdict.MET:
            word = DUE if is_near else MET
        return Outcome(word, found.actual)

    def doubt_exemption(self, parameters: Mapping[str, Any], days: Period) -> str:
        """That an election is put off for longer than a superior may generally approve (EL-06)."""
        most = parameters["delay_months"]
        if months_before(days.end + dt.timedelta(days=1), most) <= days.start:
            return ""
        return f"换届获准延期一般不超过{most}个月，这里长于{most}个月。请核对批准文件，或尽早换届。"

    def sentence(self, clause: Clause, fact: TermFact, judgement: Judgement) -> str:
        """Who, what is asked, what is the case, and the source of the clause."""
        return f"{fact.unit}应{judgement.required}，{judgement.actual}。依据{clause.source}。"
