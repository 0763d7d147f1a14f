"""What several pages of the app need."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.http import HttpRequest

from qizhi.org.models import Person
from qizhi.org.queries import PeopleIndex


class Finder:
    """Finds people by name; the roll is read once, and only when a name was written."""

    def __init__(self, bureau_id: uuid.UUID) -> None:
        """Keep whose people; nothing is read yet."""
        self.bureau_id = bureau_id
        self.index: PeopleIndex | None = None

    def __call__(self, words: str) -> Person:
        """The one person meant; Refused otherwise."""
        if self.index is None:
            self.index = PeopleIndex(self.bureau_id)
        return self.index.find(words)


def as_uuid(text: str) -> uuid.UUID | None:
    """The key that a filter names; None for what cannot be read."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def as_year(request: HttpRequest, years: Sequence[int], default: int) -> int:
    """The year that is asked for, if there is something of it."""
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and int(text) in years else default
