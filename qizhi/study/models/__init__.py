"""The rows of study."""

from __future__ import annotations

from qizhi.study.models.banks import AskedRow, Bank, BankQuestion
from qizhi.study.models.hours import Completion, Course
from qizhi.study.models.plans import PlanMatch

__all__ = ["AskedRow", "Bank", "BankQuestion", "Completion", "Course", "PlanMatch"]
