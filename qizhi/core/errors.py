"""What people are told when something cannot be done."""

from __future__ import annotations

from typing import Protocol


class Shown(Protocol):
    """A row with a page of its own."""

    def get_absolute_url(self) -> str:
        """Its page."""


class Refused(Exception):  # noqa: N818 - it is a word of the product, read aloud in services
    """A service says no.

    `message` is Chinese: what happened, why, what to do next. `field` names the input it belongs to,
    or is empty for the form as a whole. `see` is a row that stands in the way: its page is linked.
    """

    def __init__(self, message: str, field: str = "", see: Shown | None = None) -> None:
        """Keep the sentence, the input it belongs to, and the row to look at."""
        super().__init__(message)
        self.message = message
        self.field = field
        self.see = see


class Unread(Refused):
    """An address asks for what cannot be read or does not exist, where another answer would deceive."""
