"""What is due, held and missing in a period: arithmetic on dates, nothing stored.

A *line* is a thing asked for again and again (a congress each quarter). The clauses that ask it, one after
another in time or side by side, are its *rules*: which of them binds is decided for each period by the day
on which that period ends, never by the day on which one happens to look. Days are inclusive on both ends.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum
from typing import NamedTuple

from qizhi.core.periods import Every, Period, say_day
from qizhi.core.values import dataclass
from qizhi.gatherings.rules import COMMITTEE_SIZE
from qizhi.gatherings.rules.grounds import say_since

NOTHING_EXCUSED: Mapping[uuid.UUID, str] = {}


class State(StrEnum):
    """How a line stands in a period."""

    DONE = "done"
    DUE = "due"
    MISSING = "missing"
    NA = "na"
    EXCUSED = "excused"
    LATE = "late"
    UNKNOWN = "unknown"


class Condition(StrEnum):
    """What a branch must have for a rule to bind it."""

    NONE = ""
    HAS_COMMITTEE = "has_committee"
    HAS_GROUPS = "has_groups"


@dataclass(frozen=True)
class Days:
    """From one day to another; `to_on` None while it goes on."""

    from_on: dt.date
    to_on: dt.date | None = None

    def __contains__(self, day: dt.date) -> bool:
        """Whether it holds on the day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)

    def spans(self, period: Period) -> bool:
        """Whether it holds on the first and on the last day of the period."""
        return period.start in self and period.end in self


@dataclass(frozen=True)
class Rule:
    """A clause as one judges by it.

    Attributes:
        clause_id: the clause.
        at_least: how many times in each period.
        condition: what the branch must have.
        in_force: days of the version it stands in.
        source: Chinese citation, 《…》第十一条.
        is_general: the text says 一般: missing it is a warning.
        problem: Chinese; why the clause cannot be judged by, empty when it can.
        asked_by: document and clause, whatever the version.
    """

    clause_id: uuid.UUID
    at_least: int
    condition: Condition
    in_force: Days
    source: str
    is_general: bool = False
    problem: str = ""
    asked_by: str = ""


@dataclass(frozen=True)
class Part:
    """A group of a branch."""

    key: uuid.UUID
    name: str
    days: Days


@dataclass(frozen=True)
class Facts:
    """A unit in time.

    Attributes:
        exists: its own days.
        successor: Chinese name of the unit it was merged into; empty if it was not.
        posts: who held a post in its committee, when.
        groups: its Party groups.
    """

    exists: Days
    successor: str = ""
    posts: tuple[tuple[uuid.UUID, Days], ...] = ()
    groups: tuple[Part, ...] = ()
    # A unit is asked a dozen things in each period, and most of them turn on the same few answers.
    _groups: dict[Period, tuple[Part, ...]] = field(default_factory=dict, compare=False, repr=False)
    _reasons: dict[tuple[Condition, Period], str] = field(default_factory=dict, compare=False, repr=False)

    def has_committee(self, day: dt.date) -> bool:
        """Whether enough of the committee's posts are held on the day."""
        return len({person for person, days in self.posts if day in days}) >= COMMITTEE_SIZE

    def groups_in(self, period: Period) -> tuple[Part, ...]:
        """The groups that were there on its first and on its last day."""
        if not self.groups:
            return ()
        if period not in self._groups:
            self._groups[period] = tuple(part for part in self.groups if part.days.spans(period))
        return self._groups[period]

    def why_not_owed(self, condition: Condition, period: Period) -> str:
        """Why the unit owes nothing in the period; see the function of this name."""
        key = condition, period
        reason = self._reasons.get(key)
        if reason is None:
            reason = self._reasons[key] = why_not_owed(condition, self, period)
        return reason


class Held(NamedTuple):
    """A gathering that counts for a line: its day, whether it was recorded late, the group it was held in."""

    day: dt.date
    key: uuid.UUID
    is_late: bool = False
    part: uuid.UUID | None = None


class Judged(NamedTuple):
    """A line in a period: a tuple, since a screen makes thousands of them.

    Attributes:
        state: the answer.
        held: the gatherings of the period up to the day of reckoning, in order of time.
        required: how many times the binding rule asks; 0 when none binds.
        counted: how many times count; of what groups did by themselves, as often as each of them did.
        reason: Chinese; why not applicable or unknown, which groups have not met, or that what is done was
            not asked yet because the rule came into force inside the period.
        lacking: the groups that have not met.
        rule: the binding rule, or the one that comes nearest to binding; None when there was none.
        is_owed: whether the unit owed it; something done that nobody owed is done and not owed.
    """

    state: State
    held: tuple[Held, ...]
    required: int
    counted: int
    reason: str
    rule: Rule | None
    is_owed: bool
    lacking: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Reckoning:
    """The day one reckons on, since when the system has records at all, and whether the line can be recorded.

    Attributes:
        as_of: gatherings after this day do not count.
        records_from: day of the oldest record of the bureau; None when there is none. What ended before it
            is unknown, not missing.
        gap: Chinese; why nothing can be recorded for the line, empty when it can.
    """

    as_of: dt.date
    records_from: dt.date | None
    gap: str = ""


@dataclass(frozen=True)
class Binding:
    """The rules of a line in one period, the same for every unit.

    Attributes:
        period: which.
        rules: those in force at its end, the strictest first.
        reason: Chinese; why none of them binds yet, empty when they do.
        problem: the rule that cannot be judged by, if one is among them.
    """

    period: Period
    rules: tuple[Rule, ...]
    reason: str = ""
    problem: Rule | None = None


def bind(period: Period, rules: Sequence[Rule]) -> Binding:
    """The rules that bind in a period; their order does not matter."""
    bound = tuple(sorted((r for r in rules if period.end in r.in_force), key=_strictest_first))
    if not bound:
        return Binding(period, (), _not_yet(rules, period))
    is_older = any(period.start in r.in_force for r in rules)
    problem = next((rule for rule in bound if rule.problem), None)
    return Binding(period, bound, "" if is_older else _started(bound, period), problem)


def judge(
    binding: Binding,
    facts: Facts,
    held: Sequence[Held],
    reckoning: Reckoning,
    excused: Mapping[uuid.UUID, str] = NOTHING_EXCUSED,
) -> Judged:
    """How a line stands in one period; the order of `held` does not matter.

    Enough gatherings are enough, whether or not they were owed. Otherwise what was not owed is not
    applicable, with the reason; from what a superior has excused the unit it is excused, unless another
    clause asks for the same; what can still be held is due; the rest is missing, or unknown where the
    system had no records yet.

    Args:
        binding: the rules of the period.
        facts: the unit in time.
        held: what it held.
        reckoning: the day one reckons on, and since when there are records.
        excused: by the key of a clause, why the unit is excused from it in this period.
    """
    if excused and (found := _excused(binding, facts, held, reckoning, excused)) is not None:
        return found
    period, bound = binding.period, binding.rules
    last = min(period.end, reckoning.as_of)
    counted = tuple(sorted([h for h in held if period.start <= h.day <= last])) if held else ()
    if not bound:
        return Judged(State.NA, counted, 0, len(counted), binding.reason, None, is_owed=False)
    if problem := binding.problem:
        return Judged(State.UNKNOWN, counted, 0, len(counted), problem.problem, problem, is_owed=False)
    reason, rule = _why_not(binding, facts)
    groups = facts.groups_in(period)
    times = _times(counted, groups)
    settled = _settled(counted, groups, times, rule.at_least)
    if settled is not None:
        why = f"{binding.reason}，本期不作要求" if binding.reason else ""
        return Judged(settled, counted, rule.at_least, times, why, rule, is_owed=not reason)
    if reason:
        return Judged(State.NA, counted, rule.at_least, times, reason, rule, is_owed=False)
    state, why = _open(period, reckoning)
    lacking = _lacking(counted, groups, rule)
    if lacking and not why and len(groups) > 1 and reckoning.as_of >= period.start:
        why = f"{'、'.join(part.name for part in lacking)}未开"
    is_owed = state is not State.UNKNOWN
    return Judged(state, counted, rule.at_least, times, why, rule, is_owed, lacking)


def _excused(
    binding: Binding,
    facts: Facts,
    held: Sequence[Held],
    reckoning: Reckoning,
    excused: Mapping[uuid.UUID, str],
) -> Judged | None:
    """How the line stands without the rules from which the unit is excused; None where that is the same."""
    rules = tuple(rule for rule in binding.rules if rule.clause_id not in excused)
    if binding.problem or len(rules) == len(binding.rules):
        return None
    all_told = judge(binding, facts, held, reckoning)
    if all_told.state not in {State.MISSING, State.DUE, State.UNKNOWN}:
        return None
    rule = next(rule for rule in binding.rules if rule.clause_id in excused)
    if rules:
        others = judge(replace(binding, rules=rules), facts, held, reckoning)
        if others.state is not State.NA:
            return others
    return all_told._replace(
        state=State.EXCUSED, reason=excused[rule.clause_id], rule=rule, is_owed=False, lacking=()
    )


def _why_not(binding: Binding, facts: Facts) -> tuple[str, Rule]:
    """The strictest rule that the unit owes, without a reason; else the strictest of all, with one."""
    bound = binding.rules
    if binding.reason:
        return binding.reason, bound[0]
    reasons = []
    for rule in bound:
        reasons.append(facts.why_not_owed(rule.condition, binding.period))
        if not reasons[-1]:
            return "", rule
    return _cited(reasons[0], bound[0], facts, binding.period), bound[0]


ASKED_OF = {Condition.HAS_COMMITTEE: "设支部委员会的党支部", Condition.HAS_GROUPS: "设党小组的党支部"}


def _cited(reason: str, rule: Rule, facts: Facts, period: Period) -> str:
    """Why a rule does not bind with its words, where it is the rule that says of whom it asks."""
    if rule.condition is Condition.NONE or not facts.exists.spans(period):
        return reason
    return f"{reason}（{rule.source}只要求{ASKED_OF[rule.condition]}）"


def _strictest_first(rule: Rule) -> tuple[int, str, uuid.UUID]:
    return -rule.at_least, rule.source, rule.clause_id


def why_not_owed(condition: Condition, facts: Facts, period: Period) -> str:
    """Why a unit owes nothing in the period, in Chinese; empty when it owes.

    Existing, or having the committee or group, on both the first and the last day is enough: a post that
    stood empty for a week in between excuses nobody, a body that came or went inside the period does.
    """
    if not facts.exists.spans(period):
        return _why_not_there(facts, period)
    if condition is Condition.HAS_COMMITTEE:
        return _why_no_committee(facts, period)
    if condition is Condition.HAS_GROUPS and not facts.groups_in(period):
        touched = any(period.start in p.days or period.end in p.days for p in facts.groups)
        return "本期内党小组有设立或撤销" if touched else "未设党小组"
    return ""


def _why_not_there(facts: Facts, period: Period) -> str:
    first, last = facts.exists.from_on, facts.exists.to_on
    if first > period.end:
        return f"尚未成立（{say_day(first)}成立）"
    if last is not None and last < period.end:
        what = f"并入{facts.successor}" if facts.successor else "撤销"
        return f"{'已' if last < period.start else '本期内'}{what}（{say_day(last)}止）"
    return f"本期内成立（成立于{say_day(first)}）"


def _why_no_committee(facts: Facts, period: Period) -> str:
    at_start, at_end = facts.has_committee(period.start), facts.has_committee(period.end)
    if at_start and at_end:
        return ""
    if at_end:
        return "本期内才设立支部委员会"
    return "本期内支部委员会缺额，不足3人" if at_start else "无支部委员会"


def _not_yet(rules: Sequence[Rule], period: Period) -> str:
    later = [rule.in_force.from_on for rule in rules if rule.in_force.from_on > period.end]
    return f"规定当时未施行（{say_day(min(later))}起施行）" if later else "规定当时已停止施行"


def _started(bound: Sequence[Rule], period: Period) -> str:
    first = min(rule.in_force.from_on for rule in bound)
    return f"规定自{say_day(first)}起施行，{period.label}不满一期"


def _of_group(held: Sequence[Held], part: Part) -> int:
    """A meeting of the branch as a whole is a joint one: it counts for each of its groups."""
    return sum(1 for h in held if h.part is None or h.part == part.key)


def _times(held: Sequence[Held], groups: Sequence[Part]) -> int:
    """How often the branch as a whole has met: what groups did by themselves counts once all did."""
    if not groups or all(h.part is None for h in held):
        return len(held)
    return min(_of_group(held, part) for part in groups)


def _settled(held: Sequence[Held], groups: Sequence[Part], times: int, at_least: int) -> State | None:
    """Done, late when it took what was recorded late, None when there is not enough."""
    if len(held) < at_least or times < at_least:
        return None
    if not any(h.is_late for h in held):
        return State.DONE
    in_time = [h for h in held if not h.is_late]
    return State.DONE if _times(in_time, groups) >= at_least else State.LATE


def _lacking(held: Sequence[Held], groups: Sequence[Part], rule: Rule) -> tuple[Part, ...]:
    """Which groups have not met, where groups met by themselves or are asked to."""
    if rule.condition is not Condition.HAS_GROUPS and all(h.part is None for h in held):
        return ()
    return tuple(part for part in groups if _of_group(held, part) < rule.at_least)


def _open(period: Period, reckoning: Reckoning) -> tuple[State, str]:
    if reckoning.gap:
        return State.UNKNOWN, reckoning.gap
    if reckoning.as_of <= period.end:
        return State.DUE, ""
    if reckoning.records_from is None or period.end < reckoning.records_from:
        return State.UNKNOWN, say_since(reckoning.records_from, is_screen=True)
    return State.MISSING, ""


EVERY_LABELS = {Every.MONTH: "每月", Every.QUARTER: "每季度", Every.YEAR: "每年"}


def frequency(every: Every, at_least: int, *, is_general: bool) -> str:
    """How often, in words: 一般每季度1次, 每月2次."""
    return f"{'一般' if is_general else ''}{EVERY_LABELS[every]}{at_least}次"
