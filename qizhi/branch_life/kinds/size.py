"""The kind of clause `size`: how many a branch or its committee may and must be, on any day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qizhi.branch_life.kinds.ahead_standing import sizes_ahead
from qizhi.branch_life.queries import SIZE, sizes_on
from qizhi.branch_life.rules import SIZES_OF, Sizes, judge_size
from qizhi.core.figures import Ask
from qizhi.core.periods import Period, month_of, say_day
from qizhi.core.values import dataclass
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
from qizhi.regulations.kinds.cases import MET, NA, WARNED
from qizhi.regulations.models import Clause


@dataclass(frozen=True)
class SizeFact:
    """A branch on a day with its numbers."""

    unit_id: uuid.UUID
    unit: str
    on: dt.date
    sizes: Sizes


@register
class Size(KindByDay[SizeFact]):
    """支部和支委会的人数: from memberships and posts of a day, never typed."""

    key = SIZE
    label = "人数"
    shown_on = (("逐条检查", "branch_life:findings"),)
    facts = ("日期", "正式党员", "党员", "委员")
    pages = {"unit_id": "branch_life:unit"}
    parameters = (
        Parameter("of", "数什么", ParameterType.CHOICE, choices=tuple(SIZES_OF.items())),
        Parameter("at_least", "至少", ParameterType.INTEGER, is_required=False),
        Parameter("at_most", "至多", ParameterType.INTEGER, is_required=False, minimum=1),
        Parameter("usually_at_most", "一般至多", ParameterType.INTEGER, is_required=False, minimum=1),
        Parameter(
            "required_from",
            "自多少名正式党员起要求",
            ParameterType.INTEGER,
            is_required=False,
            hint="正式党员不到这个数的支部不要求",
        ),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[SizeFact]:
        """Branches on the last day that counts; three queries."""
        days = days_bound(clause, ask)
        if days is None:
            return
        parameters = self.read(clause.parameters)
        for unit, sizes in sizes_on(ask.bureau_id, days.end, ask.unit_ids):
            fact = SizeFact(unit.pk, str(unit), days.end, sizes)
            if self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Each branch on the last day that counts; three queries."""
        return sizes_ahead(clauses, look, self.read)

    def place(self, fact: SizeFact, ask: Ask) -> Place:
        """The month: a number that is wrong all through it is found once in it."""
        month, on = month_of(fact.on), Period(fact.on, fact.on)
        return replace(super().place(fact, ask), period=month, occurrence="", asked_on=on)

    def judge(self, parameters: Mapping[str, Any], fact: SizeFact) -> Judgement:
        """Met within the bounds, and where nothing is asked of a branch so small."""
        found = judge_size(fact.sizes, parameters)
        verdict = Verdict.VIOLATED if found.is_wrong else Verdict.MET
        evidence = {"on": fact.on.isoformat(), "number": fact.sizes.of(parameters["of"])}
        return Judgement(verdict, found.required, found.actual, evidence)

    def read_case(self, given: Given) -> tuple[dt.date, Sizes]:
        """The numbers: as many members as full ones and no committee, unless given."""
        full = given.number("正式党员")
        return given.day("日期"), Sizes(full, given.number("党员", full), given.number("委员", 0))

    def judge_case(self, clause: CaseClause, told: Sizes) -> Outcome:
        """What is unusual warns; a branch too small is asked nothing."""
        found = judge_size(told, clause.parameters)
        if found.is_not_asked:
            return Outcome(NA, found.actual)
        word = clause.failed if found.is_wrong else WARNED if found.is_unusual else MET
        return Outcome(word, f"{found.required}，{found.actual}")

    def sentence(self, clause: Clause, fact: SizeFact, judgement: Judgement) -> str:
        """Which branch, when, what is asked, what is the case, and the source of the clause."""
        what = f"{fact.unit}{say_day(fact.on)}：{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"
