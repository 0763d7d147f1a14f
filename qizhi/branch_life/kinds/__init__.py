"""Kinds of clause that look at the life of branches, and what working methods ask."""

from qizhi.branch_life.kinds import (
    ahead_methods,
    attendance,
    fixed_day,
    joint_units,
    lecturers,
    post_held,
    quota,
    season,
    size,
    talks,
    term,
)
from qizhi.branch_life.kinds.quota import Quota, QuotaFact
from qizhi.regulations.kinds import register_records

register_records("branch_life.talk", "held_on")
register_records("branch_life.themeday", "from_on", "to_on")

__all__ = [
    "Quota",
    "QuotaFact",
    "ahead_methods",
    "attendance",
    "fixed_day",
    "joint_units",
    "lecturers",
    "post_held",
    "quota",
    "season",
    "size",
    "talks",
    "term",
]
