"""The kind of clause `procedure`: it carries the parameters by which cases are handled, and judges nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from qizhi.conduct.queries.procedure import PROCEDURE
from qizhi.conduct.rules.procedure import LEAST_STATEMENT_DAYS, Procedure, Window, window
from qizhi.core.figures import Ask
from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
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
from qizhi.regulations.kinds.cases import MET, UNKNOWN
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import WorkingCalendar
from qizhi.regulations.rules.working_days import UnknownCalendarError

_GIVEN = Procedure()


@dataclass(frozen=True)
class HandledCase:
    """The days of a case: told, decided, and perhaps appealed against."""

    notified_on: dt.date
    decided_on: dt.date
    appealed_on: dt.date | None
    calendar: WorkingCalendar


def _number(name: str, label: str, hint: str, *, default: int | None, minimum: int = 0) -> Parameter:
    return Parameter(
        name, label, ParameterType.INTEGER, is_required=False, default=default, minimum=minimum, hint=hint
    )


@register
class ProcedureKind(KindByDay[HandledCase]):
    """办案程序参数: windows, review, sheet; a run finds nothing by it."""

    key = PROCEDURE
    label = "办理程序"
    shown_on = (("微违规事项", "conduct:cases"),)
    facts = ("告知", "决定", "申诉", "缺放假通知")
    parameters = (
        _number(
            "statement_days",
            "陈述期（工作日）",
            "不少于5个工作日，自告知次日起算",
            default=_GIVEN.statement_days,
            minimum=LEAST_STATEMENT_DAYS,
        ),
        _number(
            "appeal_days",
            "申诉期（工作日）",
            "自决定次日起算；逾期申诉由人决定是否受理",
            default=_GIVEN.appeal_days,
            minimum=1,
        ),
        _number(
            "review_months", "复核期限（月）", "自申诉或受理之日起", default=_GIVEN.review_months, minimum=1
        ),
        _number(
            "probation_months",
            "试用期（月）",
            "期内免予记分；填0不免",
            default=_GIVEN.probation_months,
        ),
        Parameter(
            "names_in_bulletins",
            "通报可以点名",
            ParameterType.FLAG,
            is_required=False,
            default=False,
            hint="没有规定的选否",
        ),
        _number("start_points", "起始分", "没有规定的留空", default=None),
        Parameter(
            "reset_every",
            "清零周期",
            ParameterType.CHOICE,
            is_required=False,
            default="",
            choices=(("year", "每年"),),
            hint="没有规定的留空：不清零，历年累计",
        ),
        _number("floor", "最低分", "没有规定的留空", default=None),
        _number("cap", "一期最多扣分", "清零以前最多扣多少；没有规定的留空", default=None, minimum=1),
        Parameter(
            "performance_factor",
            "绩效折算系数",
            ParameterType.FRACTION,
            is_required=False,
            default=None,
            hint="每扣1分折合多少绩效分，例如 1/2，在计入的那一年算；没有规定的留空，不挂钩",
        ),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[HandledCase]:
        """Nothing: the clause says how cases are handled, and services hold to it."""
        del clause, ask
        return ()

    def judge(self, parameters: Mapping[str, Any], fact: HandledCase) -> Judgement:
        """Whether a case was decided only after the whole statement period, and appealed against in time."""
        days: int = parameters["statement_days"]
        required = f"告知后满{days}个工作日才能决定"
        try:
            told = window(fact.calendar, fact.notified_on, days)
            appeal = window(fact.calendar, fact.decided_on, parameters["appeal_days"])
        except UnknownCalendarError as error:
            return Judgement(Verdict.UNKNOWN, required, error.message)
        if fact.decided_on <= told.until:
            actual = f"{say_day(fact.decided_on)}决定，陈述期未满：{told.sentence}"
            return Judgement(Verdict.VIOLATED, required, actual)
        return self._judge_appeal(fact, appeal, Judgement(Verdict.MET, required, told.sentence))

    def _judge_appeal(self, fact: HandledCase, appeal: Window, heard: Judgement) -> Judgement:
        if fact.appealed_on is None:
            return heard
        required = f"申诉期为{len(appeal.days)}个工作日"
        if fact.appealed_on <= appeal.until:
            return Judgement(Verdict.MET, required, f"按期申诉：{appeal.sentence}")
        return Judgement(Verdict.VIOLATED, required, f"逾期申诉，由人决定是否受理：{appeal.sentence}")

    def read_case(self, given: Given) -> tuple[dt.date, HandledCase]:
        """The days; the one of the notice chooses the version. 缺放假通知 takes years out of the calendar."""
        notified_on = given.day("告知")
        fact = HandledCase(notified_on, given.day("决定"), given.maybe_day("申诉"), given.calendar())
        return notified_on, fact

    def judge_case(self, clause: CaseClause, told: HandledCase) -> Outcome:
        """By the arithmetic of the services."""
        found = self.judge(clause.parameters, told)
        word = {Verdict.MET: MET, Verdict.UNKNOWN: UNKNOWN}.get(found.verdict, clause.failed)
        return Outcome(word, found.actual)

    def sentence(self, clause: Clause, fact: HandledCase, judgement: Judgement) -> str:
        """What is asked, what was the case, and the source of the clause."""
        del fact
        return f"{judgement.required}，{judgement.actual}。依据{clause.source}。"
