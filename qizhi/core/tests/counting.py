"""What is written: to show that something wrote nothing, or the same once only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

OURS = re.compile(r'(?:INSERT(?: OR \w+)? INTO|DELETE FROM|UPDATE) "((?!django_|auth_)\w+)"')
POURED = re.compile(r'COPY "(\w+)"')
FRAMES = re.compile(r'(SAVEPOINT|ROLLBACK TO SAVEPOINT) "(\w+)"')


@contextmanager
def writes() -> Iterator[list[tuple[str, str, int]]]:
    """Kind (INSERT, UPDATE, DELETE), table and rows of each statement that writes to our tables and stays.

    It listens instead of counting rows before and after: on PostgreSQL a count of all tables walks through
    whatever earlier tests took back. What is rolled back within the block was not written.
    """
    seen: list[tuple[str, str, int]] = []
    begun: dict[str, int] = {}

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
        reply = execute(sql, params, many, context)
        if (written := OURS.match(sql)) and (rows := context["cursor"].rowcount):
            seen.append((sql.partition(" ")[0], written[1], rows))
        elif frame := FRAMES.match(sql):
            if frame[1] == "SAVEPOINT":
                begun[frame[2]] = len(seen)
            else:
                del seen[begun.get(frame[2], 0) :]
        return reply

    with connection.execute_wrapper(listen), _copies(seen):
        yield seen


@contextmanager
def _copies(seen: list[tuple[str, str, int]]) -> Iterator[None]:
    """Hear COPY as well, by which rows are poured on PostgreSQL: Django does not see it."""
    if connection.vendor != "postgresql":
        yield
        return
    kind = type(connection.connection.cursor())
    copy = kind.copy

    @contextmanager
    def heard(self: Any, statement: str, *more: Any, **options: Any) -> Iterator[Any]:
        with copy(self, statement, *more, **options) as lines:
            yield lines
        if poured := POURED.match(statement):
            seen.append(("INSERT", poured[1], self.rowcount))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "copy", heard)
        yield


def grown(seen: list[tuple[str, str, int]]) -> dict[str, int]:
    """How many rows more, or fewer, each table has after these writes; without those that have as many."""
    rows: Counter[str] = Counter()
    for kind, table, number in seen:
        rows[table] += {"INSERT": number, "DELETE": -number}.get(kind, 0)
    return {table: number for table, number in rows.items() if number}
