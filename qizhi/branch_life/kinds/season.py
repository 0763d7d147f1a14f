"""The kind of clause `season`: something yearly usually comes in certain months."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qizhi.branch_life.kinds.ahead import season_ahead
from qizhi.branch_life.queries import asked_units
from qizhi.branch_life.queries.occasions import days_held
from qizhi.branch_life.rules import is_in_season
from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period, say_day
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Ledger
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
from qizhi.regulations.kinds.cases import MET, NA, period_key
from qizhi.regulations.models import Clause

DECEMBER = 12


@dataclass(frozen=True)
class SeasonFact:
    """A branch with the days of a year on which it held what is usual in certain months."""

    unit_id: uuid.UUID | None
    unit: str
    period: Period
    held: tuple[dt.date, ...]


@register
class Season(KindByDay[SeasonFact]):
    """一般安排在某几个月: it only looks at what was held; that it was held at all, `quota` asks."""

    key = "season"
    label = "宜在月份"
    is_by_year = True
    facts = ("期间", "活动")
    pages = {"unit_id": "branch_life:unit"}
    parameters = (
        Parameter("counts", "计数内容", ParameterType.CHOICE, choices=tuple(Ledger.choices)),
        Parameter("first_month", "自几月", ParameterType.INTEGER, minimum=1),
        Parameter("last_month", "至几月", ParameterType.INTEGER, minimum=1),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[SeasonFact]:
        """Branches that held it in other months only, in a year that is over; one query."""
        parameters, years = self.read(clause.parameters), years_over(clause, ask)
        if not years:
            return
        whole = Period(years[0].start, years[-1].end)
        held = days_held(ask.bureau_id, parameters["counts"], "", whole, ask.unit_ids)
        for year in years:
            for unit in asked_units(ask, year):
                days = tuple(sorted(day for day in held.get(unit.pk, ()) if day in year))
                fact = SeasonFact(unit.pk, str(unit), year, days)
                if self.judge(parameters, fact).verdict is not Verdict.MET:
                    yield fact

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Each branch and year; one query a clause."""
        return season_ahead(clauses, look, self.read)

    def judge(self, parameters: Mapping[str, Any], fact: SeasonFact) -> Judgement:
        """Met when it was held in one of the months, or not at all."""
        first, last = parameters["first_month"], min(parameters["last_month"], DECEMBER)
        required = f"{Ledger(parameters['counts']).label}一般在{first}月至{last}月"
        is_met = is_in_season(fact.held, first, last)
        actual = f"{'、'.join(map(say_day, fact.held))}召开" if fact.held else "没有召开"
        evidence = {"period": fact.period.label, "held": [day.isoformat() for day in fact.held]}
        return Judgement(Verdict.MET if is_met else Verdict.VIOLATED, required, actual, evidence)

    def read_case(self, given: Given) -> tuple[dt.date, tuple[Period, tuple[dt.date, ...]]]:
        """The year and the days."""
        span = given.period()
        return span.end, (span, tuple(sorted(day for day, _ in given.items("活动") if day in span)))

    def judge_case(self, clause: CaseClause, told: tuple[Period, tuple[dt.date, ...]]) -> Outcome:
        """Out of season warns where the text says 一般; what was not held is asked elsewhere."""
        span, held = told
        found = self.judge(clause.parameters, SeasonFact(None, "", span, held))
        word = clause.failed if found.verdict is Verdict.VIOLATED else MET
        return Outcome(word if held else NA, found.actual, period_key(span, Every.YEAR))

    def sentence(self, clause: Clause, fact: SeasonFact, judgement: Judgement) -> str:
        """Who, what is usual, what is the case, and the source of the clause."""
        return (
            f"{fact.unit}{fact.period.label}：{judgement.required}，{judgement.actual}。依据{clause.source}。"
        )
