"""What excuses somebody on a day: asked before a run finds anything and before anybody drafts a case."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial

from qizhi.conduct.queries.procedure import procedures_during
from qizhi.conduct.rules.procedure import Procedure, months_after
from qizhi.core import kept
from qizhi.core.periods import Period, say_day
from qizhi.core.values import dataclass
from qizhi.org.enums import LeaveKind, MemberStatus
from qizhi.org.models import Leave, Membership, Person, Unit
from qizhi.org.queries.belonging import Tie, leaves_in
from qizhi.regulations.rules import Span, covering

EVER = dt.date.max
ONE_DAY = dt.timedelta(days=1)


def excuses_of(person: Person, day: dt.date, procedure: Procedure) -> list[str]:
    """Chinese words for each excuse of the person on the day: leave, secondment, probation; two queries."""
    leaves = Leave.objects.on(day).filter(bureau_id=person.bureau_id, person=person)
    found = [_of_leave(leave.kind, leave.from_on, leave.to_on) for leave in leaves]
    if person.entered_on and (span := _of_new_staff(person.entered_on, procedure)):
        found.append(span)
    probation = Membership.objects.on(day).filter(
        bureau_id=person.bureau_id, person=person, status=MemberStatus.PROBATIONARY
    )
    found += [_of_probationary(row.from_on, row.to_on) for row in probation]
    return [span.words for span in found if span.from_on <= day <= span.to_on]


def _of_leave(kind: str, from_on: dt.date, to_on: dt.date | None) -> Span:
    end = say_day(to_on) if to_on else "今"
    word = "借调" if kind == LeaveKind.SECONDMENT else f"请假（{LeaveKind(kind).label}）"
    return Span(from_on, to_on or EVER, f"{word}：{say_day(from_on)}至{end}")


def _of_new_staff(entered: dt.date, procedure: Procedure) -> Span | None:
    months = procedure.probation_months
    if not months:
        return None
    words = f"试用期：{say_day(entered)}到岗，试用期{months}个月"
    return Span(entered, months_after(entered, months) - ONE_DAY, words)


def _of_probationary(from_on: dt.date, to_on: dt.date | None) -> Span:
    return Span(from_on, to_on or EVER, "预备期：当日为预备党员")


@dataclass(frozen=True)
class PeopleExcused:
    """Everybody of a bureau whom something excuses on one of some days.

    Attributes:
        leaves: leave and secondment, by person; said in words of those alone who are asked about.
        probationary: probationary membership, by person.
        entered: when new staff came, by person.
        procedure: that of a day, which says how long their probation is.
    """

    leaves: Mapping[uuid.UUID, list[Tie]]
    probationary: Mapping[uuid.UUID, list[Span]]
    entered: dict[uuid.UUID, dt.date]
    procedure: Callable[[dt.date], Procedure]

    def why(self, person_id: uuid.UUID, period: Period) -> str:
        """Chinese: what excuses the person on every day of the period; empty where a day is left."""
        leaves = self.leaves.get(person_id, ())
        spans = [_of_leave(one.what, one.from_on, one.to_on) for one in leaves]
        spans += self.probationary.get(person_id, ())
        entered = self.entered.get(person_id)
        if entered and (span := _of_new_staff(entered, self.procedure(period.end))):
            spans.append(span)
        return covering(spans, period) if spans else ""


def excused_during(bureau_id: uuid.UUID, days: Period) -> PeopleExcused:
    """Whom something excuses on one of the days; four queries, however many people there are."""
    return kept.keep(partial(_excused_during, bureau_id, days), "conduct.excused", bureau_id, days)


def _excused_during(bureau_id: uuid.UUID, days: Period) -> PeopleExcused:
    procedure, months = procedures_during(bureau_id, days)
    probationary: dict[uuid.UUID, list[Span]] = defaultdict(list)
    members = Membership.objects.within(days.start, days.end).filter(
        bureau_id=bureau_id, status=MemberStatus.PROBATIONARY
    )
    for person_id, *span in members.values_list("person_id", "from_on", "to_on").order_by():
        probationary[person_id].append(_of_probationary(*span))
    new = Person.objects.filter(
        bureau_id=bureau_id, entered_on__gt=months_after(days.start, -months), entered_on__lte=days.end
    )
    entered = {key: day for key, day in new.values_list("pk", "entered_on") if day} if months else {}
    return PeopleExcused(leaves_in(bureau_id, days), dict(probationary), entered, procedure)


def unit_excuses(unit: Unit, day: dt.date) -> list[str]:
    """Why a unit owed nothing on the day: it was not there."""
    is_there = unit.holds(day)
    return [] if is_there else [f"{unit}在{say_day(day)}尚未成立或已经撤并"]
