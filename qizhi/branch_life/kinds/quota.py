"""The kind of clause `quota`: so many of an activity in each month, quarter or year."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from qizhi.branch_life.kinds.ahead import quota_ahead
from qizhi.branch_life.queries import OWED_BY, QUOTA, Cell, asked_units, states
from qizhi.branch_life.rules import (
    EVERY_LABELS,
    Condition,
    Days,
    Facts,
    Held,
    Judged,
    Part,
    Reckoning,
    Rule,
    State,
    bind,
    judge,
)
from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period, say_day, split
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Capacity, Ledger
from qizhi.regulations.enums import Subject, Verdict
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
    days_in,
    first_whole,
    quota_parameters,
    register,
)
from qizhi.regulations.kinds.cases import DUE, EVER, LATE, MET, NA, UNKNOWN, period_key, to_day
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import WorkingCalendar


@dataclass(frozen=True)
class QuotaFact:
    """What a unit held of an activity in a period.

    Attributes:
        unit_id: who owed it.
        unit: its Chinese name.
        activity: Chinese name of what is counted.
        period: the month, quarter or year.
        held: day and key of each gathering that counts, in order of time.
        counted: how many count; of group meetings, those of the group that met least.
        gap: Chinese; what is not known, empty when everything is.
        detail: Chinese; which groups have not met.
    """

    unit_id: uuid.UUID
    unit: str
    activity: str
    period: Period
    held: tuple[tuple[str, str], ...]
    counted: int
    gap: str = ""
    detail: str = ""


@register
class Quota(Kind[QuotaFact]):
    """一段时间内至少 N 次某类活动: counted from gatherings, never typed."""

    key = QUOTA
    label = "周期次数"
    shown_on = (("组织生活", "branch_life:bureau"), ("逐条检查", "branch_life:findings"))
    figures = ("branch_life.missing", "branch_life.done_share")
    facts = ("期间", "核算日", "记录始于", "单位", "活动")
    pages = {"unit_id": "branch_life:unit"}
    same_by = ("counts", "every", "lecturer")
    parameters = quota_parameters(counts=Ledger.choices, lecturers=Capacity.choices)

    def scan(self, clause: Clause, ask: Ask) -> Iterable[QuotaFact]:
        """Units × periods that end in the asked period and in which the clause binds and is not met.

        What was not owed (no committee, no groups, founded or merged inside the period) and what is not
        yet due is passed over. Where another clause asks for more of the same, that one speaks. From what the
        unit is excused is told as it stands: whoever reads it looks for exemptions.
        """
        if clause.subject not in OWED_BY:
            return
        units = asked_units(ask, ask.period, OWED_BY[Subject(clause.subject)])
        found = states(ask.bureau_id, units, ask.period, ask.as_of)
        told = found.in_state(State.MISSING, State.UNKNOWN, State.EXCUSED)
        yield from _facts(told, clause, ask.period, ask.as_of)

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:  # noqa: ARG002
        """The cells of the compliance screen, which gathers its clauses itself."""
        return quota_ahead(look)

    def judge(self, parameters: Mapping[str, Any], fact: QuotaFact) -> Judgement:
        """Met from `at_least` on; unknown where something is not known and there are not enough."""
        at_least: int = parameters["at_least"]
        every = EVERY_LABELS[Every(parameters["every"])]
        evidence = {"period": fact.period.label, "held": [list(held) for held in fact.held]}
        required = f"{every}至少{at_least}次{fact.activity}"
        if fact.counted >= at_least:
            return Judgement(Verdict.MET, required, f"已开展{fact.counted}次", evidence)
        if fact.gap:
            return Judgement(Verdict.UNKNOWN, required, fact.gap, evidence)
        actual = f"已开展{fact.counted}次，缺{at_least - fact.counted}次"
        return Judgement(
            Verdict.VIOLATED, required, f"{actual}（{fact.detail}）" if fact.detail else actual, evidence
        )

    def try_case(self, key: str, clauses: Sequence[CaseClause], given: Given) -> list[Outcome]:
        """One outcome for each month, quarter or year of the period.

        Facts: 期间, 核算日 (the day after, unless given), 记录始于 (a day or 无),
        单位 {成立, 撤销, 并入, 委员, 党小组}, 活动 (a day; behind it 补录 and the group that met by itself).
        """
        own = next(clause for clause in clauses if clause.key == key)
        every = Every(own.parameters["every"])
        line = {_rule(clause): clause for clause in clauses if _line(clause) == _line(own)}
        span = given.period()
        facts = _unit(given.inner("单位", UNIT_FACTS))
        held = _held(given.items("活动"), {part.name: part.key for part in facts.groups})
        as_of = given.day("核算日", span.end + dt.timedelta(days=1))
        is_empty = given.text("记录始于") == "无"
        reckoning = Reckoning(as_of, None if is_empty else given.day("记录始于", EVER))
        found = []
        for period in split(span, every):
            judged = judge(bind(period, list(line)), facts, held, reckoning)
            clause = line[judged.rule] if judged.rule else own
            found.append(
                Outcome(_word(judged.state, clause), _say(judged, clause), period_key(period, every))
            )
        return found

    def examples(self, clause: CaseClause, calendar: WorkingCalendar) -> Sequence[Example]:
        """As often as is asked in the first whole period, and once less; with whom the clause supposes."""
        del calendar
        every, at_least = Every(clause.parameters["every"]), int(clause.parameters["at_least"])
        if (period := first_whole(clause, every)) is None:
            return ()
        began, days = EVER.isoformat(), days_in(period, at_least)
        unit, group = _SUPPOSED[Condition(clause.parameters["only_if"])](began)
        told = {"期间": period_key(period, every), **unit}
        held = [f"{day}{group}" for day in days]
        return (
            Example(f"开展{at_least - 1}次", {**told, "活动": held[:-1]}, clause.failed),
            Example(f"开展{at_least}次", {**told, "活动": held}, MET),
        )

    def sentence(self, clause: Clause, fact: QuotaFact, judgement: Judgement) -> str:
        """Who, when, what is asked, what is the case, and the source of the clause."""
        what = f"应{judgement.required}，{judgement.actual}"
        return f"{fact.unit}{fact.period.label}：{what}。依据{clause.source}。"


def _facts(cells: Iterable[Cell], clause: Clause, period: Period, as_of: dt.date) -> Iterator[QuotaFact]:
    for cell in cells:
        judged = cell.judged
        if judged.rule is None or judged.rule.clause_id != clause.pk or cell.period.end not in period:
            continue
        if cell.state is State.EXCUSED and as_of <= cell.period.end:
            continue  # not missing yet, with or without the exemption
        is_unknown = cell.state is State.UNKNOWN
        yield QuotaFact(
            unit_id=cell.unit.pk,
            unit=str(cell.unit),
            activity=cell.line.label,
            period=cell.period,
            held=tuple((held.day.isoformat(), str(held.key)) for held in judged.held),
            counted=judged.counted,
            gap=judged.reason if is_unknown else "",
            detail=judged.reason if cell.state is State.MISSING else "",
        )


_SUPPOSED: Mapping[Condition, Callable[[str], tuple[dict[str, Any], str]]] = {
    Condition.NONE: lambda _: ({}, ""),
    Condition.HAS_COMMITTEE: lambda began: ({"单位": {"委员": [began] * 3}}, ""),
    Condition.HAS_GROUPS: lambda began: ({"单位": {"党小组": {"一组": began}}}, " 一组"),
}
"""What a unit has of which a clause asks something under a condition, and the group that meets."""
UNIT_FACTS = ("成立", "撤销", "并入", "委员", "党小组")
_WORDS = {State.DONE: MET, State.LATE: LATE, State.DUE: DUE, State.NA: NA, State.UNKNOWN: UNKNOWN}


def _line(clause: CaseClause) -> tuple[Any, ...]:
    """What makes clauses ask the same thing."""
    return clause.subject, *(clause.parameters[name] for name in Quota.same_by)


def _rule(clause: CaseClause) -> Rule:
    return Rule(
        clause_id=uuid.uuid5(uuid.NAMESPACE_OID, f"{clause.source}{clause.key}{clause.from_on}"),
        at_least=clause.parameters["at_least"],
        condition=Condition(clause.parameters["only_if"]),
        in_force=Days(clause.from_on, clause.to_on),
        source=clause.source,
        is_general=clause.is_general,
    )


def _unit(given: Given) -> Facts:
    gone = given.maybe_day("撤销")
    groups = given.inner("党小组", None)
    return Facts(
        exists=Days(given.day("成立", EVER), gone),
        successor=given.text("并入"),
        posts=tuple((uuid.uuid4(), _days(day, words)) for day, words in given.items("委员")),
        groups=tuple(Part(uuid.uuid4(), name, Days(*groups.span(name))) for name in groups.names()),
    )


def _days(day: dt.date, words: Sequence[str]) -> Days:
    return Days(day, to_day(words[0], "委员") if words else None)


def _held(items: Sequence[tuple[dt.date, Sequence[str]]], groups: Mapping[str, uuid.UUID]) -> list[Held]:
    found = []
    for day, words in items:
        named = [word for word in words if word != "补录"]
        if strangers := [word for word in named if word not in groups]:
            raise GivenError(f"“活动”里的“{strangers[0]}”不是这个支部的党小组。")
        part = groups[named[0]] if named else None
        found.append(Held(day, uuid.uuid4(), "补录" in words, part))
    return found


def _word(state: State, clause: CaseClause) -> str:
    return clause.failed if state is State.MISSING else _WORDS[state]


def _say(judged: Judged, clause: CaseClause) -> str:
    if judged.state in {State.NA, State.UNKNOWN}:
        return judged.reason
    asked = f"{EVERY_LABELS[Every(clause.parameters['every'])]}{judged.required}次，已开展{judged.counted}次"
    days = "、".join(say_day(held.day) for held in judged.held)
    return "".join(
        filter(None, [asked, f"（{days}）" if days else "", judged.reason and f"，{judged.reason}"])
    )
