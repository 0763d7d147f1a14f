"""What excuses somebody on a day; worked out before anybody drafts a case."""

from __future__ import annotations

import datetime as dt

from qizhi.conduct.rules.procedure import Procedure, months_after
from qizhi.core.periods import say_day
from qizhi.org.enums import LeaveKind, MemberStatus
from qizhi.org.models import Leave, Membership, Person, Unit


def excuses_of(person: Person, day: dt.date, procedure: Procedure) -> list[str]:
    """Chinese words for each excuse of the person on the day: leave, secondment, probation; two queries."""
    found = []
    for leave in Leave.objects.on(day).filter(bureau_id=person.bureau_id, person=person):
        end = say_day(leave.to_on) if leave.to_on else "今"
        word = "借调" if leave.kind == LeaveKind.SECONDMENT else f"请假（{leave.get_kind_display()}）"
        found.append(f"{word}：{say_day(leave.from_on)}至{end}")
    entered, months = person.entered_on, procedure.probation_months
    if entered and months and entered <= day < months_after(entered, months):
        found.append(f"试用期：{say_day(entered)}到岗，试用期{months}个月")
    probation = Membership.objects.on(day).filter(
        bureau_id=person.bureau_id, person=person, status=MemberStatus.PROBATIONARY
    )
    if probation.exists():
        found.append("预备期：当日为预备党员")
    return found


def unit_excuses(unit: Unit, day: dt.date) -> list[str]:
    """Why a unit owed nothing on the day: it was not there."""
    is_there = unit.from_on <= day and (unit.to_on is None or day <= unit.to_on)
    return [] if is_there else [f"{unit}在{say_day(day)}尚未成立或已经撤并"]
