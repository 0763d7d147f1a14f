"""New rows whose statements are built before the transaction opens.

On SQLite whoever writes keeps every other writer waiting, and Django's `bulk_create` builds its statements
inside the transaction, which takes several times as long as running them.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

MOST_VALUES = 900
"""Values in one statement: every SQLite takes 999."""


class Inserts:
    """Rows collected by `add` and written by `run` in that order, many of a table in one statement."""

    def __init__(self) -> None:
        """Begin with none."""
        self._statements: list[tuple[str, list[Any]]] = []
        self._rows: list[models.Model] = []

    def add(self, model: type[models.Model], rows: Iterable[models.Model]) -> None:
        """Build the statements for new rows of a table; their keys and those they point to must be set."""
        fields = model._meta.local_concrete_fields
        connection = connections[DEFAULT_DB_ALIAS]  # itself: each value asks its proxy twice
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in fields)
        marks = f"({', '.join(['%s'] * len(fields))})"
        waiting = iter(rows)
        while part := list(islice(waiting, max(MOST_VALUES // len(fields), 1))):
            table = quote(model._meta.db_table)
            text = f"INSERT INTO {table} ({columns}) VALUES {', '.join([marks] * len(part))}"
            values = [
                field.get_db_prep_save(field.pre_save(row, add=True), connection)
                for row in part
                for field in fields
            ]
            self._statements.append((text, values))
            self._rows += part

    def run(self) -> None:
        """Write all of them, inside the caller's transaction; database errors are Django's."""
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            for text, values in self._statements:
                cursor.execute(text, values)
        for row in self._rows:
            state = row._state  # noqa: SLF001 - what bulk_create tells the rows it has written
            state.adding, state.db = False, connection.alias
