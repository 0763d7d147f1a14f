"""The way of a sample case: each word of a story takes it one step on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qizhi.conduct.enums import CaseStatus, Decision, PointsKind, ReviewOutcome, StepKind
from qizhi.conduct.models import Case, PointsEntry
from qizhi.conduct.rules.procedure import months_after, window
from qizhi.conduct.rules.quotes import LAPSED
from qizhi.conduct.services.correcting import earlier_of
from qizhi.core import clock
from qizhi.core.periods import say_day
from qizhi.org.models import Person
from qizhi.regulations.rules.working_days import UnknownCalendarError

if TYPE_CHECKING:
    from qizhi.sample.cases import Cases

STATEMENT_DAYS, APPEAL_DAYS, REVIEW_MONTHS = 5, 10, 3


class Path:
    """A case on its way; each word of a path is a method that takes it one step on, unless it is too late."""

    def __init__(self, told: Cases, case: Case, day: dt.date) -> None:
        """Begin on the day on which it was recorded."""
        self.cases, self.case, self.day = told, case, day

    def walk(self, path: list[str]) -> None:
        """As far as the last day and the known calendar let it come."""
        for word in path:
            step: Callable[[str], dt.date | None] = getattr(self, f"_{word}", self._review)
            day = step(word)
            if day is None:
                return
            self.day = day

    def _step(self, kind: StepKind, day: dt.date, by: Person | None, text: str) -> dt.date:
        self.cases.step(self.case, kind, day, by, text)
        return day

    def _is_ahead(self, day: dt.date) -> bool:
        return day > self.cases.until

    def _window(self, start: dt.date, days: int) -> tuple[dt.date, str] | None:
        try:
            found = window(self.cases.calendar, start, days)
        except UnknownCalendarError:
            return None
        return found.until, found.sentence

    def _dropped(self, word: str) -> dt.date | None:
        day = self.cases.later(self.day, 1)
        if self._is_ahead(day):
            return None
        self.case.status = CaseStatus.DROPPED
        return self._step(StepKind.DROPPED, day, self.case.recorded_by, self.cases.reason(word))

    def _told(self, _word: str) -> dt.date | None:
        day = self.cases.later(self.day, 1)
        found = self._window(day, STATEMENT_DAYS)
        if self._is_ahead(day) or found is None:
            return None
        case = self.case
        case.status, case.notified_on, case.statement_days = CaseStatus.NOTIFIED, day, STATEMENT_DAYS
        case.statement_until = found[0]
        return self._step(StepKind.NOTIFIED, day, case.recorded_by, f"陈述期{found[1]}。")

    def tell_again(self, facts: dict[str, Any]) -> None:
        """Another finding has taken the place of the one that was told: `facts` are its own."""
        case, found = self.case, self._window(self.day, STATEMENT_DAYS)
        if case.status != CaseStatus.NOTIFIED or found is None:
            return
        text = f"陈述期{found[1]}。"
        step = self.cases.step(case, StepKind.RENOTIFIED, self.day, case.recorded_by, text)
        step.earlier = earlier_of(case)
        for name, value in facts.items():
            setattr(case, name, value)
        case.notified_on, case.statement_until = self.day, found[0]

    def _stated(self, _word: str) -> dt.date | None:
        day = self.cases.later(self.day, 3)
        if self._is_ahead(day):
            return None
        self.case.stated_on = day
        self.case.statement = self.cases.by_clause("statement", self.case.rule["key"])
        return self._step(StepKind.STATED, day, self.case.person, self.case.statement)

    def _withdrawn(self, word: str) -> dt.date | None:
        return self._decide(word, self.cases.later(self.day, 2))

    def _confirmed(self, word: str) -> dt.date | None:
        until = self.case.statement_until
        return self._decide(word, self.cases.later(until, 1)) if until else None

    def _decide(self, word: str, day: dt.date) -> dt.date | None:
        case = self.case
        decider = self.cases.another(day, case.recorded_by, case.person)
        found = self._window(day, APPEAL_DAYS)
        if self._is_ahead(day) or decider is None or found is None:
            return None
        heard = f"{word}_heard" if case.statement and word == "confirmed" else word
        decision, reason = Decision(word), self.cases.reason(heard)
        case.decided_by, case.decided_on = decider, day
        case.decision, case.decision_reason = decision, reason
        text = f"{decision.label}：{reason}"
        if decision is Decision.CONFIRMED:
            case.status, case.appeal_until = CaseStatus.DECIDED, found[0]
            text += f"\n申诉期{found[1]}。"
        else:
            case.status = CaseStatus.CLEARED
        return self._step(StepKind.DECIDED, day, decider, text)

    def _final(self, _word: str) -> dt.date | None:
        case = self.case
        day = self.cases.later(max(case.appeal_until or self.day, self.day), 1)
        if self._is_ahead(day):
            return None
        case.status, case.final_on, case.final_points = CaseStatus.FINAL, day, case.points
        self._deduct(case.points, day, day)
        text = f"{LAPSED}，记{case.points}分"
        return self._step(StepKind.FINAL, day, case.recorded_by, text)

    def _appealed(self, _word: str) -> dt.date | None:
        day = self.cases.later(self.day, 4)
        if self._is_ahead(day):
            return None
        case = self.case
        case.status, case.appealed_on, case.appeal = CaseStatus.APPEALED, day, self.cases.reason("appeal")
        case.review_until, case.is_appeal_open = months_after(day, REVIEW_MONTHS), True
        return self._step(StepKind.APPEALED, day, case.person, case.appeal)

    def _late(self, word: str) -> dt.date | None:
        case = self.case
        day = self.cases.later(max(case.appeal_until or self.day, self.day), 4)
        if self._is_ahead(day):
            return None
        case.appealed_on, case.appeal, case.is_appeal_late = day, self.cases.reason(word), True
        case.is_appeal_open = True
        return self._step(StepKind.LATE_APPEAL, day, case.person, case.appeal)

    def _admitted(self, word: str) -> dt.date | None:
        return self._answer(word, is_admitted=True)

    def _not_admitted(self, word: str) -> dt.date | None:
        return self._answer(word, is_admitted=False)

    def _answer(self, word: str, *, is_admitted: bool) -> dt.date | None:
        case, day = self.case, self.cases.later(self.day, 3)
        third = self.cases.third(day, case.recorded_by, case.decided_by, case.person)
        if self._is_ahead(day) or third is None:
            return None
        if is_admitted:
            case.review_until, case.admitted_by = months_after(day, REVIEW_MONTHS), third
        else:
            case.appealed_on, case.appeal, case.is_appeal_late = None, "", False
            case.is_appeal_open = False
        kind = StepKind.ADMITTED if is_admitted else StepKind.NOT_ADMITTED
        return self._step(kind, day, third, self.cases.reason(word))

    def _review(self, word: str) -> dt.date | None:
        case, day = self.case, self.cases.later(self.day, 20)
        third = self.cases.third(day, case.recorded_by, case.decided_by, case.person)
        if self._is_ahead(day) or third is None:
            return None
        outcome, reason = ReviewOutcome(word), self.cases.reason(word)
        case.reviewed_by, case.reviewed_on = third, day
        case.outcome, case.review_reason, case.is_appeal_open = outcome, reason, False
        counted_on = case.final_on or day
        points = {ReviewOutcome.UPHELD: case.points, ReviewOutcome.CHANGED: Decimal("-0.5")}.get(outcome)
        self._settle(points, counted_on, day)
        return self._step(StepKind.REVIEWED, day, third, f"{outcome.label}：{reason}")

    def _settle(self, points: Decimal | None, counted_on: dt.date, day: dt.date) -> None:
        case = self.case
        standing = next((row for row in self.cases.rows.of(PointsEntry) if row.case is case), None)
        if standing is not None:
            self._entry(PointsKind.REVERSED, -standing.points, counted_on, day, standing)
        is_cleared = points is None
        case.status = CaseStatus.CLEARED if is_cleared else CaseStatus.FINAL
        case.final_points, case.final_on = points, None if is_cleared else counted_on
        if points is not None:
            self._deduct(points, counted_on, day)

    def _deduct(self, points: Decimal, counted_on: dt.date, day: dt.date) -> None:
        self._entry(PointsKind.DEDUCTED, points, counted_on, day, None)

    def _entry(
        self,
        kind: PointsKind,
        points: Decimal,
        counted_on: dt.date,
        day: dt.date,
        reverses: PointsEntry | None,
    ) -> None:
        case = self.case
        number = len(self.cases.rows.of(PointsEntry)) % 60
        self.cases.rows.add(
            PointsEntry,
            day,
            case=case,
            person=case.person,
            unit=None if case.person else case.unit,
            kind=kind,
            points=points,
            counted_on=counted_on,
            reverses=reverses,
            at=dt.datetime.combine(day, dt.time(16, number), clock.ZONE),
            by_label=case.recorded_by.name,
            reason=f"{say_day(day)}登记",
        )
