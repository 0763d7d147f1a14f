"""SQLite for many writers: queue in the kernel, not in SQLite's sleep loop.

Django's SQLite backend lets writers that find the file locked sleep and try again; with 50 writers the
last ones wait a second. Here each write transaction first takes a `flock` on a file beside the database,
which the kernel hands on at once, and only then says `BEGIN IMMEDIATE`. The hooks are Django's own, but
its type stubs do not list them.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.db.models.expressions import Expression

KNOWN_KEYS = 20_000


@lru_cache(maxsize=KNOWN_KEYS)
def _key(text: str) -> uuid.UUID:
    """A key from its text; made once, since a page meets the same few units and people again and again."""
    return uuid.UUID(text)


def _read_key(value: str | None, *_: object) -> uuid.UUID | None:
    return None if value is None else _key(value)


class DatabaseOperations(operations.DatabaseOperations):
    """Django's operations, which make each key anew: a third of the time of a list of rows."""

    def get_db_converters(self, expression: Expression) -> list[Callable[..., Any]]:
        """The same converters, but for keys."""
        if expression.output_field.get_internal_type() == "UUIDField":
            return [_read_key]
        return super().get_db_converters(expression)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper with a queue before each transaction."""

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start without holding the lock."""
        super().__init__(*args, **kwargs)
        self._queue: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _take_turn(self) -> None:
        name = str(self.settings_dict["NAME"])
        if self._queue is not None or self.is_in_memory_db() or "mode=memory" in name:
            return
        handle = os.open(f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        self._queue = handle

    def _end_turn(self) -> None:
        if self._queue is not None:
            handle, self._queue = self._queue, None
            with contextlib.suppress(OSError):
                os.close(handle)
