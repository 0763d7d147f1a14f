"""Pure arithmetic on days, versions and shares; see the modules."""

from __future__ import annotations

from qizhi.regulations.rules.differences import Compared, Mark, Part, compare_paragraphs, compare_words
from qizhi.regulations.rules.due_days import (
    DUE_RULES,
    DueRule,
    next_occurrence,
    occurrences,
    parse_due_rule,
)
from qizhi.regulations.rules.exemptions import Exempt, Exemptions
from qizhi.regulations.rules.festivals import Spoken, spoken_of
from qizhi.regulations.rules.month_grid import Month, months_of
from qizhi.regulations.rules.notice_heads import NoticeHead, read_head, read_years
from qizhi.regulations.rules.notices import Reading, as_number, read_notice, read_number, write_notice
from qizhi.regulations.rules.shares import floored_cap, least_of, say_share
from qizhi.regulations.rules.spans import Span, covering
from qizhi.regulations.rules.versions import is_in_force, overlap
from qizhi.regulations.rules.working_days import (
    DayFact,
    Layer,
    NumberedDay,
    Paper,
    PaperDay,
    UnknownCalendarError,
    WorkingCalendar,
    last_weekday_of_month,
)

__all__ = [
    "DUE_RULES",
    "Compared",
    "DayFact",
    "DueRule",
    "Exempt",
    "Exemptions",
    "Layer",
    "Mark",
    "Month",
    "NoticeHead",
    "NumberedDay",
    "Paper",
    "PaperDay",
    "Part",
    "Reading",
    "Span",
    "Spoken",
    "UnknownCalendarError",
    "WorkingCalendar",
    "as_number",
    "compare_paragraphs",
    "compare_words",
    "covering",
    "floored_cap",
    "is_in_force",
    "last_weekday_of_month",
    "least_of",
    "months_of",
    "next_occurrence",
    "occurrences",
    "overlap",
    "parse_due_rule",
    "read_head",
    "read_notice",
    "read_number",
    "read_years",
    "say_share",
    "spoken_of",
    "write_notice",
]
