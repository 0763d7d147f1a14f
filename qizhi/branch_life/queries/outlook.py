"""Everything that is asked of branches and their people: one look for home, branch and bureau.

What clauses ask is told by their kinds; what plans, campaigns and working methods ask, by the sources that
pillars have registered.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import field
from functools import partial

from qizhi.branch_life.permissions import SEE_BRANCH_LIFE
from qizhi.branch_life.queries.states import accountable_units
from qizhi.core import kept, periods
from qizhi.core.periods import Every, Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.queries.diary import will_read
from qizhi.org.enums import UnitKind
from qizhi.org.models import Unit
from qizhi.org.queries.belonging import belonging_of
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import (
    Look,
    OutlookLine,
    ParameterError,
    Prospect,
    Standing,
    Step,
    kind_by_key,
    told_beside,
)
from qizhi.regulations.kinds.outlook import cited, excusable, excuse
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import exemptions_of, known_during

Cells = dict[uuid.UUID, list[Prospect]]


@dataclass(frozen=True)
class Outlook:
    """What is asked of units in a span, line by line in their order.

    Attributes:
        lines: in order; those of which nothing is told of any of the units are left out.
        unjudged: clauses in force that ask something of branches and that no kind judges.
    """

    lines: tuple[OutlookLine, ...] = ()
    unjudged: tuple[Clause, ...] = ()
    _cells: dict[str, Cells] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        """Index by line and unit."""
        for line in self.lines:
            cells: Cells = defaultdict(list)
            for prospect in line.prospects:
                cells[prospect.unit_id].append(prospect)
            self._cells[line.key] = dict(cells)

    def at(self, line: OutlookLine, unit_id: uuid.UUID) -> list[Prospect]:
        """How a line stands with a unit, in order of time."""
        return self._cells[line.key].get(unit_id, [])

    def of(self, unit_id: uuid.UUID) -> list[tuple[OutlookLine, list[Prospect]]]:
        """Every line that tells something of a unit."""
        return [(line, cells) for line in self.lines if (cells := self.at(line, unit_id))]

    def numbers(self, unit_id: uuid.UUID) -> Counter[Standing]:
        """How many prospects of a unit stand how: the numbers of home and of the page of all branches."""
        return Counter(one.state for _, prospects in self.of(unit_id) for one in prospects)


AROUND = dt.timedelta(days=31)
"""How far beyond the years something may have been held that counts for one of their days."""
KINDS = (UnitKind.BRANCH, UnitKind.BUREAU, UnitKind.COMMITTEE, UnitKind.CENTRE_GROUP)
"""Kinds of unit of which clauses on branch life ask something."""


def units_asked(actor: Actor, span: Period) -> list[Unit]:
    """Units of which something is asked in a span and that the actor may see, in the order of the bureau."""
    reach = actor.reach(SEE_BRANCH_LIFE)
    if reach.is_all:
        return belonging_of(actor.bureau_id).units_within(span, *KINDS)
    return list(accountable_units(actor.bureau_id, span, *KINDS).filter(reach.units("")))


def outlook(bureau_id: uuid.UUID, units: Iterable[Unit], span: Period, as_of: dt.date) -> Outlook:
    """What is asked of the units in the periods that touch the span, as one knows it on a day.

    The number of statements depends on the clauses, sources and years, never on units or rows.

    Args:
        bureau_id: whose.
        units: branches, and the bureau or its centre group where they are looked at, in their order.
        span: months, quarters and years that touch it are told, each as a whole.
        as_of: later rows do not count.
    """
    wanted = tuple(units)
    look = Look(bureau_id, wanted, span, as_of)
    key = (bureau_id, tuple(unit.pk for unit in wanted), span, as_of)
    return kept.keep(partial(_outlook, look), "branch_life.outlook", *key)


@kept.sharing()
def _outlook(look: Look) -> Outlook:
    years = periods.split(look.span, Every.YEAR)
    # All that lines and clauses will look at, so that it is read together; read when the first does.
    will_read(look.bureau_id, Period(years[0].start - AROUND, years[-1].end + AROUND))
    by_kind: dict[str, list[Clause]] = defaultdict(list)
    for clause in known_during(look.bureau_id, Period(years[0].start, years[-1].end)):
        by_kind[clause.kind].append(clause)
    lines: list[OutlookLine] = []
    exemptions = exemptions_of(look.bureau_id)
    for key, mine in by_kind.items():
        kind = kind_by_key(key)
        if kind is None:
            continue
        try:
            told = list(kind.outlook(mine, look))
        except ParameterError as error:
            told = [_wrong(mine, kind.label, error, look)]
        if kind.is_excusable:
            told = [excusable(line, mine) for line in told]
        if exemptions:
            told = [excuse(line, exemptions) for line in told]
        lines += told
    lines += told_beside(look)
    unit_kinds = {unit.kind for unit in look.units}
    shown = [line for line in lines if line.prospects and line.unit_kind in unit_kinds]
    shown.sort(key=lambda line: (line.rank, line.key))
    unjudged = [one for one in by_kind.get("", []) if one.subject == Subject.BRANCH]
    return Outlook(tuple(shown), tuple(unjudged))


def _wrong(clauses: list[Clause], label: str, error: ParameterError, look: Look) -> OutlookLine:
    """A kind whose clauses cannot be read: nobody can say how they stand."""
    why = f"条款{'、'.join(one.key for one in clauses)}的参数有误：{error}"
    branches = look.of_kind(UnitKind.BRANCH)
    told = [Prospect(unit.pk, look.span, Standing.UNKNOWN, reason=why) for unit in branches]
    key = f"{clauses[0].kind}.wrong"
    return OutlookLine(key, label, "", UnitKind.BRANCH, cited(clauses), tuple(told), rank=9000)


@dataclass(frozen=True)
class Wait:
    """Something of a unit that somebody can still do something about."""

    unit: Unit
    line: OutlookLine
    prospect: Prospect

    @property
    def is_missing(self) -> bool:
        """Whether its time is over."""
        return self.prospect.state is Standing.MISSING

    @property
    def place(self) -> Step:
        """The line on the page of the unit."""
        year = (("year", str(self.prospect.period.start.year)),)
        return Step(
            *("逐人办理", "branch_life:unit", SEE_BRANCH_LIFE, year, (str(self.unit.pk),)),
            unit_id=self.unit.pk,
            path=self.unit.path,
            anchor=self.line.anchor,
        )

    def steps(self, actor: Actor) -> list[Step]:
        """What the person may do about it: of one who lacks it by name, of several on their list."""
        lacking, own = self.prospect.lacking(), self.prospect.steps
        if lacking:
            own = (lacking[0].steps if len(lacking) == 1 else (self.place,)) + own
        return [step for step in own if step.is_for(actor)]


@dataclass(frozen=True)
class Todo:
    """A line of a list of what is to be done: what, until when, and the steps that the reader may take."""

    wait: Wait
    when: str
    steps: list[Step]


def todos(
    unit: Unit, found: Iterable[tuple[OutlookLine, list[Prospect]]], as_of: dt.date, actor: Actor
) -> list[Todo]:
    """What a unit still has to do, what is overdue first, as a person may do it."""
    return [
        Todo(wait, say_until(wait.prospect, as_of), wait.steps(actor)) for wait in waits(unit, found, as_of)
    ]


def say_until(prospect: Prospect, as_of: dt.date) -> str:
    """Until when, in words; empty where no day is set."""
    if prospect.until is None:
        return ""
    if prospect.state is Standing.MISSING:
        return f"{periods.say_day(prospect.until)}已截止"
    return say_open_until(prospect.until, as_of)


def say_open_until(until: dt.date, as_of: dt.date) -> str:
    """How long there still is until a day that is not over, in words."""
    day, left = periods.say_day(until), (until - as_of).days
    return f"{day}前，还有{left}天" if left else f"{day}，今天是最后一天"


def waits(unit: Unit, found: Iterable[tuple[OutlookLine, list[Prospect]]], as_of: dt.date) -> list[Wait]:
    """What is missing, the newest first; then what is begun and still due, by its last day.

    What two clauses ask and one act settles stands once, with the earlier day. What nobody can mend any more
    (held, but on another day) is told by the lines and does not wait.
    """
    open_ones = [
        Wait(unit, line, one)
        for line, prospects in found
        for one in prospects
        if one.is_open and (one.steps or one.lacking()) and one.period.start <= as_of
    ]
    due = [wait for wait in open_ones if not wait.is_missing]
    missing = [wait for wait in open_ones if wait.is_missing]
    due.sort(key=lambda wait: wait.prospect.until or wait.prospect.period.end)
    missing.sort(key=lambda wait: wait.prospect.period.end, reverse=True)
    return _once(missing) + _once(due)


def _once(found: list[Wait]) -> list[Wait]:
    seen: set[str] = set()
    first = []
    for wait in found:
        act = wait.prospect.act
        if not act or act not in seen:
            first.append(wait)
        seen.add(act)
    return first
