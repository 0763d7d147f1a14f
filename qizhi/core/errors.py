"""What people are told when something cannot be done."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - it is a word of the product, read aloud in services
    """A service says no.

    `message` is Chinese: what happened, why, what to do next. `field` names the input it belongs to,
    or is empty for the form as a whole.
    """

    def __init__(self, message: str, field: str = "") -> None:
        """Keep the sentence and the input it belongs to."""
        super().__init__(message)
        self.message = message
        self.field = field
