"""The kind of clause `answer_term`: complaints and suggestions are answered in so many working days."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from qizhi.core import clock
from qizhi.core.figures import Ask
from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
from qizhi.publishing.enums import ReplyKind
from qizhi.publishing.models import Complaint
from qizhi.publishing.queries import ANSWER_TERM
from qizhi.publishing.rules import answer_due_on
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Given,
    Judgement,
    KindByDay,
    Outcome,
    Parameter,
    ParameterType,
    register,
    register_records,
)
from qizhi.regulations.kinds.cases import DUE
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import WorkingCalendar

register_records("publishing.complaint", "sent_at", parts=("publishing.reply",))


@dataclass(frozen=True)
class AnswerFact:
    """When something was asked and when it was answered; neither who asked nor what.

    Attributes:
        key: of what came in.
        kind: what it is, in Chinese: complaint, suggestion, request for correction.
        asked_on: the day.
        answered_on: the day of the first answer, or None.
        as_of: the day of reckoning.
        calendar: working days.
    """

    key: str
    kind: str
    asked_on: dt.date
    answered_on: dt.date | None
    as_of: dt.date
    calendar: WorkingCalendar


class AnswerWithin(KindByDay[AnswerFact]):
    """Something that comes in is answered within so many working days, from the day after.

    Attributes:
        what: name of the key of what came in, in the evidence.
        came: Chinese; how the sentence says that it came.
    """

    what: ClassVar[str]
    came: ClassVar[str]
    facts = ("收到", "答复", "核算日", "缺放假通知")
    parameters = (Parameter("working_days", "工作日", ParameterType.INTEGER, minimum=1),)

    @abstractmethod
    def asked(self, ask: Ask) -> Iterable[AnswerFact]:
        """Everything that came in in the period, in order of time; it belongs to the whole bureau."""

    def scan(self, clause: Clause, ask: Ask) -> Iterable[AnswerFact]:
        """What was asked in the period and not answered in time; three queries at most."""
        parameters = self.read(clause.parameters)
        for fact in self.asked(ask):
            if self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def judge(self, parameters: Mapping[str, Any], fact: AnswerFact) -> Judgement:
        """Met while the term runs and when it was kept; unknown where no paper says which days are worked."""
        days: int = parameters["working_days"]
        due_on = answer_due_on(fact.asked_on, days, fact.calendar)
        required = f"{days}个工作日内答复"
        evidence = {self.what: fact.key, "asked_on": fact.asked_on.isoformat()}
        if due_on is None:
            return Judgement(Verdict.UNKNOWN, required, "工作日历不全，算不出截止日期", evidence)
        verdict = Verdict.MET if (fact.answered_on or fact.as_of) <= due_on else Verdict.VIOLATED
        done = f"{say_day(fact.answered_on)}答复" if fact.answered_on else "尚未答复"
        evidence["due_on"] = due_on.isoformat()
        return Judgement(verdict, required, f"{done}，截止{say_day(due_on)}", evidence)

    def read_case(self, given: Given) -> tuple[dt.date, AnswerFact]:
        """When something came in and was answered; reckoned on that day unless given."""
        asked_on, answered_on = given.day("收到"), given.maybe_day("答复")
        as_of = given.day("核算日", answered_on or asked_on)
        return asked_on, AnswerFact("", "来件", asked_on, answered_on, as_of, given.calendar())

    def judge_case(self, clause: CaseClause, told: AnswerFact) -> Outcome:
        """Not yet due while the term runs."""
        found = self.judge(clause.parameters, told)
        is_open = found.verdict is Verdict.MET and told.answered_on is None
        return Outcome(DUE if is_open else clause.word(found.verdict), found.actual)

    def sentence(self, clause: Clause, fact: AnswerFact, judgement: Judgement) -> str:
        """What was asked when, what is the case, and the source of the clause."""
        what = f"{say_day(fact.asked_on)}{self.came}{fact.kind}应{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"


@register
class AnswerTerm(AnswerWithin):
    """投诉建议在 N 个工作日内答复: counted from the day after it was sent."""

    key = ANSWER_TERM
    label = "答复期限"
    what = "complaint"
    came = "收到的"
    shown_on = (("投诉建议", "publishing:complaints"), ("逐条检查", "branch_life:findings"))
    figures = ("publishing.answered_in_time",)

    def asked(self, ask: Ask) -> Iterable[AnswerFact]:
        """Complaints and suggestions."""
        return facts_asked(ask)


def facts_asked(ask: Ask) -> list[AnswerFact]:
    """Every complaint of the period with its first answer; a complaint belongs to the whole bureau."""
    days = ask.days
    if days is None or ask.unit_ids is not None:
        return []
    calendar = calendar_for(ask.bureau_id)
    found = Complaint.objects.filter(bureau_id=ask.bureau_id, sent_at__date__range=(days.start, days.end))
    facts = []
    for one in found.order_by("sent_at", "pk").prefetch_related("replies"):
        said = [clock.local_date(r.said_at) for r in one.replies.all() if r.kind == ReplyKind.ANSWER]
        answered = [day for day in said if day <= ask.as_of]
        facts.append(
            AnswerFact(
                key=str(one.pk),
                kind=one.get_kind_display(),
                asked_on=clock.local_date(one.sent_at),
                answered_on=min(answered, default=None),
                as_of=ask.as_of,
                calendar=calendar,
            )
        )
    return facts
