"""Who speaks next: the names of a roll in their fixed order, round and round. Nobody is counted or ranked."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def next_up(order: Sequence[Key], last: Key | None, skipped: Collection[Key]) -> list[Key]:
    """Everybody of the roll from whoever follows the last speaker on, without those skipped.

    Args:
        order: the roll.
        last: who spoke last; from the top where nobody has, or where they have left the roll.
        skipped: who stands in the plan already, or is away.
    """
    start = order.index(last) + 1 if last is not None and last in order else 0
    return [key for key in [*order[start:], *order[:start]] if key not in skipped]
