"""What is asked of branches and of their people, as arithmetic on dates and numbers."""

from qizhi.branch_life.rules.days import DayJudged, judge_fixed_day
from qizhi.branch_life.rules.joint import JOINT_FROM
from qizhi.branch_life.rules.people import judge_contact, judge_talk
from qizhi.branch_life.rules.quota import (
    EVERY_LABELS,
    NOTHING_EXCUSED,
    Binding,
    Condition,
    Days,
    Facts,
    Held,
    Judged,
    Part,
    Reckoning,
    Rule,
    State,
    bind,
    frequency,
    judge,
    why_not_owed,
)
from qizhi.branch_life.rules.reviews import judge_review
from qizhi.branch_life.rules.sizes import SIZES_OF, SizeJudged, Sizes, judge_size
from qizhi.branch_life.rules.terms import is_in_season, months_before, term_begins, term_ends

__all__ = [
    "EVERY_LABELS",
    "JOINT_FROM",
    "NOTHING_EXCUSED",
    "SIZES_OF",
    "Binding",
    "Condition",
    "DayJudged",
    "Days",
    "Facts",
    "Held",
    "Judged",
    "Part",
    "Reckoning",
    "Rule",
    "SizeJudged",
    "Sizes",
    "State",
    "bind",
    "frequency",
    "is_in_season",
    "judge",
    "judge_contact",
    "judge_fixed_day",
    "judge_review",
    "judge_size",
    "judge_talk",
    "months_before",
    "term_begins",
    "term_ends",
    "why_not_owed",
]
