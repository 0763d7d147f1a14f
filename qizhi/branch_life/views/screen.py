"""How the outlook of a branch, and of all branches, is put into words, tables and files."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Any

from django.urls import reverse

from qizhi.branch_life.queries import Outlook, say_until
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.tables import Column
from qizhi.core.tables.values import parse_integer, parse_text
from qizhi.core.values import dataclass
from qizhi.org.models import Unit
from qizhi.regulations.kinds import OutlookLine, PersonProspect, Prospect, Standing, Step
from qizhi.regulations.kinds.outlook import OPEN, STANDING_WORDS, WORST_FIRST, excuse_steps

COLUMNS = (
    Column(key="unit", label="组织", parse=parse_text, width=20),
    Column(key="line", label="要求", parse=parse_text, width=20),
    Column(key="asks", label="频次", parse=parse_text, width=20),
    Column(key="period", label="期间", parse=parse_text, width=16),
    Column(key="required", label="应有", parse=parse_integer),
    Column(key="counted", label="已有", parse=parse_integer),
    Column(key="state", label="情况", parse=parse_text),
    Column(key="until", label="期限", parse=parse_text, width=12),
    Column(key="reason", label="说明", parse=parse_text, width=30),
    Column(key="people", label="还差的人", parse=parse_text, width=40),
    Column(key="days", label="开展日期", parse=parse_text, width=24),
    Column(key="source", label="依据", parse=parse_text, width=40),
)
MONTHS = 12
WHY_NOT = frozenset({Standing.NA, Standing.UNKNOWN, Standing.EXCUSED})
"""States that are told with their reason, once for neighbours."""


@dataclass(frozen=True)
class Name:
    """Somebody who still lacks something, with what the reader may do about it."""

    who: PersonProspect
    steps: list[Step]


@dataclass(frozen=True)
class Part:
    """How a line stands in one of its periods, or in several neighbours of which the same is to be said."""

    period: str
    kind: str
    words: str
    reason: str = ""
    until: str = ""
    numbers: str = ""
    is_general: bool = False
    marks: tuple[tuple[str, str], ...] = ()
    steps: list[Step] = field(default_factory=list)
    lacking: list[Name] = field(default_factory=list)
    others: list[tuple[Standing, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Slot:
    """So many months of the table and what stands there."""

    months: int
    parts: list[Part]

    @property
    def label(self) -> str:
        """The period that the slot stands for; empty for an empty one."""
        return self.parts[0].period if self.parts else ""


@dataclass(frozen=True)
class Row:
    """A line of the screen of one unit."""

    line: OutlookLine
    slots: list[Slot]


def rows_of(found: Outlook, unit: Unit, span: Period, as_of: dt.date, actor: Actor) -> list[Row]:
    """Every line of a unit, as wide as the months of the span."""
    return [Row(line, _slots(line, cells, span, as_of, actor)) for line, cells in found.of(unit.pk)]


def months_of(span: Period) -> list[int]:
    """The months of a span within a year, by number."""
    return list(range(span.start.month, span.end.month + 1))


def _slots(
    line: OutlookLine, cells: Sequence[Prospect], span: Period, as_of: dt.date, actor: Actor
) -> list[Slot]:
    """Neighbours that say the same and hold nothing are one; what shares a month stands together."""
    slots: list[Slot] = []
    free = first = span.start.month
    last_cell: Prospect | None = None
    for cell in cells:
        start = cell.period.start.month if cell.period.start >= span.start else first
        end = cell.period.end.month if cell.period.end <= span.end else span.end.month
        part = _part(line, cell, as_of, actor)
        if slots and start < free:
            slots[-1].parts.append(part)
        elif slots and last_cell and start == free and _says_the_same(last_cell, cell, as_of):
            slots[-1] = Slot(slots[-1].months + end - start + 1, [_joined(slots[-1].parts[0], part)])
        else:
            if start > free:
                slots.append(Slot(start - free, []))
            slots.append(Slot(end - start + 1, [part]))
        free, last_cell = max(free, end + 1), cell
    if free <= span.end.month:
        slots.append(Slot(span.end.month - free + 1, []))
    return slots


def _says_the_same(one: Prospect, other: Prospect, as_of: dt.date) -> bool:
    if one.marks or other.marks or one.people or other.people or one.steps or other.steps:
        return False
    may_join = other.state in WHY_NOT or one.period.start > as_of
    return may_join and (one.state, one.words, one.reason) == (other.state, other.words, other.reason)


def _joined(one: Part, other: Part) -> Part:
    """Two neighbours as one; the day of the second says until when."""
    first = one.period.split("—")[0]
    return Part(f"{first}—{other.period}", one.kind, one.words, one.reason, is_general=one.is_general)


def _part(line: OutlookLine, cell: Prospect, as_of: dt.date, actor: Actor) -> Part:
    is_begun = cell.period.start <= as_of
    steps = [*cell.steps, *(excuse_steps(line, cell) if is_begun else ())]
    return Part(
        period=cell.period.label,
        kind=cell.state.value,
        words=cell.said,
        reason=cell.reason,
        until=say_until(cell, as_of) if cell.is_open and is_begun else "",
        numbers=f"{cell.counted}/{cell.required}人" if cell.people and cell.required else "",
        is_general=cell.is_general and cell.state is Standing.MISSING,
        marks=tuple(
            (f"{mark.day.month}月{mark.day.day}日", reverse("gatherings:detail", args=[mark.key]))
            for mark in cell.marks
        ),
        steps=[step for step in steps if step.is_for(actor)],
        lacking=[Name(who, [s for s in who.steps if s.is_for(actor)]) for who in cell.lacking()],
        others=_others(cell.people),
    )


def _others(people: Iterable[PersonProspect]) -> list[tuple[Standing, str, str]]:
    """Names by state and reason, of those who lack nothing."""
    by_state: dict[tuple[Standing, str], list[str]] = {}
    for one in people:
        if one.state not in OPEN:
            by_state.setdefault((one.state, one.reason), []).append(one.name)
    return [(state, reason, "、".join(names)) for (state, reason), names in sorted(by_state.items())]


@dataclass(frozen=True)
class Chip:
    """How a line stands with a unit in a span, in a few letters."""

    kind: str
    words: str
    numbers: str = ""


def chip_of(cells: Sequence[Prospect]) -> Chip | None:
    """The worst of a few periods with how many are done; None where nothing is asked."""
    if not cells:
        return None
    if len(cells) == 1:
        one = cells[0]
        numbers = f"{one.counted}/{one.required}" if one.people and one.required else ""
        return Chip(one.state.value, one.said, numbers)
    states = Counter(cell.state for cell in cells)
    worst = next(state for state in WORST_FIRST if states[state])
    asked = sum(states.values()) - states[Standing.NA] - states[Standing.EXCUSED]
    done = states[Standing.DONE] + states[Standing.LATE]
    words = f"缺{states[worst]}期" if worst is Standing.MISSING else STANDING_WORDS[worst]
    if worst in {Standing.EXCUSED, Standing.LATE}:  # an exemption or leave; written down or done late
        words = next(cell.said for cell in cells if cell.state is worst)
    return Chip(worst.value, words, f"{done}/{asked}" if asked else "")


@dataclass(frozen=True)
class Grid:
    """Lines against the units of a kind, in the fixed order of the bureau."""

    label: str
    heads: list[tuple[Unit, str]]
    rows: list[tuple[OutlookLine, list[tuple[str, Chip | None]]]]
    reasons: list[tuple[str, str, str]]


def grid_of(found: Outlook, units: Sequence[Unit], label: str, query: str) -> Grid:
    """Every line that tells something of one of the units; why something does not apply is told below.

    Args:
        found: the outlook.
        units: of one kind, in their order.
        label: Chinese; what they are.
        query: the period, as the pages of the units want it.
    """
    pages = [f"{reverse('branch_life:unit', args=[unit.pk])}{query}" for unit in units]
    kinds = {unit.kind for unit in units}
    lines = [line for line in found.lines if line.unit_kind in kinds]
    rows = [
        (
            line,
            [
                (f"{page}#{line.anchor}", chip_of(found.at(line, unit.pk)))
                for unit, page in zip(units, pages, strict=True)
            ],
        )
        for line in lines
    ]
    heads = list(zip(units, pages, strict=True))
    return Grid(label, heads, rows, _reasons(found, lines, units))


def _reasons(
    found: Outlook, lines: Iterable[OutlookLine], units: Sequence[Unit]
) -> list[tuple[str, str, str]]:
    """Line, why it does not apply or is not known, and the units of which that is to be said."""
    told: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        for unit in units:
            for cell in found.at(line, unit.pk):
                if cell.state in WHY_NOT and cell.reason:
                    is_excused = cell.state is Standing.EXCUSED
                    why = f"{cell.said}，{cell.reason}" if is_excused else cell.reason
                    names = told.setdefault((line.label, why), [])
                    if str(unit) not in names:
                        names.append(str(unit))
    everybody = len(units)
    return [
        (label, reason, "各组织" if 1 < everybody == len(names) else "、".join(names))
        for (label, reason), names in told.items()
    ]


def as_rows(found: Outlook, units: Iterable[Unit]) -> list[dict[str, Any]]:
    """Everything as rows of a table to take away."""
    return [_row(unit, line, cell) for unit in units for line, cells in found.of(unit.pk) for cell in cells]


def _row(unit: Unit, line: OutlookLine, cell: Prospect) -> dict[str, Any]:
    return {
        "unit": unit.name,
        "line": line.label,
        "asks": line.asks,
        "period": cell.period.label,
        "required": cell.required or None,
        "counted": cell.counted if cell.required or cell.counted else None,
        "state": cell.said,
        "until": cell.until.isoformat() if cell.until and cell.is_open else None,
        "reason": cell.reason,
        "people": "、".join(one.name for one in cell.lacking()),
        "days": "、".join(mark.day.isoformat() for mark in cell.marks),
        "source": cell.source,
    }
