"""How a case must be handled: the parameters, the days counted, and how points add up."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from qizhi.core.periods import say_day
from qizhi.core.values import dataclass
from qizhi.regulations.rules import WorkingCalendar

LEAST_STATEMENT_DAYS = 5
"""Working days in which a person can state their side; the database refuses fewer."""
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Procedure:
    """What binds the handling of cases on a day; empty values say that nothing was laid down.

    Attributes:
        statement_days: working days in which the person concerned can state their side, 5 or more.
        appeal_days: working days after the decision in which an appeal is in time.
        review_months: months after the appeal within which a third person decides (DP-02).
        probation_months: length of the probation of new staff, which excuses; 0: it does not.
        names_in_bulletins: whether bulletins may name people.
        start_points: points with which a sheet begins.
        reset_every: `year` where a sheet begins anew each year; empty: points of earlier years go on.
        floor: score below which nobody falls.
        cap: most points that are taken off before a sheet begins anew.
        performance_factor: points of the performance appraisal for each point here; None: no link.
        source: the clause that says so, as it is quoted; empty where the defaults of the product hold.
        version: the version of its document.
    """

    statement_days: int = LEAST_STATEMENT_DAYS
    appeal_days: int = 10
    review_months: int = 3
    probation_months: int = 12
    names_in_bulletins: bool = False
    start_points: int | None = None
    reset_every: str = ""
    floor: int | None = None
    cap: int | None = None
    performance_factor: Fraction | None = None
    source: str = ""
    version: str = ""

    @property
    def cited(self) -> str:
        """The clause and its version; empty where the defaults of the product hold."""
        return f"{self.source}（{self.version}）" if self.version else self.source


@dataclass(frozen=True)
class Window:
    """Working days after a day, each of them counted, with the papers that settle them."""

    start: dt.date
    days: tuple[dt.date, ...]
    papers: tuple[str, ...]

    @property
    def until(self) -> dt.date:
        """The last day."""
        return self.days[-1]

    @property
    def sentence(self) -> str:
        """Chinese: from which day, each day counted, until when, by which papers."""
        listed = "、".join(f"{day.month}月{day.day}日" for day in self.days)
        return (
            f"自{say_day(self.start)}次日起计{len(self.days)}个工作日（{listed}），"
            f"至{say_day(self.until)}止；工作日依据{'、'.join(self.papers)}"
        )


def window(calendar: WorkingCalendar, start: dt.date, count: int) -> Window:
    """The first `count` working days after `start`.

    Raises:
        UnknownCalendarError: a day lies in a year whose calendar is not known.
    """
    until = calendar.add_working_days(start, count)
    days = tuple(calendar.working_days(start, until))
    papers = calendar.papers_between(start + dt.timedelta(days=1), until)
    return Window(start, days, tuple(dict.fromkeys(paper.doc_no for paper in papers)))


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last of that month where it has none of that number."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = dt.date(year, month + 1, 1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return min(first + dt.timedelta(days=day.day - 1), following - dt.timedelta(days=1))


@dataclass(frozen=True)
class Score:
    """What a sheet adds up to.

    Attributes:
        total: sum of the lines and of what is carried; below zero for deductions.
        counted: the sum after the cap.
        score: start points and sum, not below the floor; None where no start points are laid down.
        carried: the sum of years before that still counts.
        new: how much of the counted sum came in the period itself.
    """

    total: Decimal
    counted: Decimal
    score: Decimal | None
    carried: Decimal = Decimal(0)
    new: Decimal = Decimal(0)


def add_up(points: Iterable[Decimal], procedure: Procedure, carried: Decimal = Decimal(0)) -> Score:
    """The score of a period: sum of its lines, capped and floored where that is laid down.

    Args:
        points: lines of the period.
        procedure: what binds at its end.
        carried: the sum of lines before it that still count, since nothing was reset in between.
    """

    def capped(value: Decimal) -> Decimal:
        return value if procedure.cap is None else max(value, -Decimal(procedure.cap))

    total = sum(points, carried).quantize(CENT, ROUND_HALF_UP)
    counted = capped(total)
    score = None if procedure.start_points is None else procedure.start_points + counted
    if score is not None and procedure.floor is not None:
        score = max(score, Decimal(procedure.floor))
    return Score(total, counted, score, carried, counted - capped(carried))


def performance_points(score: Score, procedure: Procedure) -> Decimal | None:
    """Points for the performance appraisal, rounded half up to two places; None without a formula.

    Only what came in the period: each point weighs once, in the year in which it counts.
    """
    if procedure.performance_factor is None:
        return None
    factor = procedure.performance_factor
    exact = score.new * factor.numerator / factor.denominator
    return exact.quantize(CENT, ROUND_HALF_UP)


def draw(frame: Sequence[str], number: int, seed: str) -> list[str]:
    """`number` keys of the frame, drawn by a stated seed: whoever draws again draws the same.

    Keys stand in the order of SHA-256 of `seed:key`; the first are drawn. Any program can repeat it.
    """
    ordered = sorted(set(frame), key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).hexdigest())
    return sorted(ordered[:number])
