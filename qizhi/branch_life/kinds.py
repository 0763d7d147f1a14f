"""The kind of clause `quota`: so many of an activity in each month, quarter or year."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qizhi.branch_life.queries import OWED_BY, QUOTA, Cell, accountable_units, states
from qizhi.branch_life.rules import EVERY_LABELS, State
from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period
from qizhi.gatherings.enums import Capacity, Ledger
from qizhi.regulations.enums import Subject, Verdict
from qizhi.regulations.kinds import Judgement, Kind, quota_parameters, register
from qizhi.regulations.models import Clause


@dataclass(frozen=True)
class QuotaFact:
    """What a unit held of an activity in a period.

    Attributes:
        unit_id: who owed it.
        unit: its Chinese name.
        activity: Chinese name of what is counted.
        period: the month, quarter or year.
        held: day and key of each gathering that counts, in order of time.
        counted: how many count; of group meetings, those of the group that met least.
        gap: Chinese; what is not known, empty when everything is.
        detail: Chinese; which groups have not met.
    """

    unit_id: uuid.UUID
    unit: str
    activity: str
    period: Period
    held: tuple[tuple[str, str], ...]
    counted: int
    gap: str = ""
    detail: str = ""


@register
class Quota(Kind[QuotaFact]):
    """一段时间内至少 N 次某类活动: counted from gatherings, never typed."""

    key = QUOTA
    label = "周期次数"
    parameters = quota_parameters(counts=Ledger.choices, lecturers=Capacity.choices)

    def scan(self, clause: Clause, ask: Ask) -> Iterable[QuotaFact]:
        """Units × periods that end in the asked period and in which the clause binds and is not met.

        What was not owed (no committee, no groups, founded or merged inside the period) and what is not
        yet due is passed over. Where another clause asks for more of the same, that one speaks.
        """
        if clause.subject not in OWED_BY:
            return
        units = accountable_units(ask.bureau_id, ask.period, OWED_BY[Subject(clause.subject)])
        if ask.unit_ids is not None:
            units = units.filter(pk__in=ask.unit_ids)
        found = states(ask.bureau_id, units, ask.period, ask.as_of)
        yield from _facts(found.in_state(State.MISSING, State.UNKNOWN), clause, ask.period)

    def judge(self, parameters: Mapping[str, Any], fact: QuotaFact) -> Judgement:
        """Met from `at_least` on; unknown where something is not known and there are not enough."""
        at_least: int = parameters["at_least"]
        every = EVERY_LABELS[Every(parameters["every"])]
        evidence = {"period": fact.period.label, "held": [list(held) for held in fact.held]}
        required = f"{every}至少{at_least}次{fact.activity}"
        if fact.counted >= at_least:
            return Judgement(Verdict.MET, required, f"已开展{fact.counted}次", evidence)
        if fact.gap:
            return Judgement(Verdict.UNKNOWN, required, fact.gap, evidence)
        actual = f"已开展{fact.counted}次，缺{at_least - fact.counted}次"
        return Judgement(
            Verdict.VIOLATED, required, f"{actual}（{fact.detail}）" if fact.detail else actual, evidence
        )

    def sentence(self, clause: Clause, fact: QuotaFact, judgement: Judgement) -> str:
        """Who, when, what is asked, what is the case, and the source of the clause."""
        what = f"应{judgement.required}，{judgement.actual}"
        return f"{fact.unit}{fact.period.label}：{what}。依据{clause.source}。"


def _facts(cells: Iterable[Cell], clause: Clause, period: Period) -> Iterator[QuotaFact]:
    for cell in cells:
        judged = cell.judged
        if judged.rule is None or judged.rule.clause_id != clause.pk or cell.period.end not in period:
            continue
        is_unknown = cell.state is State.UNKNOWN
        yield QuotaFact(
            unit_id=cell.unit.pk,
            unit=str(cell.unit),
            activity=cell.line.label,
            period=cell.period,
            held=tuple((held.day.isoformat(), str(held.key)) for held in judged.held),
            counted=judged.counted,
            gap=judged.reason if is_unknown else "",
            detail="" if is_unknown else judged.reason,
        )
