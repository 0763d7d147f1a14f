"""The numbers of documents to be finished in time: due, finished in time, late by more than the grace."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from fractions import Fraction

from django.db.models import QuerySet

from qizhi.core import kept
from qizhi.core.figures import NOTHING, Ask, Column, Figure, Measure, Span, Value, count_value, register
from qizhi.regulations.models import Clause
from qizhi.regulations.queries import known_during
from qizhi.regulations.rules import is_in_force
from qizhi.tasks.models import Document
from qizhi.tasks.queries.documents import DocumentLine, due_lines, with_history
from qizhi.tasks.rules import Pace, lateness

DEADLINE = "deadline"
Lines = list[DocumentLine]


def _due(ask: Ask) -> Lines:
    """Documents whose last day lies in the period and has come by the day of reckoning."""
    days = ask.days
    if days is None:
        return []
    key = (ask.bureau_id, days, ask.as_of, ask.unit_ids)
    return kept.keep(lambda: due_lines(*key), "tasks.documents_due", *key)


def _in_time(ask: Ask) -> Lines:
    return [one for one in _due(ask) if _is_done(one, ask) and one.late and one.late.pace is Pace.IN_TIME]


def _is_done(one: DocumentLine, ask: Ask) -> bool:
    done_on = one.document.done_on
    return done_on is not None and done_on <= ask.as_of


def _clauses(ask: Ask) -> list[Clause]:
    """Clauses on documents that bind on one of the days; their own version judges each last day."""
    days = ask.days
    if days is None:
        return []
    found = known_during(ask.bureau_id, days, kind=DEADLINE)
    return [one for one in found if one.parameters.get("register") == "documents"]


def _too_late(ask: Ask) -> Lines:
    """Those late by more than the grace of the clause in force on their last day."""
    clauses = _clauses(ask)
    return [one for one in _due(ask) if any(_breaks(one, clause, ask) for clause in clauses)]


def _breaks(one: DocumentLine, clause: Clause, ask: Ask) -> bool:
    version, due_on = clause.version, one.due.on
    if due_on is None or not is_in_force(version.effective_from, version.effective_to, due_on):
        return False
    done_on = one.document.done_on if _is_done(one, ask) else None
    grace = int(clause.parameters.get("grace", 2))
    found = lateness(due_on, done_on, as_of=ask.as_of, grace=grace, calendar=one.calendar)
    return found.pace is Pace.TOO_LATE


def _rows(found: Iterable[DocumentLine]) -> QuerySet[Document]:
    """The documents as rows, the earliest received first."""
    rows = Document.objects.filter(pk__in=[one.document.pk for one in found])
    return with_history(rows).order_by("received_on", "number", "pk")


def _by_unit(tell: Callable[[Ask, Lines], Value]) -> Callable[[Ask], dict[uuid.UUID, Value]]:
    """For each department that answered on the last day of a document; the days are counted once."""

    def by_unit(ask: Ask) -> dict[uuid.UUID, Value]:
        groups: dict[uuid.UUID, Lines] = defaultdict(list)
        for one in _due(ask):
            groups[one.responsible.unit_id].append(one)
        return {pk: tell(ask, groups[pk]) for pk in {*groups, *(ask.unit_ids or ())}}

    return by_unit


def _within(found: Lines, some: Lines) -> Lines:
    keys = {one.document.pk for one in found}
    return [one for one in some if one.document.pk in keys]


def _tell_due(_ask: Ask, due: Lines) -> Value:
    return count_value(len(due))


def _tell_in_time(ask: Ask, due: Lines) -> Value:
    return count_value(len(_within(_in_time(ask), due)), len(due)) if due else NOTHING


def _tell_share(ask: Ask, due: Lines) -> Value:
    done = len(_within(_in_time(ask), due))
    return Value(Fraction(done, len(due)), done, len(due)) if due else NOTHING


def _tell_late(ask: Ask, due: Lines) -> Value:
    """Nothing where nothing was due, or no clause says how late is too late."""
    if not due or not _clauses(ask):
        return NOTHING
    return count_value(len(_within(_too_late(ask), due)), len(due))


_COLUMNS = (
    Column("标题", lambda row: row.title),
    Column("文号", lambda row: row.number),
    Column("收文日期", lambda row: row.received_on),
    Column("承办人", lambda row: [*row.handlings.all()][-1].person),
    Column("办结日期", lambda row: row.done_on or "未办结"),
)


def _figure(
    key: str,
    label: str,
    definition: str,
    find: Callable[[Ask], Lines],
    tell: Callable[[Ask, Lines], Value],
    *,
    measure: Measure = Measure.PIECES,
    formula: str = "",
) -> None:
    register(
        Figure(
            key=key,
            label=label,
            measure=measure,
            definition=definition,
            source="限时办结公文登记",
            span=Span.YEAR,
            reckon=lambda ask: tell(ask, _due(ask)),
            rows=lambda ask: _rows(find(ask)),
            columns=_COLUMNS,
            link=lambda row: str(row.get_absolute_url()),
            by_unit=_by_unit(tell),
            formula=formula,
        )
    )


_LAST_DAY = "期限含已批准的延期，按工作日的从收文次日起算；期限未知和已撤销的不计"
_figure(
    "tasks.documents_due",
    "到期公文",
    f"办结期限在期间内、到核算日已到期的公文件数；{_LAST_DAY}。",
    _due,
    _tell_due,
)
_figure(
    "tasks.documents_in_time",
    "按期办结公文",
    f"到期公文中，办结日期在期限之内或其后没有隔一个工作日的件数；{_LAST_DAY}。",
    _in_time,
    _tell_in_time,
)
_figure(
    "tasks.documents_in_time_share",
    "公文按期办结率",
    f"到期公文中按期办结的占比；到期没有办结的算没有按期；{_LAST_DAY}。",
    _in_time,
    _tell_share,
    measure=Measure.SHARE,
    formula="按期办结件数 ÷ 到期件数",
)
_figure(
    "tasks.documents_late",
    "公文逾期超过宽限",
    f"到期公文中，逾期工作日超过期限当天有效条款所定宽限的件数，没有办结的也算；{_LAST_DAY}。",
    _too_late,
    _tell_late,
)
