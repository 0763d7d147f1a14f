"""The outlook on hours of training: who of each branch has enough, who still lacks how many."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qizhi.core.periods import Period
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.permissions import RECORD
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.regulations.kinds import Look, OutlookLine, PersonProspect, Prospect, Standing, Step
from qizhi.regulations.kinds.outlook import binding_on, cited, of_people, why_not_bound
from qizhi.regulations.models import Clause
from qizhi.study.permissions.hours import SEE_HOURS
from qizhi.study.queries.hours import Line, lines, targets_of
from qizhi.study.rules import hours as rules

RANKS = {rules.MEMBER: 1100, rules.LEADER: 1101}
_STATES = {
    rules.Standing.DONE: Standing.DONE,
    rules.Standing.DUE: Standing.DUE,
    rules.Standing.MISSING: Standing.MISSING,
    rules.Standing.NA: Standing.NA,
    rules.Standing.EXCUSED: Standing.EXCUSED,
    rules.Standing.UNKNOWN: Standing.UNKNOWN,
}


def hours_ahead(clauses: Sequence[Clause], look: Look) -> Iterator[OutlookLine]:
    """One line for members and one for those in the branch committees, as the clauses tell them apart."""
    branches = look.of_kind(UnitKind.BRANCH)
    by_group: dict[str, list[Clause]] = defaultdict(list)
    for clause in clauses:
        by_group[str(clause.parameters.get("of", ""))].append(clause)
    found: dict[str, list[Prospect]] = defaultdict(list)
    for period in look.years:
        bound = binding_on(clauses, period.end)
        here = _people(period, look, branches, bound) if bound else {}
        for of, mine in by_group.items():
            found[of] += [_prospect(mine, period, unit, here.get((unit.pk, of), [])) for unit in branches]
    for of, mine in by_group.items():
        newest = mine[-1]
        central = newest.parameters.get("central_trainings")
        asks = f"每人每年{newest.parameters.get('hours')}学时" + (f"、集中培训{central}次" if central else "")
        yield OutlookLine(
            key=f"hours.{of}",
            label=f"学时（{rules.GROUPS.get(of, of)}）",
            asks=asks,
            unit_kind=UnitKind.BRANCH,
            clauses=cited(mine),
            prospects=tuple(found[of]),
            rank=RANKS.get(of, 1102),
        )


def _people(
    period: Period, look: Look, branches: Sequence[Unit], bound: Sequence[Clause]
) -> dict[tuple[uuid.UUID, str], list[PersonProspect]]:
    """By branch and group of people, which the clause that binds each of them names."""
    groups = {clause.source: str(clause.parameters.get("of", "")) for clause in bound}
    within = frozenset(unit.pk for unit in branches)
    found: dict[tuple[uuid.UUID, str], list[PersonProspect]] = defaultdict(list)
    if period.start > look.as_of:
        return found
    asked = targets_of(bound)
    for line in lines(
        look.bureau_id, period.start.year, look.as_of, within, asked, is_few=len(branches) == 1
    ):
        if line.target is not None and line.standing in _STATES:
            found[line.unit.pk, groups.get(line.target.source, "")].append(_person(line, period))
    return found


def _person(line: Line, period: Period) -> PersonProspect:
    state, who = _STATES[line.standing], line.person
    words = f"已有{line.total.normalize():f}学时"
    if state is Standing.NA:
        return PersonProspect(who.pk, who.name, state, words, "年内才入支部，本年度不要求")
    if state is Standing.EXCUSED:
        return PersonProspect(who.pk, who.name, state, words, "全年请假或借调")
    if state is Standing.DONE:
        return PersonProspect(who.pk, who.name, state, words)
    wanted = [f"还差{line.short_by.normalize():f}学时"] if line.short_by else []
    if line.target and line.central_trainings < line.target.central_trainings:
        wanted.append(f"还差集中培训{line.target.central_trainings - line.central_trainings}次")
    query = (("year", str(period.start.year)),)
    page, unit = "study:hours_person", line.unit
    step = Step("看学时明细", page, SEE_HOURS, query, (str(who.pk),), unit.pk, unit.path)
    reason = ""
    if state is Standing.UNKNOWN:
        reason = line.gap or f"另有{line.unclear.normalize():f}学时的活动没有记到人"
    return PersonProspect(who.pk, who.name, state, f"{words}，{'、'.join(wanted)}", reason, (step,))


def _prospect(
    clauses: Sequence[Clause], period: Period, unit: Unit, people: Sequence[PersonProspect]
) -> Prospect:
    bound = binding_on(clauses, period.end)
    if not people:
        why = "没有要求学时的人" if bound else why_not_bound(clauses, period.end)
        return Prospect(unit.pk, period, Standing.NA, reason=why, source=bound[-1].source if bound else "")
    told = of_people(unit.pk, period, people, bound[-1])
    query = (("unit", str(unit.pk)), ("ledger", Ledger.TRAINING.value), ("held_on", ""))
    step = Step("登记学习", "gatherings:record", RECORD, query, unit_id=unit.pk, path=unit.path)
    return replace(told, steps=(step,) if told.is_open else ())
