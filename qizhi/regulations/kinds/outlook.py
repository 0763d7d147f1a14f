"""What clauses ask of units, as one sees it before it is over: how it stands, until when, what mends it.

`scan` finds what is wrong once it is certain; an outlook tells of everything that is asked, while there is
still time. A kind that can tell it returns lines of prospects; pages and tables show them without knowing
which kind they come from.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from qizhi.core.periods import Every, Period, say_day, split, whole_years
from qizhi.core.permissions import Actor, Permission
from qizhi.core.values import dataclass
from qizhi.org.models import Unit
from qizhi.regulations.enums import Subject
from qizhi.regulations.permissions import EXCUSE_BRANCHES
from qizhi.regulations.rules import Exemptions, is_in_force

if TYPE_CHECKING:  # clauses know kinds, and the other way round only by name
    from qizhi.regulations.models import Clause


class Standing(StrEnum):
    """How something asked stands; each has a word and a look of its own."""

    DONE = "done"
    LATE = "late"
    DUE = "due"
    MISSING = "missing"
    EXCUSED = "excused"
    UNKNOWN = "unknown"
    NA = "na"


STANDING_WORDS = {
    Standing.DONE: "已完成",
    Standing.LATE: "已补录",
    Standing.DUE: "未到期",
    Standing.MISSING: "缺",
    Standing.EXCUSED: "已请假",
    Standing.UNKNOWN: "未知",
    Standing.NA: "不适用",
}
EXEMPT = "已免除"
"""How it stands with what a superior has excused a branch from; leave has the usual word."""
OPEN = frozenset({Standing.DUE, Standing.MISSING})
EXCUSABLE = OPEN | {Standing.UNKNOWN}
WORST_FIRST = (
    *(Standing.MISSING, Standing.DUE, Standing.UNKNOWN, Standing.LATE),
    *(Standing.DONE, Standing.EXCUSED, Standing.NA),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step towards what is due or missing: its words, and the page with everything filled in for it.

    Attributes:
        label: Chinese; what one does there.
        page: name of the address.
        keys: what stands in the address itself.
        query: what it fills in.
        needs: who may take it.
        unit_id: where that must be allowed; None: anywhere.
        path: the unit's place in the tree.
        anchor: the place on the page.
    """

    label: str
    page: str
    needs: Permission
    query: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] = ()
    unit_id: uuid.UUID | None = None
    path: str = ""
    anchor: str = ""

    @property
    def address(self) -> str:
        """The page; worked out only for what is shown."""
        query = f"?{urlencode(self.query)}" if self.query else ""
        anchor = f"#{self.anchor}" if self.anchor else ""
        return f"{reverse(self.page, args=self.keys)}{query}{anchor}"

    def is_for(self, actor: Actor) -> bool:
        """Whether the person may take it."""
        return actor.may(self.needs, self.unit_id, self.path)


@dataclass(frozen=True, slots=True)
class Mark:
    """A gathering that counts: its day and its key."""

    day: dt.date
    key: uuid.UUID


@dataclass(frozen=True, slots=True)
class PersonProspect:
    """Somebody of whom something is asked."""

    person_id: uuid.UUID
    name: str
    state: Standing
    words: str = ""
    reason: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Prospect:
    """How what a line asks of a unit stands in a period.

    Attributes:
        unit_id: of whom it is asked.
        period: the month, quarter, year or day of which it is asked.
        state: the answer.
        until: the last day on which it is done in time; None where there is none.
        words: Chinese; the state as people say it of this, such as 缺2次; empty for the usual word.
        reason: Chinese; why not applicable or not known, or what else is to be known.
        source: Chinese citation of the clause that binds; empty where none does.
        is_general: the text says 一般: missing it is a warning.
        marks: what was held.
        steps: what mends it, in the order of worth.
        people: of whom it is asked, where people are.
        act: what one act would settle, as text: two clauses that ask for the same act are one thing to do.
        required: how many are asked for: times, or people who shall have it.
        counted: how many of them there are.
        asked_on: the days that an exemption has to take in, where that is not the period.
        is_lasting: it is asked of every day, and one looks at the days of `asked_on` alone.
    """

    unit_id: uuid.UUID
    period: Period
    state: Standing
    until: dt.date | None = None
    words: str = ""
    reason: str = ""
    source: str = ""
    is_general: bool = False
    marks: tuple[Mark, ...] = ()
    steps: tuple[Step, ...] = ()
    people: tuple[PersonProspect, ...] = ()
    act: str = ""
    required: int = 0
    counted: int = 0
    asked_on: Period | None = None
    is_lasting: bool = False

    @property
    def said(self) -> str:
        """The state in words."""
        return self.words or STANDING_WORDS[self.state]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN

    def lacking(self) -> list[PersonProspect]:
        """People who still lack it."""
        return [one for one in self.people if one.state in OPEN]


@dataclass(frozen=True)
class OutlookLine:
    """Something that clauses ask of units of a kind, with how it stands with each of them.

    Attributes:
        key: stable text, for addresses and exports.
        label: Chinese name: 支部党员大会, 学时（党员）.
        asks: Chinese; how often or how much: 一般每季度1次.
        unit_kind: of which units it is asked.
        clauses: key and citation of each clause that asks it.
        prospects: unit by unit in their order, and in order of time.
        rank: where it stands among the lines.
        excusable: citation and `asked_by` of each clause from which a superior can excuse a branch.
    """

    key: str
    label: str
    asks: str
    unit_kind: str
    clauses: tuple[tuple[uuid.UUID, str], ...] = ()
    prospects: tuple[Prospect, ...] = ()
    rank: int = 0
    excusable: tuple[tuple[str, str], ...] = ()

    @property
    def anchor(self) -> str:
        """A name for its place on a page."""
        return "line-" + "".join(one if one.isalnum() else "-" for one in self.key.lower())


@dataclass(frozen=True)
class Look:
    """What is looked at.

    Attributes:
        bureau_id: whose.
        units: in their order: branches, and the bureau or its centre group where they are looked at.
        span: the days.
        as_of: the day on which one looks.
    """

    bureau_id: uuid.UUID
    units: tuple[Unit, ...]
    span: Period
    as_of: dt.date

    @property
    def years(self) -> list[Period]:
        """The years that the span touches."""
        return split(self.span, Every.YEAR)

    def of_kind(self, *kinds: str) -> list[Unit]:
        """The units of these kinds."""
        return [unit for unit in self.units if unit.kind in kinds]


Source = Callable[[Look], Iterable[OutlookLine]]
_sources: list[Source] = []


def register_outlook(source: Source) -> Source:
    """Declare (a decorator) lines of what no clause asks: what a pillar's own plans and rows ask of units.

    A source tells lines of the whole months, quarters or years that touch the span, in a constant number of
    queries; its lines cite no clause, and nobody is exempt from them.
    """
    _sources.append(source)
    return source


def told_beside(look: Look) -> list[OutlookLine]:
    """What every source tells, in the order in which they were declared."""
    return [line for source in _sources for line in source(look)]


def by_clause(clauses: Iterable[Clause]) -> dict[str, list[Clause]]:
    """The clauses by document and key: what is asked stays one line through versions."""
    found: dict[str, list[Clause]] = defaultdict(list)
    for clause in clauses:
        found[f"{clause.kind}.{clause.version.regulation.code}.{clause.key}"].append(clause)
    return dict(found)


def cited(clauses: Iterable[Clause]) -> tuple[tuple[uuid.UUID, str], ...]:
    """Key and citation of each clause."""
    return tuple((clause.pk, clause.source) for clause in clauses)


def binding_on(clauses: Iterable[Clause], day: dt.date) -> list[Clause]:
    """Those of the clauses whose version is in force on the day."""
    return [
        clause
        for clause in clauses
        if is_in_force(clause.version.effective_from, clause.version.effective_to, day)
    ]


def why_not_bound(clauses: Sequence[Clause], day: dt.date) -> str:
    """Why none of them binds on the day, in Chinese."""
    later = [c.version.effective_from for c in clauses if c.version.effective_from > day]
    return f"规定当时未施行（{say_day(min(later))}起施行）" if later else "规定当时已停止施行"


def why_not_there(unit: Unit, day: dt.date) -> str:
    """Why nothing is asked of a unit on a day, in Chinese; empty when it was there."""
    if day < unit.from_on:
        return f"当时尚未成立（{say_day(unit.from_on)}成立）"
    if unit.to_on is not None and day > unit.to_on:
        return f"已撤销或并入其他支部（{say_day(unit.to_on)}止）"
    return ""


def standing_of_all(people: Sequence[PersonProspect]) -> Standing:
    """The worst state among the people; not applicable where it is asked of nobody."""
    states = {one.state for one in people}
    return next((state for state in WORST_FIRST if state in states), Standing.NA)


def numbers_of(people: Sequence[PersonProspect]) -> tuple[int, int]:
    """Of how many people it is asked, and how many have it."""
    asked = [one.state for one in people if one.state not in {Standing.NA, Standing.EXCUSED}]
    return len(asked), sum(1 for state in asked if state in {Standing.DONE, Standing.LATE})


def say_people(people: Sequence[PersonProspect]) -> str:
    """How many still lack it, in words: 还差3人; empty when nobody does."""
    lacking = sum(1 for one in people if one.state in OPEN)
    return f"还差{lacking}人" if lacking else ""


def of_people(
    unit_id: uuid.UUID,
    period: Period,
    people: Sequence[PersonProspect],
    clause: Clause,
    marks: tuple[Mark, ...] = (),
) -> Prospect:
    """What a clause asks of the people of a unit, as one prospect."""
    state, (required, counted) = standing_of_all(people), numbers_of(people)
    return Prospect(
        unit_id,
        period,
        state,
        period.end if state in OPEN else None,
        say_people(people),
        source=clause.source,
        is_general=clause.is_general,
        people=tuple(people),
        marks=marks,
        required=required,
        counted=counted,
    )


def excusable(line: OutlookLine, clauses: Iterable[Clause]) -> OutlookLine:
    """The line with the clauses from which a branch can be excused; `clauses`: at least those that ask it."""
    keys = {key for key, _ in line.clauses}
    found = {one.source: one.asked_by for one in clauses if one.pk in keys and one.subject == Subject.BRANCH}
    return replace(line, excusable=tuple(found.items()))


def excuse(line: OutlookLine, exemptions: Exemptions) -> OutlookLine:
    """The line with what a superior has excused units from: said as such, with the reason, never left out.

    What is excused on a part of its days only is still owed, and says of which days it is not.
    """
    asked_by = dict(line.excusable)
    told = tuple(_excuse(one, asked_by.get(one.source, ""), exemptions) for one in line.prospects)
    return replace(line, prospects=told)


def _excuse(one: Prospect, asked_by: str, exemptions: Exemptions) -> Prospect:
    if one.state not in EXCUSABLE:
        return one
    why = exemptions.why(one.unit_id, asked_by, one.asked_on or one.period)
    if one.is_lasting:  # the same sentence, whichever month, quarter or year one looks at
        told = exemptions.told(one.unit_id, asked_by, whole_years(one.period))
        one = replace(one, reason="；".join(filter(None, (one.reason, told))))
        why = why and one.reason
    elif not why and one.asked_on is None:
        told = exemptions.told(one.unit_id, asked_by, one.period)
        words = (one.reason, f"{told}；没有免除整个期间，仍应办" if told else "")
        return replace(one, reason="；".join(filter(None, words)))
    if not why:
        return one
    return Prospect(
        unit_id=one.unit_id,
        period=one.period,
        state=Standing.EXCUSED,
        words=EXEMPT,
        reason=why,
        source=one.source,
        marks=one.marks,
    )


def excuse_steps(line: OutlookLine, one: Prospect) -> list[Step]:
    """The form in which the office excuses the branch from what is open, filled in; none where it cannot."""
    asked_by = dict(line.excusable).get(one.source, "")
    if not asked_by or one.state not in OPEN:
        return []
    query = (
        ("unit", str(one.unit_id)),
        ("clause", asked_by),
        ("from_on", one.period.start.isoformat()),
        ("to_on", one.period.end.isoformat()),
    )
    return [Step("免除", "regulations:exemption_new", EXCUSE_BRANCHES, query)]
