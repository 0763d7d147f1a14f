"""The outlooks of the kinds that judge by rolls: who came to enough so far, and what still mends it.

People and units are judged by `judge` of their kind, as a run will do; here it is said while there is time.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qizhi.core.periods import Every, Period, split
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.permissions import RECORD, SEE
from qizhi.gatherings.queries.grounds import gap_before, records_since
from qizhi.gatherings.queries.people_due import UnitLine, Whom
from qizhi.gatherings.queries.steps import rank_of, record_step
from qizhi.gatherings.queries.taken import (
    Missed,
    Seat,
    Taken,
    doubtful_rolls,
    seats_over,
    taken_over,
    units_over,
)
from qizhi.gatherings.queries.taking_part import UNCLEAR, Wanted
from qizhi.gatherings.rules.attendance import ABSENT
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import Look, Mark, OutlookLine, PersonProspect, Prospect, Standing, Step
from qizhi.regulations.kinds.outlook import (
    binding_on,
    cited,
    of_people,
    why_not_bound,
    why_not_there,
)
from qizhi.regulations.models import Clause

PEOPLE, UNITS = 4, 5
"""Places beside the other lines on the same ledger."""
NOTHING_DUE = "没有应到的活动"
ALL_EXCUSED = "应到的都经批准请假"
NEWEST = 3
"""Gatherings that a step leads to; the others are marks."""


@dataclass(frozen=True)
class Asked:
    """A period with the version that binds at its end and its parameters; None where none binds."""

    period: Period
    clause: Clause | None = None
    values: Any = None


@dataclass(frozen=True)
class Line:
    """A clause in its versions, as one looks at it.

    Attributes:
        kind: brings `read`, `judge`, `person_fact`, `unit_fact` and `line_words`.
        key: the key of the line.
        versions: the clause in each version, oldest first.
        look: units and days.
    """

    kind: Any
    key: str
    versions: Sequence[Clause]
    look: Look

    def asked(self) -> list[Asked]:
        """The months, quarters, half-years or years that touch the span, as each version counts them."""
        told = {clause.pk: self.kind.read(clause.parameters) for clause in self.versions}
        newest = told[self.versions[-1].pk]["every"]
        found = []
        for every in dict.fromkeys(values["every"] for values in told.values()):
            for period in split(self.look.span, Every(every)):
                bound = binding_on(self.versions, period.end)
                if bound and told[bound[-1].pk]["every"] == every:
                    found.append(Asked(period, bound[-1], told[bound[-1].pk]))
                elif not bound and every == newest:
                    found.append(Asked(period))
        return sorted(found, key=lambda one: one.period)

    def begun(self, asked: Iterable[Asked]) -> list[list[Asked]]:
        """The periods that have begun, version by version."""
        found: dict[uuid.UUID, list[Asked]] = defaultdict(list)
        for one in asked:
            if one.clause is not None and one.period.start <= self.look.as_of:
                found[one.clause.pk].append(one)
        return list(found.values())

    def outlook(self, prospects: Iterable[Prospect], unit_kind: str, *, is_people: bool) -> OutlookLine:
        """The line with what is to be told of it."""
        newest = self.kind.read(self.versions[-1].parameters)
        label, asks = self.kind.line_words(newest, is_people=is_people)
        rank = rank_of(newest["item"], PEOPLE if is_people else UNITS)
        return OutlookLine(self.key, label, asks, unit_kind, cited(self.versions), tuple(prospects), rank)

    def not_asked(self, unit: Unit, asked: Asked, day: dt.date) -> Prospect | None:
        """That nothing is asked of a unit, or not yet; `day`: on which it has to be there."""
        period, clause = asked.period, asked.clause
        if clause is None:
            return Prospect(unit.pk, period, Standing.NA, reason=why_not_bound(self.versions, period.end))
        if why := why_not_there(unit, day) or why_not_there(unit, period.end):
            return Prospect(unit.pk, period, Standing.NA, reason=why, source=clause.source)
        if period.start > self.look.as_of:
            return Prospect(unit.pk, period, Standing.DUE, period.end, source=clause.source)
        return None


@dataclass(frozen=True)
class Reading:
    """What the database knows of everybody in the periods of a clause."""

    taken: Mapping[tuple[Period, uuid.UUID], Taken]
    seats: Mapping[Period, Sequence[Seat]]
    gatherings: Mapping[uuid.UUID, Gathering]
    gap: Mapping[Period, str]


def people_ahead(line: Line) -> OutlookLine:
    """Everybody of the branches in each period; five statements a version, and one."""
    branches, asked = line.look.of_kind(UnitKind.BRANCH), line.asked()
    found: dict[Period, Reading] = {}
    for mine in line.begun(asked):
        reading = _read(mine, line.look, branches)
        found |= dict.fromkeys([one.period for one in mine], reading)
    told = (
        line.not_asked(unit, one, one.period.end) or _of_branch(line, unit, one, found[one.period])
        for unit in branches
        for one in asked
    )
    return line.outlook(told, UnitKind.BRANCH, is_people=True)


def _read(asked: Sequence[Asked], look: Look, branches: Sequence[Unit]) -> Reading:
    values, since = asked[0].values, records_since(look.bureau_id)
    spans, ids = [one.period for one in asked], tuple(unit.pk for unit in branches)
    taken = taken_over(Wanted(look.bureau_id, values["item"], spans[0], look.as_of), spans, ids)
    newest = {
        missed.gathering_id
        for one in taken.values()
        for state in (ABSENT, UNCLEAR)
        for missed in _of_state(one, state)[:1]
    }
    gatherings = Gathering.objects.filter(pk__in=newest).select_related("unit").order_by()
    return Reading(
        taken,
        seats_over(look.bureau_id, Whom(values["whom"]), spans, ids),
        {one.pk: one for one in gatherings},
        {span: gap_before(since, span) for span in spans},
    )


def _of_state(taken: Taken, state: str) -> list[Missed]:
    """What somebody missed in a state, newest first."""
    return sorted((one for one in taken.missed if one.state == state), reverse=True)


def _of_branch(line: Line, unit: Unit, asked: Asked, reading: Reading) -> Prospect:
    period, values = asked.period, asked.values
    assert asked.clause is not None  # noqa: S101 - `not_asked` has told of the others
    here = [seat for seat in reading.seats[period] if seat.unit_id == unit.pk]
    if not here:
        return Prospect(unit.pk, period, Standing.NA, reason="没有党员", source=asked.clause.source)
    people = [_person(line, seat, asked, reading) for seat in here]
    told = of_people(unit.pk, period, people, asked.clause)
    lacking = [reading.taken.get((period, one.person_id), Taken()) for one in told.lacking()]
    marks = {(one.day, one.gathering_id) for taken in lacking for one in taken.missed}
    steps: tuple[Step, ...] = ()
    if values.get("even_if_none") and any(one.due < values["at_least"] for one in lacking):
        verb = "登记" if line.look.as_of in period else "补录"
        label = f"{verb}{Ledger(values['item']).label}"
        steps = (record_step(label, unit, ledger=values["item"]),)
    return replace(told, marks=tuple(Mark(*one) for one in sorted(marks)), steps=steps)


def _person(line: Line, seat: Seat, asked: Asked, reading: Reading) -> PersonProspect:
    who, values = (seat.person_id, seat.name), asked.values
    taken = reading.taken.get((asked.period, seat.person_id), Taken())
    is_any = bool(values.get("even_if_none"))
    if why := seat.why_not or ("" if taken.due or is_any or seat.away else NOTHING_DUE):
        return PersonProspect(*who, Standing.NA, reason=why)
    is_excused = taken.due and taken.due == taken.excused and not values.get("has_excused")
    if why := seat.away or (ALL_EXCUSED if is_excused else ""):
        return PersonProspect(*who, Standing.EXCUSED, reason=why)
    judged = line.kind.judge(values, line.kind.person_fact(asked.period, seat, taken))
    if judged.verdict is Verdict.MET:
        return PersonProspect(*who, Standing.DONE, judged.actual)
    is_over = line.look.as_of > asked.period.end
    unclear = f"{taken.unclear}次活动没有记到人，记清以后才知道" if judged.verdict is Verdict.UNKNOWN else ""
    if why := unclear or (reading.gap[asked.period] if is_any and is_over else ""):
        steps = _mend(taken, UNCLEAR, "补记到会", reading)
        return PersonProspect(*who, Standing.UNKNOWN, judged.actual, why, steps)
    steps = _mend(taken, ABSENT, "登记补课", reading)
    return PersonProspect(*who, Standing.MISSING if is_over else Standing.DUE, judged.actual, steps=steps)


def _mend(taken: Taken, state: str, label: str, reading: Reading) -> tuple[Step, ...]:
    """The form of the newest gathering that somebody missed, and its page."""
    missed = _of_state(taken, state)
    return _steps_at(reading.gatherings[missed[0].gathering_id], label) if missed else ()


def _steps_at(held: Gathering, label: str) -> tuple[Step, ...]:
    key, unit = (str(held.pk),), held.unit
    return (
        Step(label, "gatherings:correct", RECORD, (), key, unit.pk, unit.path),
        Step("看这次活动", "gatherings:detail", SEE, (), key, unit.pk, unit.path),
    )


def units_ahead(line: Line, unit_kind: str) -> OutlookLine:
    """The rolls of branches, or of the committee, in each period; three statements a version."""
    look, units, asked = line.look, line.look.of_kind(unit_kind), line.asked()
    lines: dict[tuple[Period, uuid.UUID], UnitLine] = {}
    doubtful: dict[uuid.UUID, list[Gathering]] = defaultdict(list)
    ids = tuple(unit.pk for unit in units)
    for mine in line.begun(asked) if units else ():
        spans = [one.period for one in mine]
        wanted = Wanted(
            look.bureau_id, mine[0].values["item"], Period(spans[0].start, spans[-1].end), look.as_of
        )
        lines |= units_over(wanted, spans, unit_kind, ids)
        for held in doubtful_rolls(wanted, ids):
            doubtful[held.unit_id].append(held)
    told = (
        line.not_asked(unit, one, one.period.start)
        or _of_unit(line, unit, one, (lines.get((one.period, unit.pk)), doubtful[unit.pk]))
        for unit in units
        for one in asked
    )
    return line.outlook(told, unit_kind, is_people=False)


def _of_unit(
    line: Line, unit: Unit, asked: Asked, known: tuple[UnitLine | None, Sequence[Gathering]]
) -> Prospect:
    (rolls, doubtful), period, clause = known, asked.period, asked.clause
    assert clause is not None  # noqa: S101 - `not_asked` has told of the others
    if rolls is None:
        return Prospect(unit.pk, period, Standing.NA, reason="没有登记活动", source=clause.source)
    judged = line.kind.judge(asked.values, line.kind.unit_fact(period, rolls))
    if judged.verdict is Verdict.MET:
        return Prospect(unit.pk, period, Standing.DONE, reason=judged.actual, source=clause.source)
    here = [one for one in doubtful if one.held_on in period]
    is_known = judged.verdict is not Verdict.UNKNOWN
    over = Standing.MISSING if line.look.as_of > period.end else Standing.DUE
    return Prospect(
        unit.pk,
        period,
        over if is_known else Standing.UNKNOWN,
        until=period.end if is_known else None,
        words="到会不足" if is_known else "",
        reason=judged.actual,
        source=clause.source,
        is_general=clause.is_general,
        marks=tuple(Mark(one.held_on, one.pk) for one in here[:NEWEST]),
        steps=_steps_at(here[0], "登记补课" if is_known else "补记到会") if here else (),
    )
