"""The kind of clause `correction_term`: requests for correction are answered in so many working days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qizhi.conduct.enums import CorrectionStatus
from qizhi.conduct.models import Correction
from qizhi.conduct.queries.rights import CORRECTION_TERM
from qizhi.core.figures import Ask
from qizhi.core.periods import say_day
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
)
from qizhi.regulations.kinds.cases import DUE
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import WorkingCalendar


@dataclass(frozen=True)
class CorrectionFact:
    """When a correction was asked for and answered; neither by whom nor of what.

    Attributes:
        key: of the request.
        asked_on: the day.
        answered_on: the day of the answer, or None.
        as_of: the day of reckoning.
        calendar: working days.
    """

    key: str
    asked_on: dt.date
    answered_on: dt.date | None
    as_of: dt.date
    calendar: WorkingCalendar


@register
class CorrectionTerm(KindByDay[CorrectionFact]):
    """更正申请在 N 个工作日内答复: counted from the day after it was asked."""

    key = CORRECTION_TERM
    label = "更正申请答复期限"
    shown_on = (("更正申请", "conduct:corrections"),)
    facts = ("收到", "答复", "核算日", "缺放假通知")
    parameters = (Parameter("working_days", "工作日", ParameterType.INTEGER, minimum=1),)

    def scan(self, clause: Clause, ask: Ask) -> Iterable[CorrectionFact]:
        """What was asked in the period and not answered in time; three queries at most."""
        parameters = self.read(clause.parameters)
        days = ask.days
        if days is None or ask.unit_ids is not None:
            return
        calendar = calendar_for(ask.bureau_id)
        rows = Correction.objects.filter(bureau_id=ask.bureau_id, asked_on__range=(days.start, days.end))
        for row in rows.order_by("asked_on", "pk"):
            is_open = row.status == CorrectionStatus.WAITING or (row.answered_on or days.end) > ask.as_of
            answered = None if is_open else row.answered_on
            fact = CorrectionFact(str(row.pk), row.asked_on, answered, ask.as_of, calendar)
            if self.judge(parameters, fact).verdict is not Verdict.MET:
                yield fact

    def judge(self, parameters: Mapping[str, Any], fact: CorrectionFact) -> Judgement:
        """Met while the term runs and when it was kept; unknown where no paper says which days are worked."""
        days: int = parameters["working_days"]
        due_on = answer_due_on(fact.asked_on, days, fact.calendar)
        required = f"{days}个工作日内答复"
        evidence = {"correction": fact.key, "asked_on": fact.asked_on.isoformat()}
        if due_on is None:
            return Judgement(Verdict.UNKNOWN, required, "工作日历不全，算不出截止日期", evidence)
        verdict = Verdict.MET if (fact.answered_on or fact.as_of) <= due_on else Verdict.VIOLATED
        done = f"{say_day(fact.answered_on)}答复" if fact.answered_on else "尚未答复"
        evidence["due_on"] = due_on.isoformat()
        return Judgement(verdict, required, f"{done}，截止{say_day(due_on)}", evidence)

    def read_case(self, given: Given) -> tuple[dt.date, CorrectionFact]:
        """When it came in and was answered; reckoned on that day unless given."""
        asked_on, answered_on = given.day("收到"), given.maybe_day("答复")
        as_of = given.day("核算日", answered_on or asked_on)
        return asked_on, CorrectionFact("", asked_on, answered_on, as_of, given.calendar())

    def judge_case(self, clause: CaseClause, told: CorrectionFact) -> Outcome:
        """Not yet due while the term runs."""
        found = self.judge(clause.parameters, told)
        is_open = found.verdict is Verdict.MET and told.answered_on is None
        return Outcome(DUE if is_open else clause.word(found.verdict), found.actual)

    def sentence(self, clause: Clause, fact: CorrectionFact, judgement: Judgement) -> str:
        """When it was asked, what is the case, and the source of the clause."""
        what = f"{say_day(fact.asked_on)}提出的更正申请应{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"
