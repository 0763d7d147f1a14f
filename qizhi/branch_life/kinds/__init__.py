"""Kinds of clause that look at the life of branches."""

from qizhi.branch_life.kinds import (
    attendance,
    fixed_day,
    lecturers,
    post_held,
    quota,
    season,
    size,
    talks,
    term,
)
from qizhi.branch_life.kinds.quota import Quota, QuotaFact

__all__ = [
    "Quota",
    "QuotaFact",
    "attendance",
    "fixed_day",
    "lecturers",
    "post_held",
    "quota",
    "season",
    "size",
    "talks",
    "term",
]
