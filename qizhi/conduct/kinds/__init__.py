"""Kinds of clause that conduct contributes."""

from __future__ import annotations

from qizhi.conduct.kinds import leave, per_event, procedure

__all__ = ["leave", "per_event", "procedure"]
