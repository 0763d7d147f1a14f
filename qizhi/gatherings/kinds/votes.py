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
from qizhi.gatherings.queries.voting_ahead import votes_ahead
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
    days_bound,
    register,
)
from qizhi.regulations.models import Clause

VOTE = "vote"
COUNTS = ("应到", "实到", "赞成", "反对", "弃权", "书面赞成")
BALLOTS = ("发出选票", "收回选票")


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
        gathering_id: where it was put.
    """

    key: uuid.UUID | None
    unit: str
    title: str
    first: dt.date
    last: dt.date
    vote: rules.Vote
    gathering_id: uuid.UUID | None = None


@register
class VoteStands(KindByDay[VoteFact]):
    """表决有效: counts are those of the resolution, the arithmetic is that of the day's text."""

    key = VOTE
    label = "表决"
    is_excusable = False
    shown_on = (("逐条检查", "branch_life:findings"),)
    facts = ("日期", *COUNTS, *BALLOTS)
    pages = {"gathering_id": "gatherings:detail"}
    parameters = (Parameter("threshold", "表决规则", ParameterType.CHOICE, choices=tuple(Threshold.choices)),)

    def scan(self, clause: Clause, ask: Ask) -> Iterable[VoteFact]:
        """Votes that do not stand, or of which it cannot be said; one query."""
        days = days_bound(clause, ask)
        if days is None:
            return
        parameters = self.read(clause.parameters)
        rows = Resolution.objects.filter(
            bureau_id=ask.bureau_id,
            threshold=parameters["threshold"],
            gathering__held_on__range=(days.start, days.end),
            gathering__withdrawn_at__isnull=True,
        )
        if ask.unit_ids is not None:
            rows = rows.filter(gathering__unit_id__in=ask.unit_ids)
        for row in rows.select_related("gathering__unit").order_by("gathering__held_on", "position"):
            held = row.gathering
            fact = VoteFact(
                row.pk, str(held.unit), row.title, held.held_on, held.last_day, vote_of(row), held.pk
            )
            if self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """The votes of each branch in the span, clause by clause; one query."""
        return votes_ahead(clauses, look)

    def judge(self, parameters: Mapping[str, Any], fact: VoteFact) -> Judgement:
        """Violated when the vote is void, unknown when the count or the day does not say."""
        found = rules.judge_within(fact.vote, fact.first, fact.last)
        verdict = Verdict.VIOLATED if found.is_void else Verdict.MET
        if not found.is_known:
            verdict = Verdict.UNKNOWN
        required = f"{Threshold(parameters['threshold']).label}的表决有效"
        return Judgement(verdict, required, found.sentence, {"resolution": str(fact.key)})

    def read_case(self, given: Given) -> tuple[dt.date, tuple[dt.date, tuple[int, ...], list[int | None]]]:
        """The day, the counts (none, unless given) and the ballots."""
        on = given.day("日期")
        counts = tuple(given.number(name, 0) for name in COUNTS)
        ballots = [given.number(name, 0) if given.has(name) else None for name in BALLOTS]
        return on, (on, counts, ballots)

    def judge_case(
        self, clause: CaseClause, told: tuple[dt.date, tuple[int, ...], list[int | None]]
    ) -> Outcome:
        """By the text in force on the day."""
        on, counts, ballots = told
        vote = rules.Vote(clause.parameters["threshold"], *counts, *ballots)
        found = self.judge(clause.parameters, VoteFact(None, "", "", on, on, vote))
        return Outcome(clause.word(found.verdict), found.actual)

    def sentence(self, clause: Clause, fact: VoteFact, judgement: Judgement) -> str:
        """Which vote, what is the case, and the source of the clause."""
        return f"{fact.unit}{say_day(fact.first)}“{fact.title}”：{judgement.actual}依据{clause.source}。"
