"""Who may do what in conduct; each module declares its own permissions when it is imported."""

from __future__ import annotations

from qizhi.conduct.permissions import cases, leave

__all__ = ["cases", "leave"]
