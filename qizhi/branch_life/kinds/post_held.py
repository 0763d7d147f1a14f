"""The kind of clause `post_held`: somebody holds a post that a rule makes answerable."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qizhi.branch_life.kinds.ahead import look_unit
from qizhi.branch_life.kinds.ahead_standing import day_of
from qizhi.branch_life.queries import OWED_BY, asked_units
from qizhi.branch_life.queries.occasions import Holding, holdings_on
from qizhi.core.figures import Ask
from qizhi.core.periods import Period, month_of, say_day
from qizhi.core.values import dataclass
from qizhi.org.enums import Role, UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries.belonging import belonging_of
from qizhi.regulations.enums import Subject, Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Given,
    Judgement,
    KindByDay,
    Look,
    Outcome,
    OutlookLine,
    Parameter,
    ParameterError,
    ParameterType,
    Place,
    Prospect,
    Standing,
    days_bound,
    register,
)
from qizhi.regulations.kinds.outlook import binding_on, by_clause, cited, why_not_bound
from qizhi.regulations.models import Clause

POST_HELD = "post_held"
RANK = 2050
UNITS = {
    Subject.BRANCH: UnitKind.BRANCH,
    Subject.COMMITTEE: UnitKind.COMMITTEE,
    Subject.PARTY_GROUP: UnitKind.PARTY_GROUP,
}


@dataclass(frozen=True)
class HoldingFact:
    """How a post of a unit is held on a day."""

    unit_id: uuid.UUID | None
    unit: str
    on: dt.date
    holding: Holding


@register
class PostHeld(KindByDay[HoldingFact]):
    """规定的职务当日有人担任: from the posts on record; where none of the unit is on record nobody knows."""

    key = POST_HELD
    label = "职务有人担任"
    is_excusable = False
    shown_on = (("组织生活", "branch_life:bureau"), ("逐条检查", "branch_life:findings"))
    facts = ("日期", "任职", "其他任职")
    pages = {"unit_id": "org:unit"}
    parameters = (Parameter("role", "职务", ParameterType.CHOICE, choices=tuple(Role.choices)),)

    def scan(self, clause: Clause, ask: Ask) -> Iterable[HoldingFact]:
        """Units in which nobody holds it on the last day that counts; one query."""
        days, parameters = days_bound(clause, ask), self.read(clause.parameters)
        kind = UNITS.get(Subject(clause.subject))
        if kind is None:
            raise ParameterError({"subject": "“职务有人担任”判定党支部、机关党委和党组。"})
        if days is None:
            return
        day = days.end
        units = asked_units(ask, Period(day, day), kind)
        held = holdings_on(ask.bureau_id, parameters["role"], day, [unit.pk for unit in units])
        for unit in units:
            fact = HoldingFact(unit.pk, str(unit), day, held[unit.pk])
            if self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def place(self, fact: HoldingFact, ask: Ask) -> Place:
        """The month: a post that stands empty all through it is found once in it."""
        return replace(super().place(fact, ask), period=month_of(fact.on), occurrence="")

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Each unit on the last day that counts; the Party group stands with its centre group."""
        day = day_of(look)
        for number, (key, versions) in enumerate(by_clause(clauses).items()):
            newest = versions[-1]
            subject = Subject(newest.subject)
            shown = look.of_kind(OWED_BY[subject]) if subject in UNITS else []
            if not shown:
                continue
            role = self.read(newest.parameters)["role"]
            yield OutlookLine(
                key=key,
                label=str(Role(role).label),
                asks="有人担任",
                unit_kind=OWED_BY[subject],
                clauses=cited(versions),
                prospects=tuple(self._prospects(versions, look, shown, day)),
                rank=RANK + number,
            )

    def _prospects(
        self, versions: Sequence[Clause], look: Look, shown: Sequence[Unit], day: dt.date
    ) -> Iterable[Prospect]:
        bound = binding_on(versions, day)
        if not bound:
            why = why_not_bound(versions, day)
            return [Prospect(unit.pk, look.span, Standing.NA, reason=why) for unit in shown]
        clause = bound[-1]
        parameters, kind = self.read(clause.parameters), UNITS[Subject(clause.subject)]
        asked = {unit.pk: unit for unit in shown}
        if kind != shown[0].kind:  # the one Party group, on the page of its centre group
            own = next(iter(belonging_of(look.bureau_id).units_within(Period(day, day), kind)), None)
            asked = {unit.pk: own for unit in shown if own is not None}
        held = holdings_on(look.bureau_id, parameters["role"], day, [unit.pk for unit in asked.values()])
        return [
            self._prospect(unit, asked.get(unit.pk), held, (parameters, clause, look.span, day))
            for unit in shown
        ]

    def _prospect(
        self,
        shown: Unit,
        unit: Unit | None,
        held: Mapping[uuid.UUID, Holding],
        by: tuple[Mapping[str, Any], Clause, Period, dt.date],
    ) -> Prospect:
        parameters, clause, span, day = by
        if unit is None:
            return Prospect(shown.pk, span, Standing.UNKNOWN, reason="没有登记这个组织", source=clause.source)
        fact = HoldingFact(unit.pk, str(unit), day, held[unit.pk])
        found = self.judge(parameters, fact)
        if found.verdict is Verdict.MET:
            return Prospect(shown.pk, span, Standing.DONE, words=found.actual, source=clause.source)
        is_missing = found.verdict is Verdict.VIOLATED
        return Prospect(
            shown.pk,
            span,
            Standing.MISSING if is_missing else Standing.UNKNOWN,
            words="空缺" if is_missing else "",
            reason=f"{say_day(day)}{found.actual}",
            source=clause.source,
            steps=(look_unit("核对职务", unit),),
        )

    def judge(self, parameters: Mapping[str, Any], fact: HoldingFact) -> Judgement:
        """Met when somebody holds it; unknown where no post of the unit was ever on record."""
        label = str(Role(parameters["role"]).label)
        required = f"有人担任{label}"
        evidence = {"on": fact.on.isoformat(), "number": fact.holding.holders}
        if fact.holding.holders:
            return Judgement(Verdict.MET, required, "有人担任", evidence)
        if not fact.holding.is_on_record:
            return Judgement(Verdict.UNKNOWN, required, "没有登记过任何职务", evidence)
        return Judgement(Verdict.VIOLATED, required, f"没有登记在任的{label}", evidence)

    def read_case(self, given: Given) -> tuple[dt.date, HoldingFact]:
        """任职 (from to) of who holds it; 其他任职 (how many other posts of the unit are on record)."""
        day, others = given.day("日期"), given.number("其他任职", 0)
        holders = 0
        if given.has("任职"):
            first, last = given.span("任职")
            holders = int(first <= day and (last is None or day <= last))
            others += int(first <= day)
        return day, HoldingFact(None, "", day, Holding(holders, is_on_record=others > 0))

    def judge_case(self, clause: CaseClause, told: HoldingFact) -> Outcome:
        """By the same arithmetic as of rows."""
        found = self.judge(clause.parameters, told)
        return Outcome(clause.word(found.verdict), found.actual)

    def sentence(self, clause: Clause, fact: HoldingFact, judgement: Judgement) -> str:
        """Which unit, when, what is asked, what is the case, and the source of the clause."""
        what = f"{fact.unit}{say_day(fact.on)}：应{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"
