"""Reads worth a name; see the modules."""

from __future__ import annotations

from qizhi.regulations.queries.calendar import (
    CalendarYear,
    calendar_for,
    calendar_year,
    ordinal_on,
    papers_for,
    papers_of,
    with_working_days,
)
from qizhi.regulations.queries.documents import (
    Difference,
    clause_in_force,
    clauses_during,
    clauses_in_force,
    differences,
    draft_and_earlier,
    library,
    library_rows,
    versions_of,
)

__all__ = [
    "CalendarYear",
    "Difference",
    "calendar_for",
    "calendar_year",
    "clause_in_force",
    "clauses_during",
    "clauses_in_force",
    "differences",
    "draft_and_earlier",
    "library",
    "library_rows",
    "ordinal_on",
    "papers_for",
    "papers_of",
    "versions_of",
    "with_working_days",
]
