"""What kinds have in common that judge somebody over a month, quarter, half-year or year."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Protocol, TypeVar

from qizhi.core.figures import Ask
from qizhi.core.periods import Period
from qizhi.regulations.kinds import Given, Judgement, KindByDay, Outcome, Place, address_of
from qizhi.regulations.kinds.cases import DUE, EVER, NA
from qizhi.regulations.models import Clause

Told = tuple[Given, Period]


class OverPeriod(Protocol):
    """A fact of a person, or of a unit, in a period."""

    @property
    def period(self) -> Period:
        """The month, quarter, half-year or year."""

    @property
    def person_id(self) -> uuid.UUID | None:
        """Who; None for a unit."""

    @property
    def person(self) -> str:
        """Chinese name; empty for a unit."""

    @property
    def unit_id(self) -> uuid.UUID | None:
        """The unit, or that of the person."""

    @property
    def unit(self) -> str:
        """Its Chinese name."""


Fact = TypeVar("Fact", bound=OverPeriod)


class KindOverPeriods(KindByDay[Fact]):
    """A kind with one fact of each person or unit in a period."""

    def place(self, fact: Fact, ask: Ask) -> Place:
        """The person or unit and the period."""
        del ask
        page, key = ("org:person", fact.person_id) if fact.person_id else ("org:unit", fact.unit_id)
        return Place(fact.period, fact.unit_id, fact.person_id, address=address_of(page, key))

    def read_case(self, given: Given) -> tuple[dt.date, Told]:
        """The last day of the period chooses the version; the facts are those that the kind names."""
        period = given.period()
        return period.end, (given, period)

    def sentence(self, clause: Clause, fact: Fact, judgement: Judgement) -> str:
        """Who, when, what is asked, what is the case, and the source of the clause."""
        what = f"应{judgement.required}，{judgement.actual}"
        return f"{fact.unit}{fact.person}{fact.period.label}：{what}。依据{clause.source}。"


def not_asked(given: Given, period: Period) -> Outcome | None:
    """Why nothing is asked of a case: its period is not over, or somebody came or left in it; else None.

    Facts: 核算日 (the day after, unless given); 起始 and 截止, of belonging or of the unit.
    """
    if given.day("核算日", period.end + dt.timedelta(days=1)) <= period.end:
        return Outcome(DUE, f"{period.label}还没有过完")
    start, end = given.day("起始", EVER), given.maybe_day("截止")
    if start > period.start or (end is not None and end < period.end):
        return Outcome(NA, "期间内加入、离开、成立或撤销的，本期不要求")
    return None
