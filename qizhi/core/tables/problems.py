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
