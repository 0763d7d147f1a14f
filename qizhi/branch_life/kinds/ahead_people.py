"""The outlooks of kinds that ask something of each person: who has it, who still lacks it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qizhi.branch_life.kinds.ahead import marks_of
from qizhi.branch_life.permissions import RECORD_TALKS
from qizhi.branch_life.queries import TalkCoverage, talk_coverage
from qizhi.branch_life.queries.ahead import InPost, in_posts
from qizhi.branch_life.rules import State
from qizhi.core.periods import Period
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.queries.grounds import away_through, gap_before, records_since
from qizhi.gatherings.queries.steps import rank_of, record_step
from qizhi.org.enums import Role, UnitKind
from qizhi.org.models import Unit
from qizhi.regulations.kinds import Look, OutlookLine, PersonProspect, Prospect, Standing, Step
from qizhi.regulations.kinds.outlook import (
    binding_on,
    by_clause,
    cited,
    of_people,
    why_not_bound,
)
from qizhi.regulations.models import Clause

TALK_RANK, LESSON_RANK = 1000, 3


def lessons_ahead(clauses: Sequence[Clause], look: Look, read: Any) -> Iterator[OutlookLine]:
    """Everybody in a post with the lessons given in a year; four queries a year, however many posts."""
    by_key = by_clause(clauses)
    roles = {key: str(read(versions[-1].parameters)["role"]) for key, versions in by_key.items()}
    ids = [unit.pk for unit in look.of_kind(UnitKind.BRANCH)]
    told: dict[str, list[Prospect]] = defaultdict(list)
    for period in look.years:
        found = in_posts(look.bureau_id, set(roles.values()), period, look.as_of, ids)
        for key, versions in by_key.items():
            mine = [one for one in found if one.role == roles[key]]
            told[key] += _lessons_of(versions, mine, period, look, read)
    for key, versions in by_key.items():
        if told[key]:
            yield OutlookLine(
                key=key,
                label=f"{Role(roles[key]).label}讲党课",
                asks=f"每人每年至少{versions[-1].parameters['at_least']}次",
                unit_kind=UnitKind.BRANCH,
                clauses=cited(versions),
                prospects=tuple(told[key]),
                rank=rank_of(Ledger.LESSON, LESSON_RANK),
            )


def _lessons_of(
    versions: Sequence[Clause], found: list[InPost], period: Period, look: Look, read: Any
) -> Iterator[Prospect]:
    bound = binding_on(versions, period.end)
    role = str(read(versions[-1].parameters)["role"])
    by_unit: dict[uuid.UUID, list[InPost]] = defaultdict(list)
    for one in found:
        by_unit[one.unit_id].append(one)
    known = (look.as_of, gap_before(records_since(look.bureau_id), period))
    away = away_through(look.bureau_id, period)
    for unit in look.of_kind(UnitKind.BRANCH):
        here = by_unit[unit.pk]
        if not bound:
            if here:
                why = why_not_bound(versions, period.end)
                yield Prospect(unit.pk, period, Standing.NA, reason=why)
            continue
        clause = bound[-1]
        if not here:
            if role == Role.SECRETARY:
                why = f"{period.label}没有登记支部书记任职"
                yield Prospect(unit.pk, period, Standing.NA, reason=why, source=clause.source)
            continue
        at_least = read(clause.parameters)["at_least"]
        people = [
            _lecturer(one, unit, period, at_least, (*known, away.get(one.person.pk, ""))) for one in here
        ]
        marks = marks_of(held for one in here for held in one.lessons)
        yield of_people(unit.pk, period, people, clause, marks)


def _lecturer(
    one: InPost, unit: Unit, period: Period, at_least: int, known: tuple[dt.date, str, str]
) -> PersonProspect:
    as_of, unknown, away = known
    words, lessons = f"已讲{len(one.lessons)}次", len(one.lessons)
    who = one.person
    if lessons >= at_least:
        in_time = sum(1 for held in one.lessons if not held.is_late)
        state = Standing.DONE if in_time >= at_least else Standing.LATE
        return PersonProspect(who.pk, who.name, state, words)
    if not one.is_whole:
        return PersonProspect(who.pk, who.name, Standing.NA, words, "本年度内任职或离任，不要求")
    if away:
        return PersonProspect(who.pk, who.name, Standing.EXCUSED, words, away)
    is_running = as_of <= period.end
    if not is_running and unknown:
        return PersonProspect(who.pk, who.name, Standing.UNKNOWN, words, unknown)
    state = Standing.DUE if is_running else Standing.MISSING
    return PersonProspect(who.pk, who.name, state, words, steps=_give_lesson(who, unit, as_of, period))


def _give_lesson(who: Any, unit: Unit, as_of: dt.date, period: Period) -> tuple[Step, ...]:
    if period.start > as_of:
        return ()
    held_on = as_of.isoformat() if as_of in period else ""
    lecturer = f"{who.name}({who.staff_no})"
    verb = "登记党课" if held_on else "补录党课"
    return (record_step(verb, unit, held_on=held_on, ledger=Ledger.LESSON, lecturers=lecturer),)


def talks_ahead(clauses: Sequence[Clause], look: Look) -> Iterator[OutlookLine]:
    """Every member with whether there was a talk in the year; the statements are those of the coverage."""
    branches, newest = look.of_kind(UnitKind.BRANCH), clauses[-1]
    prospects = [prospect for period in look.years for prospect in _talks_of(clauses, period, look, branches)]
    at_least = newest.parameters.get("at_least")
    yield OutlookLine(
        key="coverage",
        label="谈心谈话",
        asks=f"{'一般' if newest.is_general else ''}每名党员每年至少{at_least}次",
        unit_kind=UnitKind.BRANCH,
        clauses=cited(clauses),
        prospects=tuple(prospects),
        rank=TALK_RANK,
    )


def _talks_of(
    clauses: Sequence[Clause], period: Period, look: Look, branches: list[Unit]
) -> Iterator[Prospect]:
    bound = binding_on(clauses, period.end)
    ids = [unit.pk for unit in branches]
    found: Mapping[uuid.UUID, TalkCoverage] = {}
    if bound and period.start <= look.as_of:
        found = talk_coverage(look.bureau_id, ids, period, look.as_of)
    for unit in branches:
        lines = found[unit.pk].lines if unit.pk in found else ()
        if not lines:
            why = "" if bound else why_not_bound(clauses, period.end)
            if bound:
                why = "没有党员" if period.start <= look.as_of else "年度还没有开始"
            source = bound[-1].source if bound else ""
            yield Prospect(unit.pk, period, Standing.NA, reason=why, source=source)
            continue
        gap = found[unit.pk].gap
        people = [_talked(line, unit, look.as_of, period, gap) for line in lines]
        yield of_people(unit.pk, period, people, bound[-1])


def _talked(line: Any, unit: Unit, as_of: dt.date, period: Period, gap: str) -> PersonProspect:
    state, words = Standing(line.state.value), f"已谈{line.talks}次"
    if line.state is State.NA:
        return PersonProspect(line.person.pk, line.person.name, state, words, "年内才入支部，本年度不要求")
    reasons = {State.EXCUSED: "整个期间请假或借调", State.UNKNOWN: gap}
    steps: tuple[Step, ...] = ()
    if line.state not in {State.DONE, State.EXCUSED}:
        query = (("unit", str(unit.pk)), ("with", str(line.person.pk)))
        verb = "登记谈话" if as_of <= period.end else "补录谈话"
        steps = (Step(verb, "branch_life:talk_new", RECORD_TALKS, query, unit_id=unit.pk, path=unit.path),)
    reason = reasons.get(line.state, "")
    return PersonProspect(line.person.pk, line.person.name, state, words, reason, steps)
