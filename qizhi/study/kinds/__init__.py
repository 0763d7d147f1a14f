"""The kinds of clause of study; each module registers its own when it is imported."""

from __future__ import annotations

from qizhi.regulations.kinds import register_records
from qizhi.study.kinds import hours, notes, year_files

register_records("study.completion", "completed_on")
register_records("study.readingnotes", "month")
register_records("study.yearfile", "year")
register_records("tasks.plan", "year")

__all__ = ["hours", "notes", "year_files"]
