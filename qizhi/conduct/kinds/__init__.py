"""Kinds of clause that conduct contributes."""

from __future__ import annotations

from qizhi.conduct.kinds import per_event, procedure

__all__ = ["per_event", "procedure"]
