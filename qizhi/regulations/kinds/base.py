"""What a kind of clause is, and the register of kinds.

A kind is code, a clause is data. A pillar declares a kind in its own `kinds.py`, which is loaded at start:

    @register
    class Quota(Kind[Held]):
        key = "quota"
        label = "周期次数"
        parameters = QUOTA_PARAMETERS
"""

from __future__ import annotations

import datetime as dt
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar

from django.urls import reverse

from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period, split
from qizhi.core.values import dataclass
from qizhi.regulations.enums import ClausePeriod, Verdict
from qizhi.regulations.kinds.cases import NOT_IN_FORCE, CaseClause, Given, Outcome, binding
from qizhi.regulations.kinds.examples import Example
from qizhi.regulations.kinds.outlook import Look, OutlookLine
from qizhi.regulations.kinds.parameters import Parameter, read_parameters
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import WorkingCalendar, is_in_force

Fact = TypeVar("Fact")


@dataclass(frozen=True)
class Judgement:
    """What a kind says of one fact.

    Attributes:
        verdict: met, violated or unknown; unknown earns no points and is listed as a gap.
        required: what the clause asks, in words.
        actual: what is the case, in words; for unknown, what is missing.
        evidence: copies of the facts, as JSON, so that the explanation never changes with the rows.
        times: how often the clause's points are earned at once.
        complying: what would have complied, in words; empty where `required` says it all.
    """

    verdict: Verdict
    required: str
    actual: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    times: int = 1
    complying: str = ""


@dataclass(frozen=True)
class Place:
    """Whom and when a fact concerns: with the clause, what two runs recognise it by.

    Attributes:
        period: its days; the last of them decides in which month it is found.
        unit_id: the unit of whom the clause asks it, if it is one.
        person_id: the person, if it is one.
        occurrence: stable text that tells facts of the same subject and period apart, at most 80 characters.
        address: path of the page with the rows behind it; empty where there is none.
        asked_on: the days that an exemption has to take in, where that is not the period.
    """

    period: Period
    unit_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    occurrence: str = ""
    address: str = ""
    asked_on: Period | None = None


EVERY_NAME = "every"
"""The parameter that says how often, in every kind that has one."""
# Names under which facts carry their own day.
_DAYS = ("day", "on", "due_on", "asked_on", "first")


class Kind(ABC, Generic[Fact]):
    """A kind of clause; `Fact` is the plain value that it judges.

    Attributes:
        key: stable key, stored in clauses; it never changes.
        label: Chinese name.
        parameters: what a clause of the kind can be set to.
        facts: Chinese names of what a golden case may tell.
        is_by_year: it judges whole years, and finds nothing before one is over.
        is_excusable: whether a superior can excuse a branch from its clauses; no vote stands by that.
        same_by: names of parameters; clauses that have them alike ask for the same and stand as one line.
        evidence_words: Chinese names of what its evidence holds, beside those of `words.EVIDENCE_WORDS`.
        pages: name of a key in a fact → page that shows the rows behind it; the first that the fact has.
        shown_on: pages that are drawn from clauses of the kind, as words and name of the address.
        figures: keys of the figures that are reckoned by clauses of the kind.
        doubted_by: key of the clause by which `doubt_exemption` doubts.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]]
    facts: ClassVar[tuple[str, ...]] = ()
    is_by_year: ClassVar[bool] = False
    is_excusable: ClassVar[bool] = True
    same_by: ClassVar[tuple[str, ...]] = ()
    evidence_words: ClassVar[Mapping[str, str]] = {}
    pages: ClassVar[Mapping[str, str]] = {"person_id": "org:person"}
    shown_on: ClassVar[tuple[tuple[str, str], ...]] = (("检查发现", "regulations:findings"),)
    figures: ClassVar[tuple[str, ...]] = ()
    doubted_by: ClassVar[str] = ""

    def read(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of a clause, checked; ParameterError with a sentence for each that is wrong."""
        return read_parameters(self.parameters, values)

    @property
    def says_period(self) -> bool:
        """Whether its clauses must say how often in a parameter, from which their period follows."""
        return any(one.name == EVERY_NAME and one.is_required for one in self.parameters)

    def period_of(self, values: Mapping[str, Any]) -> str:
        """The period that the parameters say; empty where the clause says it by itself.

        Half a year is no period of clauses: what is asked so often stands as 每次, and the parameter says it.
        """
        if not self.says_period:
            return ""
        said = str(values.get(EVERY_NAME) or "")
        return said if said in ClausePeriod.values else ClausePeriod.EACH.value

    @abstractmethod
    def scan(self, clause: Clause, ask: Ask) -> Iterable[Fact]:
        """The facts that violate the clause or cannot be known, in a constant number of queries.

        Args:
            clause: a clause of this kind, with its version, in force for the facts that are asked for.
            ask: bureau, units, period and the day of reckoning; later rows do not count.
        """

    def place(self, fact: Fact, ask: Ask) -> Place:
        """Whom and when a fact concerns; by the names that facts usually give to these, unless a kind says.

        Args:
            fact: what `scan` has returned.
            ask: what was asked of it; its period is taken for facts without a day of their own.
        """
        days = (getattr(fact, name, None) for name in _DAYS)
        day = next((one for one in days if one is not None), None)
        period = getattr(fact, "period", None)
        occurrence = getattr(fact, "key", None) or getattr(fact, "gathering_id", None)
        if occurrence is None and period is None:
            occurrence = day
        keys = ((getattr(fact, name, None), page) for name, page in self.pages.items())
        return Place(
            period=period or (Period(day, day) if day else ask.period),
            unit_id=getattr(fact, "unit_id", None),
            person_id=getattr(fact, "person_id", None),
            occurrence=str(occurrence or ""),
            address=next((address_of(page, key) for key, page in keys if key), ""),
        )

    def outlook(
        self,
        clauses: Sequence[Clause],  # noqa: ARG002 - a kind that tells nothing looks at nothing
        look: Look,  # noqa: ARG002
    ) -> Iterable[OutlookLine]:
        """How everything that the clauses ask of the units stands, in a constant number of queries.

        Nothing, for a kind that asks nothing of branches or their people.

        Args:
            clauses: every clause of this kind in force on a day of the years that the span touches.
            look: units, days and the day of reckoning; periods that touch the span are told as a whole.
        """
        return ()

    @abstractmethod
    def judge(self, parameters: Mapping[str, Any], fact: Fact) -> Judgement:
        """Judge one fact by parameters that `read` has returned; pure: no query, no clock."""

    @abstractmethod
    def try_case(self, key: str, clauses: Sequence[CaseClause], given: Given) -> list[Outcome]:
        """What the clause says of the facts of a golden case, by the same arithmetic as of rows.

        Args:
            key: the clause of which the case tells.
            clauses: every clause of this kind in the file, in each of its versions.
            given: the facts; names that are not asked for are refused.

        Raises:
            GivenError: the facts do not make a case.
        """

    def examples(
        self,
        clause: CaseClause,  # noqa: ARG002 - a kind that proposes nothing looks at nothing
        calendar: WorkingCalendar,  # noqa: ARG002
    ) -> Sequence[Example]:
        """Cases that are proposed for a clause: one violated, one met, as close together as can be.

        Nothing, for a kind whose cases a person writes from the beginning.

        Args:
            clause: in the version for which they are meant; they tell of days on which it is in force.
            calendar: working days; a kind that counts them tells of known days.

        Raises:
            UnknownCalendarError: no paper vouches for the days that it would tell of.
        """
        return ()

    def doubt_exemption(self, parameters: Mapping[str, Any], days: Period) -> str:  # noqa: ARG002 - by default
        """Chinese: what speaks against excusing a branch on all these days; empty where nothing does."""
        return ""

    @abstractmethod
    def sentence(self, clause: Clause, fact: Fact, judgement: Judgement) -> str:
        """The Chinese sentence that explains the judgement, with the source of the clause."""


_NOBODY = uuid.UUID(int=0)


@cache
def _address_with(page: str) -> tuple[str, str]:
    before, _, after = reverse(page, args=[_NOBODY]).partition(str(_NOBODY))
    return before, after


def address_of(page: str, key: object) -> str:
    """The path of the page of a row; `reverse` is asked once a page, a run names a hundred thousand rows."""
    before, after = _address_with(page)
    return f"{before}{key}{after}"


class KindByDay(Kind[Fact]):
    """A kind whose cases each tell of one day or period: the version that binds on it judges alone."""

    def try_case(self, key: str, clauses: Sequence[CaseClause], given: Given) -> list[Outcome]:
        """What the version in force says; not applicable where none was."""
        day, told = self.read_case(given)
        clause = binding(clauses, key, day)
        return [self.judge_case(clause, told) if clause else NOT_IN_FORCE]

    @abstractmethod
    def read_case(self, given: Given) -> tuple[dt.date, Any]:
        """The day that chooses the version, and what `judge_case` wants to know."""

    @abstractmethod
    def judge_case(self, clause: CaseClause, told: Any) -> Outcome:
        """What a clause says of what `read_case` has read."""


def days_bound(clause: Clause, ask: Ask) -> Period | None:
    """The days that are asked for and on which the clause's version is in force; None for none."""
    days, version = ask.days, clause.version
    if days is None:
        return None
    start = max(days.start, version.effective_from)
    end = min(days.end, version.effective_to or days.end)
    return Period(start, end) if start <= end else None


def years_over(clause: Clause, ask: Ask) -> list[Period]:
    """The years that end in the asked period and are over, on whose last day the clause binds."""
    version = clause.version
    return [
        year
        for year in split(ask.period, Every.YEAR)
        if year.end in ask.period
        and year.end < ask.as_of
        and is_in_force(version.effective_from, version.effective_to, year.end)
    ]


_kinds: dict[str, Kind[Any]] = {}
K = TypeVar("K", bound=type[Kind[Any]])


def register(kind: K) -> K:
    """Make a kind known (a class decorator); ValueError if another one has its key."""
    known = _kinds.setdefault(kind.key, kind())
    if type(known) is not kind:
        raise ValueError(f"kind {kind.key} is declared twice: {type(known)} and {kind}")
    return kind


def kind_by_key(key: str) -> Kind[Any] | None:
    """The kind, or None when no app has declared it."""
    return _kinds.get(key)


def all_kinds() -> list[Kind[Any]]:
    """Every kind by key, for the form and the rule book."""
    return [_kinds[key] for key in sorted(_kinds)]


def excusable_kinds() -> list[str]:
    """Keys of the kinds from whose clauses a branch can be excused."""
    return [kind.key for kind in all_kinds() if kind.is_excusable]
