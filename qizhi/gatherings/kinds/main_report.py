"""The kind of clause `main_report`: a speech or main report has so many minutes at most (FB-02)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from qizhi.core.figures import Ask
from qizhi.core.values import dataclass
from qizhi.gatherings.queries.agenda import MAIN_REPORT, PARAMETERS, say_too_long
from qizhi.gatherings.rules.agenda import Item, items_of, say_length, too_long
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import CaseClause, Given, Judgement, KindByDay, Outcome, register
from qizhi.regulations.kinds.cases import NA, UNKNOWN
from qizhi.regulations.models import Clause


@dataclass(frozen=True)
class ReportFact:
    """The items of an agenda on a day."""

    on: dt.date
    items: tuple[Item, ...]


@register
class MainReport(KindByDay[ReportFact]):
    """讲话或主报告不超过若干分钟: told on the agenda; a plan is no fact, so nothing is found."""

    key = MAIN_REPORT
    label = "报告时长"
    is_excusable = False
    shown_on = (("议程时钟", "gatherings:agenda_plan"), ("活动的议题", "gatherings:gatherings"))
    facts = ("日期", "议题")
    parameters = PARAMETERS

    def scan(self, clause: Clause, ask: Ask) -> Iterable[ReportFact]:  # noqa: ARG002 - nothing is found
        """Nothing: how long a report took nobody writes down, and meetings are no measure of work (FB-03)."""
        return ()

    def judge(self, parameters: Mapping[str, Any], fact: ReportFact) -> Judgement:
        """Met while no report is planned for more minutes; exactly as many are met."""
        most = int(parameters["minutes"])
        long = too_long(fact.items, most)
        required = f"讲话或主报告不超过{say_length(most)}"
        actual = "；".join(say_too_long(item, most) for item in long) or f"没有超过{say_length(most)}的报告"
        return Judgement(Verdict.VIOLATED if long else Verdict.MET, required, actual, {})

    def read_case(self, given: Given) -> tuple[dt.date, ReportFact]:
        """日期; 议题: one line, as in the form."""
        on = given.day("日期")
        return on, ReportFact(on, tuple(items_of(given.text("议题"))))

    def judge_case(self, clause: CaseClause, told: ReportFact) -> Outcome:
        """By the same arithmetic; unknown where a report says no length."""
        reports = [item for item in told.items if item.is_report]
        if not reports:
            return Outcome(NA, "不是讲话或报告，不判定")
        if all(item.minutes is None for item in reports):
            return Outcome(UNKNOWN, "没有写时长，不能判断")
        found = self.judge(clause.parameters, told)
        return Outcome(clause.word(found.verdict), found.actual)

    def sentence(self, clause: Clause, fact: ReportFact, judgement: Judgement) -> str:  # noqa: ARG002
        """What is planned, and the source of the clause."""
        return f"{judgement.actual}。依据{clause.source}。"
