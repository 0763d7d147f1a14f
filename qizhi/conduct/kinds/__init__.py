"""Kinds of clause that conduct contributes."""

from __future__ import annotations

from qizhi.conduct.kinds import excuses, leave, matters, per_event, procedure, terms

__all__ = ["excuses", "leave", "matters", "per_event", "procedure", "terms"]
