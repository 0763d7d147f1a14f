"""What changes calls, works and kinds of works."""

from __future__ import annotations

from qizhi.culture.services.calls import (
    WorkFacts,
    change_work,
    decide_works,
    forward_works,
    hand_in,
    remove_call,
    restore_work,
    save_call,
    withdraw_work,
)
from qizhi.culture.services.kinds import load_standard_work_kinds, save_kind, standard_work_kinds

__all__ = [
    "WorkFacts",
    "change_work",
    "decide_works",
    "forward_works",
    "hand_in",
    "load_standard_work_kinds",
    "remove_call",
    "restore_work",
    "save_call",
    "save_kind",
    "standard_work_kinds",
    "withdraw_work",
]
