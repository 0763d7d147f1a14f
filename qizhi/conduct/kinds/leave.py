"""Kinds of clause about annual leave: `leave_entitlement` gives days, `leave_loss` says when they are lost.

Neither asks anything of anybody, so neither finds anything; balances read their numbers by the version in
force, and golden cases hold them to the words of the documents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from qizhi.conduct.rules.leave import (
    BANDS,
    ENTITLEMENT,
    LOSS,
    Away,
    Balance,
    Service,
    Spell,
    Terms,
    balance,
    entitled_on,
    entitlement_of,
    loss_of,
    lost_in,
)
from qizhi.core.figures import Ask
from qizhi.core.periods import say_day, year
from qizhi.core.values import dataclass
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
    register,
)
from qizhi.regulations.kinds.cases import MET, NA, UNKNOWN, to_day
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import UnknownCalendarError, WorkingCalendar

_WORDS = {"年休假": Away.ANNUAL, "病假": Away.SICK, "事假": Away.PERSONAL}
_NAMES = {"first": "第一档", "second": "第二档", "third": "第三档"}
_FROM = (("next_month", "满年限的下月起"), ("day", "满年限当日起"))


def _years(of: str) -> Parameter:
    return Parameter(f"{of}_years", f"{_NAMES[of]}工作年限", ParameterType.INTEGER, minimum=0)


@dataclass(frozen=True)
class LeaveFact:
    """Somebody with first day of work and leave, on a day."""

    on: dt.date
    began: dt.date | None
    spells: tuple[Spell, ...]
    calendar: WorkingCalendar


class _Leave(KindByDay[LeaveFact]):
    """What both share: they give and find nothing; a case tells of a day, a first day of work and leave."""

    facts = ("日期", "参加工作", "请假", "缺放假通知")

    def scan(self, clause: Clause, ask: Ask) -> Iterable[LeaveFact]:  # noqa: ARG002 - nothing is asked
        """Nothing: a right cannot be violated by not using it."""
        return ()

    def read_case(self, given: Given) -> tuple[dt.date, LeaveFact]:
        """日期, 参加工作 (未知 when it is), 请假: [`from to 年休假`]; 缺放假通知: [year]."""
        on = given.day("日期")
        return on, LeaveFact(on, given.maybe_day("参加工作"), tuple(_spells(given)), given.calendar())

    def sentence(self, clause: Clause, fact: LeaveFact, judgement: Judgement) -> str:  # noqa: ARG002
        """What is given, what was taken, and the source of the clause."""
        return f"{judgement.required}，{judgement.actual}。依据{clause.source}。"


def _spells(given: Given) -> Iterable[Spell]:
    for start, words in given.items("请假"):
        if len(words) != 2 or words[1] not in _WORDS:  # noqa: PLR2004 - the last day and the kind
            raise GivenError("“请假”应写成一列“起始日 截止日 假别”，假别是年休假、病假或事假。")
        yield Spell(_WORDS[words[1]], start, to_day(words[0], "请假"))


@register
class LeaveEntitlement(_Leave):
    """年休假天数: so many days a year after so many years of work."""

    key = ENTITLEMENT
    label = "年休假天数"
    shown_on = (("年休假余额", "conduct:leave_balances"),)
    parameters = (
        *(
            one
            for of in BANDS
            for one in (
                _years(of),
                Parameter(f"{of}_days", f"{_NAMES[of]}天数", ParameterType.INTEGER, minimum=1),
            )
        ),
        Parameter("starts", "何时起享受", ParameterType.CHOICE, choices=_FROM),
    )

    def judge(self, parameters: Mapping[str, Any], fact: LeaveFact) -> Judgement:
        """Met while no more was taken than is given; unknown without a first day of work or a calendar."""
        terms = entitlement_of(parameters)
        found = balance(Service(fact.began, fact.spells), fact.on, Terms(terms), fact.calendar)
        given = entitled_on(fact.began, fact.on, terms) if fact.began else None
        required = "工作年限未知" if given is None else f"应休{given}天"
        evidence = {"on": fact.on.isoformat(), "began": fact.began.isoformat() if fact.began else None}
        if found.unknown:
            return Judgement(Verdict.UNKNOWN, required, found.unknown.rstrip("。"), evidence)
        verdict = Verdict.VIOLATED if _used(found) > (found.entitled or 0) else Verdict.MET
        return Judgement(verdict, required, f"已休{_used(found)}天", evidence)

    def judge_case(self, clause: CaseClause, told: LeaveFact) -> Outcome:
        """Not applicable before the first year is over."""
        found = self.judge(clause.parameters, told)
        reason = f"{found.required}，{found.actual}"
        if told.began and not entitled_on(told.began, told.on, entitlement_of(clause.parameters)):
            return Outcome(NA, f"{say_day(told.began)}参加工作，{say_day(told.on)}还没有年休假")
        return Outcome(clause.word(found.verdict), reason)


def _used(found: Balance) -> int:
    return (found.taken or 0) + (found.ahead or 0)


@register
class LeaveLoss(_Leave):
    """不享受年休假的情形: too much personal or sick leave in a year."""

    key = LOSS
    label = "不享受年休假的情形"
    shown_on = (("年休假余额", "conduct:leave_balances"),)
    parameters = (
        Parameter("personal_days", "事假累计天数", ParameterType.INTEGER, minimum=1, hint="按工作日计"),
        *(
            one
            for of in BANDS
            for one in (
                _years(of),
                Parameter(f"{of}_sick_months", f"{_NAMES[of]}病假月数", ParameterType.INTEGER, minimum=1),
            )
        ),
        Parameter(
            "month_days",
            "零星病假几天折一个月",
            ParameterType.INTEGER,
            is_required=False,
            default=30,
            minimum=1,
        ),
    )

    def judge(self, parameters: Mapping[str, Any], fact: LeaveFact) -> Judgement:
        """Met while the leave of the year stays below what the clause names."""
        required = f"事假累计不满{parameters['personal_days']}天，病假累计不满规定月数"
        if fact.began is None:
            return Judgement(Verdict.UNKNOWN, required, "没有登记参加工作日期")
        try:
            lost = lost_in(fact.began, year(fact.on.year), fact.spells, loss_of(parameters), fact.calendar)
        except UnknownCalendarError as error:
            return Judgement(Verdict.UNKNOWN, required, error.message.rstrip("。"))
        if lost is None:
            return Judgement(Verdict.MET, required, "没有达到")
        return Judgement(Verdict.VIOLATED, required, f"{lost.reason}（{say_day(lost.on)}）")

    def judge_case(self, clause: CaseClause, told: LeaveFact) -> Outcome:
        """符合: the year stands; 不适用: the year, or the next where it was taken already, is lost."""
        found = self.judge(clause.parameters, told)
        if found.verdict is Verdict.UNKNOWN:
            return Outcome(UNKNOWN, found.actual)
        if found.verdict is Verdict.MET:
            return Outcome(MET, found.actual)
        annual = [spell for spell in told.spells if spell.kind == Away.ANNUAL]
        lost = lost_in(
            told.began or told.on,
            year(told.on.year),
            told.spells,
            loss_of(clause.parameters),
            told.calendar,
        )
        is_taken = lost is not None and any(spell.from_on < lost.on for spell in annual)
        which = "当年已休，不享受下一年的年休假" if is_taken else "不享受当年的年休假"
        return Outcome(NA, f"{found.actual}，{which}")
