"""Findings and proposals as stories name them: `DL-01 甲`, with the period where that is not enough."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import QuerySet

from qizhi.core.periods import Every, Period, period_of
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds.cases import UNKNOWN, VIOLATED, WARNED, period_key
from qizhi.regulations.models import Clause, Finding, Proposal
from qizhi.regulations.rules.runs import asked_by
from qizhi.web.stories.stage import NothingThere, Stage, StoryError

R = TypeVar("R")
POINTS = ".2f"


def say_period(start: dt.date, end: dt.date) -> str:
    """Days as a file writes them: a day, a month, a quarter, a half, a year."""
    if start == end:
        return start.isoformat()
    for every in Every:
        if period_of(every, start) == Period(start, end):
            return period_key(period_of(every, start), every)
    return f"{start.isoformat()}至{end.isoformat()}"


def _words(clause: Clause, subject: str, period: str, verdict: str, points: Decimal) -> tuple[str, ...]:
    failed = WARNED if clause.is_general else VIOLATED
    others = {Verdict.UNKNOWN: UNKNOWN, Verdict.EXCUSED: str(Verdict.EXCUSED.label)}
    word = others.get(Verdict(verdict), failed)
    cost = (f"{points.normalize():f}",) if points else ()
    return (clause.key, subject, period, word, *cost)


def words_of_finding(stage: Stage, row: Finding) -> tuple[str, ...]:
    """Clause, subject, period, verdict and points, if any."""
    return _words(row.clause, stage.subject_of(row), say_period(row.start, row.end), row.verdict, row.points)


def live(stage: Stage) -> QuerySet[Finding]:
    """What stands, in order."""
    rows = Finding.objects.live().filter(bureau=stage.bureau)
    return rows.select_related("clause", "person", "unit").order_by("slot")


def waiting(stage: Stage) -> list[tuple[tuple[str, ...], Proposal]]:
    """What waits for a person: change, then the words of what would stand, or of what would end."""
    rows = Proposal.objects.filter(bureau=stage.bureau, decided_at=None)
    found = []
    for row in rows.select_related("finding__clause").order_by("slot"):
        if row.values:
            words = _words_of_values(stage, row.values)
        elif row.finding is not None:
            words = words_of_finding(stage, row.finding)
        else:
            words = (asked_by(row.slot),)
        found.append(((str(row.get_change_display()), *words), row))
    return found


def _words_of_values(stage: Stage, values: Mapping[str, Any]) -> tuple[str, ...]:
    clause = Clause.objects.get(bureau=stage.bureau, pk=values["clause_id"])
    key = values["person_id"] or values["unit_id"]
    subject = stage.names.get(uuid.UUID(key), "全局") if key else "全局"
    days = (dt.date.fromisoformat(values[name]) for name in ("start", "end"))
    return _words(clause, subject, say_period(*days), values["verdict"], Decimal(values["points"]))


def finding_of(stage: Stage, words: str) -> Finding:
    """The finding that stands and that the words name.

    Raises:
        NothingThere: none.
        StoryError: more than one.
    """
    return _only(words, ((words_of_finding(stage, row), row) for row in live(stage)), "现有发现")


def proposal_of(stage: Stage, words: str) -> Proposal:
    """The proposal that waits and that the words name; StoryError as for findings."""
    return _only(words, ((said[1:], row) for said, row in waiting(stage)), "待处理的建议")


def _only(words: str, rows: Iterable[tuple[tuple[str, ...], R]], what: str) -> R:
    wanted, known = tuple(words.split()), list(rows)
    fit = [row for said, row in known if said[: len(wanted)] == wanted]
    if len(fit) == 1:
        return fit[0]
    there = "；".join(" ".join(said) for said, _ in known) or "没有"
    message = f"“{words}”对应{len(fit)}条{what}，应恰好一条（{what}：{there}）。"
    raise StoryError(message) if fit else NothingThere(message)
