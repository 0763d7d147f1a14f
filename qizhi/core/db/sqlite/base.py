"""SQLite for many writers: queue in the kernel, not in SQLite's sleep loop.

Django's SQLite backend lets writers that find the file locked sleep and try again; with 50 writers the
last ones wait a second. Here each write transaction first takes a `flock` on a file beside the database,
which the kernel hands on at once, and only then says `BEGIN IMMEDIATE`. The hooks are Django's own, but
its type stubs do not list them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
import sqlite3
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.db.models.expressions import Col, Expression

KNOWN = 20_000


# A page meets the same few units, people and days again and again: each key and each day is made once, and by
# the driver itself, so that rows of them pass through no converter of Django's. Keys are the only `char(32)`.
@lru_cache(maxsize=KNOWN)
def _key(text: bytes) -> uuid.UUID:
    return uuid.UUID(text.decode())


@lru_cache(maxsize=KNOWN)
def _day(text: bytes) -> dt.date:
    return dt.date.fromisoformat(text.decode())


sqlite3.register_converter("char", _key)
sqlite3.register_converter("date", _day)


def _read_key(value: str | uuid.UUID | None, *_: object) -> uuid.UUID | None:
    return _key(value.encode()) if isinstance(value, str) else value


class DatabaseOperations(operations.DatabaseOperations):
    """Django's operations, but for keys and days, which the driver reads where they stand in a column.

    What composes questions is ours, too: `core.kept` may know their rows.
    """

    compiler_module = "qizhi.core.db.compiler"

    def get_db_converters(self, expression: Expression) -> list[Callable[..., Any]]:
        """The same converters, none for columns of keys and days."""
        kind = expression.output_field.get_internal_type()
        if kind in {"UUIDField", "DateField"} and isinstance(expression, Col):
            return []
        return [_read_key] if kind == "UUIDField" else super().get_db_converters(expression)


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
