"""Migration operations of our own: rules that the database itself holds, and many tables at once."""

from __future__ import annotations

from qizhi.core.db.operations.base import DatabaseRule, Lift
from qizhi.core.db.operations.sealing import AppendOnly, Sealed
from qizhi.core.db.operations.tables import CreateModels
from qizhi.core.db.operations.ways import Checked, Moves, NoOverlap, Refuses

__all__ = [
    "AppendOnly",
    "Checked",
    "CreateModels",
    "DatabaseRule",
    "Lift",
    "Moves",
    "NoOverlap",
    "Refuses",
    "Sealed",
]
