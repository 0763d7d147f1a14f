"""The outlooks of kinds that ask something of branches as such, seen before the period is over."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from qizhi.branch_life.queries import Cell, states, steps_for
from qizhi.branch_life.queries.ahead import held_in
from qizhi.branch_life.queries.occasions import days_away
from qizhi.branch_life.rules import Held, State, is_in_season, judge_fixed_day
from qizhi.core.periods import Every, Period, month_of, split, year
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.queries.grounds import gap_before, records_since
from qizhi.gatherings.queries.steps import rank_of, record_step
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.permissions import SEE_UNITS
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import Look, Mark, OutlookLine, Prospect, Standing, Step
from qizhi.regulations.kinds.outlook import (
    EXEMPT,
    binding_on,
    by_clause,
    cited,
    why_not_bound,
    why_not_there,
)
from qizhi.regulations.models import Clause


def act_of(ledger: str, period: Period) -> str:
    """What recording one gathering in a period settles."""
    return f"{ledger} {period.start.isoformat()}"


def marks_of(held: Iterable[Held]) -> tuple[Mark, ...]:
    """Gatherings as marks."""
    return tuple(Mark(one.day, one.key) for one in held)


def look_unit(label: str, unit: Unit) -> Step:
    """The page of a unit with its members and posts."""
    return Step(label, "org:unit", SEE_UNITS, keys=(str(unit.pk),))


def quota_ahead(look: Look) -> Iterator[OutlookLine]:
    """The cells of the compliance screen as prospects; the statements are those of `states`."""
    found = states(look.bureau_id, look.units, look.span, look.as_of)
    by_line: dict[str, list[Prospect]] = {line.key: [] for line in found.lines}
    for cell in found.cells:
        by_line[cell.line.key].append(_of_cell(cell, look.as_of))
    for line in found.lines:
        clauses = {rule.clause_id: rule.source for rule in line.rules}
        yield OutlookLine(
            key=f"quota.{line.key}",
            label=line.label,
            asks=line.frequency,
            unit_kind=line.unit_kind,
            clauses=tuple(clauses.items()),
            prospects=tuple(by_line[line.key]),
            rank=rank_of(line.ledger),
        )


def _of_cell(cell: Cell, as_of: dt.date) -> Prospect:
    judged, state = cell.judged, Standing(cell.state.value)
    is_open = state in {Standing.DUE, Standing.MISSING}
    words = f"缺{cell.short_by}次" if state is Standing.MISSING else ""
    if state is Standing.EXCUSED:
        words = EXEMPT
    if state is Standing.DUE and cell.short_by > 1:
        words = f"还差{cell.short_by}次"
    return Prospect(
        unit_id=cell.unit.pk,
        period=cell.period,
        state=state,
        until=cell.period.end if is_open else None,
        words=words,
        reason=judged.reason,
        source=judged.rule.source if judged.rule else "",
        is_general=bool(judged.rule and judged.rule.is_general),
        marks=marks_of(judged.held),
        steps=tuple(steps_for(cell, as_of)) if is_open and cell.period.start <= as_of else (),
        act=act_of(cell.line.ledger, cell.period) if is_open else "",
        required=judged.required,
        counted=judged.counted,
    )


@dataclass(frozen=True)
class DayPlan:
    """Days on which something is asked.

    Attributes:
        days: those of the rule, for whoever has none of its own.
        own: by branch those that it has fixed itself, each with its rule in words.
    """

    days: tuple[dt.date, ...]
    own: Mapping[uuid.UUID, tuple[tuple[dt.date, str], ...]] = field(default_factory=dict)

    def of(self, unit_id: uuid.UUID | None) -> Sequence[tuple[dt.date, str]]:
        """The days of a branch, or of the bureau (None)."""
        own = self.own.get(unit_id) if unit_id else None
        return [(day, "") for day in self.days] if own is None else own

    @property
    def all_days(self) -> list[dt.date]:
        """Every day that is one of anybody's."""
        return sorted({*self.days, *(day for days in self.own.values() for day, _ in days)})


@dataclass(frozen=True)
class DaysAsked:
    """Days on which a clause wants something held.

    Attributes:
        clause: the clause of one version.
        label: Chinese; what is counted.
        asks: Chinese; the rule of the days.
        plan: the days within the span on which its version is in force.
        parameters: of the clause.
        is_yearly: whether it is one day a year.
        gap: Chinese; which paper is missing, empty when none is.
    """

    clause: Clause
    label: str
    asks: str
    plan: DayPlan
    parameters: Mapping[str, Any]
    is_yearly: bool
    gap: str = ""


def days_ahead(asked: Sequence[DaysAsked], look: Look, reach: dt.timedelta) -> OutlookLine | None:
    """The days of one clause in its versions, for each branch or for the bureau; two queries.

    Args:
        asked: one for each version.
        look: units and days.
        reach: how far off the days something may have been held and still count.
    """
    newest = asked[-1]
    is_of_branches = newest.clause.subject == Subject.BRANCH
    units = look.of_kind(UnitKind.BRANCH if is_of_branches else UnitKind.BUREAU)
    if not units:
        return None
    ledger, lecturer = newest.parameters["counts"], newest.parameters["lecturer"]
    around = _around(asked, look.span, reach)
    ids = [unit.pk for unit in units] if is_of_branches else None
    held = held_in(look.bureau_id, ledger, around, ids, lecturer)
    if not is_of_branches:  # wherever it was held
        held = {unit.pk: sorted({one for rows in held.values() for one in rows}) for unit in units}
    since = records_since(look.bureau_id)
    days = [day for one in asked for day in one.plan.all_days]
    away = days_away(look.bureau_id, lecturer, days, by_unit=is_of_branches)
    prospects = [
        _on_that_day(
            _on_day(one, (day, rule), unit, held.get(unit.pk, []), (since, look.as_of)),
            day,
            away.get((unit.pk if is_of_branches else None, day), ""),
        )
        for unit in units
        for one in asked
        for day, rule in one.plan.of(unit.pk)
    ]
    gaps = [one.gap.rstrip("。") for one in asked if one.gap]
    prospects += [Prospect(u.pk, look.span, Standing.UNKNOWN, reason=gap) for gap in gaps for u in units]
    if not prospects:
        return None
    return OutlookLine(
        key=f"fixed_day.{newest.clause.version.regulation.code}.{newest.clause.key}",
        label=f"{newest.label}（定日）",
        asks=newest.asks,
        unit_kind=UnitKind.BRANCH if is_of_branches else UnitKind.BUREAU,
        clauses=cited(one.clause for one in asked),
        prospects=tuple(prospects),
        rank=rank_of(ledger, 1),
    )


def _on_that_day(one: Prospect, day: dt.date, why: str) -> Prospect:
    """With the day on which it is asked; what nobody could have lectured on is excused."""
    if why and one.state is Standing.MISSING:
        return Prospect(one.unit_id, one.period, Standing.EXCUSED, reason=why, source=one.source)
    return replace(one, asked_on=Period(day, day))


def _around(asked: Sequence[DaysAsked], span: Period, reach: dt.timedelta) -> Period:
    """The days on which what counts may have been held."""
    spans = [span, *(_period_of(one, day) for one in asked for day in one.plan.all_days)]
    return Period(min(one.start for one in spans) - reach, max(one.end for one in spans) + reach)


def _period_of(asked: DaysAsked, day: dt.date) -> Period:
    return year(day.year) if asked.is_yearly else month_of(day)


def _on_day(
    asked: DaysAsked,
    on: tuple[dt.date, str],
    unit: Unit,
    held: list[Held],
    known: tuple[dt.date | None, dt.date],
) -> Prospect:
    (day, rule), (since, as_of) = on, known
    period = _period_of(asked, day)
    unit_id, source = unit.pk, asked.clause.source
    if why := why_not_there(unit, day):
        return Prospect(unit_id, period, Standing.NA, reason=why, source=source)
    within = asked.parameters["within"]
    last = day + dt.timedelta(days=within)
    found = judge_fixed_day(day, [one.day for one in held], within, as_of)
    if found.held_on is not None:
        near = [one for one in held if one.day == found.held_on]
        is_late = all(one.is_late for one in near)
        state = Standing.LATE if is_late else Standing.DONE
        return Prospect(unit_id, period, state, source=source, marks=marks_of(near), required=1, counted=1)
    state = Standing.DUE if found.state is State.DUE else Standing.MISSING
    if state is Standing.MISSING and (why := gap_before(since, Period(day, day), is_screen=True)):
        return Prospect(unit_id, period, Standing.UNKNOWN, reason=why, source=source)
    others = [one for one in held if one.day in period and one.day <= as_of]
    near_by, own = f"前后{within}天内" if within else "", "（自定）" if rule else ""
    reason = f"应在{day.month}月{day.day}日{near_by}{own}"
    if others and state is Standing.MISSING:
        reason += "，当期在别的日子开展"
    steps: tuple[Step, ...] = ()
    if period.start <= as_of and not (others and state is Standing.MISSING):
        steps = (_step_of(asked, day, unit, as_of, is_due=state is Standing.DUE),)
    return Prospect(
        unit_id,
        period,
        state,
        until=last,
        words="" if state is Standing.DUE else "未按时" if others else "缺1次",
        reason=reason,
        source=source,
        is_general=asked.clause.is_general,
        marks=marks_of(others),
        steps=steps,
        act=act_of(asked.parameters["counts"], period) if steps else "",
        required=1,
    )


def _step_of(asked: DaysAsked, day: dt.date, unit: Unit, as_of: dt.date, *, is_due: bool) -> Step:
    """The form of the gathering; its day is filled in while it can still be in time."""
    is_near = as_of >= day - dt.timedelta(days=asked.parameters["within"])
    held_on = min(as_of, day).isoformat() if is_due and is_near else ""
    where = unit if unit.kind == UnitKind.BRANCH else None
    verb = "登记" if is_due else "补录"
    return record_step(verb, where, held_on=held_on, ledger=asked.parameters["counts"])


def season_ahead(clauses: Sequence[Clause], look: Look, read: Any) -> Iterator[OutlookLine]:
    """What usually comes in certain months of the years; one query a clause."""
    branches = look.of_kind(UnitKind.BRANCH)
    for key, versions in by_clause(clauses).items():
        newest = read(versions[-1].parameters)
        years = split(look.span, Every.YEAR)
        around = Period(years[0].start, years[-1].end)
        held = held_in(look.bureau_id, newest["counts"], around, [unit.pk for unit in branches])
        name, first, last = Ledger(newest["counts"]).label, newest["first_month"], newest["last_month"]
        yield OutlookLine(
            key=key,
            label=f"{name}（月份）",
            asks=f"一般在{first}月至{last}月",
            unit_kind=UnitKind.BRANCH,
            clauses=cited(versions),
            prospects=tuple(
                _in_season(versions, unit, period, (held.get(unit.pk, []), look.as_of), newest)
                for unit in branches
                for period in years
            ),
            rank=rank_of(newest["counts"], 2),
        )


def _in_season(
    versions: Sequence[Clause],
    unit: Unit,
    period: Period,
    known: tuple[list[Held], dt.date],
    values: Mapping[str, Any],
) -> Prospect:
    held, as_of = known
    bound = binding_on(versions, period.end)
    if not bound:
        return Prospect(unit.pk, period, Standing.NA, reason=why_not_bound(versions, period.end))
    here = [one for one in held if one.day in period and one.day <= as_of]
    marks, source, general = marks_of(here), bound[0].source, bound[0].is_general
    if not here:
        why = f"{'还' if as_of <= period.end else '全年'}没有召开，由次数的要求判定"
        return Prospect(unit.pk, period, Standing.NA, reason=why, source=source)
    if is_in_season([one.day for one in here], values["first_month"], values["last_month"]):
        return Prospect(unit.pk, period, Standing.DONE, source=source, marks=marks)
    until = month_of(period.start.replace(month=min(values["last_month"], 12))).end
    state, words = (Standing.DUE, "未到期") if as_of <= until else (Standing.MISSING, "不在月份内")
    return Prospect(unit.pk, period, state, until, words, source=source, is_general=general, marks=marks)
