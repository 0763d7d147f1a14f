"""The kind of clause `personal_matters`: who reports personal matters, until when, how many are checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from qizhi.conduct.queries.matters import MATTERS, Terms
from qizhi.conduct.rules.registers import Standing, change_due, sample_size, share_words, standing
from qizhi.core.figures import Ask
from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
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
    ParameterError,
    ParameterType,
    register,
)
from qizhi.regulations.kinds.cases import DUE, MET, NA, UNKNOWN
from qizhi.regulations.models import Clause

_RANKS = {str(rank.label): rank.value for rank in Rank}
MONTHS, DAYS = 12, 31


@dataclass(frozen=True)
class MatterFact:
    """A report that is due.

    Attributes:
        what: Chinese name of the report.
        due_on: last day.
        handed_in_on: the day it came in, or None.
        as_of: the day of reckoning.
    """

    what: str
    due_on: dt.date
    handed_in_on: dt.date | None
    as_of: dt.date


@dataclass(frozen=True)
class _Told:
    """A golden case: either of somebody's report, or of how many are drawn from so many."""

    number: int | None
    rank: str
    year: int | None
    changed_on: dt.date | None
    handed_in_on: dt.date | None
    as_of: dt.date


@register
class PersonalMatters(KindByDay[MatterFact]):
    """某职级以上人员每年某日前报告、变化 N 日内报告、按比例随机抽查: status and days, never content."""

    key = MATTERS
    label = "个人有关事项报告"
    shown_on = (
        ("个人有关事项报告", "conduct:matters"),
        ("检查发现", "regulations:findings"),
    )
    figures = ("conduct.matters_handed_in",)
    facts = ("年度", "职级", "变化", "报告", "核算日", "总体")
    parameters = (
        Parameter("from_rank", "职级起点", ParameterType.CHOICE, choices=tuple(Rank.choices)),
        Parameter("due_month", "年度报告截止月", ParameterType.INTEGER, minimum=1),
        Parameter("due_day", "年度报告截止日", ParameterType.INTEGER, minimum=1),
        Parameter(
            "change_days", "变化报告期限（天）", ParameterType.INTEGER, minimum=1, hint="自然日，不是工作日"
        ),
        Parameter("check_share", "随机抽查比例", ParameterType.FRACTION, hint="例如 1/10；人数向上取整"),
    )

    def read(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """As declared, and a day that a year has."""
        found = super().read(values)
        wrong = {
            name: f"“{label}”不能大于{most}。"
            for name, label, most in (
                ("due_month", "年度报告截止月", MONTHS),
                ("due_day", "年度报告截止日", DAYS),
            )
            if found[name] > most
        }
        if wrong:
            raise ParameterError(wrong)
        return found

    def scan(self, clause: Clause, ask: Ask) -> Iterable[MatterFact]:  # noqa: ARG002 - see below
        """Nothing, on purpose: more people read findings than may know who has reported and who has not.

        What is overdue stands in the register, which two officers open.
        """
        return ()

    def judge(
        self,
        parameters: Mapping[str, Any],  # noqa: ARG002 - the fact carries its day
        fact: MatterFact,
    ) -> Judgement:
        """Met in time or while there is time."""
        found = standing(fact.due_on, fact.handed_in_on, fact.as_of)
        verdict = Verdict.MET if found in {Standing.DONE, Standing.DUE} else Verdict.VIOLATED
        actual = f"{say_day(fact.handed_in_on)}报告" if fact.handed_in_on else "尚未报告"
        evidence = {"due_on": fact.due_on.isoformat()}
        return Judgement(verdict, f"{say_day(fact.due_on)}前{fact.what}", actual, evidence)

    def read_case(self, given: Given) -> tuple[dt.date, _Told]:
        """年度 with the rank on the day before it begins, or the day of a 变化, or the 总体 of a draw."""
        year = given.number("年度") if given.has("年度") else None
        changed_on, handed_in_on = given.maybe_day("变化"), given.maybe_day("报告")
        if (year is None) == (changed_on is None):
            raise GivenError("“年度”和“变化”要写一项，且只写一项。")
        if year is not None and not 1950 <= year <= 2200:  # noqa: PLR2004 - a year that can be
            raise GivenError(f"“年度”应是年份，写的是“{year}”。")
        rank = given.text("职级") or str(Rank.DEPUTY_DIVISION.label)
        if rank not in {*_RANKS, UNKNOWN}:
            raise GivenError(f"“职级”应是{'、'.join(_RANKS)}或未知，写的是“{rank}”。")
        day = changed_on or dt.date(year or 1, 1, 31)
        as_of = given.day("核算日", handed_in_on or day)
        number = given.number("总体") if given.has("总体") else None
        return day, _Told(number, rank, year, changed_on, handed_in_on, as_of)

    def judge_case(self, clause: CaseClause, told: _Told) -> Outcome:
        """By the arithmetic of the register."""
        terms = Terms.of({**clause.parameters, "check_share": str(clause.parameters["check_share"])})
        if told.number is not None:
            size = sample_size(told.number, terms.check_share)
            return Outcome(MET, f"{told.number}人的{share_words(terms.check_share)}，抽{size}人")
        if told.rank == UNKNOWN:
            return Outcome(UNKNOWN, "职级没有登记")
        if RANK_ORDER[_RANKS[told.rank]] < RANK_ORDER[terms.from_rank]:
            return Outcome(NA, f"{told.rank}，不到{Rank(terms.from_rank).label}")
        if told.changed_on is not None:
            due_on = change_due(told.changed_on, terms.change_days)
        else:
            due_on = terms.due_on(told.year or 1)
        found = standing(due_on, told.handed_in_on, told.as_of)
        word = {Standing.DONE: MET, Standing.DUE: DUE}.get(found, clause.failed)
        return Outcome(word, f"截止{say_day(due_on)}")

    def sentence(
        self,
        clause: Clause,
        fact: MatterFact,  # noqa: ARG002 - nobody is named
        judgement: Judgement,
    ) -> str:
        """What is asked, what is the case, and the source of the clause; nobody is named."""
        return f"应{judgement.required}，{judgement.actual}。依据{clause.source}。"
