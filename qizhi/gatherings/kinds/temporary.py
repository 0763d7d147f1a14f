"""The kind of clause `temporary_branch`: a temporary branch admits, punishes and elects nobody (BR-20)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from qizhi.core.figures import Ask
from qizhi.core.periods import Period, month_of, say_day
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Threshold
from qizhi.gatherings.queries.temporary import PARAMETERS, TEMPORARY, votes_of_temporaries
from qizhi.gatherings.rules.temporary import BARRED_LABELS, act_of, is_barred, say_barred
from qizhi.org.queries.belonging import Spell
from qizhi.regulations.enums import Subject, Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Given,
    GivenError,
    Judgement,
    KindByDay,
    Outcome,
    ParameterError,
    days_bound,
    register,
)
from qizhi.regulations.kinds.cases import NA
from qizhi.regulations.models import Clause

_RULES = {str(label): value for value, label in Threshold.choices}


@dataclass(frozen=True)
class TemporaryFact:
    """A vote of a branch that is, or may have been, a temporary one.

    Attributes:
        key: of the resolution.
        unit_id: the branch.
        unit: its Chinese name.
        title: what was put to the vote.
        threshold: by which rule.
        on: the day; the first of the month where only that is known.
        is_certain: whether it was temporary on every day on which the vote may have been.
        gathering_id: where it was put.
    """

    key: uuid.UUID | None
    unit_id: uuid.UUID | None
    unit: str
    title: str
    threshold: str
    on: dt.date
    is_certain: bool
    gathering_id: uuid.UUID | None = None


@register
class TemporaryAbstains(KindByDay[TemporaryFact]):
    """临时党支部一般不办的事: votes of branches that are on record as temporary on the day."""

    key = TEMPORARY
    label = "临时党支部"
    is_excusable = False
    shown_on = (("活动的决议", "gatherings:gatherings"), ("逐条检查", "branch_life:findings"))
    facts = ("日期", "只知月份", "临时", "表决", "事项")
    pages = {"gathering_id": "gatherings:detail"}
    evidence_words = {"act": "事项类别"}
    parameters = PARAMETERS

    def scan(self, clause: Clause, ask: Ask) -> Iterable[TemporaryFact]:
        """Votes that a temporary branch generally does not take; one query at most."""
        days, parameters = days_bound(clause, ask), self.read(clause.parameters)
        if clause.subject != Subject.BRANCH:
            raise ParameterError({"subject": "“临时党支部”只判定党支部，请把对象改为“党支部”。"})
        if days is None:
            return
        for row, spells in votes_of_temporaries(ask.bureau_id, days, ask.unit_ids):
            held = row.gathering
            state = _state(spells, Period(held.held_on, held.last_day))
            if state is None:
                continue
            fact = TemporaryFact(
                *(row.pk, held.unit_id, str(held.unit), row.title, row.threshold),
                *(held.held_on, state, held.pk),
            )
            if self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def judge(self, parameters: Mapping[str, Any], fact: TemporaryFact) -> Judgement:
        """Violated by what the clause bars; unknown where it was temporary on some of the days only."""
        required = f"临时党支部一般不{say_barred(parameters)}"
        if not is_barred(fact.threshold, fact.title, parameters):
            return Judgement(Verdict.MET, required, "不是临时党支部不办的事项")
        act = BARRED_LABELS[act_of(fact.threshold, fact.title)]
        evidence = {"on": fact.on.isoformat(), "act": act}
        if fact.is_certain:
            return Judgement(Verdict.VIOLATED, required, f"表决了{act}的事项，请核对", evidence)
        actual = f"表决了{act}的事项，只知月份，当月部分日子是临时党支部，不能判断"
        return Judgement(Verdict.UNKNOWN, required, actual, evidence)

    def read_case(self, given: Given) -> tuple[dt.date, tuple[Given, dt.date]]:
        """The day of the vote."""
        on = given.day("日期")
        return on, (given, on)

    def judge_case(self, clause: CaseClause, told: tuple[Given, dt.date]) -> Outcome:
        """By the same arithmetic as of rows.

        Facts: 日期; 只知月份 (是); 临时 (from to) of the branch; 表决 (by which rule, else 一般事项); 事项.
        """
        given, on = told
        days = month_of(on) if given.text("只知月份") == "是" else Period(on, on)
        spells = [Spell(uuid.UUID(int=0), None, *given.span("临时"))] if given.has("临时") else []
        state = _state(spells, days)
        if state is None:
            return Outcome(NA, "当时不是临时党支部")
        word = given.text("表决") or str(Threshold.ORDINARY.label)
        if word not in _RULES:
            raise GivenError(f"“表决”应是{'、'.join(_RULES)}，写的是“{word}”。")
        fact = TemporaryFact(None, None, "", given.text("事项"), _RULES[word], on, state)
        found = self.judge(clause.parameters, fact)
        return Outcome(clause.word(found.verdict), found.actual)

    def sentence(self, clause: Clause, fact: TemporaryFact, judgement: Judgement) -> str:
        """Which vote, what is the case, and the source of the clause."""
        what = f"{fact.unit}{say_day(fact.on)}“{fact.title}”：{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"


def _state(spells: Iterable[Spell], days: Period) -> bool | None:
    """Whether a branch was temporary on every one of the days; None where it was on none of them."""
    touching = [spell for spell in spells if spell.touches(days)]
    if not touching:
        return None
    return any(spell.holds(days.start) and spell.holds(days.end) for spell in touching)
