"""The kind of clause `vote`: a vote stands only when enough were there and no ballot too many came back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qizhi.core.figures import Ask
from qizhi.core.periods import say_day
from qizhi.gatherings import rules
from qizhi.gatherings.enums import Threshold
from qizhi.gatherings.models import Resolution
from qizhi.gatherings.queries.voting import vote_of
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
from qizhi.regulations.kinds.cases import NA
from qizhi.regulations.models import Clause

VOTE = "vote"


@dataclass(frozen=True)
class VoteFact:
    """A vote with the days on which it may have been: one, or the month that is known.

    Attributes:
        key: of the resolution.
        unit: Chinese name of the organisation.
        title: what was put to the vote.
        first: first day.
        last: last day.
        vote: the count.
    """

    key: uuid.UUID | None
    unit: str
    title: str
    first: dt.date
    last: dt.date
    vote: rules.Vote


@register
class VoteStands(Kind[VoteFact]):
    """表决有效: counts are those of the resolution, the arithmetic is that of the day's text."""

    key = VOTE
    label = "表决"
    parameters = (Parameter("threshold", "表决规则", ParameterType.CHOICE, choices=tuple(Threshold.choices)),)

    def scan(self, clause: Clause, ask: Ask) -> Iterable[VoteFact]:
        """Votes that do not stand, or of which it cannot be said; one query."""
        days, version = ask.days, clause.version
        if days is None:
            return
        start = max(days.start, version.effective_from)
        end = min(days.end, version.effective_to or days.end)
        parameters = self.read(clause.parameters)
        rows = Resolution.objects.filter(
            bureau_id=ask.bureau_id,
            threshold=parameters["threshold"],
            gathering__held_on__range=(start, end),
            gathering__withdrawn_at__isnull=True,
        )
        if ask.unit_ids is not None:
            rows = rows.filter(gathering__unit_id__in=ask.unit_ids)
        for row in rows.select_related("gathering__unit").order_by("gathering__held_on", "position"):
            held = row.gathering
            fact = VoteFact(row.pk, str(held.unit), row.title, held.held_on, held.last_day, vote_of(row))
            if self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def judge(self, parameters: Mapping[str, Any], fact: VoteFact) -> Judgement:
        """Violated when the vote is void, unknown when the count or the day does not say."""
        found = rules.judge_within(fact.vote, fact.first, fact.last)
        verdict = Verdict.VIOLATED if found.is_void else Verdict.MET
        if not found.is_known:
            verdict = Verdict.UNKNOWN
        required = f"{Threshold(parameters['threshold']).label}的表决有效"
        return Judgement(verdict, required, found.sentence, {"resolution": str(fact.key)})

    def try_case(self, key: str, clauses: Sequence[CaseClause], given: Given) -> list[Outcome]:
        """Facts: 日期, 应到, 实到, 赞成, 反对, 弃权, 书面赞成, 发出选票, 收回选票."""
        on = given.day("日期")
        counts = [given.number(name, 0) for name in ("应到", "实到", "赞成", "反对", "弃权", "书面赞成")]
        ballots = [given.number(name, 0) if given.has(name) else None for name in ("发出选票", "收回选票")]
        clause = binding(clauses, key, on)
        if clause is None:
            return [Outcome(NA, "规定当时未施行或已停止施行")]
        vote = rules.Vote(clause.parameters["threshold"], *counts, *ballots)
        found = self.judge(clause.parameters, VoteFact(None, "", "", on, on, vote))
        return [Outcome(clause.word(found.verdict), found.actual)]

    def sentence(self, clause: Clause, fact: VoteFact, judgement: Judgement) -> str:
        """Which vote, what is the case, and the source of the clause."""
        return f"{fact.unit}{say_day(fact.first)}“{fact.title}”：{judgement.actual}依据{clause.source}。"
