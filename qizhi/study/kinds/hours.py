"""The kind of clause `hours`: so many hours of training a year."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q

from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period, say_day, whole_years
from qizhi.core.values import dataclass
from qizhi.gatherings.queries.grounds import gap_before
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Example,
    Given,
    GivenError,
    Judgement,
    Kind,
    Look,
    Outcome,
    OutlookLine,
    Parameter,
    ParameterType,
    days_in,
    first_whole,
    register,
    years_over,
)
from qizhi.regulations.kinds.cases import (
    DUE,
    EVER,
    EXCUSED,
    MET,
    NA,
    NOT_IN_FORCE,
    UNKNOWN,
    period_key,
    to_decimal,
)
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import WorkingCalendar
from qizhi.study.queries.ahead import hours_ahead
from qizhi.study.queries.hours import HOURS, lines
from qizhi.study.rules.hours import GROUPS, LEADER, Grounds, Standing, Target, standing, target_for, targets

LEADERS = ("书记", "委员")
MEMBERS = ("党员",)


@dataclass(frozen=True)
class HoursFact:
    """A member of a branch with the hours of a year.

    Attributes:
        person_id: who.
        person: Chinese name.
        unit: Chinese name of the branch.
        group: of which people the clause asks it, a key of `GROUPS`.
        period: the year.
        hours: together with others and in courses.
        central_trainings: trainings held centrally.
        unclear: hours of gatherings at which the person may have been.
        gap: Chinese; why too little is known of the year, empty when enough is.
    """

    person_id: uuid.UUID
    person: str
    unit: str
    group: str
    period: Period
    hours: Decimal
    central_trainings: int = 0
    unclear: Decimal = Decimal(0)
    gap: str = ""


@register
class Hours(Kind[HoursFact]):
    """每年学习培训至少 N 学时: from gatherings and completed courses, never from time online."""

    key = HOURS
    label = "学时"
    shown_on = (("学时", "study:hours"), ("逐条检查", "branch_life:findings"))
    figures = ("study.hours_met",)
    is_by_year = True
    facts = ("期间", "核算日", "身份", "入支部", "请假", "记录始于", "学时")
    parameters = (
        Parameter("hours", "学时", ParameterType.INTEGER, minimum=1),
        Parameter("of", "对谁", ParameterType.CHOICE, choices=tuple(GROUPS.items())),
        Parameter("central_trainings", "集中培训次数", ParameterType.INTEGER, is_required=False, default=0),
    )

    def scan(self, clause: Clause, ask: Ask) -> Iterable[HoursFact]:
        """Members below what is asked in a year that is over, or of whom nobody knows; 7 queries."""
        of = self.read(clause.parameters)["of"]
        within = None if ask.unit_ids is None else Q(unit_id__in=ask.unit_ids)
        over = whole_years(ask.period)
        for period in years_over(clause, ask):
            for line in lines(ask.bureau_id, period.start.year, ask.as_of, within, over=over):
                is_open = line.standing in {Standing.MISSING, Standing.UNKNOWN}
                if is_open and line.target and line.target.source == clause.source:
                    yield HoursFact(
                        *(line.person.pk, line.person.name, str(line.unit), of, period),
                        line.total,
                        line.central_trainings,
                        line.unclear,
                        line.gap,
                    )

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Every member with the hours of a year, one line for each group of people; ten queries a year."""
        return hours_ahead(clauses, look)

    def judge(self, parameters: Mapping[str, Any], fact: HoursFact) -> Judgement:
        """Met with enough hours and, where it is asked, enough trainings held centrally.

        Unknown where hours that nobody is named for could make them enough, or the records do not reach back.
        """
        target = _target(parameters)
        found = standing(
            fact.hours,
            target,
            central_trainings=fact.central_trainings,
            is_over=True,
            is_new=False,
            grounds=Grounds(fact.unclear, fact.gap),
        )
        verdicts = {Standing.DONE: Verdict.MET, Standing.UNKNOWN: Verdict.UNKNOWN}
        verdict = verdicts.get(found, Verdict.VIOLATED)
        evidence = {
            "period": fact.period.label,
            "hours": str(fact.hours),
            "central_trainings": fact.central_trainings,
        }
        actual = _actual(target, fact.hours, fact.central_trainings)
        if found is Standing.UNKNOWN:
            actual += f"，{_why_unknown(fact.unclear, fact.gap)}"
        return Judgement(verdict, _required(target), actual, evidence)

    def try_case(self, key: str, clauses: Sequence[CaseClause], given: Given) -> list[Outcome]:
        """What the clause asks of one person.

        Facts: 期间 (a year), 核算日 (the day after, unless given), 身份, 入支部, 请假 (`from to`), 记录始于,
        学时 (day, hours; behind it 集中培训, or 不明 where nobody is named for it).
        """
        span, who = given.period(), given.text("身份") or MEMBERS[0]
        if who not in LEADERS + MEMBERS:
            raise GivenError(f"“身份”应是{'、'.join(LEADERS + MEMBERS)}之一，写的是“{who}”。")
        as_of = given.day("核算日", span.end + dt.timedelta(days=1))
        since = given.day("入支部", EVER)
        counted = [(words, day) for day, words in given.items("学时") if day in span and day <= as_of]
        hours, unclear = (
            sum(
                (to_decimal(w[0] if w else "", "学时") for w, _ in counted if ("不明" in w) is is_unclear),
                Decimal(0),
            )
            for is_unclear in (False, True)
        )
        grounds = Grounds(unclear, gap_before(given.day("记录始于", EVER), span), given.covers("请假", span))
        central = sum(1 for words, _ in counted if "集中培训" in words)
        bound = {clause.source + clause.key: clause for clause in clauses if clause.binds(span.end)}
        asked = targets((c.parameters, _target(c.parameters, c.source + c.key)) for c in bound.values())
        target = target_for(asked, is_leader=who in LEADERS)
        period = period_key(span, Every.YEAR)
        if target is None or bound[target.source].key != key:
            other = f"按{bound[target.source].source}要求" if target else NOT_IN_FORCE.reason
            return [Outcome(NA, other, period)]
        found = standing(
            hours,
            target,
            central_trainings=central,
            is_over=as_of > span.end,
            is_new=since > span.start,
            grounds=grounds,
        )
        word = _WORDS.get(found, bound[target.source].failed)
        reason = f"应{_required(target)}，{_actual(target, hours, central)}"
        if found is Standing.NA:
            reason = f"{say_day(since)}才入支部，本年度不要求"
        elif found is Standing.EXCUSED:
            reason = "整个期间经批准请假或借调"
        elif found is Standing.UNKNOWN:
            reason += f"，{_why_unknown(unclear, grounds.gap)}"
        return [Outcome(word, reason, period)]

    def examples(self, clause: CaseClause, calendar: WorkingCalendar) -> Sequence[Example]:
        """A year with as many hours as are asked, and one with an hour less."""
        del calendar
        hours, central = int(clause.parameters["hours"]), int(clause.parameters["central_trainings"])
        if (year := first_whole(clause, Every.YEAR)) is None:
            return ()
        who = LEADERS[0] if clause.parameters["of"] == LEADER else MEMBERS[0]
        told = {"期间": f"{year.start.year}", "身份": who}
        first, *rest = days_in(year, max(central, 1))
        word, other = (" 集中培训" if central else ""), [f"{day} 0 集中培训" for day in rest]
        few, enough = ({**told, "学时": [f"{first} {one}{word}", *other]} for one in (hours - 1, hours))
        return (
            Example(f"{hours - 1}学时", few, clause.failed),
            Example(f"{hours}学时", enough, MET),
        )

    def sentence(self, clause: Clause, fact: HoursFact, judgement: Judgement) -> str:
        """Who, when, what is asked, what is the case, and the source of the clause."""
        what = f"{fact.unit}{fact.person}{fact.period.label}应{judgement.required}，{judgement.actual}"
        return f"{what}。依据{clause.source}。"


_WORDS = {
    Standing.DONE: MET,
    Standing.DUE: DUE,
    Standing.NA: NA,
    Standing.EXCUSED: EXCUSED,
    Standing.UNKNOWN: UNKNOWN,
}


def _why_unknown(unclear: Decimal, gap: str) -> str:
    return gap or f"另有{unclear.normalize():f}学时的活动没有记到人"


def _target(parameters: Mapping[str, Any], source: str = "") -> Target:
    return Target(parameters["hours"], source, central_trainings=parameters["central_trainings"])


def _required(target: Target) -> str:
    central = f"，参加集中培训{target.central_trainings}次" if target.central_trainings else ""
    return f"学习培训{target.hours}学时{central}"


def _actual(target: Target, hours: Decimal, central: int) -> str:
    done = f"，参加集中培训{central}次" if target.central_trainings else ""
    return f"已有{hours.normalize():f}学时{done}"
