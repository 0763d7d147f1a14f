"""What is due, held and missing per branch and period, in a number of queries that never grows."""

from qizhi.branch_life.queries.lines import OWED_BY, QUOTA, Line
from qizhi.branch_life.queries.methods import methods_of
from qizhi.branch_life.queries.states import (
    Cell,
    States,
    Step,
    accountable_units,
    missing_for,
    states,
    steps_for,
    urgent,
)

__all__ = [
    "OWED_BY",
    "QUOTA",
    "Cell",
    "Line",
    "States",
    "Step",
    "accountable_units",
    "methods_of",
    "missing_for",
    "states",
    "steps_for",
    "urgent",
]
