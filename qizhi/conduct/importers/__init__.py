"""The tables of conduct; each module publishes its own when it is imported."""

from __future__ import annotations

from qizhi.conduct.importers import duties, leave, registers

__all__ = ["duties", "leave", "registers"]
