"""The kinds of clause of study; each module registers its own when it is imported."""

from __future__ import annotations

from qizhi.study.kinds import hours, notes

__all__ = ["hours", "notes"]
