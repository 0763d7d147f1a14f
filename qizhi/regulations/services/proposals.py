"""Golden cases that the kind of a clause proposes, where it has none yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from qizhi.core.permissions import Actor
from qizhi.regulations.kinds import CaseClause, Kind, kind_by_key
from qizhi.regulations.models import Clause, Version
from qizhi.regulations.queries import papers_for
from qizhi.regulations.rules import Paper, UnknownCalendarError, WorkingCalendar
from qizhi.regulations.services.cases import GoldenCase, read_case, read_case_entry, try_case
from qizhi.regulations.services.clause_cases import (
    as_case_clause,
    entry_of,
    read_text,
    rows_of,
    save_cases,
    text_of,
    try_version,
)
from qizhi.regulations.services.entries import read_parts, rows_in
from qizhi.regulations.services.proofs import lacking, needs_proof


def propose_cases(clause: Clause, written: Sequence[GoldenCase]) -> list[GoldenCase]:
    """A case that is violated and one that is met, drawn from the parameters, but for what is shown already.

    Nothing is saved: a person looks through them. What the clause itself says otherwise is not proposed, nor
    anything where its kind proposes nothing or no paper of the calendar vouches for the days.
    """
    version, kind = clause.version, kind_by_key(clause.kind)
    read = as_case_clause(clause, version.effective_from, version.effective_to)
    if kind is None or read is None:
        return []
    tried = try_version(version, clause.pk, written=rows_of(clause, written)).get(clause.pk, [])
    known = [one.case for one in tried if one.is_proof and not one.problem]
    return _missing(_propose(kind, read, papers_for(clause.bureau_id)), known)


def text_with_proposals(clause: Clause, text: str) -> tuple[str, int]:
    """Cases as a person has written them, and below those that are proposed; how many these are.

    Raises:
        Refused: the text cannot be read (field `text`).
    """
    proposed = propose_cases(clause, read_text(clause, text))
    more = text_of(rows_of(clause, proposed))
    return "\n".join(filter(None, [text.rstrip(), more])), len(proposed)


@transaction.atomic
def take_proposals(*, version: Version, by: Actor) -> None:
    """Save what is proposed for each clause of a draft that may not cost points yet.

    For drafts that nobody reads: of a story that is played, of a measurement, of a test. An office takes them
    clause by clause, and looks through them.

    Raises:
        Refused: the version is published.
    """
    for clause in version.clauses.filter(is_enabled=True, points__lt=0).exclude(kind=""):
        text, number = text_with_proposals(clause, text_of(clause.cases.all()))
        if number:
            save_cases(clause=clause, text=text, by=by)


def with_proposals(entry: Mapping[str, Any], papers: Sequence[Paper]) -> dict[str, Any]:
    """A document as its file writes it, with what is proposed where a clause may not cost points yet."""
    read = read_case_entry(entry)
    known = {
        (clause.key, clause.from_on): (kind, clause)
        for kind, clauses in read.clauses.items()
        for clause in clauses
    }
    versions = []
    for version, values in read_parts(entry, for_library=bool(read.stories)):
        rows = [_completed(row, values["施行"], known, papers) for row in rows_in(version, "条款")]
        versions.append({**version, "条款": rows})
    return {**entry, "版本": versions}


def _completed(
    row: Mapping[str, Any],
    from_on: dt.date,
    clauses: Mapping[tuple[str, dt.date], tuple[str, CaseClause]],
    papers: Sequence[Paper],
) -> Mapping[str, Any]:
    kind, clause = clauses.get((str(row["代码"]), from_on), ("", None))
    if clause is None or (known := kind_by_key(kind)) is None or not needs_proof(clause, kind):
        return row
    cases = rows_in(row, "案例")
    told = [read_case(clause.key, case) for case in cases]
    more = [entry_of(case) for case in _missing(_propose(known, clause, papers), told)]
    return {**row, "案例": [*cases, *more]}


def _propose(kind: Kind[Any], clause: CaseClause, papers: Sequence[Paper]) -> list[GoldenCase]:
    """What the kind proposes and the clause, alone, says as well."""
    try:
        examples = kind.examples(clause, WorkingCalendar(papers))
    except UnknownCalendarError:
        return []
    cases = [
        GoldenCase(clause.key, one.name, one.given, one.word, kind=kind.key, of=clause) for one in examples
    ]
    return [case for case in cases if not try_case(case, kind, [clause], papers).problem]


def _missing(proposed: Sequence[GoldenCase], known: Sequence[GoldenCase]) -> list[GoldenCase]:
    """Those that show what the cases that are there do not."""
    return [case for case in proposed if lacking([*known, case]) != lacking(known)]
