"""The kind of clause `declared_notes`: so many reading notes, by what people say of themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period, split
from qizhi.core.values import dataclass
from qizhi.gatherings.kinds.periods import KindOverPeriods, Told, not_asked
from qizhi.gatherings.kinds.words import EVERY, periods_over
from qizhi.gatherings.queries.grounds import away_through
from qizhi.regulations.enums import Subject, Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Example,
    Given,
    GivenError,
    Judgement,
    Outcome,
    Parameter,
    ParameterError,
    ParameterType,
    first_whole,
    register,
)
from qizhi.regulations.kinds.cases import EXCUSED, MET, period_key, to_period
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import WorkingCalendar
from qizhi.study.queries.notes import NOTES, notes_below

EVERY_LABELS = dict(EVERY)


@dataclass(frozen=True)
class NotesFact:
    """A member of a branch with what they have declared for a period.

    Attributes:
        period: the month, quarter, half-year or year.
        person_id: who.
        person: Chinese name.
        unit_id: the branch.
        unit: its Chinese name.
        number: notes declared, all months together.
        months: of how many months of the period something was declared.
    """

    period: Period
    person_id: uuid.UUID | None
    person: str
    unit_id: uuid.UUID | None
    unit: str
    number: int
    months: int


@register
class DeclaredNotes(KindOverPeriods[NotesFact]):
    """一段时间内自报的读书学习笔记至少 N 次: voluntary numbers; of whom said nothing nothing is known."""

    key = NOTES
    label = "自报笔记"
    facts = ("期间", "核算日", "起始", "截止", "请假", "自报")
    evidence_words = {"number": "自报次数", "months": "有自报的月数"}
    parameters = (
        Parameter("every", "周期", ParameterType.CHOICE, choices=EVERY),
        Parameter(
            "at_least",
            "至少次数",
            ParameterType.INTEGER,
            minimum=1,
            hint="2024年《整治形式主义为基层减负若干规定》不得以学习笔记评价工作；启用前请核对现行规定",
        ),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[NotesFact]:
        """Whose declared notes are too few, or who has not said; two statements a period.

        Who joined or left inside the period, or was on leave or seconded all through it, owes none.
        """
        at_least = self.read(clause.parameters)["at_least"]
        if clause.subject != Subject.PERSON:
            raise ParameterError({"subject": "“自报笔记”只判定个人，请把对象改为“个人”。"})
        for period in periods_over(clause, ask, Every(clause.parameters["every"])):
            away = away_through(ask.bureau_id, period)
            for row in notes_below(ask.bureau_id, period, at_least, ask.unit_ids).iterator():
                if row.person_id not in away:
                    yield NotesFact(
                        *(period, row.person_id, row.person.name, row.unit_id, str(row.unit)),
                        row.number,  # type: ignore[attr-defined]
                        row.months,  # type: ignore[attr-defined]
                    )

    def judge(self, parameters: Mapping[str, Any], fact: NotesFact) -> Judgement:
        """Met from `at_least` on; unknown while a month lacks; else violated, once for each note missing."""
        at_least, months = int(parameters["at_least"]), len(split(fact.period, Every.MONTH))
        required = f"{EVERY_LABELS[parameters['every']]}记读书学习笔记{at_least}次"
        evidence = {"period": fact.period.label, "number": fact.number, "months": fact.months}
        if fact.number >= at_least:
            return Judgement(Verdict.MET, required, f"自报{fact.number}次", evidence)
        if fact.months < months:
            said = f"自报{fact.number}次，" if fact.months else ""
            silent = f"有{months - fact.months}个月没有自报" if said else "没有自报过"
            return Judgement(Verdict.UNKNOWN, required, f"{said}{silent}", evidence)
        missing = at_least - fact.number
        actual = f"自报{fact.number}次，少{missing}次"
        return Judgement(Verdict.VIOLATED, required, actual, evidence, times=missing)

    def judge_case(self, clause: CaseClause, told: Told) -> Outcome:
        """By the same arithmetic as of rows.

        Facts: 期间 and those of `not_asked`; 请假 (`from to`, all through); 自报: {month: number}.
        """
        given, period = told
        if (reason := not_asked(given, period)) is not None:
            return reason
        if given.covers("请假", period):
            return Outcome(EXCUSED, "整个期间经批准请假或借调")
        numbers = [number for month, number in _declared(given) if month.start in period]
        fact = NotesFact(period, uuid.UUID(int=0), "", None, "", sum(numbers), len(numbers))
        found = self.judge(clause.parameters, fact)
        cost = f"，{clause.say_cost(found.times)}" if found.verdict is Verdict.VIOLATED else ""
        return Outcome(clause.word(found.verdict), f"{found.actual}{cost if clause.points else ''}")

    def examples(self, clause: CaseClause, calendar: WorkingCalendar) -> Sequence[Example]:
        """As many as are asked for in the first month and none later, and one less."""
        del calendar
        every, at_least = Every(clause.parameters["every"]), int(clause.parameters["at_least"])
        if (period := first_whole(clause, every)) is None:
            return ()
        first, *later = (period_key(month, Every.MONTH) for month in split(period, Every.MONTH))
        few, enough = (
            {
                "期间": period_key(period, every),
                "自报": {first: at_least - less, **dict.fromkeys(later, 0)},
            }
            for less in (1, 0)
        )
        return (
            Example(f"自报{at_least - 1}次", few, clause.failed),
            Example(f"自报{at_least}次", enough, MET),
        )


def _declared(given: Given) -> Iterable[tuple[Period, int]]:
    inner = given.inner("自报", None)
    for name in inner.names():
        month = to_period(name, "自报")
        if len(split(month, Every.MONTH)) > 1:
            raise GivenError(f"“自报”应写成 {{2018-01: 次数}}，写的是“{name}”。")
        yield month, inner.number(name)
