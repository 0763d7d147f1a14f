"""The kind of clause `ratio`: of those due at least such a share comes; a share is a fraction, never 0.33."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.kinds.ahead import Line, people_ahead, units_ahead
from qizhi.gatherings.kinds.periods import KindOverPeriods, Told, not_asked
from qizhi.gatherings.kinds.words import EVERY, STATE_WORDS, WHOM, periods_over, say_missed
from qizhi.gatherings.queries.people_due import (
    WHOM_LABELS,
    PeopleAsked,
    UnitLine,
    Whom,
    people_below,
    units_with_rolls,
)
from qizhi.gatherings.queries.taken import Seat, Taken
from qizhi.gatherings.queries.taking_part import Wanted
from qizhi.org.enums import UnitKind
from qizhi.regulations.enums import Subject, Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Example,
    Judgement,
    Look,
    Outcome,
    OutlookLine,
    Parameter,
    ParameterError,
    ParameterType,
    first_whole,
    register,
)
from qizhi.regulations.kinds.cases import MET, NA, period_key
from qizhi.regulations.kinds.outlook import by_clause
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import WorkingCalendar, least_of, say_share

RATIO = "ratio"
UNITS = {
    Subject.BRANCH: UnitKind.BRANCH,
    Subject.DEPARTMENT: UnitKind.DEPARTMENT,
    Subject.COMMITTEE: UnitKind.COMMITTEE,
    Subject.PARTY_GROUP: UnitKind.PARTY_GROUP,
}


@dataclass(frozen=True)
class ShareFact:
    """How many were due and how many came: of one person over their gatherings, or of a unit over its rolls.

    Attributes:
        period: the month, quarter, half-year or year.
        person_id: who; None for a unit.
        person: Chinese name; empty for a unit.
        unit_id: the unit, or the branch or department of the person.
        unit: its Chinese name.
        due: how many were due.
        present: how many came or made up for it.
        excused: how many were away with approved leave.
        unclear: a person: of how many gatherings it is not known; a unit: how many do not say who was due.
        missed: day and state of what the person did not come to.
        gatherings: how many a unit held.
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
    gatherings: int = 0


@register
class Ratio(KindOverPeriods[ShareFact]):
    """一段时间内到会的比例不低于几分之几: from the rolls of gatherings, compared without rounding."""

    key = RATIO
    label = "到会比例"
    shown_on = (("组织生活", "branch_life:bureau"), ("逐条检查", "branch_life:findings"))
    facts = ("期间", "核算日", "应到", "到会", "请假", "不明", "对象", "起始", "截止")
    evidence_words = {"missed": "没有参加的", "unclear": "应到不明的活动"}
    parameters = (
        Parameter(
            "item",
            "哪些活动",
            ParameterType.CODE,
            is_required=False,
            default="",
            choices=tuple(Ledger.choices),
            hint="不选：全部活动",
        ),
        Parameter("every", "周期", ParameterType.CHOICE, choices=EVERY),
        Parameter("share", "至少比例", ParameterType.FRACTION, hint="写成分数，例如 4/5"),
        Parameter(
            "whom",
            "对谁",
            ParameterType.CHOICE,
            is_required=False,
            default=Whom.MEMBERS.value,
            choices=WHOM,
            hint="对象是“个人”时用",
        ),
        Parameter("has_excused", "请假的计入应到", ParameterType.FLAG, is_required=False, default=False),
        Parameter(
            "is_floored",
            "按整数取整，舍去小数",
            ParameterType.FLAG,
            is_required=False,
            default=False,
            hint="否：不取整，恰好达到比例才算",
        ),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[ShareFact]:
        """Who stays below the share, or of whom it is not known; two statements a period."""
        parameters = self.read(clause.parameters)
        if clause.subject != Subject.PERSON and clause.subject not in UNITS:
            raise ParameterError({"subject": "“到会比例”判定个人、党支部、部门、机关党委和党组。"})
        for period in periods_over(clause, ask, Every(parameters["every"])):
            wanted = Wanted(ask.bureau_id, parameters["item"], period, ask.as_of)
            if clause.subject == Subject.PERSON:
                yield from _people(parameters, wanted, ask)
                continue
            for line in units_with_rolls(wanted, UNITS[Subject(clause.subject)], ask.unit_ids):
                fact = _unit_fact(period, line)
                if self.judge(parameters, fact).verdict is not Verdict.MET:
                    yield fact

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Everybody of the branches, or the rolls of branches and the committee, clause by clause."""
        for key, versions in by_clause(clauses).items():
            subject = versions[-1].subject
            if subject == Subject.PERSON:
                yield people_ahead(Line(self, key, versions, look))
            elif subject in {Subject.BRANCH, Subject.COMMITTEE}:
                yield units_ahead(Line(self, key, versions, look), UNITS[Subject(subject)])

    def line_words(self, values: Mapping[str, Any], *, is_people: bool) -> tuple[str, str]:
        """What the line is called, and how much is asked."""
        item = str(Ledger(values["item"]).label) if values["item"] else "各项活动"
        often = f"{dict(EVERY)[values['every']]}到会不低于应到的{say_share(values['share'])}"
        if is_people:
            return f"{item}到会（逐人）", f"{WHOM_LABELS[Whom(values['whom'])]}{often}"
        return f"{item}到会比例", often

    def person_fact(self, period: Period, seat: Seat, taken: Taken) -> ShareFact:
        """The fact of a person, as `scan` returns it."""
        missed = tuple((one.day, one.state) for one in taken.missed)
        return ShareFact(period, seat.person_id, seat.name, seat.unit_id, "", *taken[:4], missed)

    def unit_fact(self, period: Period, line: UnitLine) -> ShareFact:
        """The fact of a unit, as `scan` returns it."""
        return _unit_fact(period, line)

    def judge(self, parameters: Mapping[str, Any], fact: ShareFact) -> Judgement:
        """Whole numbers against a fraction; unknown where what is not known could decide."""
        share: Fraction = parameters["share"]
        item = f"{Ledger(parameters['item']).label}" if parameters["item"] else "各项活动"
        of = fact.due - (0 if parameters["has_excused"] else fact.excused)
        least = least_of(share, max(of, 0), is_floored=parameters["is_floored"])
        required = f"{dict(EVERY)[parameters['every']]}{item}到会不低于应到的{say_share(share)}"
        evidence: dict[str, Any] = {
            "period": fact.period.label,
            "item": item,
            "due": of,
            "present": fact.present,
            "excused": fact.excused,
            "share": say_share(share),
        }
        if fact.person_id is not None:
            evidence["missed"] = [[day.isoformat(), STATE_WORDS[state]] for day, state in fact.missed]
            actual = say_missed(fact)
            is_open = fact.present < least <= fact.present + fact.unclear
            complying = f"应到{of}次中至少到会{least}次，缺席以后补课的也算"
        else:
            evidence |= {"gatherings": fact.gatherings, "unclear": fact.unclear}
            actual = f"{fact.gatherings}次活动应到{of}人次，到会{fact.present}人次"
            actual += f"；{fact.unclear}次活动应到不明" if fact.unclear else ""
            is_open = fact.unclear > 0
            complying = f"应到{of}人次中至少到会{least}人次"
        verdict = Verdict.MET if fact.present >= least else Verdict.VIOLATED
        return Judgement(
            Verdict.UNKNOWN if is_open else verdict, required, actual, evidence, complying=complying
        )

    def judge_case(self, clause: CaseClause, told: Told) -> Outcome:
        """By the same arithmetic as of rows.

        Facts: 期间 and those of `not_asked`; 对象 (单位, unless 个人); 应到, 到会, 请假, 不明 (numbers).
        """
        given, period = told
        if (reason := not_asked(given, period)) is not None:
            return reason
        due, present, excused, unclear = (given.number(name, 0) for name in ("应到", "到会", "请假", "不明"))
        if not due and not unclear:
            return Outcome(NA, "这一期间没有应到的活动")
        who = uuid.UUID(int=0) if given.text("对象") == "个人" else None
        found = self.judge(
            clause.parameters, ShareFact(period, who, "", None, "", due, present, excused, unclear)
        )
        return Outcome(clause.word(found.verdict), f"{found.actual}；{found.complying}")

    def examples(self, clause: CaseClause, calendar: WorkingCalendar) -> Sequence[Example]:
        """As many as are due at least of a number that the share divides, and one less."""
        del calendar
        every, share = Every(clause.parameters["every"]), clause.parameters["share"]
        if (period := first_whole(clause, every)) is None:
            return ()
        who = "个人" if clause.subject == Subject.PERSON else "单位"
        due, least = share.denominator * 2, share.numerator * 2
        told = {"期间": period_key(period, every), "对象": who, "应到": due}
        return (
            Example(f"应到{due}，到会{least - 1}", {**told, "到会": least - 1}, clause.failed),
            Example(f"应到{due}，到会{least}", {**told, "到会": least}, MET),
        )


def _people(parameters: Mapping[str, Any], wanted: Wanted, ask: Ask) -> Iterator[ShareFact]:
    share: Fraction = parameters["share"]
    of = "a.due" if parameters["has_excused"] else "(a.due - a.excused)"
    # Whole numbers: the database compares as exactly as `least_of`.
    up = 0 if parameters["is_floored"] else share.denominator - 1
    need = f"({of} * {share.numerator} + {up}) / {share.denominator}"
    asked = PeopleAsked(Whom(parameters["whom"]), need, is_due_only=True, is_strict=parameters["has_excused"])
    for line in people_below(wanted, asked, ask.unit_ids):
        yield ShareFact(wanted.period, *line)


def _unit_fact(period: Period, line: UnitLine) -> ShareFact:
    numbers = (line.due, line.present, line.excused, line.unclear)
    return ShareFact(period, None, "", line.unit_id, line.unit, *numbers, gatherings=line.gatherings)
