"""Who may do what in study; each module declares its own permissions when it is imported."""

from __future__ import annotations

from qizhi.study.permissions import banks, campaigns, contests, hours, resources, self_tests, year_files

__all__ = ["banks", "campaigns", "contests", "hours", "resources", "self_tests", "year_files"]
