"""The outlook on documents in time: which members of each branch answer for what, until when.

A branch sees names, numbers and days, never what a document is about: titles are for those who may open it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from qizhi.core.periods import Every, Period, month_of, split
from qizhi.org.enums import UnitKind
from qizhi.org.queries.belonging import Tie, belonging_of
from qizhi.regulations.kinds import Look, OutlookLine, PersonProspect, Prospect, Standing, Step
from qizhi.regulations.kinds.outlook import (
    OPEN,
    binding_on,
    by_clause,
    cited,
    numbers_of,
    standing_of_all,
)
from qizhi.regulations.models import Clause
from qizhi.tasks.permissions import SEE_DOCUMENTS
from qizhi.tasks.queries.documents import DocumentLine, document_lines, reached_documents
from qizhi.tasks.rules import DocumentState

RANK = 1500
_STATES = {
    DocumentState.DUE: Standing.DUE,
    DocumentState.SOON: Standing.DUE,
    DocumentState.LATE: Standing.MISSING,
    DocumentState.UNKNOWN: Standing.UNKNOWN,
}
_SAID = {Standing.MISSING: "件逾期未办结", Standing.DUE: "件未到期", Standing.UNKNOWN: "件算不出期限"}
Key = tuple[uuid.UUID | None, Period]


def documents_ahead(
    clauses: Sequence[Clause], look: Look, read: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> Iterator[OutlookLine]:
    """Month by month the documents whose last day lies in it, by the branch of whoever answers on that day.

    Three queries, and those of `belonging_of`, however many documents there are.
    """
    months = split(look.span, Every.MONTH)
    days = Period(months[0].start, months[-1].end)
    lines = [
        line
        for line in document_lines(reached_documents(look.bureau_id, days, look.as_of), look.as_of)
        if _judged_on(line) in days
    ]
    members = _members(look)
    found: dict[Key, list[DocumentLine]] = defaultdict(list)
    for line in lines:
        day = _judged_on(line)
        for tie in members.get(line.responsible.person_id, ()):
            if tie.holds(day):
                found[tie.unit_id, month_of(day)].append(line)
    for key, versions in by_clause(clauses).items():
        newest = versions[-1]
        grace = read(newest.parameters)["grace"]
        yield OutlookLine(
            key=key,
            label="限时办结公文",
            asks=f"承办的公文按期办结，逾期不超过{grace}个工作日" if grace else "承办的公文按期办结",
            unit_kind=UnitKind.BRANCH,
            clauses=cited(versions),
            prospects=tuple(
                _prospect(unit.pk, month, found[unit.pk, month], versions, read)
                for unit in look.of_kind(UnitKind.BRANCH)
                for month in months
                if (unit.pk, month) in found
            ),
            rank=RANK,
        )


def _judged_on(line: DocumentLine) -> dt.date:
    """The day that chooses version and branch: the last day or, where that is unknown, that of receipt."""
    return line.due.on or line.document.received_on


def _members(look: Look) -> dict[uuid.UUID, list[Tie]]:
    """By person the memberships of the branches that are looked at."""
    branches = {unit.pk for unit in look.of_kind(UnitKind.BRANCH)}
    found: dict[uuid.UUID, list[Tie]] = defaultdict(list)
    for tie in belonging_of(look.bureau_id).members:
        if tie.unit_id in branches:
            found[tie.person_id].append(tie)
    return found


def _prospect(
    unit_id: uuid.UUID,
    month: Period,
    lines: Sequence[DocumentLine],
    versions: Sequence[Clause],
    read: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> Prospect:
    bound = binding_on(versions, month.end)
    grace: int = read((bound or versions)[-1].parameters)["grace"]
    by_person: dict[uuid.UUID, list[DocumentLine]] = defaultdict(list)
    for line in lines:
        by_person[line.responsible.person_id].append(line)
    people = [_person(mine) for mine in by_person.values()]
    state = standing_of_all(people)
    late = [line for line in lines if line.state is DocumentState.DONE_LATE and line.days_late > grace]
    required, counted = numbers_of(people)
    open_ones = [line.due.on for line in lines if _STATES.get(line.state) in OPEN and line.due.on]
    words = _words(lines) or (f"{len(late)}件逾期办结" if late else "")
    return Prospect(
        unit_id=unit_id,
        period=month,
        state=Standing.LATE if late and state is Standing.DONE else state,
        until=min(open_ones, default=None) if state in OPEN else None,
        words=words,
        reason=f"另有{len(late)}件逾期办结" if late and _words(lines) else "",
        source=bound[-1].source if bound else "",
        people=tuple(people),
        required=required,
        counted=counted,
    )


def _words(lines: Sequence[DocumentLine]) -> str:
    """How many are open, in words, what is overdue first; empty when all are finished."""
    states = [_STATES.get(line.state) for line in lines]
    said = ((number, words) for state, words in _SAID.items() if (number := states.count(state)))
    return "、".join(f"{number}{words}" for number, words in said)


def _person(lines: Sequence[DocumentLine]) -> PersonProspect:
    """Somebody with the documents of a month, and the way to them for those who may open the register."""
    who, unit = lines[0].responsible.person, lines[0].responsible.unit
    states = {_STATES.get(line.state, Standing.DONE) for line in lines}
    worst = next(one for one in (*_SAID, Standing.DONE) if one in states)
    words = _words(lines) or f"{len(lines)}件"
    query = (("person", str(who.pk)), ("show", "all"))
    step = Step("看公文", "tasks:documents", SEE_DOCUMENTS, query, (), unit.pk, unit.path)
    return PersonProspect(who.pk, who.name, worst, words, steps=(step,) if worst in OPEN else ())
