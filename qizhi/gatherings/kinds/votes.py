"""The kind of clause `vote`: a vote stands only when enough were there and no ballot too many came back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

from qizhi.core.figures import Ask
from qizhi.core.periods import say_day
from qizhi.core.text import quoted
from qizhi.core.values import dataclass
from qizhi.gatherings import rules
from qizhi.gatherings.enums import Threshold
from qizhi.gatherings.models import Resolution
from qizhi.gatherings.queries.texts import cited, text_of, texts_of
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
        texts: what was asked when, the text of the clause among it.
    """

    key: uuid.UUID | None
    unit: str
    title: str
    first: dt.date
    last: dt.date
    vote: rules.Vote
    gathering_id: uuid.UUID | None = None
    texts: rules.Texts = field(default_factory=lambda: rules.TEXTS, compare=False)


@register
class VoteStands(KindByDay[VoteFact]):
    """表决有效: counts are those of the resolution, the arithmetic is that of the day's text."""

    key = VOTE
    label = "表决"
    is_excusable = False
    shown_on = (("逐条检查", "branch_life:findings"),)
    facts = ("日期", *COUNTS, *BALLOTS)
    pages = {"gathering_id": "gatherings:detail"}
    parameters = (
        Parameter("threshold", "表决规则", ParameterType.CHOICE, choices=tuple(Threshold.choices)),
        Parameter(
            "quorum",
            "到会至少占应到的",
            ParameterType.FRACTION,
            is_required=False,
            hint="写成分数，例如 4/5；不填：按当日随附条文的比例",
        ),
        Parameter(
            "is_over",
            "到会须超过这一比例",
            ParameterType.FLAG,
            is_required=False,
            default=False,
            hint="否：正好达到也有效",
        ),
        Parameter(
            "majority",
            "赞成须超过的比例",
            ParameterType.FRACTION,
            is_required=False,
            hint="写成分数，例如 1/2；正好达到不算通过",
        ),
        Parameter(
            "majority_of",
            "赞成以谁为基数",
            ParameterType.CHOICE,
            is_required=False,
            default="",
            choices=(("due", "应到有表决权的人"), ("present", "到会有表决权的人")),
        ),
        Parameter("has_written", "会前书面赞成计入", ParameterType.FLAG, is_required=False),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[VoteFact]:
        """Votes that do not stand, or of which it cannot be said; one query.

        One more where the text changed in a month of which the day of a vote is not known.
        """
        days = days_bound(clause, ask)
        if days is None:
            return
        parameters, version = self.read(clause.parameters), clause.version
        own = _alone(parameters, version.effective_from, cited(clause))
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
                *(row.pk, str(held.unit), row.title, held.held_on, held.last_day, vote_of(row), held.pk),
                texts=texts_of(ask.bureau_id) if held.last_day > days.end else own,
            )
            if self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """The votes of each branch in the span, clause by clause; one query."""
        return votes_ahead(clauses, look)

    def judge(self, parameters: Mapping[str, Any], fact: VoteFact) -> Judgement:
        """Violated when the vote is void, unknown when the count or the day does not say."""
        found = rules.judge_within(fact.vote, fact.first, fact.last, fact.texts)
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
        texts = _alone(clause.parameters, clause.from_on, clause.source)
        found = self.judge(clause.parameters, VoteFact(None, "", "", on, on, vote, texts=texts))
        return Outcome(clause.word(found.verdict), found.actual)

    def sentence(self, clause: Clause, fact: VoteFact, judgement: Judgement) -> str:
        """Which vote, what is the case, and the source of the clause."""
        return (
            f"{fact.unit}{say_day(fact.first)}{quoted(fact.title)}：{judgement.actual}依据{clause.source}。"
        )


def _alone(parameters: Mapping[str, Any], from_on: dt.date, source: str) -> rules.Texts:
    """What one version asks, where no other is looked at."""
    return {parameters["threshold"]: (text_of(parameters, from_on, source),)}
