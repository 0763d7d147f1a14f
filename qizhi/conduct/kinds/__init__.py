"""Kinds of clause that conduct contributes."""

from __future__ import annotations

from qizhi.conduct.kinds import leave, matters, per_event, procedure, terms

__all__ = ["leave", "matters", "per_event", "procedure", "terms"]
