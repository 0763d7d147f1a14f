"""The tables of conduct; each module publishes its own when it is imported."""

from __future__ import annotations

from qizhi.conduct.importers import leave, registers

__all__ = ["leave", "registers"]
