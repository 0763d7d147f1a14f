"""What excuses people from points, asked before anything is found: leave, secondment, probation.

The pillar that deals with conduct knows what excuses whom; it declares that here, and every run asks.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Protocol

from qizhi.core.periods import Period
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds.base import Judgement, Kind, Place
from qizhi.regulations.models import Clause

EXCUSED_BY = "excused_by"
"""Where the evidence of a finding says what excuses."""


class Excuses(Protocol):
    """What excuses the people of a bureau on some days."""

    def why(self, person_id: uuid.UUID, period: Period) -> str:
        """Chinese: what excuses the person on every day of the period; empty where a day is left."""


Source = Callable[[uuid.UUID, Period], Excuses]
_sources: list[Source] = []


Cleared = Callable[[uuid.UUID], Iterable[str]]
_cleared: list[Cleared] = []


def register_cleared(source: Cleared) -> Cleared:
    """Declare (a decorator) who knows the slots of findings of which somebody was cleared by a decision."""
    _cleared.append(source)
    return source


def cleared_slots(bureau_id: uuid.UUID) -> set[str]:
    """The slots of a bureau in which nothing is found any more, because a person was cleared of it."""
    return {slot for source in _cleared for slot in source(bureau_id)}


def register_excuses(source: Source) -> Source:
    """Declare (a decorator) who knows what excuses the people of a bureau on some days."""
    _sources.append(source)
    return source


class AskedExcuses:
    """The excuses of a bureau over the days that are asked of, looked up when the first fact needs them."""

    def __init__(self, bureau_id: uuid.UUID, days: Period) -> None:
        """Look up nothing yet; periods within `days` share one look."""
        self._bureau_id, self._days = bureau_id, days
        self._known: dict[Period, list[Excuses]] = {}

    def why(self, person_id: uuid.UUID, period: Period) -> str:
        """What excuses the person on every day of the period; empty where nothing does."""
        is_inside = self._days.start <= period.start and period.end <= self._days.end
        window = self._days if is_inside else period
        if window not in self._known:
            self._known[window] = [source(self._bureau_id, window) for source in _sources]
        found = (one.why(person_id, period) for one in self._known[window])
        return "；".join(filter(None, found))


def weigh_excuses(judgement: Judgement, clause: Clause, place: Place, excuses: AskedExcuses) -> Judgement:
    """The judgement, or that it costs nothing: where points would fall on somebody who is excused.

    Only points are excused from: what a clause without points asks is asked of everybody all the same.
    """
    if judgement.verdict is not Verdict.VIOLATED or not clause.points or place.person_id is None:
        return judgement
    why = excuses.why(place.person_id, place.period)
    if not why:
        return judgement
    return replace(judgement, verdict=Verdict.EXCUSED, evidence={**judgement.evidence, EXCUSED_BY: why})


def sentence_of(kind: Kind[Any], clause: Clause, fact: Any, judgement: Judgement) -> str:
    """The sentence of the kind, and what excuses from points, if anything does."""
    said = kind.sentence(clause, fact, judgement)
    if judgement.verdict is not Verdict.EXCUSED:
        return said
    return f"{said}{Verdict.EXCUSED.label}：{judgement.evidence[EXCUSED_BY]}。"
