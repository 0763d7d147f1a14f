"""What several pages of the app need."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from qizhi.core import audit
from qizhi.core.models import AuditEvent
from qizhi.org.models import Person
from qizhi.org.queries import PeopleIndex
from qizhi.tasks.models import Document, Extension


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


VERBS = {
    "tasks.register_document": "登记",
    "tasks.change_document": "更正登记",
    "tasks.finish_document": "登记办结",
    "tasks.reopen_document": "撤回办结",
    "tasks.withdraw_document": "撤销登记",
    "tasks.restore_document": "恢复",
    "tasks.hand_over": "转办",
    "tasks.change_handling": "更正承办人",
    "tasks.undo_hand_over": "撤回转办",
    "tasks.ask_extension": "申请延期",
    "tasks.decide_extension": "处理延期申请",
    "tasks.change_extension": "更正延期",
    "tasks.withdraw_extension": "撤回延期",
    "tasks.import_document": "从表格导入",
}
_OTHER_WORDS = {"handler": "承办人", "because": "原因"}


@dataclass(frozen=True)
class Step:
    """Something that was done to a document, in words."""

    event: AuditEvent
    verb: str
    changes: list[tuple[str, str, str]]


def document_history(document: Document) -> list[Step]:
    """Everything that was done to a document, newest first: what it was before, and after."""
    words = {field.attname: str(field.verbose_name) for field in Document._meta.concrete_fields}
    words |= {f"extension_{f.attname}": str(f.verbose_name) for f in Extension._meta.concrete_fields}
    words |= _OTHER_WORDS
    return [
        Step(event, VERBS.get(event.verb, event.verb), _changes(event, words))
        for event in audit.history(document)
    ]


def _changes(event: AuditEvent, words: Mapping[str, str]) -> list[tuple[str, str, str]]:
    keys = [key for key in words if key in {*event.before, *event.after} and not key.endswith("id")]
    told = [(words[key], _told(event.before.get(key)), _told(event.after.get(key))) for key in keys]
    return [one for one in told if one[1] or one[2]]


def _told(value: object) -> str:
    return "" if value is None else str(value)[:80]
