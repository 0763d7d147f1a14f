"""The tables of study; each module publishes its own when it is imported."""

from __future__ import annotations

from qizhi.study.importers import courses

__all__ = ["courses"]
