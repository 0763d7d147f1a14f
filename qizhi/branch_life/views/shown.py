"""How cells are put into words, and which periods are offered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qizhi.branch_life.queries import Cell
from qizhi.branch_life.rules import State
from qizhi.core import periods
from qizhi.core.periods import Every, Period
from qizhi.core.values import dataclass

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
