"""The kind of clause `candidate_surplus`: an election has so many more candidates than seats (EL-07)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from qizhi.core.figures import Ask
from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Threshold
from qizhi.gatherings.models import Resolution
from qizhi.gatherings.queries.surplus import PARAMETERS, SURPLUS
from qizhi.gatherings.rules import judge_surplus
from qizhi.gatherings.rules.surplus import say_share
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Given,
    Judgement,
    KindByDay,
    Outcome,
    days_bound,
    register,
)
from qizhi.regulations.kinds.cases import NA
from qizhi.regulations.models import Clause

NOT_GIVEN = Outcome(NA, "没有登记候选人数和应选人数，不判定")


@dataclass(frozen=True)
class SurplusFact:
    """An election with how many stood for how many seats.

    Attributes:
        key: of the resolution.
        unit_id: the organisation.
        unit: its Chinese name.
        title: what was put to the vote.
        on: the day; the first of the month where only that is known.
        candidates: how many stood; None where nobody wrote it down.
        seats: how many were to be elected.
        gathering_id: where it was put.
    """

    key: uuid.UUID | None
    unit_id: uuid.UUID | None
    unit: str
    title: str
    on: dt.date
    candidates: int | None
    seats: int | None
    gathering_id: uuid.UUID | None = None


@register
class CandidateSurplus(KindByDay[SurplusFact]):
    """候选人的差额不少于应选人数的几分之几: by the numbers on the resolution, which nobody has to give."""

    key = SURPLUS
    label = "候选人差额"
    is_excusable = False
    shown_on = (("活动的决议", "gatherings:gatherings"), ("逐条检查", "branch_life:findings"))
    facts = ("日期", "候选人", "应选")
    pages = {"gathering_id": "gatherings:detail"}
    evidence_words = {"candidates": "候选人数", "seats": "应选人数"}
    parameters = PARAMETERS

    def scan(self, clause: Clause, ask: Ask) -> Iterable[SurplusFact]:
        """Elections with too few candidates, or with one number of the two; one query.

        Where neither is given nothing is asked: both are for whoever wants to know.
        """
        days, parameters = days_bound(clause, ask), self.read(clause.parameters)
        if days is None:
            return
        rows = Resolution.objects.filter(
            Q(candidates__isnull=False) | Q(seats__isnull=False),
            bureau_id=ask.bureau_id,
            threshold=Threshold.ELECTION,
            gathering__held_on__range=(days.start, days.end),
            gathering__withdrawn_at__isnull=True,
        )
        if ask.unit_ids is not None:
            rows = rows.filter(gathering__unit_id__in=ask.unit_ids)
        for row in rows.select_related("gathering__unit").order_by("gathering__held_on", "position", "pk"):
            held = row.gathering
            fact = SurplusFact(
                *(row.pk, held.unit_id, str(held.unit), row.title, held.held_on),
                *(row.candidates, row.seats, held.pk),
            )
            if self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def judge(self, parameters: Mapping[str, Any], fact: SurplusFact) -> Judgement:
        """Met from the share on; unknown while one of the numbers is not given."""
        found = judge_surplus(fact.candidates, fact.seats, parameters["share"])
        verdict = Verdict.MET if found.is_enough else Verdict.VIOLATED
        if not found.is_known:
            verdict = Verdict.UNKNOWN
        required = f"候选人的差额不少于应选人数的{say_share(parameters['share'])}"
        evidence = {"candidates": fact.candidates, "seats": fact.seats}
        return Judgement(verdict, required, found.sentence.rstrip("。"), evidence)

    def read_case(self, given: Given) -> tuple[dt.date, SurplusFact]:
        """The day and the two numbers, each of which may not be given."""
        on = given.day("日期")
        stood, seats = (given.number(name) if given.has(name) else None for name in ("候选人", "应选"))
        return on, SurplusFact(None, None, "", "", on, stood, seats)

    def judge_case(self, clause: CaseClause, told: SurplusFact) -> Outcome:
        """By the same arithmetic as of rows."""
        if told.candidates is None and told.seats is None:
            return NOT_GIVEN
        found = self.judge(clause.parameters, told)
        return Outcome(clause.word(found.verdict), found.actual)

    def sentence(self, clause: Clause, fact: SurplusFact, judgement: Judgement) -> str:
        """Which election, what is the case, and the source of the clause."""
        return f"{fact.unit}{say_day(fact.on)}“{fact.title}”：{judgement.actual}。依据{clause.source}。"
