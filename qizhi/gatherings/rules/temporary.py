"""What a temporary branch generally does not decide (BR-20): admissions, punishments, elections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ADMISSION, DISCIPLINE, ELECTION = "admission", "discipline", "election"
BARRED_LABELS = {ADMISSION: "发展党员", DISCIPLINE: "处分处置党员", ELECTION: "选举和换届"}
"""What a clause may bar, by the name of its parameter."""
_DISCIPLINE = ("处分", "不合格党员", "留党察看", "撤销党内职务", "开除党籍", "除名", "劝退")
"""Words in the matter of a vote that punishes or removes somebody: such votes have no rule of their own."""


def act_of(threshold: str, title: str) -> str:
    """What a vote decides of what a clause may bar: a key of `BARRED_LABELS`; empty for anything else."""
    if threshold in {ADMISSION, ELECTION}:
        return threshold
    return DISCIPLINE if any(word in title for word in _DISCIPLINE) else ""


def is_barred(threshold: str, title: str, bars: Mapping[str, Any]) -> bool:
    """Whether a vote decides what the clause bars, by the names of its parameters."""
    act = act_of(threshold, title)
    return bool(act) and bool(bars[act])


def say_barred(bars: Mapping[str, Any]) -> str:
    """What the clause bars, in Chinese."""
    return "、".join(label for act, label in BARRED_LABELS.items() if bars[act])
