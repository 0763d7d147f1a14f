"""What waits for a person on the first screen."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import field
from urllib.parse import urlencode

from django.urls import reverse

from qizhi.branch_life.permissions import SEE_BRANCH_LIFE
from qizhi.branch_life.queries import (
    Outlook,
    Todo,
    accountable_units,
    outlook,
    say_open_until,
    todos,
    units_asked,
)
from qizhi.core import periods
from qizhi.core.figures import report_year
from qizhi.core.periods import Period
from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.gatherings.enums import Ledger
from qizhi.gatherings.models import Gathering
from qizhi.gatherings.permissions import visible_to
from qizhi.org.enums import BRANCH_COMMITTEE_ROLES, Role, UnitKind
from qizhi.org.models import Unit
from qizhi.regulations.kinds import Standing
from qizhi.tasks.models import Extension
from qizhi.tasks.permissions import EXTEND_DOCUMENTS, SEE_DUTIES, SETTLE_PARTS
from qizhi.tasks.queries.documents import DocumentLine, own_documents, waiting_extensions
from qizhi.tasks.queries.duties import Standing as PartStanding
from qizhi.tasks.queries.duties import open_parts
from qizhi.tasks.rules import DocumentState
from qizhi.tasks.rules import State as PartState

SHOWN = 12
RECENT = 6


@dataclass(frozen=True)
class Open:
    """Something open with its last day: of organisational life, or an item of a list or a task."""

    until: dt.date | None
    todo: Todo | None = None
    duty: PartStanding | None = None

    @property
    def label(self) -> str:
        """What it is."""
        return self.todo.wait.line.label if self.todo else str(self.duty.part.duty) if self.duty else ""

    @property
    def record_address(self) -> str:
        """The form that records what the item counts, where it counts gatherings of a ledger; else empty."""
        if self.duty is None:
            return ""
        part = self.duty.part
        ledger = part.duty.figure.removeprefix("gatherings.")
        if f"gatherings.{ledger}" != part.duty.figure or ledger not in Ledger.values:
            return ""
        asked = {"unit": part.unit_id, "ledger": ledger}
        is_late = self.duty.state is PartState.MISSING
        return f"{reverse('gatherings:record')}?{urlencode(asked | ({'held_on': ''} if is_late else {}))}"

    def nearest(self, today: dt.date) -> str:
        """What it is and until when, as it stands in a sentence."""
        when = say_open_until(self.until, today) if self.until else ""
        return "，".join(filter(None, (self.label, when)))


@dataclass(frozen=True)
class Desk:
    """The first screen of a branch, or of a department that has something to do.

    `since`: the year from whose beginning on it tells what is open.
    """

    unit: Unit
    due: list[Todo]
    missing: list[Todo]
    duties: list[PartStanding] = field(default_factory=list)
    may_settle: bool = False
    since: int = 0
    today: dt.date = dt.date.min

    @property
    def is_branch(self) -> bool:
        """Whether organisational life is asked of it: a department has tasks only."""
        return self.unit.kind == UnitKind.BRANCH

    @property
    def late(self) -> list[Open]:
        """What is past its day, of either sort, the newest first."""
        found = [Open(one.wait.prospect.period.end, todo=one) for one in self.missing]
        found += [Open(one.due.on, duty=one) for one in self.duties if one.state is PartState.MISSING]
        return sorted(found, key=lambda one: one.until or dt.date.max, reverse=True)

    @property
    def coming(self) -> list[Open]:
        """What is still to be done, of either sort, by its last day; what has none comes last."""
        found = [Open(one.wait.prospect.until, todo=one) for one in self.due]
        found += [Open(one.due.on, duty=one) for one in self.duties if one.state is not PartState.MISSING]
        return sorted(found, key=lambda one: one.until or dt.date.max)

    @property
    def listed(self) -> list[Open]:
        """What stands on the first screen."""
        return self.late[:SHOWN] + self.coming[:SHOWN]

    @property
    def unlisted(self) -> int:
        """How much more there is on the pages behind it."""
        return len(self.late) + len(self.coming) - len(self.listed)

    @property
    def answer(self) -> str:
        """The answer in a sentence: what is overdue, what is still to be done, and until when."""
        parts = []
        if self.missing:
            parts.append(f"有 {len(self.missing)} 项已经过期，当时做了的请补录")
        if self.due:
            parts.append(f"还有 {len(self.due)} 项未到期")
        if self.duties:
            number = sum(1 for one in self.duties if one.state is PartState.MISSING)
            late = f"（{number} 项已过期）" if number else ""
            parts.append(f"清单和任务还有 {len(self.duties)} 项要办{late}")
        if self.coming:
            parts.append(f"最近的是{self.coming[0].nearest(self.today)}")
        said = "；".join(parts) if parts else "该做的都已完成，没有缺项"
        return f"{self.since}年以来{said}。"


@dataclass(frozen=True)
class UnitLine:
    """A unit in the bureau's overview of the current quarter: the numbers of its own page."""

    unit: Unit
    done: int
    due: int
    missing: int


@dataclass(frozen=True)
class Home:
    """The first screen of one person."""

    desks: list[Desk]
    lines: list[UnitLine]

    @property
    def missing(self) -> int:
        """What is missing in all units this quarter."""
        return sum(line.missing for line in self.lines)

    @property
    def due(self) -> int:
        """What is still to come in all units this quarter."""
        return sum(line.due for line in self.lines)


def home_for(actor: Actor, today: dt.date) -> Home:
    """What waits in the person's own branches, and how all branches stand for those who see them.

    The queries of the outlook however many branches there are, and for one's own branches one for lists and
    tasks with those of the figures they name; none for those who have no post in a branch and head no
    department.
    """
    headed = _headed(actor, today)
    own = {grant.unit_id for grant in actor.grants if grant.role in BRANCH_COMMITTEE_ROLES}
    sees_all = actor.reach(SEE_BRANCH_LIFE).is_all
    if not own and not sees_all:
        return Home(headed, [])
    quarter = periods.quarter_of(today)
    mine = list(accountable_units(actor.bureau_id, quarter).filter(pk__in=own)) if own else []
    desks: list[Desk] = []
    lines: list[UnitLine] = []
    if mine:
        span = Period(periods.year(report_year(today)).start, quarter.end)
        found, duties = outlook(actor.bureau_id, mine, span, today), _duties(actor, mine, today)
        desks = [_desk(actor, branch, found, today, duties[branch.pk]) for branch in mine]
    if sees_all:
        units = units_asked(actor, quarter)
        told = outlook(actor.bureau_id, units, quarter, today)
        lines = [_line(unit, told) for unit in units if told.of(unit.pk)]
    return Home([*desks, *headed], lines)


def _headed(actor: Actor, today: dt.date) -> list[Desk]:
    """Departments that the person heads and that were given a task which is still to be done."""
    keys = [grant.unit_id for grant in actor.grants if grant.role == Role.DEPARTMENT_HEAD]
    if not keys:
        return []
    units = list(Unit.objects.filter(bureau_id=actor.bureau_id, pk__in=keys).order_by("position", "code"))
    duties = _duties(actor, units, today)
    return [
        Desk(
            *(unit, [], [], duties[unit.pk]),
            may_settle=actor.may(SETTLE_PARTS, unit.pk, unit.path),
            since=report_year(today),
            today=today,
        )
        for unit in units
        if duties[unit.pk]
    ]


def _duties(actor: Actor, branches: Iterable[Unit], today: dt.date) -> dict[uuid.UUID, list[PartStanding]]:
    """What each branch still has to do of lists and tasks, by the last day."""
    seen = [branch.pk for branch in branches if actor.may(SEE_DUTIES, branch.pk, branch.path)]
    by_unit: dict[uuid.UUID, list[PartStanding]] = defaultdict(list)
    for one in open_parts(actor.bureau_id, seen, today, since=report_year(today)):
        by_unit[one.part.unit_id].append(one)
    return by_unit


def _desk(actor: Actor, branch: Unit, found: Outlook, today: dt.date, duties: list[PartStanding]) -> Desk:
    waiting = todos(branch, found.of(branch.pk), today, actor)
    return Desk(
        unit=branch,
        due=[one for one in waiting if not one.wait.is_missing],
        missing=[one for one in waiting if one.wait.is_missing],
        duties=duties,
        may_settle=actor.may(SETTLE_PARTS, branch.pk, branch.path),
        since=report_year(today),
        today=today,
    )


def _line(unit: Unit, found: Outlook) -> UnitLine:
    number = found.numbers(unit.pk)
    done = number[Standing.DONE] + number[Standing.LATE]
    return UnitLine(unit, done, number[Standing.DUE], number[Standing.MISSING])


@dataclass(frozen=True)
class DocumentDesk:
    """Documents that wait for one person."""

    lines: list[DocumentLine]
    extensions: list[Extension]

    @property
    def late(self) -> int:
        """How many are past their day."""
        return sum(1 for one in self.lines if one.state is DocumentState.LATE)

    @property
    def soon(self) -> int:
        """How many are due soon."""
        return sum(1 for one in self.lines if one.state is DocumentState.SOON)

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self.lines or self.extensions)


def documents_for(actor: Actor, today: dt.date) -> DocumentDesk:
    """Documents that the person answers for, and requests for more time that they may decide.

    One query where nothing waits, one more for those who decide.
    """
    may_decide = actor.may(EXTEND_DOCUMENTS)
    extensions = list(waiting_extensions(actor, EXTEND_DOCUMENTS)) if may_decide else []
    return DocumentDesk(own_documents(actor, today), extensions)


def recent_gatherings(actor: Actor) -> list[Gathering]:
    """The latest gatherings that the person may see; one query."""
    rows = visible_to(actor).held().select_related("unit__parent")
    named = (f"{unit}__{part}" for unit in ("unit", "unit__parent") for part in ("name", "short_name"))
    return list(rows.only("id", "title", "held_on", "precision", "unit__kind", *named)[:RECENT])
