"""What is due, held and missing per branch and period, in a number of queries that never grows."""

from qizhi.branch_life.queries.contacts import (
    contact_matrix,
    contact_people,
    contacts_of,
    visited_branches,
    visits_owed,
    visits_within,
)
from qizhi.branch_life.queries.dual import DualLine, Invitation, dual_lines
from qizhi.branch_life.queries.lines import OWED_BY, QUOTA, Line
from qizhi.branch_life.queries.methods import candidates, methods_of, review_of, uses_of
from qizhi.branch_life.queries.outlook import (
    Outlook,
    Todo,
    Wait,
    outlook,
    say_open_until,
    say_until,
    todos,
    units_asked,
    waits,
)
from qizhi.branch_life.queries.sizes import SIZE, sizes_on
from qizhi.branch_life.queries.states import (
    Cell,
    States,
    accountable_units,
    asked_units,
    missing_for,
    states,
    steps_for,
    urgent,
)
from qizhi.branch_life.queries.talks import TALKS, TalkCoverage, partners, talk_coverage, talks_of

__all__ = [
    "OWED_BY",
    "QUOTA",
    "SIZE",
    "TALKS",
    "Cell",
    "DualLine",
    "Invitation",
    "Line",
    "Outlook",
    "States",
    "TalkCoverage",
    "Todo",
    "Wait",
    "accountable_units",
    "asked_units",
    "candidates",
    "contact_matrix",
    "contact_people",
    "contacts_of",
    "dual_lines",
    "methods_of",
    "missing_for",
    "outlook",
    "partners",
    "review_of",
    "say_open_until",
    "say_until",
    "sizes_on",
    "states",
    "steps_for",
    "talk_coverage",
    "talks_of",
    "todos",
    "units_asked",
    "urgent",
    "uses_of",
    "visited_branches",
    "visits_owed",
    "visits_within",
    "waits",
]
