"""One after the other: who takes a turn keeps others out of the same work until the transaction ends.

And what takes minutes tells everybody that it is being done: a claim, which ends with its process however
that dies, so that nobody waits for a work that no one does any more.
"""

from __future__ import annotations

import fcntl
import tempfile
import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


def take_turn(work: str, key: uuid.UUID, parts: Iterable[str] = ("",)) -> None:
    """Wait until nobody else does these parts of the work for this key; inside the caller's transaction.

    On SQLite whoever writes has the whole file to themselves already (see `core/db/sqlite`). A process that
    is killed gives its turn back: both engines end its transaction.

    Args:
        work: a name for what is done, such as `regulations.findings`.
        key: whose; two bureaus never wait for each other.
        parts: of the work, such as months: who does others does not wait. Several are taken in their order,
            so that no two wait for each other for ever.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for part in sorted(set(parts)):
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{work}/{key}/{part}"]
                )


@contextmanager
def claim(work: str, key: uuid.UUID) -> Iterator[bool]:
    """Tell others, for as long as the block lasts, that this is being done; outside of a transaction, too.

    A claim says what goes on and decides nothing: whoever writes still asks the rows.

    Args:
        work: a name for what is done, such as `core.import`.
        key: of what it is done to.

    Yields:
        Whether the claim is ours; not so where somebody else has it.
    """
    way = _claim_on_server if connection.vendor == "postgresql" else _claim_by_file
    with way(work, key) as is_ours:
        yield is_ours


def claimed(work: str, keys: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the keys to which this is being done now, by whatever process, in one question at most."""
    if not keys or connection.vendor != "postgresql":
        return {key for key in keys if _is_locked(_file_of(work, key))}
    names = {f"{work}/{key}": key for key in keys}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMED, [list(names)])
        return {names[name] for (name,) in cursor.fetchall()}


_CLAIMED = """
SELECT name FROM unnest(%s::text[]) AS name WHERE EXISTS (
    SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32) | objid::bigint = hashtextextended(name, 0)
)
"""


@contextmanager
def _claim_on_server(work: str, key: uuid.UUID) -> Iterator[bool]:
    if claimed(work, [key]):  # the server gives a connection what it has already, a second time
        yield False
        return
    name = [f"{work}/{key}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", name)
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)


@contextmanager
def _claim_by_file(work: str, key: uuid.UUID) -> Iterator[bool]:
    path = _file_of(work, key)
    with path.open("ab") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            path.unlink(missing_ok=True)


def _is_locked(path: Path) -> bool:
    try:
        with path.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _file_of(work: str, key: uuid.UUID) -> Path:
    """Beside the database; one in memory has no place of its own."""
    name = str(connection.settings_dict["NAME"])
    is_file = Path(name).parent.is_dir() and ":" not in name
    return Path(f"{name if is_file else Path(tempfile.gettempdir()) / 'qizhi'}.{work}-{key.hex}.lock")
