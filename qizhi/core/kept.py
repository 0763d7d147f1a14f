"""What was worked out stays true until the next change: kept between requests while nothing was written.

A reading request learns a *stamp* of the database as it begins; equal stamps mean that no transaction was
committed in between, by whatever process and whatever road. What costs much to work out is kept in the
process under that stamp and dropped at the next one. Beneath that the rows of each question outlive the
stamp: they are kept while no table is written that the question speaks of (`core.marks`). Writing requests,
tests inside a transaction and databases in memory have no stamp and work everything out anew: a decision
never rests on something kept.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar, cast

from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from qizhi.core import clock
from qizhi.core.marks import Marks, Stamp, marks_at, tables_in

MOST_NUMBERS = 4000
MOST_TABLES = 32
"""Answers a process keeps at most, small and large; the one asked for longest ago goes first."""
MOST_ROWS = 12_000
MOST_ROWS_OF_ONE = 3_000
ORDINARY = 300
"""Rows of questions a process keeps at most, and of one question; characters that an ordinary one has."""
_LONG = {str, bytes, memoryview}
Result = TypeVar("Result")
ReadFrom = tuple[tuple[str, Hashable], ...]
"""Tables with the marks that they had."""
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


class _Rows:
    """Rows of questions under the marks of the tables that they were read from."""

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, tuple[ReadFrom, int, Any]] = OrderedDict()
        self._marks: Marks = {}

    def clear_out(self, marks: Marks) -> None:
        """Let go what was read from tables that have been written since."""
        with self._lock:
            if marks is self._marks:
                return
            self._marks = marks
            for key, (read_from, size, _) in list(self._answers.items()):
                if not _stands(read_from, marks):
                    del self._answers[key]
                    self._held -= size

    def find(self, key: Hashable, marks: Marks) -> tuple[bool, Any]:
        with self._lock:
            read_from, _, rows = self._answers.get(key, (None, 0, None))
            # Another thread may have looked earlier or later than this one.
            if read_from is None or not _stands(read_from, marks):
                return False, None
            self._answers.move_to_end(key)
            return True, rows

    def put(self, key: Hashable, read_from: ReadFrom, size: int, rows: Any) -> None:
        with self._lock:
            self._held += size - self._answers.pop(key, ((), 0, None))[1]
            self._answers[key] = read_from, size, rows
            while self._held > self._most:
                _, (_, gone, _) = self._answers.popitem(last=False)
                self._held -= gone


def _stands(read_from: ReadFrom, marks: Marks) -> bool:
    return all(marks.get(table) == mark for table, mark in read_from)


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


_numbers, _tables, _rows, _watch = _Shelf(MOST_NUMBERS), _Shelf(MOST_TABLES), _Rows(MOST_ROWS), _Watch()


@contextmanager
def watching() -> Iterator[None]:
    """Keep what is worked out inside the block, which need not refuse writes: who asks is found out there."""
    if _stamp() is not None or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    # The stamp is taken before anything is read: an answer may be newer than its stamp, never older.
    with _under(_stamp_of_now(), is_watched=True):
        yield


@contextmanager
def _under(stamp: Stamp | None, *, is_watched: bool) -> Iterator[None]:
    before = {**vars(_here)}
    _here.stamp, _here.is_watched, _here.marks = stamp, is_watched, None
    _here.line = None if stamp is None else connections[connection.alias]
    try:
        yield
    finally:
        vars(_here).clear()
        vars(_here).update(before)


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
    if _stamp() is not None and not _here.is_watched:
        yield  # inside another block that reads
        return
    is_own = not connection.in_atomic_block
    with transaction.atomic(), ExitStack() as stack:
        with connection.cursor() as cursor:
            if is_own:
                # One look at the database for the whole page; equal snapshots show equal rows.
                cursor.execute(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
                    "SELECT pg_current_snapshot()::text"
                )
                cursor.nextset()
                stamp = (connection.alias, *cursor.fetchone(), clock.today())
                stack.enter_context(_under(stamp, is_watched=False))
            else:
                cursor.execute("SET TRANSACTION READ ONLY")
        yield


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


def keeps_rows(line: BaseDatabaseWrapper) -> bool:
    """Whether rows that this connection reads may be kept: it stands under a stamp, and writes nothing."""
    if getattr(_here, "line", None) is not line:
        return False
    return not (_here.is_watched and line.in_atomic_block)


def _size(rows: Any) -> int:
    """How many rows of ordinary length these are: a file or a long text counts for as many as it fills."""
    parts = rows if isinstance(rows, list) else [[rows or ()]]
    texts = (len(value) for part in parts for row in part for value in row if type(value) in _LONG)
    return 1 + sum(map(len, parts)) + sum(texts) // ORDINARY


def keep_rows(ask: Callable[[], Any], how: str, sql: str, values: Sequence[Any]) -> Any:
    """The rows of a question: kept ones if no table was written since that it speaks of.

    Args:
        ask: asks the database.
        how: whether one row or all are wanted.
        sql: the question; it says by itself of which tables it speaks.
        values: what stands in its places.

    Returns:
        Plain values that requests share: nobody may change them.
    """
    if _here.marks is None:
        _here.marks = marks_at(_here.stamp)
        _rows.clear_out(_here.marks)
    # 1, 1.0 and True are equal and yet not the same to a database.
    key = (connection.alias, how, sql, tuple(values), tuple(map(type, values)))
    try:
        is_known, rows = _rows.find(key, _here.marks)
    except TypeError:  # a value that cannot be a key, such as a list
        return ask()
    if is_known:
        return rows
    rows = ask()
    size = _size(rows)
    tables = tables_in(sql) if size <= MOST_ROWS_OF_ONE else None
    if tables and tables <= _here.marks.keys():
        _rows.put(key, tuple((table, _here.marks[table]) for table in tables), size, rows)
    return rows


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
