"""The agenda of a gathering with its planned minutes, and the clause that limits a report on the day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from qizhi.core.periods import Period
from qizhi.core.values import dataclass
from qizhi.gatherings.rules.agenda import Item, items_of, say_length, times_of, too_long, total_of
from qizhi.regulations.kinds import Parameter, ParameterError, ParameterType, read_parameters
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import known_during

MAIN_REPORT = "main_report"
PARAMETERS = (
    Parameter("minutes", "讲话或主报告不超过（分钟）", ParameterType.INTEGER, minimum=1, hint="例如 60"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """An item as it is shown: its title, minutes, their words, and when it begins as planned."""

    title: str
    minutes: int | None
    length: str
    at: dt.time | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """An agenda.

    Attributes:
        lines: its items.
        total: planned minutes of those that say theirs, in words; empty where none does.
        unsaid: how many do not say theirs.
        ends_at: when it ends as planned; None where that is not known.
        notices: a sentence for each report that is planned too long.
        clause: by which that is said; None where there is nothing to say.
    """

    lines: list[Line]
    total: str
    unsaid: int
    ends_at: dt.time | None
    notices: list[str]
    clause: Clause | None


def agenda_of(bureau_id: uuid.UUID, topics: str, day: dt.date, starts_at: dt.time | None) -> Agenda:
    """Read an agenda; one query more only where a report says how long it is to be."""
    items = items_of(topics)
    total, times = total_of(items), times_of([*items, Item("", None, is_report=False)], starts_at)
    clause, most = _limit(bureau_id, day) if _has_timed_report(items) else (None, None)
    long = too_long(items, most) if most is not None else []
    return Agenda(
        lines=[
            Line(item.title, item.minutes, say_length(item.minutes) if item.minutes else "", at)
            for item, at in zip(items, times, strict=False)
        ],
        total=say_length(total) if total else "",
        unsaid=sum(item.minutes is None for item in items),
        ends_at=times[-1] if items else None,
        notices=[say_too_long(item, most) for item in long if most is not None],
        clause=clause if long else None,
    )


def say_too_long(item: Item, most: int) -> str:
    """What is said of a report that is planned for more than so many minutes."""
    return f"“{item.title}”计划{say_length(item.minutes or 0)}，超过{say_length(most)}"


def _has_timed_report(items: Sequence[Item]) -> bool:
    return any(item.is_report and item.minutes for item in items)


def _limit(bureau_id: uuid.UUID, day: dt.date) -> tuple[Clause | None, int | None]:
    """The clause in force on the day and its minutes; nothing where there is none, or it cannot be read."""
    clause = next(iter(known_during(bureau_id, Period(day, day), kind=MAIN_REPORT)), None)
    if clause is None:
        return None, None
    try:
        return clause, int(read_parameters(PARAMETERS, clause.parameters)["minutes"])
    except ParameterError:
        return None, None  # what cannot be read is told where the clause is judged
