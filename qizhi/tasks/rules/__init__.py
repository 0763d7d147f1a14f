"""Arithmetic on plain values: parts of what was asked, and documents to be finished in time."""

from qizhi.tasks.rules.documents import (
    DocumentState,
    Lateness,
    Pace,
    document_state,
    document_term,
    is_surely_in_time,
    lateness,
    reminded_from,
)
from qizhi.tasks.rules.parts import (
    OPEN,
    Count,
    Due,
    Judged,
    Settled,
    State,
    due_day,
    judge,
    next_year,
)

__all__ = [
    "OPEN",
    "Count",
    "DocumentState",
    "Due",
    "Judged",
    "Lateness",
    "Pace",
    "Settled",
    "State",
    "document_state",
    "document_term",
    "due_day",
    "is_surely_in_time",
    "judge",
    "lateness",
    "next_year",
    "reminded_from",
]
