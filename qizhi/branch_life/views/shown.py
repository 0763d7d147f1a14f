"""How cells are put into words, and which periods are offered."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from django.urls import reverse

from qizhi.branch_life.queries import Cell, Line
from qizhi.branch_life.rules import State
from qizhi.core import periods
from qizhi.core.periods import Every, Period
from qizhi.core.values import dataclass

MONTHS_IN = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}
WORDS = {
    State.DONE: "已完成",
    State.DUE: "未到期",
    State.MISSING: "缺",
    State.NA: "不适用",
    State.EXCUSED: "已免除",
    State.LATE: "已补录",
    State.UNKNOWN: "未知",
}


def in_words(cell: Cell) -> str:
    """The state as people say it: 已完成, 缺1次, 未到期 and so on."""
    if cell.state is State.MISSING:
        return f"缺{cell.short_by}次"
    return WORDS[cell.state]


@dataclass(frozen=True)
class Mark:
    """A gathering as a word in a table."""

    text: str
    address: str


@dataclass(frozen=True)
class Slot:
    """One or several neighbouring cells of the year that say the same."""

    months: int
    kind: str
    words: str
    reason: str
    marks: tuple[Mark, ...] = ()


def year_slots(cells: Sequence[Cell], as_of: dt.date) -> list[Slot]:
    """A line's cells of a year, twelve months wide; neighbours that say the same and hold nothing are one."""
    slots: list[Slot] = []
    for cell in cells:
        width = MONTHS_IN[cell.line.every]
        marks = tuple(
            Mark(f"{held.day.month}月{held.day.day}日", reverse("gatherings:detail", args=[held.key]))
            for held in cell.judged.held
        )
        slot = Slot(width, cell.state.value, in_words(cell), cell.judged.reason, marks)
        last = slots[-1] if slots else None
        may_join = cell.state in {State.NA, State.UNKNOWN, State.EXCUSED} or cell.period.start > as_of
        if last and may_join and not marks and slot == Slot(width, last.kind, last.words, last.reason):
            slots[-1] = Slot(last.months + width, last.kind, last.words, last.reason)
        else:
            slots.append(slot)
    return slots


@dataclass(frozen=True)
class Chip:
    """A state with its words, for a cell of the bureau's table."""

    kind: str
    words: str
    reason: str = ""


def chips(cells: Sequence[Cell]) -> list[Chip]:
    """One chip for a single period; for several, one for each state with its number."""
    if len(cells) == 1:
        return [Chip(cells[0].state.value, in_words(cells[0]), cells[0].judged.reason)]
    numbers = Counter(cell.state for cell in cells)
    return [Chip(state.value, f"{WORDS[state]} {numbers[state]}") for state in State if numbers[state]]


@dataclass(frozen=True)
class Choice:
    """A month, a quarter or a year to look at."""

    value: str
    label: str
    period: Period

    def __str__(self) -> str:
        return self.label


def choices(year: int) -> list[Choice]:
    """The periods of a year to choose from."""
    whole = periods.year(year)
    quarters = periods.split(whole, Every.QUARTER)
    months = periods.split(whole, Every.MONTH)
    return [
        *(Choice(f"m{number}", f"{number}月", period) for number, period in enumerate(months, 1)),
        *(Choice(f"q{number}", f"第{number}季度", period) for number, period in enumerate(quarters, 1)),
        Choice("y", "全年", whole),
    ]


def lines_of(cells: Iterable[Cell]) -> list[Line]:
    """The lines of some cells, each once, in their order."""
    return list({cell.line.key: cell.line for cell in cells}.values())
