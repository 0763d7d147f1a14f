"""The numbers of study; each module publishes its own when it is imported."""

from __future__ import annotations

from qizhi.study.figures import campaigns, hours, plans

__all__ = ["campaigns", "hours", "plans"]
