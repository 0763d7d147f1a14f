"""The kind of clause `quorum`: a meeting of a branch committee needs so many of its members."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from qizhi.core.figures import Ask
from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
from qizhi.gatherings.permissions import SEE
from qizhi.gatherings.queries.sittings import Meeting, meetings_of
from qizhi.gatherings.rules import Sitting, judge_quorum
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Given,
    Judgement,
    KindByDay,
    Look,
    Mark,
    Outcome,
    OutlookLine,
    Parameter,
    ParameterType,
    Prospect,
    Standing,
    Step,
    days_bound,
    register,
)
from qizhi.regulations.kinds.cases import NA, UNKNOWN
from qizhi.regulations.kinds.outlook import binding_on, by_clause, cited
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import say_share

QUORUM = "quorum"
RANK = 2150


@dataclass(frozen=True)
class SittingFact:
    """A meeting of a committee: where, when, who came."""

    unit_id: uuid.UUID | None
    unit: str
    gathering_id: uuid.UUID | None
    day: dt.date
    sitting: Sitting


@register
class Quorum(KindByDay[SittingFact]):
    """支部委员会会议到会的委员够不够: posts on the day against the roll, never typed."""

    key = QUORUM
    label = "会议到会人数"
    is_excusable = False
    shown_on = (("组织生活", "branch_life:bureau"), ("逐条检查", "branch_life:findings"))
    facts = ("日期", "委员", "到会委员", "到会情况")
    evidence_words = {"members": "委员", "gathering": "活动"}
    pages = {"gathering_id": "gatherings:detail"}
    parameters = (
        Parameter("share", "到会至少占委员的", ParameterType.FRACTION, hint="写成分数，例如 1/2"),
        Parameter("of", "以谁为基数", ParameterType.CHOICE, choices=(("committee_members", "支部委员"),)),
        Parameter(
            "includes_exactly",
            "正好达到也算",
            ParameterType.FLAG,
            is_required=False,
            default=True,
            hint="“半数以上”含半数；“超过半数”不含",
        ),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[SittingFact]:
        """Meetings to which too few came, or of which nobody can say; those of `meetings_of`.

        Where there is no committee on the day, nothing is asked.
        """
        days, parameters = days_bound(clause, ask), self.read(clause.parameters)
        if days is None:
            return
        for meeting in meetings_of(ask.bureau_id, days, ask.unit_ids, is_doubtful_only=True):
            held = meeting.gathering
            fact = SittingFact(held.unit_id, str(held.unit), held.pk, held.held_on, meeting.sitting)
            if self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """The meetings of each branch in the span; the queries of `meetings_of`."""
        branches = look.of_kind(UnitKind.BRANCH)
        days = look.span.until(look.as_of)
        found: dict[uuid.UUID, list[Meeting]] = {unit.pk: [] for unit in branches}
        if days is not None and branches:
            for meeting in meetings_of(look.bureau_id, days, list(found)):
                found[meeting.gathering.unit_id].append(meeting)
        for number, (key, versions) in enumerate(by_clause(clauses).items()):
            newest = self.read(versions[-1].parameters)
            yield OutlookLine(
                key=key,
                label="支部委员会会议到会",
                asks=f"委员{say_share(newest['share'])}以上到会",
                unit_kind=UnitKind.BRANCH,
                clauses=cited(versions),
                prospects=tuple(self._prospect(versions, look, unit, found[unit.pk]) for unit in branches),
                rank=RANK + number,
            )

    def _prospect(
        self, versions: Sequence[Clause], look: Look, unit: Unit, meetings: Sequence[Meeting]
    ) -> Prospect:
        judged = list(self._judged(versions, meetings))
        if not judged:
            return Prospect(unit.pk, look.span, Standing.NA, reason="这段时间没有支部委员会会议")
        asked = [one for one in judged if one[2].is_asked]
        if not asked:
            return Prospect(unit.pk, look.span, Standing.NA, reason=judged[-1][2].reason)
        wrong = [one for one in asked if one[2].is_known and not one[2].is_met]
        unclear = [one for one in asked if not one[2].is_known]
        shown = wrong or unclear or asked
        state = Standing.MISSING if wrong else Standing.UNKNOWN if unclear else Standing.DONE
        words = {Standing.DONE: f"{len(asked)}次够", Standing.MISSING: f"{len(wrong)}次不足"}.get(state, "")
        held = shown[0][0].gathering
        reason, steps = "", []
        if state is not Standing.DONE:
            reason = f"{held.day_label}{shown[0][2].reason}"
            step = Step(
                *("核对到会", "gatherings:detail", SEE), keys=(str(held.pk),), unit_id=unit.pk, path=unit.path
            )
            steps.append(step)
        return Prospect(
            unit.pk,
            look.span,
            state,
            words=words,
            reason=reason,
            source=shown[0][1].source,
            marks=tuple(Mark(one.gathering.held_on, one.gathering.pk) for one, _, _ in shown),
            steps=tuple(steps),
        )

    def _judged(self, versions: Sequence[Clause], meetings: Sequence[Meeting]) -> Iterator[Any]:
        """Meetings on whose day a version binds, with that version and what it says."""
        for meeting in meetings:
            if bound := binding_on(versions, meeting.gathering.held_on):
                parameters = self.read(bound[-1].parameters)
                exactly = parameters["includes_exactly"]
                said = judge_quorum(meeting.sitting, parameters["share"], includes_exactly=exactly)
                yield meeting, bound[-1], said

    def judge(self, parameters: Mapping[str, Any], fact: SittingFact) -> Judgement:
        """Met when enough came, and where there is no committee; unknown where nobody can say who came."""
        exactly = parameters["includes_exactly"]
        found = judge_quorum(fact.sitting, parameters["share"], includes_exactly=exactly)
        share = say_share(parameters["share"])
        required = f"支部委员会会议有{f'委员的{share}以上' if exactly else f'超过{share}的委员'}到会"
        evidence = {
            "gathering": str(fact.gathering_id),
            "day": fact.day.isoformat(),
            "members": fact.sitting.members,
            "present": None if fact.sitting.gap else fact.sitting.present,
        }
        if not found.is_known:
            return Judgement(Verdict.UNKNOWN, required, found.reason, evidence)
        verdict = Verdict.MET if found.is_met else Verdict.VIOLATED
        complying = f"至少{found.least}名委员到会" if found.least else ""
        return Judgement(verdict, required, found.reason, evidence, complying=complying)

    def read_case(self, given: Given) -> tuple[dt.date, Sitting]:
        """委员 (a number), 到会委员 (all of them, unless given); 到会情况 未知 where nobody can say."""
        members = given.number("委员")
        gap = "没有登记到会的委员，不能判断" if given.text("到会情况") == UNKNOWN else ""
        return given.day("日期"), Sitting(members, given.number("到会委员", members), gap)

    def judge_case(self, clause: CaseClause, told: Sitting) -> Outcome:
        """Where there is no committee, nothing is asked."""
        exactly = clause.parameters["includes_exactly"]
        found = judge_quorum(told, clause.parameters["share"], includes_exactly=exactly)
        if not found.is_asked:
            return Outcome(NA, found.reason)
        fact = SittingFact(None, "", None, clause.from_on, told)
        return Outcome(clause.word(self.judge(clause.parameters, fact).verdict), found.reason)

    def sentence(self, clause: Clause, fact: SittingFact, judgement: Judgement) -> str:
        """Which meeting, what is asked, what is the case, and the source of the clause."""
        what = f"{fact.unit}{say_day(fact.day)}：应{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"
