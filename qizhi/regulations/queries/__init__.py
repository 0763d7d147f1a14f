"""Reads worth a name; see the modules."""

from __future__ import annotations

from qizhi.regulations.queries.calendar import (
    CalendarYear,
    calendar_for,
    calendar_year,
    known_years,
    ordinal_on,
    papers_for,
    papers_of,
    papers_removed,
    with_working_days,
    year_without_paper,
)
from qizhi.regulations.queries.documents import (
    Difference,
    clause_in_force,
    clauses_during,
    clauses_in_force,
    differences,
    draft_and_earlier,
    known_clauses,
    known_during,
    library,
    library_rows,
    versions_of,
    versions_of_clause,
)
from qizhi.regulations.queries.drafts import last_changes, sees_drafts, to_publish, waiting_for
from qizhi.regulations.queries.exemptions import (
    asked_alike,
    clauses_alike,
    excusable_clauses,
    exemptions_of,
    exemptions_seen,
    given_together,
)
from qizhi.regulations.queries.search import Hit, hits_of, named, names_found, passages
from qizhi.regulations.queries.uses import Use, clause_uses, regulation_uses

__all__ = [
    "CalendarYear",
    "Difference",
    "Hit",
    "Use",
    "asked_alike",
    "calendar_for",
    "calendar_year",
    "clause_in_force",
    "clause_uses",
    "clauses_alike",
    "clauses_during",
    "clauses_in_force",
    "differences",
    "draft_and_earlier",
    "excusable_clauses",
    "exemptions_of",
    "exemptions_seen",
    "given_together",
    "hits_of",
    "known_clauses",
    "known_during",
    "known_years",
    "last_changes",
    "library",
    "library_rows",
    "named",
    "names_found",
    "ordinal_on",
    "papers_for",
    "papers_of",
    "papers_removed",
    "passages",
    "regulation_uses",
    "sees_drafts",
    "to_publish",
    "versions_of",
    "versions_of_clause",
    "waiting_for",
    "with_working_days",
    "year_without_paper",
]
