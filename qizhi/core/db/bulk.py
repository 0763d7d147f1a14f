"""Many plain rows at once: what follows from other rows is written often and need not pass through models."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models

from qizhi.core.ids import new_id


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows of plain values, each under a new key; how many. About twice as fast as `bulk_create`.

    Args:
        model: whose table.
        columns: names of its fields, all that have no key of their own; foreign keys as `bureau_id`.
        rows: the values in this order: keys, days, numbers, text, truth.
    """
    quote = connection.ops.quote_name
    fields = [
        next(field for field in model._meta.concrete_fields if field.attname == name) for name in columns
    ]
    names = ", ".join(quote(field.column or "") for field in fields)
    places = ", ".join(["%s"] * (len(columns) + 1))
    table, key = quote(model._meta.db_table), quote("id")
    adapt = _adapters()
    values = [
        [adapt[type(value)](value) if type(value) in adapt else value for value in (new_id(), *row)]
        for row in rows
    ]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({key}, {names}) VALUES ({places})", values)
    return len(values)


def _adapters() -> dict[type, Callable[[Any], Any]]:
    """How this engine wants keys and days; all else goes as it is."""
    if connection.features.has_native_uuid_field:
        return {}
    return {uuid.UUID: lambda value: value.hex, dt.date: dt.date.isoformat}
