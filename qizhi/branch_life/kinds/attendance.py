"""The kind of clause `attendance`: everybody at or above a rank comes, or makes up for it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qizhi.branch_life.queries.occasions import ATTENDANCE, away_from
from qizhi.core.figures import Ask
from qizhi.core.periods import say_day
from qizhi.gatherings.enums import RollState
from qizhi.org.enums import RANK_ORDER, Rank
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Given,
    GivenError,
    Judgement,
    KindByDay,
    Outcome,
    Parameter,
    ParameterType,
    days_bound,
    register,
)
from qizhi.regulations.kinds.cases import EXCUSED, MET, NA, UNKNOWN
from qizhi.regulations.models import Clause

_RANKS = {str(rank.label): rank.value for rank in Rank}
_STATES = {"到会": None, **{str(state.label): state for state in RollState}}


@dataclass(frozen=True)
class AttendanceFact:
    """Somebody of the rank who missed a gathering; `is_excused` with approved leave."""

    person_id: uuid.UUID
    person: str
    gathering_id: uuid.UUID
    title: str
    day: dt.date
    is_excused: bool


@register
class Attendance(KindByDay[AttendanceFact]):
    """某职级以上人员全员参加，缺席的补课: from the roll of each gathering and the ranks of its day."""

    key = ATTENDANCE
    label = "全员参加"
    shown_on = (("逐条检查", "branch_life:findings"),)
    facts = ("日期", "职级", "情况")
    pages = {"gathering_id": "gatherings:detail"}
    parameters = (
        Parameter("gathering", "活动类型代码", ParameterType.CODE, hint="如 warning（警示教育）"),
        Parameter("from_rank", "职级起点", ParameterType.CHOICE, choices=tuple(Rank.choices)),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[AttendanceFact]:
        """Who was neither there nor excused nor made up for it; seven queries."""
        days, parameters = days_bound(clause, ask), self.read(clause.parameters)
        if days is None:
            return
        asked = (parameters["gathering"], parameters["from_rank"], days, ask.unit_ids)
        for line in away_from(ask.bureau_id, *asked):
            if not line.is_excused:
                yield AttendanceFact(
                    *(line.person_id, line.person, line.gathering_id, line.title, line.day),
                    line.is_excused,
                )

    def judge(self, parameters: Mapping[str, Any], fact: AttendanceFact) -> Judgement:
        """Met only with leave: a fact is somebody who was not there."""
        required = f"{Rank(parameters['from_rank']).label}以上人员全员参加"
        evidence = {"gathering": str(fact.gathering_id), "day": fact.day.isoformat()}
        if fact.is_excused:
            return Judgement(Verdict.MET, required, "经批准请假", evidence)
        return Judgement(Verdict.VIOLATED, required, "没有参加，也没有补课", evidence)

    def read_case(self, given: Given) -> tuple[dt.date, tuple[dt.date, str, str]]:
        """The rank on the day (未知 when it is not known), and 到会 (unless given), 请假, 缺席 or 已补课."""
        rank, state = given.text("职级"), given.text("情况") or "到会"
        if rank not in {*_RANKS, UNKNOWN}:
            raise GivenError(f"“职级”应是{'、'.join(_RANKS)}或未知，写的是“{rank}”。")
        if state not in _STATES:
            raise GivenError(f"“情况”应是{'、'.join(_STATES)}之一，写的是“{state}”。")
        on = given.day("日期")
        return on, (on, rank, state)

    def judge_case(self, clause: CaseClause, told: tuple[dt.date, str, str]) -> Outcome:
        """Of a lower rank nothing is asked; leave excuses."""
        on, rank, state = told
        least = Rank(clause.parameters["from_rank"])
        if rank == UNKNOWN:
            return Outcome(UNKNOWN, f"{say_day(on)}的职级没有登记")
        if RANK_ORDER[_RANKS[rank]] < RANK_ORDER[least]:
            return Outcome(NA, f"{rank}，不到{least.label}")
        words = {RollState.EXCUSED: EXCUSED, RollState.ABSENT: clause.failed}
        word = next((word for key, word in words.items() if _STATES[state] == key), MET)
        return Outcome(word, f"{rank}，{state}")

    def sentence(self, clause: Clause, fact: AttendanceFact, judgement: Judgement) -> str:
        """Who, which gathering, what is asked, what is the case, and the source of the clause."""
        what = f"{fact.person}{say_day(fact.day)}“{fact.title}”：应{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"
