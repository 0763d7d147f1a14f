"""Kinds of clause about gatherings: votes that stand, items that nobody may miss, shares of those due."""

from __future__ import annotations

from qizhi.gatherings.kinds import missing_item, ratio, votes

__all__ = ["missing_item", "ratio", "votes"]
