"""What apps above say of notes under the lists: they register, and nobody below knows them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from qizhi.core.permissions import Actor
from qizhi.core.values import dataclass
from qizhi.tasks.models import DutyNote


@dataclass(frozen=True, slots=True)
class NoteMention:
    """Something that came of a note, or could: its words and where it stands."""

    note_id: uuid.UUID
    text: str
    address: str


Find = Callable[[Actor, Sequence[DutyNote]], Iterable[NoteMention]]
_finders: dict[str, Find] = {}


def register_note_mentions(key: str, find: Find) -> None:
    """Let an app say what came of notes; `find` may ask one query for all of them."""
    _finders[key] = find


def with_mentions(actor: Actor, notes: Sequence[DutyNote]) -> list[tuple[DutyNote, list[NoteMention]]]:
    """Each note with what the actor may see of it, in the order of the apps' keys."""
    found: dict[uuid.UUID, list[NoteMention]] = defaultdict(list)
    if notes:
        for key in sorted(_finders):
            for mention in _finders[key](actor, notes):
                found[mention.note_id].append(mention)
    return [(note, found[note.pk]) for note in notes]
