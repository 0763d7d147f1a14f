"""One after the other: who takes a turn keeps others out of the same work until the transaction ends."""

from __future__ import annotations

import uuid

from django.db import connection


def take_turn(work: str, key: uuid.UUID) -> None:
    """Wait until nobody else does this work for this key; inside the caller's transaction.

    On SQLite whoever writes has the whole file to themselves already (see `core/db/sqlite`). A process that
    is killed gives its turn back: both engines end its transaction.

    Args:
        work: a name for what is done, such as `regulations.findings`.
        key: whose; two bureaus never wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{work}/{key}"])
