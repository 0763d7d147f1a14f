"""Changes to documents and to the calendar: each one transaction and one event for each row changed."""

from __future__ import annotations

from qizhi.regulations.services.behind import months_behind
from qizhi.regulations.services.calendar import (
    load_national_calendar,
    put_calendar_paper,
    remove_calendar_paper,
)
from qizhi.regulations.services.clauses import add_clause, edit_clause, remove_clause
from qizhi.regulations.services.comparing import compare, compared_of, lines_of
from qizhi.regulations.services.decisions import (
    close_period,
    decide_proposal,
    reopen_period,
    withdraw_finding,
)
from qizhi.regulations.services.documents import (
    add_alias,
    add_regulation,
    edit_regulation,
    kept_names,
    remove_alias,
)
from qizhi.regulations.services.drafts import check_draft, check_second_person, why_not_second
from qizhi.regulations.services.exemptions import (
    ExemptionValues,
    check_approved,
    check_exemption,
    check_reach,
    check_span,
    correct_exemption,
    doubt_about,
    doubt_of,
    excuse_branch,
    excuse_branches,
    withdraw_exemption,
)
from qizhi.regulations.services.national import load_national_regulations, load_regulations
from qizhi.regulations.services.rechecking import Recheck, recheck
from qizhi.regulations.services.runs import numbers_of, run_clauses, say_counts
from qizhi.regulations.services.versions import (
    add_version,
    clone_version,
    discard_draft,
    edit_version,
    publish_version,
)

__all__ = [
    "ExemptionValues",
    "Recheck",
    "add_alias",
    "add_clause",
    "add_regulation",
    "add_version",
    "check_approved",
    "check_draft",
    "check_exemption",
    "check_reach",
    "check_second_person",
    "check_span",
    "clone_version",
    "close_period",
    "compare",
    "compared_of",
    "correct_exemption",
    "decide_proposal",
    "discard_draft",
    "doubt_about",
    "doubt_of",
    "edit_clause",
    "edit_regulation",
    "edit_version",
    "excuse_branch",
    "excuse_branches",
    "kept_names",
    "lines_of",
    "load_national_calendar",
    "load_national_regulations",
    "load_regulations",
    "months_behind",
    "numbers_of",
    "publish_version",
    "put_calendar_paper",
    "recheck",
    "remove_alias",
    "remove_calendar_paper",
    "remove_clause",
    "reopen_period",
    "run_clauses",
    "say_counts",
    "why_not_second",
    "withdraw_exemption",
    "withdraw_finding",
]
