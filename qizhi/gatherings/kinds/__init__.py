"""Kinds of clause about gatherings: votes, meetings with too few, items that nobody may miss, shares."""

from __future__ import annotations

from qizhi.gatherings.kinds import main_report, missing_item, quorum, ratio, surplus, temporary, votes
from qizhi.regulations.kinds import register_records

_BESIDE = ("attach", "detach", "comment", "leave_audit", "strike_line")
register_records(
    "gatherings.gathering",
    "held_on",
    but=tuple(f"gatherings.{verb}" for verb in _BESIDE),
    parts=tuple(
        f"gatherings.{part}"
        for part in ("gatheringkind", "ledgerentry", "lecturer", "resolution", "rollentry", "visitor")
    ),
)
register_records("gatherings.kind", beside=("name", "position", "is_active", "unit_kinds", "default_hours"))
register_records("gatherings.votingexclusion", "from_on", "to_on")

__all__ = ["main_report", "missing_item", "quorum", "ratio", "surplus", "temporary", "votes"]
