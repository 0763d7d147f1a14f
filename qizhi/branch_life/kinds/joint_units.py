"""The kind of clause `joint_units`: how many departments a joint branch covers on a day (BR-17)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qizhi.branch_life.kinds.ahead import look_unit
from qizhi.branch_life.kinds.ahead_standing import day_of
from qizhi.branch_life.queries import asked_units
from qizhi.branch_life.queries.joint import JointFact, covered_on
from qizhi.core.figures import Ask
from qizhi.core.periods import Period, month_of, say_day
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
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
from qizhi.regulations.kinds.cases import NA
from qizhi.regulations.kinds.outlook import binding_on, by_clause, cited, why_not_bound, why_not_there
from qizhi.regulations.models import Clause

JOINT_UNITS = "joint_units"
RANK = 2150


@register
class JointUnits(KindByDay[JointFact]):
    """联合党支部覆盖单位不超过 N 个: from the departments that are on record with the branch."""

    key = JOINT_UNITS
    label = "联合党支部覆盖单位"
    shown_on = (("组织生活", "branch_life:bureau"), ("逐条检查", "branch_life:findings"))
    facts = ("日期", "覆盖")
    pages = {"unit_id": "org:unit"}
    parameters = (Parameter("at_most", "至多几个单位", ParameterType.INTEGER, minimum=2),)

    def scan(self, clause: Clause, ask: Ask) -> Iterable[JointFact]:
        """Branches that cover too many on the last day that counts, or of which it is not known any more."""
        days, parameters = days_bound(clause, ask), self.read(clause.parameters)
        if clause.subject != Subject.BRANCH:
            raise ParameterError({"subject": "“联合党支部覆盖单位”只判定党支部，请把对象改为“党支部”。"})
        if days is None:
            return
        for fact in covered_on(ask.bureau_id, asked_units(ask, Period(days.end, days.end)), days.end):
            if not fact.why_not and self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def place(self, fact: JointFact, ask: Ask) -> Place:
        """The month: what is wrong all through it is found once in it."""
        return replace(super().place(fact, ask), period=month_of(fact.on), occurrence="")

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Each branch on the last day that counts; one query."""
        day, branches = day_of(look), look.of_kind(UnitKind.BRANCH)
        facts = {fact.unit_id: fact for fact in covered_on(look.bureau_id, branches, day)}
        for number, (key, versions) in enumerate(by_clause(clauses).items()):
            newest = versions[-1]
            yield OutlookLine(
                key=key,
                label="联合党支部覆盖单位",
                asks=f"{'一般' if newest.is_general else ''}不超过{newest.parameters.get('at_most')}个",
                unit_kind=UnitKind.BRANCH,
                clauses=cited(versions),
                prospects=tuple(
                    self._prospect(versions, unit, facts[unit.pk], look.span) for unit in branches
                ),
                rank=RANK + number,
            )

    def _prospect(self, versions: Sequence[Clause], unit: Unit, fact: JointFact, span: Period) -> Prospect:
        bound = binding_on(versions, fact.on)
        why = why_not_there(unit, fact.on) or ("" if bound else why_not_bound(versions, fact.on))
        if why or fact.why_not:
            return Prospect(unit.pk, span, Standing.NA, reason=why or fact.why_not)
        clause = bound[-1]
        found = self.judge(self.read(clause.parameters), fact)
        asked_on, source = month_of(fact.on), clause.source
        if found.verdict is Verdict.MET:
            words = f"{len(fact.names)}个"
            return Prospect(unit.pk, span, Standing.DONE, words=words, source=source, asked_on=asked_on)
        is_known = found.verdict is Verdict.VIOLATED
        return Prospect(
            unit.pk,
            span,
            Standing.MISSING if is_known else Standing.UNKNOWN,
            words=f"{len(fact.names)}个" if is_known else "",
            reason=f"{found.required}，{found.actual}" if is_known else found.actual,
            source=source,
            is_general=clause.is_general,
            steps=(look_unit("核对覆盖单位", unit),),
            asked_on=asked_on,
        )

    def judge(self, parameters: Mapping[str, Any], fact: JointFact) -> Judgement:
        """Met up to the bound; unknown where units are on record for other days only."""
        required = f"联合党支部覆盖单位不超过{parameters['at_most']}个"
        evidence = {"on": fact.on.isoformat(), "number": len(fact.names)}
        if not fact.names:
            return Judgement(Verdict.UNKNOWN, required, "登记过覆盖单位，当日没有登记", evidence)
        actual = f"覆盖{len(fact.names)}个单位" + (f"（{'、'.join(fact.names)}）" if any(fact.names) else "")
        verdict = Verdict.MET if len(fact.names) <= parameters["at_most"] else Verdict.VIOLATED
        return Judgement(verdict, required, actual, evidence)

    def read_case(self, given: Given) -> tuple[dt.date, JointFact]:
        """日期; 覆盖: {unit: from to}."""
        on, inner = given.day("日期"), given.inner("覆盖", None)
        spans = {name: inner.span(name) for name in inner.names()}
        names = tuple(
            name for name, (first, last) in spans.items() if first <= on and (last is None or on <= last)
        )
        return on, JointFact(uuid.UUID(int=0), "", on, names, is_on_record=bool(spans))

    def judge_case(self, clause: CaseClause, told: JointFact) -> Outcome:
        """By the same arithmetic as of rows."""
        if told.why_not:
            return Outcome(NA, told.why_not)
        found = self.judge(clause.parameters, told)
        return Outcome(clause.word(found.verdict), found.actual)

    def sentence(self, clause: Clause, fact: JointFact, judgement: Judgement) -> str:
        """Which branch, when, what is asked, what is the case, and the source of the clause."""
        what = f"{fact.unit}{say_day(fact.on)}：{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"
