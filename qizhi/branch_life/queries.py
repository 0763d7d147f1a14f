"""What is due, held and missing per branch and period, in a number of queries that never grows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Min, QuerySet

from qizhi.branch_life.rules import (
    Condition,
    Days,
    Facts,
    Held,
    Judged,
    Part,
    Reckoning,
    Rule,
    State,
    frequency,
    judge,
)
from qizhi.core import periods
from qizhi.core.figures import report_year
from qizhi.core.periods import Every, Period
from qizhi.gatherings.enums import Capacity, Ledger
from qizhi.gatherings.models import Gathering, Kind, Lecturer, LedgerEntry
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, UnitKind
from qizhi.org.models import Post, Unit
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import QUOTA_PARAMETERS, ParameterError, read_parameters
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import clauses_during

QUOTA = "quota"
OWED_BY = {
    Subject.BRANCH: UnitKind.BRANCH,
    Subject.DEPARTMENT: UnitKind.DEPARTMENT,
    Subject.COMMITTEE: UnitKind.COMMITTEE,
    Subject.PARTY_GROUP: UnitKind.CENTRE_GROUP,  # the form in which the Party group studies
    Subject.BUREAU: UnitKind.BUREAU,
}
WIDE = frozenset({UnitKind.COMMITTEE, UnitKind.CENTRE_GROUP, UnitKind.BUREAU})
"""Units that are asked for something done anywhere in the bureau, such as a lesson by the leader."""


@dataclass(frozen=True)
class Line:
    """Something asked of units of a kind again and again.

    Attributes:
        key: stable text for addresses and exports.
        unit_kind: who owes it.
        ledger: the ledger that counts for it.
        every: how often it is asked.
        lecturer: only lessons given in this capacity count; empty for all.
        rules: the clauses that ask it, oldest first.
        kind_keys: kinds of gathering that can be recorded for it.
    """

    key: str
    unit_kind: str
    ledger: str
    every: Every
    lecturer: str = ""
    rules: tuple[Rule, ...] = ()
    kind_keys: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Chinese name: 支部党员大会, 党课（主要领导讲授）."""
        name = str(Ledger(self.ledger).label) if self.ledger in Ledger else self.ledger
        if self.lecturer:
            who = Capacity(self.lecturer).label if self.lecturer in Capacity else self.lecturer
            return f"{name}（{who}讲授）"
        return name

    @property
    def gap(self) -> str:
        """Why nothing can be recorded for it; empty when it can."""
        if self.ledger not in Ledger:
            return f"条款的计数内容“{self.ledger}”不是活动台账，请政工处更正条款"
        return "" if self.kind_keys else f"没有计入“{self.label}”的活动类型，请政工处先设置活动类型"

    @property
    def frequency(self) -> str:
        """How often the newest rule asks, in words."""
        newest = self.rules[-1]
        return frequency(self.every, newest.at_least, is_general=newest.is_general)


@dataclass(frozen=True)
class Cell:
    """A line of a unit in a period."""

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


def states(bureau_id: uuid.UUID, units: Iterable[Unit], span: Period, as_of: dt.date) -> States:
    """Every quota clause × unit × period that touches the span, as one knows it on `as_of`.

    Six queries, or seven when a clause names a lecturer, however many units and years: clauses, kinds,
    posts, groups, oldest record, ledger entries, lecturers.

    Args:
        bureau_id: whose.
        units: units that may owe something; others are passed over.
        span: months, quarters and years that touch it are judged, each as a whole.
        as_of: gatherings after this day do not count.
    """
    units = [unit for unit in units if unit.kind in OWED_BY.values()]
    whole = Period(periods.year(span.start.year).start, periods.year(span.end.year).end)
    lines = _lines(bureau_id, whole)
    lines = [line for line in lines if line.unit_kind in {unit.kind for unit in units}]
    if not lines:
        return States()
    groups = list(
        Unit.objects.within(whole.start, whole.end).filter(
            bureau_id=bureau_id, kind=UnitKind.GROUP, parent_id__in=[unit.pk for unit in units]
        )
    )
    facts = _facts(bureau_id, units, groups, whole)
    held = _held(bureau_id, units, groups, lines, whole)
    oldest = Gathering.objects.filter(bureau_id=bureau_id).held().aggregate(day=Min("held_on"))["day"]
    found = []
    spans = {every: periods.split(span, every) for every in Every}
    for line in lines:
        reckoning = Reckoning(as_of, oldest, line.gap)
        for unit in units:
            if unit.kind != line.unit_kind:
                continue
            here = held[unit.pk, line.key]
            for period in spans[line.every]:
                judged = judge(period, line.rules, facts[unit.pk], here.get(period.start, ()), reckoning)
                found.append(Cell(unit, line, period, judged))
    return States(tuple(lines), tuple(found))


def _lines(bureau_id: uuid.UUID, span: Period) -> list[Line]:
    """Clauses gathered into lines: what is asked stays one line through versions and documents."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for key, ledgers in (
        Kind.objects.filter(bureau_id=bureau_id, is_active=True)
        .order_by("position", "key")
        .values_list("key", "ledgers")
    ):
        for ledger in ledgers:
            kinds[ledger].append(key)
    found: dict[str, Line] = {}
    rules: dict[str, list[Rule]] = defaultdict(list)
    for clause in clauses_during(bureau_id, span.start, span.end, kind=QUOTA):
        line, rule = _read_clause(clause)
        if line is not None:
            found.setdefault(line.key, line)
            rules[line.key].append(rule)
    order = {ledger: number for number, ledger in enumerate(Ledger.values)}
    lines = [
        Line(
            line.key,
            line.unit_kind,
            line.ledger,
            line.every,
            line.lecturer,
            tuple(rules[key]),
            tuple(kinds[line.ledger]),
        )
        for key, line in found.items()
    ]
    return sorted(lines, key=lambda line: (order.get(line.ledger, len(order)), line.key))


def _read_clause(clause: Clause) -> tuple[Line | None, Rule]:
    """The line a clause belongs to and the rule it is; no line when it asks nothing of a unit."""
    problem, values = "", dict(clause.parameters)
    try:
        values = read_parameters(QUOTA_PARAMETERS, clause.parameters)
    except ParameterError as error:
        problem = f"条款{clause.key}的参数有误：{error}"
    every = values.get("every")
    at_least = values.get("at_least")
    condition = values.get("only_if") or ""
    rule = Rule(
        clause_id=clause.pk,
        at_least=at_least if isinstance(at_least, int) else 1,
        condition=Condition(condition) if condition in set(Condition) else Condition.NONE,
        in_force=Days(clause.version.effective_from, clause.version.effective_to),
        source=clause.source,
        is_general=clause.is_general,
        problem=problem,
    )
    if clause.subject not in OWED_BY or every not in set(Every):
        return None, rule
    ledger, lecturer = str(values.get("counts") or ""), str(values.get("lecturer") or "")
    parts = [clause.subject, ledger, every, lecturer]
    key = ".".join(filter(None, parts))
    return Line(key, OWED_BY[Subject(clause.subject)], ledger, Every(every), lecturer), rule


def _facts(
    bureau_id: uuid.UUID, units: Sequence[Unit], groups: Sequence[Unit], span: Period
) -> dict[uuid.UUID, Facts]:
    posts: dict[uuid.UUID, list[tuple[uuid.UUID, Days]]] = defaultdict(list)
    rows = Post.objects.within(span.start, span.end).filter(
        bureau_id=bureau_id, unit_id__in=[unit.pk for unit in units], role__in=BRANCH_COMMITTEE_ROLES
    )
    for unit_id, person_id, from_on, to_on in rows.values_list("unit_id", "person_id", "from_on", "to_on"):
        posts[unit_id].append((person_id, Days(from_on, to_on)))
    parts: dict[uuid.UUID | None, list[Part]] = defaultdict(list)
    for group in groups:
        parts[group.parent_id].append(Part(group.pk, str(group), Days(group.from_on, group.to_on)))
    names = {unit.pk: str(unit) for unit in units}
    return {
        unit.pk: Facts(
            exists=Days(unit.from_on, unit.to_on),
            successor=(names.get(unit.successor_id, "其他支部") if unit.successor_id else ""),
            posts=tuple(posts[unit.pk]),
            groups=tuple(parts[unit.pk]),
        )
        for unit in units
    }


HeldBy = dict[tuple[uuid.UUID, str], dict[dt.date, list[Held]]]


def _held(
    bureau_id: uuid.UUID, units: Sequence[Unit], groups: Sequence[Unit], lines: Sequence[Line], span: Period
) -> HeldBy:
    """What was held, by unit and line, then by the first day of the period it falls in."""
    owners: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID | None]] = {unit.pk: (unit.pk, None) for unit in units}
    owners |= {group.pk: (group.parent_id, group.pk) for group in groups if group.parent_id}
    wide = [unit for unit in units if unit.kind in WIDE]
    kinds = {unit.pk: unit.kind for unit in units}
    by_ledger: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_ledger[line.ledger].append(line)
    lecturers = _lecturers(bureau_id, lines, span)
    result: HeldBy = defaultdict(lambda: defaultdict(list))
    for ledger, unit_id, row in _entries(bureau_id, by_ledger, None if wide else owners, span):
        owner, part = owners.get(unit_id, (None, None))
        for line in by_ledger[ledger]:
            if line.lecturer and line.lecturer not in lecturers.get(row.key, ()):
                continue
            start = periods.period_of(line.every, row.day).start
            if owner is not None and kinds[owner] == line.unit_kind and line.unit_kind not in WIDE:
                result[owner, line.key][start].append(Held(row.day, row.key, row.is_late, part))
            for unit in wide:
                if unit.kind == line.unit_kind:
                    result[unit.pk, line.key][start].append(row)
    return result


def _entries(
    bureau_id: uuid.UUID, ledgers: Collection[str], unit_ids: Collection[uuid.UUID] | None, span: Period
) -> Iterator[tuple[str, uuid.UUID, Held]]:
    rows = LedgerEntry.objects.filter(
        bureau_id=bureau_id,
        ledger__in=list(ledgers),
        held_on__range=(span.start, span.end),
        gathering__withdrawn_at__isnull=True,
    )
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    columns = ("gathering_id", "ledger", "unit_id", "held_on", "gathering__is_recorded_late")
    for key, ledger, unit_id, day, is_late in rows.values_list(*columns).order_by():
        yield ledger, unit_id, Held(day, key, is_late)


def _lecturers(bureau_id: uuid.UUID, lines: Iterable[Line], span: Period) -> dict[uuid.UUID, set[str]]:
    wanted = {line.lecturer for line in lines if line.lecturer}
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    if wanted:
        rows: Any = Lecturer.objects.filter(
            bureau_id=bureau_id, capacity__in=wanted, gathering__held_on__range=(span.start, span.end)
        )
        for gathering_id, capacity in rows.values_list("gathering_id", "capacity"):
            found[gathering_id].add(capacity)
    return found


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
