"""The goals, and the rows of the result that are held against them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Goal:
    """A bound; `is_floor` when more is better."""

    bound: float
    is_floor: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value keeps the bound."""
        return value >= self.bound if self.is_floor else value <= self.bound

    def __str__(self) -> str:
        """As in the table."""
        return f"{'≥' if self.is_floor else '≤'} {self.bound:g}"


PAGES = {
    "home": "home",
    "list": "list of 50 gatherings",
    "detail": "detail of a gathering",
    "figures": "figures",
    "overview": "overview",
}
CLAUSES_S = {500: 0.3, 20_000: 1.0, 100_000: 5.0, 1_000_000: 60.0}
"""Seconds in which twelve clauses are judged for so many people."""
GOALS = {
    "list.cpu": Goal(30),
    "list.p50": Goal(20),
    "detail.p50": Goal(18),
    "list.rate8": Goal(100, is_floor=True),
    **{f"{page}.{sql}": Goal(12) for page in PAGES for sql in ("sql", "sql_new")},
    "list.sql_spread": Goal(0),
    **{f"{page}.first_requests": Goal(12) for page in PAGES},
    **{f"{page}.first_kb": Goal(150) for page in PAGES},
    **{f"{page}.next_requests": Goal(3) for page in PAGES},
    **{f"{page}.growth": Goal(1.3) for page in PAGES},
    "records8": Goal(300, is_floor=True),
    "memory_idle": Goal(250),
    "start": Goal(1.5),
    "clone": Goal(40),
    "packages": Goal(40),
    "overview_page": Goal(1),
    "overview_docx": Goal(2),
    "overview_pdf": Goal(3),
    "screen": Goal(1),
    "branch_p95": Goal(150),
    "bureau_p95": Goal(150),
    "run": Goal(1),
    "run_many": Goal(30),
    "run.growth": Goal(1.2),
    **{f"clauses{people}": Goal(most) for people, most in CLAUSES_S.items()},
    **{f"clauses{people}.written": Goal(0) for people in CLAUSES_S},
    "clauses.growth": Goal(1.2),
}
"""Held by one bureau on two cores with four processes; growth, from the fewest bureaus to the most."""


@dataclass
class Row:
    """One line: values by number of bureaus."""

    key: str
    label: str
    unit: str
    values: dict[int, float] = field(default_factory=dict)

    @property
    def goal(self) -> Goal | None:
        """Its goal, if it has one."""
        return GOALS.get(self.key)

    @property
    def verdict(self) -> str:
        """`ok` or `over`, judged for the fewest bureaus; empty without a goal or a value."""
        if self.goal is None or not self.values:
            return ""
        return "ok" if self.goal.holds(self.values[min(self.values)]) else "over"


class Sheet:
    """The rows of one engine in the order in which they were first written."""

    def __init__(self, engine: str) -> None:
        """Begin empty."""
        self.engine = engine
        self.rows: dict[str, Row] = {}

    def put(self, key: str, label: str, unit: str, bureaus: int, value: float) -> None:
        """Write a value."""
        self.rows.setdefault(key, Row(key, label, unit)).values[bureaus] = value

    def value(self, key: str, bureaus: int) -> float:
        """A value that was written."""
        return self.rows[key].values[bureaus]

    def over(self) -> list[Row]:
        """Rows that miss their goal."""
        return [row for row in self.rows.values() if row.verdict == "over"]


def table(sheet: Sheet) -> str:
    """The sheet as a plain table."""
    counts = sorted({count for row in sheet.rows.values() for count in row.values})
    heads = [sheet.engine, *(f"{count} bureau{'s' if count > 1 else ''}" for count in counts), "goal", ""]
    lines = [heads]
    for row in sheet.rows.values():
        values = [number(row.values[count]) if count in row.values else "" for count in counts]
        label = f"{row.label}, {row.unit}" if row.unit else row.label
        lines.append([label, *values, str(row.goal or ""), row.verdict])
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    written = [_line(line, widths) for line in lines]
    return "\n".join([written[0], "-" * (sum(widths) + 2 * len(widths) - 2), *written[1:]])


def _line(cells: list[str], widths: list[int]) -> str:
    first, *rest = [
        cell.ljust(width) if column in {0, len(cells) - 1} else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join([first, *rest]).rstrip()


def number(value: float) -> str:
    """Three figures are enough."""
    if value == int(value) or value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
