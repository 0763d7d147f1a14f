"""One event for each change, in the same transaction as the change."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from qizhi.core import clock
from qizhi.core.models import AuditEvent
from qizhi.core.permissions import Actor

Snapshot = dict[str, Any]
_RowT = TypeVar("_RowT", bound=models.Model)
_made: ContextVar[list[models.Model] | None] = ContextVar("made", default=None)


def snapshot(row: models.Model) -> Snapshot:
    """The row's own columns as JSON values; files and binary content are left out."""
    values = {}
    for column in row._meta.concrete_fields:
        if not isinstance(column, models.BinaryField | models.FileField):
            values[column.attname] = getattr(row, column.attname)
    result: Snapshot = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return result


def record(
    verb: str,
    row: models.Model,
    *,
    by: Actor,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
    at: dt.datetime | None = None,
) -> AuditEvent | None:
    """Write one event; a change that changed nothing (a form saved as it was) leaves none.

    Args:
        verb: stable key of what was done, such as `gatherings.record`.
        row: the row that changed.
        by: who did it.
        before: values before (snapshot or part of it); empty for a new row.
        after: values after; the row's snapshot if not given. Equal values are left out of both.
        at: the instant; now if not given.
    """
    values = _values(verb, row, by=by, before=before, after=after, at=at)
    if before and not values["before"] and not values["after"]:
        return None
    return AuditEvent.objects.create(**values)


@contextmanager
def listen() -> Iterator[list[models.Model]]:
    """The rows that are made while it lasts, as the log hears of them."""
    made: list[models.Model] = []
    token = _made.set(made)
    try:
        yield made
    finally:
        _made.reset(token)


def record_many(
    verb: str,
    rows: Iterable[_RowT],
    *,
    by: Actor,
    before: Callable[[_RowT], Snapshot] | None = None,
    after: Callable[[_RowT], Snapshot] | None = None,
) -> None:
    """One event for each row, written together (imports); see `events_for`."""
    events = events_for(verb, rows, by=by, before=before, after=after)
    AuditEvent.objects.bulk_create(events, batch_size=500)


def events_for(
    verb: str,
    rows: Iterable[_RowT],
    *,
    by: Actor,
    before: Callable[[_RowT], Snapshot] | None = None,
    after: Callable[[_RowT], Snapshot] | None = None,
) -> list[AuditEvent]:
    """One event for each row, not written yet.

    `before` gives the values of a changed row as they were, `after` more than its columns.
    """
    return [
        AuditEvent(
            **_values(
                verb,
                row,
                by=by,
                before=before(row) if before else None,
                after=after(row) if after else None,
            )
        )
        for row in rows
    ]


def _values(
    verb: str,
    row: models.Model,
    *,
    by: Actor,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
    at: dt.datetime | None = None,
) -> dict[str, Any]:
    before = before or {}
    after = snapshot(row) if after is None else after
    if not before and (made := _made.get()) is not None:
        made.append(row)
    same = {key for key in before if key in after and before[key] == after[key]}
    return {
        "bureau_id": by.bureau_id,
        "at": at or clock.now(),
        "by_id": by.account_id,
        "by_label": by.label[:100],
        "verb": verb,
        "model": row._meta.label_lower,
        "object_id": row.pk if isinstance(row.pk, uuid.UUID) else None,
        "object_label": str(row)[:200],
        "unit_id": getattr(row, "unit_id", None),
        "before": {key: value for key, value in before.items() if key not in same},
        "after": {key: value for key, value in after.items() if key not in same},
    }


def history(row: models.Model) -> models.QuerySet[AuditEvent]:
    """Everything that happened to a row, newest first."""
    bureau_id = getattr(row, "bureau_id", None)
    return AuditEvent.objects.filter(bureau_id=bureau_id, object_id=row.pk).order_by("-at", "-id")
