"""Kinds of clause about gatherings: votes, meetings with too few, items that nobody may miss, shares."""

from __future__ import annotations

from qizhi.gatherings.kinds import missing_item, quorum, ratio, votes

__all__ = ["missing_item", "quorum", "ratio", "votes"]
