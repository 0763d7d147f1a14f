"""The numbers of conduct; each module publishes its own when it is imported."""

from __future__ import annotations

from qizhi.conduct.figures import bulletins, cases, registers

__all__ = ["bulletins", "cases", "registers"]
