"""The kind of clause `fixed_day`: something is held on a day that a rule names."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from qizhi.branch_life.kinds.ahead import DayPlan, DaysAsked, days_ahead
from qizhi.branch_life.queries import asked_units
from qizhi.branch_life.queries.occasions import FIXED_DAY, days_away, days_held
from qizhi.branch_life.queries.theme_days import own_rules
from qizhi.branch_life.rules import State, judge_fixed_day
from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period, month_of, say_day, split
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Capacity, Ledger
from qizhi.gatherings.queries.grounds import gap_before, records_since
from qizhi.regulations.enums import Subject, Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Example,
    Given,
    GivenError,
    Judgement,
    KindByDay,
    Look,
    Outcome,
    OutlookLine,
    Parameter,
    ParameterError,
    ParameterType,
    first_whole,
    register,
)
from qizhi.regulations.kinds.cases import DUE, EVER, EXCUSED, MET, NA, UNKNOWN
from qizhi.regulations.kinds.outlook import by_clause
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import (
    UnknownCalendarError,
    WorkingCalendar,
    is_in_force,
    occurrences,
    parse_due_rule,
)

MOVED = dt.timedelta(days=15)
"""How far a day is moved at most to be a working day."""
DAY_RULES = (
    "写成 first_working_day_of_year（每年第一个工作日）、"
    "fixed_date_or_nearest_working_day:07-01（7月1日或最近的工作日）、"
    "last_weekday_of_month:friday（每月最后一个星期五）或 fixed_day_of_month:15（每月15日）"
)


@dataclass(frozen=True)
class FixedDayFact:
    """A day on which something was due, of a branch or of the bureau.

    Attributes:
        unit_id: the branch; None for the bureau as a whole.
        unit: its Chinese name.
        activity: Chinese name of what is counted.
        due_on: the day; None where the calendar does not say.
        held: the days on which it was held.
        as_of: the day of reckoning.
        gap: Chinese; which paper is missing or since when there are records, empty when nothing is missing.
        excuse: Chinese; why nobody could have lectured, empty when somebody could.
        rule: Chinese; the rule of the day where it is the branch's own, empty where it is that of the clause.
    """

    unit_id: uuid.UUID | None
    unit: str
    activity: str
    due_on: dt.date | None
    held: tuple[dt.date, ...]
    as_of: dt.date
    gap: str = ""
    excuse: str = ""
    rule: str = ""


@dataclass(frozen=True)
class _Told:
    """What a golden case tells."""

    around: dt.date
    held: tuple[dt.date, ...]
    as_of: dt.date
    born: dt.date | None
    gone: dt.date | None
    calendar: WorkingCalendar
    given: Given


@register
class FixedDay(KindByDay[FixedDayFact]):
    """在规定的日子开展: the day comes from a rule and the calendar, what was held from gatherings."""

    key = FIXED_DAY
    label = "固定日期"
    shown_on = (("逐条检查", "branch_life:findings"),)
    facts = ("应开展日", "活动", "核算日", "成立", "撤销", "请假", "记录始于", "缺放假通知", "支部固定日")
    pages = {"unit_id": "branch_life:unit"}
    parameters = (
        Parameter("counts", "计数内容", ParameterType.CHOICE, choices=tuple(Ledger.choices)),
        Parameter("day_rule", "日期规则", ParameterType.DUE_RULE, hint=DAY_RULES),
        Parameter("within", "前后几天内也算", ParameterType.INTEGER, is_required=False, default=0),
        Parameter(
            "is_worked",
            "逢休息日移到最近的工作日",
            ParameterType.FLAG,
            is_required=False,
            default=False,
            hint="例如最后一个星期五逢春节",
        ),
        Parameter(
            "lecturer",
            "讲授人身份",
            ParameterType.CHOICE,
            is_required=False,
            default="",
            choices=tuple(Capacity.choices),
            hint="只数由这一身份的人讲授的",
        ),
        Parameter(
            "has_own",
            "支部自定的固定日优先",
            ParameterType.FLAG,
            is_required=False,
            default=False,
            hint="登记了固定活动日的党支部以自定的日子为准，其他支部按上面的规则；只用于每月的规则",
        ),
    )

    def read(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters; a branch's own day is one of each month."""
        found = super().read(values)
        if found["has_own"] and parse_due_rule(found["day_rule"]).is_yearly:
            raise ParameterError({"has_own": "支部自定的固定日是每月的，每年一次的日期规则不能用。"})
        return found

    def scan(self, clause: Clause, ask: Ask) -> Iterable[FixedDayFact]:
        """Days that have passed without it, or of which nobody knows; four queries, six with a lecturer.

        One more where branches may fix their own day.
        """
        span = ask.days
        if span is None:
            return
        parameters = self.read(clause.parameters)
        is_of_branches = clause.subject == Subject.BRANCH
        calendar = calendar_for(ask.bureau_id)
        within: int = parameters["within"]
        reach = dt.timedelta(days=within)
        around = Period(span.start - reach - MOVED, span.end + reach + MOVED)
        held = days_held(
            ask.bureau_id,
            *(parameters["counts"], parameters["lecturer"]),
            around,
            ask.unit_ids if is_of_branches else None,
        )
        activity = _activity(parameters)
        try:
            plan = plan_of(clause, parameters, span, calendar)
        except UnknownCalendarError as error:
            yield FixedDayFact(None, "全局", activity, None, (), ask.as_of, error.message)
            return
        since = records_since(ask.bureau_id)
        away = days_away(ask.bureau_id, parameters["lecturer"], plan.all_days, by_unit=is_of_branches)
        everywhere = {day for found in held.values() for day in found}
        for unit in asked_units(ask, span) if is_of_branches else [None]:
            key = unit.pk if unit else None
            own = tuple(sorted(held.get(key, ()) if key else everywhere))
            for day, rule in plan.of(key):
                if unit is not None and not is_in_force(unit.from_on, unit.to_on, day):
                    continue
                if judge_fixed_day(day, own, within, ask.as_of).state is not State.MISSING:
                    continue  # of most days nothing more need be known
                fact = FixedDayFact(
                    *(key, str(unit or "全局"), activity, day, own, ask.as_of),
                    gap_before(since, Period(day, day)),
                    away.get((key, day), ""),
                    rule,
                )
                if self.judge(parameters, fact).verdict is not Verdict.MET:
                    yield fact

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Each day of the rules in the span, for each branch or for the bureau; two queries a clause."""
        calendar = calendar_for(look.bureau_id)
        for versions in by_clause(clauses).values():
            asked = [_asked(clause, self.read(clause.parameters), look.span, calendar) for clause in versions]
            reach = max(dt.timedelta(days=one.parameters["within"]) for one in asked) + MOVED
            line = days_ahead(asked, look, reach)
            if line is not None:
                yield line

    def judge(self, parameters: Mapping[str, Any], fact: FixedDayFact) -> Judgement:
        """Met when it was held near enough, while it may still be, and where nobody could have lectured.

        Unknown without a calendar, and before the first record.
        """
        required = f"{fact.rule or _rule_label(parameters)}开展{fact.activity}"
        if fact.due_on is None:
            return Judgement(Verdict.UNKNOWN, required, fact.gap)
        found = judge_fixed_day(fact.due_on, fact.held, parameters["within"], fact.as_of)
        evidence = {"due_on": fact.due_on.isoformat(), "held": [day.isoformat() for day in fact.held]}
        if found.state is State.MISSING and fact.excuse:
            return Judgement(Verdict.MET, required, fact.excuse, evidence)
        if found.state is State.MISSING and fact.gap:
            return Judgement(Verdict.UNKNOWN, required, fact.gap, evidence)
        if found.state is State.MISSING:
            return Judgement(Verdict.VIOLATED, required, f"{say_day(fact.due_on)}没有开展", evidence)
        actual = f"{say_day(found.held_on)}已开展" if found.held_on else f"{say_day(fact.due_on)}未到期"
        return Judgement(Verdict.MET, required, actual, evidence)

    def read_case(self, given: Given) -> tuple[dt.date, _Told]:
        """`应开展日` is any day of the month or year that is meant."""
        around = given.day("应开展日")
        return around, _Told(
            around=around,
            held=tuple(sorted(day for day, _ in given.items("活动"))),
            as_of=given.day("核算日", dt.date(around.year + 1, 1, 31)),
            born=given.maybe_day("成立"),
            gone=given.maybe_day("撤销"),
            calendar=given.calendar(),
            given=given,
        )

    def judge_case(self, clause: CaseClause, told: _Told) -> Outcome:
        """By the day that the rule and the calendar give."""
        try:
            own = told.given.text("支部固定日") if clause.parameters["has_own"] else ""
            asked = {**clause.parameters, "day_rule": own or clause.parameters["day_rule"]}
            due_on = _nearest(asked, told.around, told.calendar)
        except UnknownCalendarError as error:
            return Outcome(UNKNOWN, error.message)
        if (told.born and due_on < told.born) or (told.gone and due_on > told.gone):
            return Outcome(NA, f"{say_day(due_on)}时支部不在")
        state = judge_fixed_day(due_on, told.held, clause.parameters["within"], told.as_of).state
        day = Period(due_on, due_on)
        excuse = f"{say_day(due_on)}讲授人经批准请假或借调" if told.given.covers("请假", day) else ""
        gap = gap_before(told.given.day("记录始于", EVER), day)
        fact = FixedDayFact(
            *(None, "", _activity(clause.parameters), due_on, told.held, told.as_of, gap, excuse),
            rule=own_label(asked) if own else "",
        )
        missed = EXCUSED if excuse else UNKNOWN if gap else clause.failed
        word = {State.DONE: MET, State.DUE: DUE}.get(state, missed)
        return Outcome(word, self.judge(clause.parameters, fact).actual)

    def examples(self, clause: CaseClause, calendar: WorkingCalendar) -> Sequence[Example]:
        """On the day of the first whole month, or year, and not at all."""
        is_yearly = parse_due_rule(clause.parameters["day_rule"]).is_yearly
        every = Every.YEAR if is_yearly else Every.MONTH
        if (period := first_whole(clause, every)) is None:
            return ()
        try:
            due_on = _nearest(clause.parameters, period.start, calendar).isoformat()
        except GivenError:  # no such day in that month
            return ()
        return (
            Example("当天没有开展", {"应开展日": due_on, "活动": []}, clause.failed),
            Example("当天开展", {"应开展日": due_on, "活动": [due_on]}, MET),
        )

    def sentence(self, clause: Clause, fact: FixedDayFact, judgement: Judgement) -> str:
        """Who, what is asked, what is the case, and the source of the clause."""
        return f"{fact.unit}应{judgement.required}，{judgement.actual}。依据{clause.source}。"


def _asked(
    clause: Clause, parameters: Mapping[str, Any], span: Period, calendar: WorkingCalendar
) -> DaysAsked:
    """The days that a version names; those of a yearly rule in the whole years that the span touches."""
    is_yearly, gap = parse_due_rule(parameters["day_rule"]).is_yearly, ""
    whole = Period(split(span, Every.YEAR)[0].start, split(span, Every.YEAR)[-1].end) if is_yearly else span
    try:
        plan = plan_of(clause, parameters, whole, calendar)
    except UnknownCalendarError as error:
        plan, gap = DayPlan(()), error.message
    label, asks = _activity(parameters), _rule_label(parameters)
    asks += "，支部自定的以自定为准" if parameters["has_own"] else ""
    return DaysAsked(clause, label, asks, plan, parameters, is_yearly, gap)


def plan_of(
    clause: Clause, parameters: Mapping[str, Any], span: Period, calendar: WorkingCalendar
) -> DayPlan:
    """The days of a clause in a span, and those of branches that have fixed their own.

    What a branch has fixed on the last day of a month is its day of that month.

    Raises:
        UnknownCalendarError: a paper is missing.
    """
    version = clause.version

    def bound(days: Iterable[dt.date]) -> Iterator[dt.date]:
        for day in days:
            if day in span and is_in_force(version.effective_from, version.effective_to, day):
                yield day

    days = tuple(bound(_days(parameters, span, calendar)))
    if not parameters["has_own"] or clause.subject != Subject.BRANCH:
        return DayPlan(days)
    own: dict[uuid.UUID, tuple[tuple[dt.date, str], ...]] = {}
    for unit_id, rules in own_rules(clause.bureau_id, span).items():
        found: list[tuple[dt.date, str]] = []
        for month in split(span, Every.MONTH):
            rule = next((one for held, one in rules if month.end in held), "")
            asked = {**parameters, "day_rule": rule or parameters["day_rule"]}
            label = own_label(asked) if rule else ""
            found += [(day, label) for day in bound(_days(asked, month, calendar))]
        own[unit_id] = tuple(found)
    return DayPlan(days, own)


def own_label(parameters: Mapping[str, Any]) -> str:
    """The rule of a branch's own day in words."""
    return f"本支部固定的{_rule_label(parameters)}"


def _activity(parameters: Mapping[str, Any]) -> str:
    name = str(Ledger(parameters["counts"]).label)
    who = parameters["lecturer"]
    return f"{name}（{Capacity(who).label}讲授）" if who else name


def _rule_label(parameters: Mapping[str, Any]) -> str:
    label = parse_due_rule(parameters["day_rule"]).label
    label += "（逢休息日移到最近的工作日）" if parameters["is_worked"] else ""
    return f"{label}（前后{parameters['within']}天内）" if parameters["within"] else label


def _days(parameters: Mapping[str, Any], span: Period, calendar: WorkingCalendar) -> list[dt.date]:
    """The days of the rule in the span, each moved to a working day where the clause wants one."""
    days = occurrences(parameters["day_rule"], span.start, span.end, calendar)
    return [calendar.nearest_working_day(day) for day in days] if parameters["is_worked"] else days


def _nearest(parameters: Mapping[str, Any], around: dt.date, calendar: WorkingCalendar) -> dt.date:
    """The day of the rule in the month or year in which `around` lies."""
    is_yearly = parse_due_rule(parameters["day_rule"]).is_yearly
    first = around.replace(month=1, day=1) if is_yearly else around.replace(day=1)
    last = around.replace(month=12, day=31) if is_yearly else month_of(around).end
    found = _days(parameters, Period(first, last), calendar)
    if not found:
        raise GivenError("“应开展日”所在的月或年里没有这一天。")
    return found[0]
