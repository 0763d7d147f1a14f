"""What the kinds about rolls say alike."""

from __future__ import annotations

from typing import Any

from qizhi.core.figures import Ask
from qizhi.core.periods import Every, Period, say_day, split
from qizhi.gatherings.enums import RollState
from qizhi.gatherings.queries.people_due import WHOM_LABELS
from qizhi.gatherings.queries.taking_part import UNCLEAR
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import is_in_force

EVERY = (
    (Every.MONTH.value, "每月"),
    (Every.QUARTER.value, "每季度"),
    (Every.HALF_YEAR.value, "每半年"),
    (Every.YEAR.value, "每年"),
)
WHOM = tuple((one.value, label) for one, label in WHOM_LABELS.items())
STATE_WORDS = {
    **{state.value: str(state.label) for state in RollState},
    UNCLEAR: "到会情况没有记到人",
}
_SHOWN = 6


def periods_over(clause: Clause, ask: Ask, every: Every) -> list[Period]:
    """The periods that end in the asked days and are over, on whose last day the clause binds."""
    version = clause.version
    return [
        period
        for period in split(ask.period, every)
        if period.end in ask.period
        and period.end < ask.as_of
        and is_in_force(version.effective_from, version.effective_to, period.end)
    ]


def say_missed(fact: Any) -> str:
    """Of a fact with its numbers and `missed`: 应到2次，参加1次（2018年2月9日缺席）."""
    if not fact.due:
        return "参加0次，没有应到的活动"
    words = [f"应到{fact.due}次", f"参加{fact.present}次"]
    if fact.excused:
        words.append(f"请假{fact.excused}次")
    days = [f"{say_day(day)}{STATE_WORDS[state]}" for day, state in fact.missed[:_SHOWN]]
    more = f"等{len(fact.missed)}次" if len(fact.missed) > _SHOWN else ""
    return "，".join(words) + (f"（{'、'.join(days)}{more}）" if days else "")
