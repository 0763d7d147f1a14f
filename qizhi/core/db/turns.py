"""One after the other: who takes a turn keeps others out of the same work until the transaction ends."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

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
