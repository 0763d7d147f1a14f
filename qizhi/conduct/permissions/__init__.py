"""Who may do what in conduct; each module declares its own permissions when it is imported."""

from __future__ import annotations

from qizhi.conduct.permissions import bulletins, cases, leave, registers, rights

__all__ = ["bulletins", "cases", "leave", "registers", "rights"]
