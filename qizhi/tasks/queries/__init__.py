"""Reads worth a name: plans as lists want them, and how each part of what was asked stands."""

from qizhi.tasks.queries.plans import (
    PLANNING_KINDS,
    begun_before_end,
    is_month_within,
    items_of,
    likely_leads,
    months_within,
    planning_units,
    plans_of,
    with_items,
)

__all__ = [
    "PLANNING_KINDS",
    "begun_before_end",
    "is_month_within",
    "items_of",
    "likely_leads",
    "months_within",
    "planning_units",
    "plans_of",
    "with_items",
]
