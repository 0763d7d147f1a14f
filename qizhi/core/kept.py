"""What was worked out stays true until the next change: kept between requests while nothing was written.

A reading request learns a *stamp* of the database as it begins; equal stamps mean that no transaction was
committed in between, by whatever process and whatever road. What costs much to work out is kept in the
process under that stamp and dropped at the next one. Writing requests, tests inside a transaction and
databases in memory have no stamp and work everything out anew: a decision never rests on something kept.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from django.db import connection, transaction

from qizhi.core import clock

MOST_NUMBERS = 4000
MOST_TABLES = 32
"""Answers a process keeps at most, small and large; the one asked for longest ago goes first."""
Result = TypeVar("Result")
Stamp = tuple[Hashable, ...]
_here = threading.local()


class _Shelf:
    """Answers under one stamp."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()

    def find(self, stamp: Stamp, key: Hashable) -> tuple[bool, Any]:
        with self._lock:
            if stamp != self._stamp or key not in self._answers:
                return False, None
            self._answers.move_to_end(key)
            return True, self._answers[key]

    def put(self, stamp: Stamp, key: Hashable, answer: Any) -> None:
        with self._lock:
            if stamp != self._stamp:
                self._stamp = stamp
                self._answers.clear()
            self._answers[key] = answer
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)


class _Watch:
    """A connection of its own that only looks whether the SQLite file was written to.

    `PRAGMA data_version` changes on a connection whenever *another* one commits, in this process or in any
    other; so one connection a process watches, and all others are watched.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: tuple[int, str] | None = None
        self._opened = 0
        self._line: sqlite3.Connection | None = None

    def version(self, path: str) -> Stamp:
        with self._lock:
            # After a fork the connection belongs to the parent and is opened anew, not shared.
            if self._line is None or self._of != (os.getpid(), path):
                self._line = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
                self._of = (os.getpid(), path)
                self._opened += 1  # versions of two connections say nothing about each other
            return self._opened, *self._line.execute("PRAGMA data_version").fetchone()


_numbers, _tables, _watch = _Shelf(MOST_NUMBERS), _Shelf(MOST_TABLES), _Watch()


@contextmanager
def watching() -> Iterator[None]:
    """Keep what is worked out inside the block, which need not refuse writes: who asks is found out there."""
    if _stamp() is not None or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    # The stamp is taken before anything is read: an answer may be newer than its stamp, never older.
    _here.stamp, _here.is_watched = _stamp_of_now(), True
    try:
        yield
    finally:
        _here.stamp, _here.is_watched = None, False


def _stamp_of_now() -> Stamp | None:
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return None if "memory" in name else (*_watch.version(name), clock.today())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return (connection.alias, *cursor.fetchone(), clock.today())


@contextmanager
def sharing() -> Iterator[None]:
    """Work out once what is asked several times inside the block, and forget it at its end.

    For work inside a transaction that writes nothing of what it asks, such as a run of the clauses, which
    asks of gatherings and writes findings. Inside a block that reads it does nothing.
    """
    if _stamp() is not None:
        yield
        return
    _here.stamp, _here.is_watched = ("sharing", object()), False
    try:
        yield
    finally:
        _here.stamp = None


@contextmanager
def reading() -> Iterator[None]:
    """Let the database itself refuse every write inside the block, and keep what is worked out there."""
    if connection.vendor == "sqlite":
        with _reading_sqlite():
            yield
    else:
        with _reading_postgres():
            yield


@contextmanager
def _reading_sqlite() -> Iterator[None]:
    # No transaction: with IMMEDIATE transactions a reader would queue behind writers.
    # Straight to the driver: after a refused write Django's cursor would refuse the second pragma too.
    connection.ensure_connection()
    connection.connection.execute("PRAGMA query_only = ON")
    try:
        with watching():
            yield
    finally:
        connection.connection.execute("PRAGMA query_only = OFF")


@contextmanager
def _reading_postgres() -> Iterator[None]:
    seen_before = _stamp()
    if seen_before is not None and not _here.is_watched:
        yield  # inside another block that reads
        return
    is_own = not connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            if is_own:
                # One look at the database for the whole page; equal snapshots show equal rows.
                cursor.execute(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
                    "SELECT pg_current_snapshot()::text"
                )
                cursor.nextset()
                _here.stamp, _here.is_watched = (connection.alias, *cursor.fetchone(), clock.today()), False
            else:
                cursor.execute("SET TRANSACTION READ ONLY")
        try:
            yield
        finally:
            _here.stamp, _here.is_watched = seen_before, seen_before is not None


def keep(make: Callable[[], Result], *key: Hashable) -> Result:
    """What `make` gives, worked out once for the key while nothing is written: a table or the like.

    Args:
        make: works it out; may depend only on the key, the database and the day.
        key: begins with a name of what it is; holds everything else that the answer depends on.

    Returns:
        A value that requests share: nobody may change it.
    """
    return _keep(_tables, make, key)


def keep_small(make: Callable[[], Result], *key: Hashable) -> Result:
    """The same for what is small and asked by many keys, such as an account or a line about a gathering."""
    return _keep(_numbers, make, key)


def _keep(shelf: _Shelf, make: Callable[[], Result], key: Hashable) -> Result:
    stamp = _stamp()
    if stamp is None:
        return make()
    is_known, answer = shelf.find(stamp, key)
    if not is_known:
        answer = make()
        shelf.put(stamp, key, answer)
    return cast("Result", answer)


def find_number(*key: Hashable) -> Any:
    """A small answer that was put there under the key since the last change, or None."""
    stamp = _stamp()
    return None if stamp is None else _numbers.find(stamp, key)[1]


def put_number(answer: object, *key: Hashable) -> None:
    """Keep a small answer until the next change."""
    stamp = _stamp()
    if stamp is not None:
        _numbers.put(stamp, key, answer)


def _stamp() -> Stamp | None:
    return cast("Stamp | None", getattr(_here, "stamp", None))
