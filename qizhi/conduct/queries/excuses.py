"""What excuses somebody on a day: asked before a run finds anything and before anybody drafts a case."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from qizhi.conduct.queries.procedure import procedures_during
from qizhi.conduct.rules.procedure import Procedure, months_after
from qizhi.core import kept
from qizhi.core.periods import Period, say_day
from qizhi.org.enums import LeaveKind, MemberStatus
from qizhi.org.models import Leave, Membership, Person, Unit
from qizhi.regulations.rules import Span, covering

EVER = dt.date.max
ONE_DAY = dt.timedelta(days=1)


def excuses_of(person: Person, day: dt.date, procedure: Procedure) -> list[str]:
    """Chinese words for each excuse of the person on the day: leave, secondment, probation; two queries."""
    leaves = Leave.objects.on(day).filter(bureau_id=person.bureau_id, person=person)
    found = [_of_leave(leave) for leave in leaves]
    if person.entered_on and (span := _of_new_staff(person.entered_on, procedure)):
        found.append(span)
    probation = Membership.objects.on(day).filter(
        bureau_id=person.bureau_id, person=person, status=MemberStatus.PROBATIONARY
    )
    found += [_of_probationary(row) for row in probation]
    return [span.words for span in found if span.from_on <= day <= span.to_on]


def _of_leave(leave: Leave) -> Span:
    end = say_day(leave.to_on) if leave.to_on else "今"
    word = "借调" if leave.kind == LeaveKind.SECONDMENT else f"请假（{leave.get_kind_display()}）"
    return Span(leave.from_on, leave.to_on or EVER, f"{word}：{say_day(leave.from_on)}至{end}")


def _of_new_staff(entered: dt.date, procedure: Procedure) -> Span | None:
    months = procedure.probation_months
    if not months:
        return None
    words = f"试用期：{say_day(entered)}到岗，试用期{months}个月"
    return Span(entered, months_after(entered, months) - ONE_DAY, words)


def _of_probationary(row: Membership) -> Span:
    return Span(row.from_on, row.to_on or EVER, "预备期：当日为预备党员")


@dataclass(frozen=True)
class PeopleExcused:
    """Everybody of a bureau whom something excuses on one of some days.

    Attributes:
        spans: leave, secondment and probationary membership, by person.
        entered: when new staff came, by person.
        procedure: that of a day, which says how long their probation is.
    """

    spans: dict[uuid.UUID, list[Span]]
    entered: dict[uuid.UUID, dt.date]
    procedure: Callable[[dt.date], Procedure]

    def why(self, person_id: uuid.UUID, period: Period) -> str:
        """Chinese: what excuses the person on every day of the period; empty where a day is left."""
        spans = list(self.spans.get(person_id, ()))
        entered = self.entered.get(person_id)
        if entered and (span := _of_new_staff(entered, self.procedure(period.end))):
            spans.append(span)
        return covering(spans, period) if spans else ""


def excused_during(bureau_id: uuid.UUID, days: Period) -> PeopleExcused:
    """Whom something excuses on one of the days; four queries, however many people there are."""
    return kept.keep(partial(_excused_during, bureau_id, days), "conduct.excused", bureau_id, days)


def _excused_during(bureau_id: uuid.UUID, days: Period) -> PeopleExcused:
    procedure, months = procedures_during(bureau_id, days)
    spans: dict[uuid.UUID, list[Span]] = defaultdict(list)
    leaves = Leave.objects.within(days.start, days.end).filter(bureau_id=bureau_id)
    for leave in leaves.only("person_id", "kind", "from_on", "to_on").iterator():
        spans[leave.person_id].append(_of_leave(leave))
    members = Membership.objects.within(days.start, days.end).filter(
        bureau_id=bureau_id, status=MemberStatus.PROBATIONARY
    )
    for row in members.only("person_id", "from_on", "to_on").iterator():
        spans[row.person_id].append(_of_probationary(row))
    new = Person.objects.filter(
        bureau_id=bureau_id, entered_on__gt=months_after(days.start, -months), entered_on__lte=days.end
    )
    entered = {key: day for key, day in new.values_list("pk", "entered_on") if day} if months else {}
    return PeopleExcused(dict(spans), entered, procedure)


def unit_excuses(unit: Unit, day: dt.date) -> list[str]:
    """Why a unit owed nothing on the day: it was not there."""
    is_there = unit.from_on <= day and (unit.to_on is None or day <= unit.to_on)
    return [] if is_there else [f"{unit}在{say_day(day)}尚未成立或已经撤并"]
