"""The outlooks of kinds that ask something of a branch on any day: its numbers, its committee's term."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from qizhi.branch_life.kinds.ahead import look_unit
from qizhi.branch_life.queries.sizes import sizes_on
from qizhi.branch_life.rules import SIZES_OF, SizeJudged, judge_size
from qizhi.core.periods import Period
from qizhi.gatherings.enums import Ledger, Threshold
from qizhi.gatherings.queries.steps import record_step
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries.belonging import belonging_of
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import Judgement, Look, OutlookLine, Prospect, Standing
from qizhi.regulations.kinds.outlook import binding_on, by_clause, cited, why_not_bound, why_not_there
from qizhi.regulations.models import Clause

TERM_RANK, SIZE_RANK = 2000, 2100
NO_ELECTIONS = "当日是临时党支部，不选举、不换届"


def day_of(look: Look) -> dt.date:
    """The day on which one looks at what holds on any day: the last of the span, or today."""
    return max(min(look.span.end, look.as_of), look.span.start)


def sizes_ahead(clauses: Sequence[Clause], look: Look, read: Any) -> Iterator[OutlookLine]:
    """The numbers of the branches on the last day that counts; three queries."""
    day, branches = day_of(look), look.of_kind(UnitKind.BRANCH)
    found = {unit.pk: sizes for unit, sizes in sizes_on(look.bureau_id, day, [one.pk for one in branches])}
    for number, (key, versions) in enumerate(by_clause(clauses).items()):
        bound = binding_on(versions, day)
        newest = read(versions[-1].parameters)
        values, prospects = read(bound[-1].parameters) if bound else newest, []
        for unit in branches:
            why = why_not_there(unit, day) or ("" if bound else why_not_bound(versions, day))
            if why or unit.pk not in found:
                prospects.append(Prospect(unit.pk, look.span, Standing.NA, reason=why))
                continue
            one = _of_size(judge_size(found[unit.pk], values), unit, bound[-1], look.span)
            prospects.append(replace(one, asked_on=Period(day, day), is_lasting=True))
        yield OutlookLine(
            key=key,
            label=f"{SIZES_OF[newest['of']]}人数",
            asks=_bounds(newest),
            unit_kind=UnitKind.BRANCH,
            clauses=cited(versions),
            prospects=tuple(prospects),
            rank=SIZE_RANK + number,
        )


def _bounds(values: Any) -> str:
    parts = (("at_least", "至少{}人"), ("usually_at_most", "一般至多{}人"), ("at_most", "至多{}人"))
    said = "，".join(words.format(values[name]) for name, words in parts if values[name])
    return f"正式党员{values['required_from']}人起：{said}" if values["required_from"] else said


def _of_size(judged: SizeJudged, unit: Unit, clause: Clause, period: Period) -> Prospect:
    source = clause.source
    if judged.is_not_asked:
        return Prospect(unit.pk, period, Standing.NA, reason=judged.actual, source=source)
    if judged.is_wrong:
        steps = (look_unit("核对党员和职务", unit),)
        words, why = judged.actual.removeprefix("现有"), judged.required
        general = clause.is_general
        return Prospect(
            unit.pk, period, Standing.MISSING, None, words, why, source, is_general=general, steps=steps
        )
    reason = f"{judged.required}：超过“一般”的人数" if judged.is_unusual else ""
    words = judged.actual.removeprefix("现有")
    return Prospect(unit.pk, period, Standing.DONE, None, words, reason, source)


def terms_ahead(
    clauses: Sequence[Clause],
    look: Look,
    tell: Callable[[Clause, dt.date, list[Unit]], dict[Any, tuple[Judgement, dt.date, bool]]],
) -> Iterator[OutlookLine]:
    """The terms of the branches on the last day that counts.

    Args:
        clauses: those of the kind.
        look: units and days.
        tell: gives by the key of a unit its judgement, the last day of its term and whether that is near.
    """
    day, branches = day_of(look), look.of_kind(UnitKind.BRANCH)
    here = belonging_of(look.bureau_id)
    for key, versions in by_clause(clauses).items():
        bound, newest = binding_on(versions, day), versions[-1]
        found = tell(bound[-1], day, branches) if bound else {}
        prospects = []
        for unit in branches:
            why = why_not_there(unit, day) or ("" if bound else why_not_bound(versions, day))
            if not why and here.is_temporary(unit.pk, day):
                why = NO_ELECTIONS
            if why or unit.pk not in found:
                prospects.append(Prospect(unit.pk, look.span, Standing.NA, reason=why))
                continue
            one = _of_term(found[unit.pk], unit, bound[-1], look.span)
            prospects.append(replace(one, asked_on=Period(day, day), is_lasting=True))
        yield OutlookLine(
            key=key,
            label="支部委员会换届",
            asks=f"{'一般' if newest.is_general else ''}每{newest.parameters.get('years')}年1次",
            unit_kind=UnitKind.BRANCH,
            clauses=cited(versions),
            prospects=tuple(prospects),
            rank=TERM_RANK,
        )


def _of_term(told: tuple[Judgement, dt.date, bool], unit: Unit, clause: Clause, period: Period) -> Prospect:
    judged, ends, is_near = told
    source, general = clause.source, clause.is_general
    if judged.verdict is Verdict.MET and not is_near:
        return Prospect(unit.pk, period, Standing.DONE, None, "任期内", judged.actual, source)
    topics, vote = "支部委员会换届选举", Threshold.ELECTION
    steps = (record_step("登记换届选举", unit, ledger=Ledger.CONGRESS, topics=topics, vote=vote),)
    if judged.verdict is Verdict.UNKNOWN:
        # Who knows when the last one was can still write it down.
        return Prospect(unit.pk, period, Standing.UNKNOWN, reason=judged.actual, source=source, steps=steps)
    state = Standing.DUE if judged.verdict is Verdict.MET else Standing.MISSING
    words = "该换届" if state is Standing.DUE else "已届满"
    return Prospect(
        unit.pk, period, state, ends, words, judged.actual, source, is_general=general, steps=steps
    )
