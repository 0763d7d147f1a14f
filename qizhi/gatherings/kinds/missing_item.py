"""The kind of clause `missing_item`: in each period everybody due comes to an item, or makes up for it.

What branches must hold so many times is asked by `quota`; this kind asks people, and departments.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Ledger, RollState
from qizhi.gatherings.kinds.ahead import Line, people_ahead
from qizhi.gatherings.kinds.periods import KindOverPeriods, Told, not_asked
from qizhi.gatherings.kinds.words import EVERY, STATE_WORDS, WHOM, periods_over, say_missed
from qizhi.gatherings.queries.grounds import gap_before, records_since
from qizhi.gatherings.queries.people_due import (
    WHOM_LABELS,
    PeopleAsked,
    Whom,
    departments_below,
    people_below,
)
from qizhi.gatherings.queries.taken import Seat, Taken
from qizhi.gatherings.queries.taking_part import UNCLEAR, Wanted
from qizhi.regulations.enums import Subject, Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Example,
    Given,
    GivenError,
    Judgement,
    Look,
    Outcome,
    OutlookLine,
    Parameter,
    ParameterError,
    ParameterType,
    days_in,
    first_whole,
    register,
)
from qizhi.regulations.kinds.cases import EVER, EXCUSED, MET, NA, period_key
from qizhi.regulations.kinds.outlook import by_clause
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import WorkingCalendar

MISSING_ITEM = "missing_item"
EVERY_LABELS = dict(EVERY)


@dataclass(frozen=True)
class TakenFact:
    """What somebody, or a department, was due at in a period and came to (a department: what it held).

    Attributes:
        period: the month, quarter, half-year or year.
        person_id: who; None for a department.
        person: Chinese name; empty for a department.
        unit_id: their branch or department.
        unit: its Chinese name.
        due: how many the person was due at.
        present: how many they came to or made up for; how many the department held.
        excused: how many they missed with approved leave.
        unclear: of how many only numbers or the month were written down.
        missed: day and state of those they did not come to.
        gap: Chinese; why nothing can be known, empty when something can.
    """

    period: Period
    person_id: uuid.UUID | None
    person: str
    unit_id: uuid.UUID | None
    unit: str
    due: int
    present: int
    excused: int = 0
    unclear: int = 0
    missed: tuple[tuple[dt.date, str], ...] = ()
    gap: str = ""


@register
class MissingItem(KindOverPeriods[TakenFact]):
    """一段时间内至少参加（部门：开展）N 次某项活动: from rolls and ledgers, never typed."""

    key = MISSING_ITEM
    label = "缺项"
    shown_on = (("组织生活", "branch_life:bureau"), ("逐条检查", "branch_life:findings"))
    facts = ("期间", "核算日", "对象", "起始", "截止", "请假", "党员类别", "活动", "记录始于")
    evidence_words = {"missed": "没有参加的"}
    parameters = (
        Parameter("item", "事项", ParameterType.CODE, choices=tuple(Ledger.choices)),
        Parameter("every", "周期", ParameterType.CHOICE, choices=EVERY),
        Parameter("at_least", "至少次数", ParameterType.INTEGER, minimum=1),
        Parameter(
            "whom",
            "对谁",
            ParameterType.CHOICE,
            is_required=False,
            default=Whom.MEMBERS.value,
            choices=WHOM,
            hint="对象是“个人”时用",
        ),
        Parameter(
            "even_if_none",
            "没有组织的也算缺",
            ParameterType.FLAG,
            is_required=False,
            default=False,
            hint="否：只看本人应到的活动，没有组织的不算到个人头上",
        ),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[TakenFact]:
        """Who came to too little, or of whom it is not known; three statements a period at most.

        Whoever came or left inside the period, or was on leave or sent elsewhere all through it, owes none.
        """
        parameters = self.read(clause.parameters)
        if clause.subject not in {Subject.PERSON, Subject.DEPARTMENT}:
            raise ParameterError({"subject": "“缺项”只判定个人和部门，党支部的次数请用“周期次数”。"})
        for period in periods_over(clause, ask, Every(parameters["every"])):
            wanted = Wanted(ask.bureau_id, parameters["item"], period, ask.as_of)
            if clause.subject == Subject.PERSON:
                yield from _people(parameters, wanted, ask)
            else:
                yield from _departments(parameters, wanted, ask)

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Everybody of the branches, clause by clause; departments stand in 逐条检查."""
        for key, versions in by_clause(clauses).items():
            if versions[-1].subject == Subject.PERSON:
                yield people_ahead(Line(self, key, versions, look))

    def line_words(self, values: Mapping[str, Any], *, is_people: bool) -> tuple[str, str]:
        """What the line is called, and how much is asked."""
        del is_people
        whom = WHOM_LABELS[Whom(values["whom"])]
        often = f"{EVERY_LABELS[values['every']]}至少参加{values['at_least']}次"
        return f"{Ledger(values['item']).label}（逐人参加）", f"{whom}{often}，缺席的补课"

    def person_fact(self, period: Period, seat: Seat, taken: Taken) -> TakenFact:
        """The fact of a person, as `scan` returns it."""
        missed = tuple((one.day, one.state) for one in taken.missed)
        return TakenFact(period, seat.person_id, seat.name, seat.unit_id, "", *taken[:4], missed)

    def judge(self, parameters: Mapping[str, Any], fact: TakenFact) -> Judgement:
        """Met from `at_least` on, or with all that one was due at; leave counts as having come."""
        item, at_least = str(Ledger(parameters["item"]).label), int(parameters["at_least"])
        is_person = fact.person_id is not None
        verb = "参加" if is_person else "开展"
        required = f"{EVERY_LABELS[parameters['every']]}至少{verb}{at_least}次{item}"
        evidence: dict[str, Any] = {"period": fact.period.label, "item": item}
        if fact.gap:
            return Judgement(Verdict.UNKNOWN, required, fact.gap, evidence)
        need = at_least
        if is_person and not parameters["even_if_none"]:
            need = min(at_least, fact.due)
        came = fact.present + fact.excused
        verdict = Verdict.MET if came >= need else Verdict.UNKNOWN
        if came + fact.unclear < need:
            verdict = Verdict.VIOLATED
        if not is_person:
            evidence["held"] = f"{fact.present}次"
            complying = f"{fact.period.label}内再开展{at_least - fact.present}次{item}"
            return Judgement(verdict, required, f"开展{fact.present}次", evidence, complying=complying)
        evidence |= {"due": fact.due, "present": fact.present, "excused": fact.excused}
        evidence["missed"] = [[day.isoformat(), STATE_WORDS[state]] for day, state in fact.missed]
        complying = f"{fact.period.label}内再参加{need - came}次{item}，缺席以后补课的也算"
        return Judgement(verdict, required, say_missed(fact), evidence, complying=complying)

    def judge_case(self, clause: CaseClause, told: Told) -> Outcome:
        """By the same arithmetic as of rows.

        Facts: 期间 and those of `not_asked`; 对象 (个人, unless 部门); 请假 (`from to`, all through);
        党员类别 (正式, unless 预备); 活动 (a day; behind it 缺席, 请假, 已补课 or 不明); 记录始于.
        """
        given, period = told
        is_person = (given.text("对象") or "个人") == "个人"
        if (reason := _not_asked(given, period, clause)) is not None:
            return reason
        held = [(day, words) for day, words in given.items("活动") if day in period]
        gap = "" if is_person else gap_before(given.day("记录始于", EVER), period)
        fact = _told_fact(period, held, gap, is_person=is_person)
        found = self.judge(clause.parameters, fact)
        if found.verdict is Verdict.MET and is_person and not fact.due:
            return Outcome(NA, "这一期间没有应到的活动")
        return Outcome(clause.word(found.verdict), found.actual)

    def examples(self, clause: CaseClause, calendar: WorkingCalendar) -> Sequence[Example]:
        """As often as is asked, and the last time missed; a department that holds it once less."""
        del calendar
        every, at_least = Every(clause.parameters["every"]), int(clause.parameters["at_least"])
        if (period := first_whole(clause, every)) is None:
            return ()
        days, is_person = days_in(period, at_least), clause.subject == Subject.PERSON
        told = {"期间": period_key(period, every), "对象": "个人" if is_person else "部门"}
        verb = "参加" if is_person else "开展"
        missed = [*days[:-1], f"{days[-1]} 缺席"] if is_person else days[:-1]
        return (
            Example(f"{verb}{at_least - 1}次", {**told, "活动": missed}, clause.failed),
            Example(f"{verb}{at_least}次", {**told, "活动": days}, MET),
        )


def _people(parameters: Mapping[str, Any], wanted: Wanted, ask: Ask) -> Iterator[TakenFact]:
    at_least = int(parameters["at_least"])
    is_due_only = not parameters["even_if_none"]
    if not is_due_only and gap_before(records_since(ask.bureau_id), wanted.period):
        return  # nobody is held to account for days of which nothing is recorded
    need = f"CASE WHEN a.due < {at_least} THEN a.due ELSE {at_least} END" if is_due_only else str(at_least)
    asked = PeopleAsked(Whom(parameters["whom"]), need, is_due_only, has_excused=True)
    for line in people_below(wanted, asked, ask.unit_ids):
        yield TakenFact(wanted.period, *line)


def _departments(parameters: Mapping[str, Any], wanted: Wanted, ask: Ask) -> Iterator[TakenFact]:
    gap = gap_before(records_since(ask.bureau_id), wanted.period)
    for unit, held in departments_below(wanted, int(parameters["at_least"]), ask.unit_ids):
        yield TakenFact(wanted.period, None, "", unit.pk, str(unit), 0, held, gap=gap)


_STATES = {"缺席": RollState.ABSENT, "请假": RollState.EXCUSED, "已补课": RollState.MADE_UP, "不明": UNCLEAR}


def _not_asked(given: Given, period: Period, clause: CaseClause) -> Outcome | None:
    """Why nothing is asked; None where something is."""
    if (reason := not_asked(given, period)) is not None:
        return reason
    if given.covers("请假", period):
        return Outcome(EXCUSED, "整个期间经批准请假或借调")
    if clause.parameters["whom"] == Whom.FULL_MEMBERS and given.text("党员类别") == "预备":
        return Outcome(NA, "只要求正式党员")
    return None


def _told_fact(
    period: Period, held: list[tuple[dt.date, tuple[str, ...]]], gap: str, *, is_person: bool
) -> TakenFact:
    states = []
    for day, words in held:
        if strangers := [word for word in words if word not in _STATES]:
            raise GivenError(f"“活动”后面应是{'、'.join(_STATES)}，写的是“{strangers[0]}”。")
        states.append((day, _STATES[words[0]] if words else ""))
    excused, unclear = (
        sum(1 for _, state in states if state == wanted) for wanted in (RollState.EXCUSED, UNCLEAR)
    )
    present = sum(1 for _, state in states if state in {"", RollState.MADE_UP})
    missed = tuple((day, str(state)) for day, state in states if state not in {"", RollState.MADE_UP})
    who = uuid.UUID(int=0) if is_person else None
    due = len(states) if is_person else 0
    return TakenFact(period, who, "", None, "", due, present, excused, unclear, missed, gap)
