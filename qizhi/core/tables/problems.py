"""What is said when a table, or one cell of it, cannot be used."""

from __future__ import annotations

from qizhi.core.errors import Refused


class UnreadableFile(Refused):
    """The file as a whole cannot be read; the Chinese message says why and what to do instead."""


class BadValue(Exception):  # noqa: N818 - a word of the house: it is caught, explained and shown, not logged
    """One value cannot be understood.

    `reason` is a Chinese clause without full stop; `fix` says what to write instead, or is empty when the
    column's own help is the better advice.
    """

    def __init__(self, reason: str, fix: str = "") -> None:
        """Keep the reason and the advice."""
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


class BadCell(Exception):  # noqa: N818 - carries a cell's error to where the row is known
    """What is wrong with a cell of a row: key of its column, Chinese reason without full stop, what to do."""

    def __init__(self, key: str, reason: str, fix: str = "") -> None:
        """Keep all three."""
        super().__init__(reason)
        self.key, self.reason, self.fix = key, reason, fix

    @classmethod
    def of(cls, key: str, problem: Refused) -> BadCell:
        """A refusal's sentences as reason and advice."""
        reason, _, fix = problem.message.partition("。")
        return cls(key, reason, fix.rstrip("。"))


class UnreadCell(Exception):  # noqa: N818 - said to nobody: the cell is told already
    """A step asks for a cell that could not be read."""
