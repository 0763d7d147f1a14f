"""What happened to an inspection, to what it has seen and to duties, in words: from the log of changes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from qizhi.core import audit
from qizhi.core.models import AuditEvent
from qizhi.org.models import BureauRow
from qizhi.regulations.models import Clause

VERBS = {
    "conduct.save_inspection": "修改",
    "conduct.close_inspection": "结束",
    "conduct.reopen_inspection": "重新打开",
    "conduct.save_observation": "更正",
    "conduct.withdraw_observation": "撤销",
    "conduct.restore_observation": "恢复",
    "conduct.correct_post_duty": "更正",
    "conduct.correct_referral": "更正",
    "conduct.answer_referral": "答复",
    "conduct.withdraw_referral": "撤销",
    "conduct.end_post_duty": "截止",
}
MOST = 50
SAID_APART = {"because", "withdrawn_because", "withdrawn_at", "status", "id", "bureau_id", "inspection_id"}
OTHERS = {"units": "受检组织"}


@dataclass(frozen=True)
class Happened:
    """One change.

    Attributes:
        at: when.
        by_label: who.
        what: in a word.
        because: the reason that was given.
        changes: name of the column, before, after.
    """

    at: dt.datetime
    by_label: str
    what: str
    because: str
    changes: list[tuple[str, str, str]]


def happened_to(row: BureauRow) -> list[Happened]:
    """The latest changes, newest first; a query for each table that they name."""
    events = list(audit.history(row)[:MOST])
    linked = {field.attname: field for field in row._meta.concrete_fields if field.is_relation}
    names: dict[str, str] = {}
    for column, field in linked.items():
        keys = {event_values.get(column) for event in events for event_values in (event.before, event.after)}
        keys.discard(None)
        if column not in SAID_APART and keys:
            found = _rows(field.related_model, keys)
            names |= {str(one.pk): getattr(one, "source", None) or str(one) for one in found}
    return [_said(event, row, names) for event in events]


def _rows(model: Any, keys: Iterable[str]) -> Iterable[models.Model]:
    rows: models.QuerySet[Any] = model._base_manager.filter(pk__in=[uuid.UUID(key) for key in keys])
    return rows.select_related("version__regulation") if model is Clause else rows


def _said(event: AuditEvent, row: models.Model, names: dict[str, str]) -> Happened:
    labels = {field.attname: str(field.verbose_name) for field in row._meta.concrete_fields} | OTHERS
    is_new = not event.before

    def word(value: object) -> str:
        return names.get(str(value), str(value)) if value not in {None, ""} else "—"

    changes = [
        (labels[key], word(event.before.get(key)), word(event.after.get(key)))
        for key in sorted({*event.before, *event.after} & set(labels) - SAID_APART, key=list(labels).index)
    ]
    what = "登记" if is_new else VERBS.get(event.verb, event.verb)
    because = str(event.after.get("because") or event.after.get("withdrawn_because") or "")
    return Happened(event.at, event.by_label, what, because, [] if is_new else changes)
