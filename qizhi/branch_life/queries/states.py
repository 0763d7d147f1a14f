"""How every line of every unit stands in every period."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import field
from functools import partial
from typing import NamedTuple

from django.db.models import QuerySet

from qizhi.branch_life.queries.facts import facts_during, held_during, place_of
from qizhi.branch_life.queries.lines import OWED_BY, Line, lines_during
from qizhi.branch_life.rules import NOTHING_EXCUSED, Binding, Judged, Reckoning, State, bind, judge
from qizhi.core import kept, periods
from qizhi.core.figures import Ask, report_year
from qizhi.core.periods import Every, Period
from qizhi.core.values import dataclass
from qizhi.gatherings.queries.grounds import records_since
from qizhi.gatherings.queries.steps import record_step
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries.belonging import belonging_of
from qizhi.regulations.kinds import Step
from qizhi.regulations.queries import exemptions_of
from qizhi.regulations.rules import Exemptions


class Cell(NamedTuple):
    """A line of a unit in a period: a tuple, since a screen makes thousands of them."""

    unit: Unit
    line: Line
    period: Period
    judged: Judged

    @property
    def state(self) -> State:
        """The answer."""
        return self.judged.state

    @property
    def short_by(self) -> int:
        """How many are still wanted."""
        return max(self.judged.required - self.judged.counted, 0)


@dataclass(frozen=True)
class States:
    """Cells with the lines they belong to, units and periods in order."""

    lines: tuple[Line, ...] = ()
    cells: tuple[Cell, ...] = ()
    _by_unit: dict[uuid.UUID, list[Cell]] = field(default_factory=lambda: defaultdict(list), compare=False)

    def __post_init__(self) -> None:
        """Index by unit."""
        for cell in self.cells:
            self._by_unit[cell.unit.pk].append(cell)

    def of(self, unit: Unit, line: Line | None = None) -> list[Cell]:
        """The cells of a unit, of one line or of all."""
        return [c for c in self._by_unit.get(unit.pk, []) if line is None or c.line.key == line.key]

    def lines_of(self, unit_kind: str) -> list[Line]:
        """The lines that units of a kind owe."""
        return [line for line in self.lines if line.unit_kind == unit_kind]

    def in_state(self, *wanted: State) -> list[Cell]:
        """Cells in one of the states."""
        return [cell for cell in self.cells if cell.state in wanted]


def accountable_units(bureau_id: uuid.UUID, span: Period, *kinds: str) -> QuerySet[Unit]:
    """Units that existed on at least one day of the span, in the fixed order of the bureau."""
    units: QuerySet[Unit] = Unit.objects.within(span.start, span.end).filter(
        bureau_id=bureau_id, kind__in=kinds or (UnitKind.BRANCH,)
    )
    return units.order_by("position", "code")


def asked_units(ask: Ask, span: Period, *kinds: str) -> list[Unit]:
    """The same for an ask, which may name some of them; requests share them, and nobody may change one."""
    found = belonging_of(ask.bureau_id).units_within(span, *(kinds or (UnitKind.BRANCH,)))
    return found if ask.unit_ids is None else [unit for unit in found if unit.pk in ask.unit_ids]


def states(bureau_id: uuid.UUID, units: Iterable[Unit], span: Period, as_of: dt.date) -> States:
    """Every quota clause × unit × period that touches the span, as one knows it on `as_of`.

    Seven queries, or eight when a clause names a lecturer, however many units and years: clauses, kinds,
    posts, units, oldest record, exemptions, ledger entries, lecturers.

    Args:
        bureau_id: whose.
        units: units that may owe something; others are passed over.
        span: months, quarters and years that touch it are judged, each as a whole.
        as_of: gatherings after this day do not count.
    """
    owing = tuple(unit for unit in units if unit.kind in OWED_BY.values())
    asked = (bureau_id, tuple(unit.pk for unit in owing), span, as_of)
    return kept.keep(partial(_states, bureau_id, owing, span, as_of), "branch_life.states", *asked)


@kept.sharing()
def _states(bureau_id: uuid.UUID, units: Sequence[Unit], span: Period, as_of: dt.date) -> States:
    whole = Period(periods.year(span.start.year).start, periods.year(span.end.year).end)
    lines = lines_during(bureau_id, whole)
    lines = [line for line in lines if line.unit_kind in {unit.kind for unit in units}]
    if not lines:
        return States()
    owing = {unit.pk for unit in units}
    there = belonging_of(bureau_id).units_within(whole, UnitKind.GROUP)
    groups = [group for group in there if group.parent_id in owing]
    facts = facts_during(bureau_id, units, groups, whole)
    held = held_during(bureau_id, units, groups, lines, whole)
    oldest = records_since(bureau_id)
    exemptions = exemptions_of(bureau_id)
    found = []
    spans = {every: periods.split(span, every) for every in Every}
    for line in lines:
        reckoning = Reckoning(as_of, oldest, line.gap)
        bindings = [(bind(p, line.rules), place_of(line.every, p.start)) for p in spans[line.every]]
        for unit in units:
            if unit.kind != line.unit_kind:
                continue
            key = unit.pk
            here, mine, is_excusable = held[key, line.key], facts[key], exemptions.of(key)
            for binding, place in bindings:
                excused = _excused(exemptions, unit, binding) if is_excusable else NOTHING_EXCUSED
                judged = judge(binding, mine, here.get(place, ()), reckoning, excused)
                found.append(Cell(unit, line, binding.period, judged))
    return States(tuple(lines), tuple(found))


def _excused(exemptions: Exemptions, unit: Unit, binding: Binding) -> dict[uuid.UUID, str]:
    """From which rules of a period a unit is excused, and why."""
    found = {rule.clause_id: exemptions.why(unit.pk, rule.asked_by, binding.period) for rule in binding.rules}
    return {clause_id: why for clause_id, why in found.items() if why}


def missing_for(unit: Unit, as_of: dt.date) -> list[Cell]:
    """What a unit still has to do, most urgent first: what is due by its last day, then what is missing.

    Looks at the periods that contain `as_of` and back to the start of the year one reports on (until March
    that is the year before). Of what is missing the newest comes first.
    """
    span = Period(periods.year(report_year(as_of)).start, periods.month_of(as_of).end)
    return urgent(states(unit.bureau_id, [unit], span, as_of).cells, as_of)


def urgent(cells: Iterable[Cell], as_of: dt.date) -> list[Cell]:
    """The cells that somebody can still do something about, most urgent first."""
    cells = list(cells)
    due = [cell for cell in cells if cell.state is State.DUE and as_of in cell.period]
    missing = [cell for cell in cells if cell.state is State.MISSING]
    return sorted(due, key=lambda cell: cell.period.end) + sorted(
        missing, key=lambda cell: cell.period.end, reverse=True
    )


def steps_for(cell: Cell, as_of: dt.date) -> list[Step]:
    """How to record what a cell lacks: one step, or one for each group that has not met.

    A day is filled in only while the period runs: on which day something past was held, a person must say.
    """
    held_on = as_of.isoformat() if as_of in cell.period else ""
    verb = "登记" if cell.state is State.DUE else "补录"
    own = cell.line.kind_for(cell.unit.kind)
    group = cell.line.kind_for(UnitKind.GROUP)
    if not own and group and cell.judged.lacking:
        return [
            record_step(f"{verb}{part.name}", cell.unit, kind=group, held_on=held_on, group=part.key)
            for part in cell.judged.lacking
        ]
    if own:
        return [record_step(verb, cell.unit, kind=own, held_on=held_on)]
    # Another unit holds it, such as the bureau a lesson by its leader: whoever records it chooses which.
    return [record_step(verb, None, kind=cell.line.kinds[0][0], held_on=held_on)] if cell.line.kinds else []
