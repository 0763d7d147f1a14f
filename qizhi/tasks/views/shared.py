"""What several pages of the app need."""

from __future__ import annotations

import uuid

from qizhi.core import clock
from qizhi.core.periods import say_day
from qizhi.org.models import Person
from qizhi.org.queries import PeopleIndex
from qizhi.tasks.models import Document
from qizhi.tasks.queries import documents as queries


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


def about(document: Document) -> list[tuple[str, object]]:
    """Until when, and by whom: what one looks at before a step is taken."""
    whole = queries.with_history(Document.objects.filter(bureau_id=document.bureau_id, pk=document.pk)).get()
    line = queries.document_lines([whole], clock.today())[0]
    until = say_day(line.due.on) if line.due.on else "未知"
    return [
        ("期限", f"{until}（{line.due.why}）" if line.due.why else until),
        ("承办人", f"{line.handling.person}，{line.handling.unit}"),
    ]
