"""A kind of clause whose register lives in this file, so that tests plant facts and correct them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import Example, Judgement, KindByDay, Outcome, Parameter, ParameterType
from qizhi.regulations.kinds.cases import MET

LATE: dict[str, tuple[dt.date, int]] = {}
"""What the register of this test holds: key → day and days late."""
OF: dict[str, dict[str, object]] = {}
"""Whom they concern, where it is somebody: key → `person_id` or `unit_id`."""


@dataclass(frozen=True)
class LateFact:
    key: str
    day: dt.date
    late: int
    person_id: object = None
    unit_id: object = None


class PlantedLate(KindByDay[LateFact]):
    """Late things of a register that lives in this file; -1 days late cannot be known."""

    key = "planted_late"
    label = "测试：逾期"
    parameters = (Parameter("grace", "宽限", ParameterType.INTEGER, minimum=0),)

    def scan(self, clause, ask):
        facts = (
            LateFact(key, day, late, **OF.get(key, {}))
            for key, (day, late) in LATE.items()
            if day in ask.period
        )
        parameters = self.read(clause.parameters)
        return [one for one in facts if self.judge(parameters, one).verdict != Verdict.MET]

    def judge(self, parameters, fact):
        verdict = Verdict.VIOLATED if fact.late > parameters["grace"] else Verdict.MET
        if fact.late < 0:
            verdict = Verdict.UNKNOWN
        required, evidence = f"{parameters['grace']}天内", {"late": fact.late}
        complying = f"不晚于{parameters['grace']}天"
        return Judgement(verdict, required, f"晚{fact.late}天", evidence, complying=complying)

    facts = ("日期", "晚")

    def read_case(self, given):
        return given.day("日期"), given.number("晚")

    def judge_case(self, clause, told):
        found = self.judge(clause.parameters, LateFact("", dt.date.min, told))
        return Outcome(clause.word(found.verdict), found.actual)

    def examples(self, clause, calendar):
        day, grace = clause.from_on.isoformat(), clause.parameters["grace"]
        return (
            Example("晚了", {"日期": day, "晚": grace + 1}, clause.failed),
            Example("没有晚", {"日期": day, "晚": grace}, MET),
        )

    def sentence(self, clause, fact, judgement):
        return f"{fact.key}：{judgement.actual}"
