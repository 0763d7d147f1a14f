"""The kinds of clause of study, and what its plans and campaigns ask; each module registers its own."""

from __future__ import annotations

from qizhi.regulations.kinds import register_records
from qizhi.study.kinds import ahead_campaigns, ahead_plans, hours, notes, year_files

register_records("study.completion", "completed_on")
register_records("study.course", beside=("name", "provider", "hours", "is_active"))
register_records("study.readingnotes", "month")
register_records("study.yearfile", "year")
register_records("tasks.plan", "year")
register_records("tasks.planitem", "plan__year")

__all__ = ["ahead_campaigns", "ahead_plans", "hours", "notes", "year_files"]
