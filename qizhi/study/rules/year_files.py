"""What belongs into the study file of a centre group for a year, and how each part of it stands (CG-03).

| part | it is there when |
| --- | --- |
| study secretary | somebody held the post on each day of a session; else on the last day that counts |
| plan | the year has a plan with at least one item that was not given up |
| attendance | each session says who was due, by posts or by numbers from paper; there is one at least |
| auditors | so many sessions name somebody who sat in (旁听) |
| filed | a person has closed the file, within so many months after the year |

What no longer can be known is unknown and never missing; until the year is over, and the closing until its
months are over, nothing is late.
"""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from qizhi.core.periods import Period, say_day
from qizhi.core.values import dataclass

DECEMBER, SHOWN = 12, 3


class Part(StrEnum):
    """A part of the file; the value is the name of the parameter that asks for it."""

    SECRETARY = "study_secretary"
    PLAN = "plan"
    ATTENDANCE = "attendance"
    AUDITORS = "auditors"
    FILED = "file"


PART_LABELS = {
    Part.SECRETARY: "学习秘书",
    Part.PLAN: "学习计划",
    Part.ATTENDANCE: "学习考勤",
    Part.AUDITORS: "列席旁听",
    Part.FILED: "年度归档",
}


class PartState(StrEnum):
    """How a part stands."""

    DONE = "done"
    DUE = "due"
    MISSING = "missing"
    UNKNOWN = "unknown"


WORST_FIRST = (PartState.MISSING, PartState.UNKNOWN, PartState.DUE, PartState.DONE)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session: its day, whether its attendance, an auditor and a study secretary of that day are known."""

    day: dt.date
    key: uuid.UUID | None = None
    has_roll: bool = True
    has_auditor: bool = False
    has_secretary: bool = True


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is on record of a year.

    Attributes:
        items: items of the plan that were not given up; None where there is no plan.
        sittings: sessions until the day one looks, in order of time.
        has_secretary: whether the post is held on the last day that counts.
        is_on_record: whether any post of the group was ever on record.
        filed_on: the day on which a person closed the file.
        gap: Chinese; why nothing can be known of sessions and plan, empty when something can.
    """

    items: int | None
    sittings: tuple[Sitting, ...]
    has_secretary: bool
    is_on_record: bool = True
    filed_on: dt.date | None = None
    gap: str = ""


@dataclass(frozen=True, slots=True)
class PartJudged:
    """A part with its state and, in Chinese, what there is or what lacks."""

    part: Part
    state: PartState
    words: str
    until: dt.date | None = None

    @property
    def label(self) -> str:
        """Chinese name."""
        return PART_LABELS[self.part]


def filed_until(year: Period, months: int) -> dt.date:
    """The last day on which the file is closed in time: the end of so many months after the year."""
    number = year.end.year * DECEMBER + DECEMBER - 1 + months
    own, month = divmod(number, DECEMBER)
    return dt.date(own, month + 1, calendar.monthrange(own, month + 1)[1])


def judge_file(facts: FileFacts, wanted: Mapping[str, Any], year: Period, as_of: dt.date) -> list[PartJudged]:
    """Each part that is asked for, in order.

    Args:
        facts: what is on record.
        wanted: by `Part` whether it is asked for; `audited_at_least` and `file_months`.
        year: the year of the file.
        as_of: the day one looks.
    """
    is_open = as_of <= year.end
    lacking = PartState.DUE if is_open else PartState.MISSING
    found = [
        PartJudged(part, *_STATES[part](facts, wanted, lacking), until=year.end)
        for part in Part
        if wanted[part] and part is not Part.FILED
    ]
    return [*found, _filed(facts, wanted, year, as_of)] if wanted[Part.FILED] else found


def state_of(parts: Sequence[PartJudged]) -> PartState:
    """The worst of the parts; done where nothing is asked."""
    states = {one.state for one in parts}
    return next((state for state in WORST_FIRST if state in states), PartState.DONE)


Told = tuple[PartState, str]


def _secretary(facts: FileFacts, _wanted: Mapping[str, Any], lacking: PartState) -> Told:
    without = [one.day for one in facts.sittings if not one.has_secretary]
    if not facts.is_on_record:
        return PartState.UNKNOWN, "没有登记过中心组的任何职务"
    if without:
        return lacking, f"{_days(without)}学习时没有登记在任的学习秘书"
    if not facts.sittings and not facts.has_secretary:
        return lacking, "没有登记在任的学习秘书"
    return PartState.DONE, "每次学习都有学习秘书在任" if facts.sittings else "有学习秘书在任"


def _plan(facts: FileFacts, _wanted: Mapping[str, Any], lacking: PartState) -> Told:
    if facts.items is None:
        return (PartState.UNKNOWN, facts.gap) if facts.gap else (lacking, "没有编制年度学习计划")
    if not facts.items:
        return lacking, "学习计划里没有内容"
    return PartState.DONE, f"计划{facts.items}项"


def _attendance(facts: FileFacts, _wanted: Mapping[str, Any], lacking: PartState) -> Told:
    if not facts.sittings:
        return (PartState.UNKNOWN, facts.gap) if facts.gap else (lacking, "没有登记学习活动")
    without = [one.day for one in facts.sittings if not one.has_roll]
    if without:
        return lacking, f"{_days(without)}没有应到人员或人数"
    if facts.gap:
        return PartState.UNKNOWN, facts.gap
    return PartState.DONE, f"{len(facts.sittings)}次学习都有考勤"


def _auditors(facts: FileFacts, wanted: Mapping[str, Any], lacking: PartState) -> Told:
    audited, least = sum(one.has_auditor for one in facts.sittings), int(wanted["audited_at_least"])
    if audited >= least:
        return PartState.DONE, f"{audited}次学习有旁听"
    if facts.gap:
        return PartState.UNKNOWN, facts.gap
    return lacking, f"{audited}次学习有旁听，至少{least}次" if audited else "没有旁听的记录"


_STATES = {
    Part.SECRETARY: _secretary,
    Part.PLAN: _plan,
    Part.ATTENDANCE: _attendance,
    Part.AUDITORS: _auditors,
}


def _filed(facts: FileFacts, wanted: Mapping[str, Any], year: Period, as_of: dt.date) -> PartJudged:
    until = filed_until(year, int(wanted["file_months"]))
    if facts.filed_on is not None:
        return PartJudged(Part.FILED, PartState.DONE, f"{say_day(facts.filed_on)}归档", until)
    state = PartState.DUE if as_of <= until else PartState.MISSING
    return PartJudged(Part.FILED, state, "还没有归档", until)


def _days(days: Sequence[dt.date]) -> str:
    said = "、".join(say_day(day) for day in days[:SHOWN])
    return f"{said}等{len(days)}次" if len(days) > SHOWN else said
