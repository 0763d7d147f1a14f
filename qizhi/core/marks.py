"""When each table was last written: a mark a table, which every write changes in its own transaction.

Triggers of the database change the marks (`core.db.changes`), so that no road passes them by: ORM, bulk, raw
SQL, cascades, commands, other programs. A mark is drawn by lot, not counted: it never comes again, even after
an older copy of the database was put back. A table without its triggers has no mark.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Hashable, Mapping
from functools import cache

from django.apps import apps
from django.db import connection

TABLE = "core_change"
TRIGGER = "core_change"
"""Of PostgreSQL; on SQLite a table has three, `<table>_change_insert` and so on."""
LOTS = 2**52
"""From so many a mark is drawn; of PostgreSQL it is the sum of what was drawn, as a remainder of it."""
Stamp = tuple[Hashable, ...]
Marks = Mapping[str, Hashable]
# Words in a statement whose answer may change though no table does.
_MOODS = {"now", "rand", "random", "randomblob", "gen_random_uuid", "nextval"}
_MOODS |= {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"}
_MOODS |= {"clock_timestamp", "statement_timestamp", "transaction_timestamp"}
_OF_SQLITE = f"SELECT name, mark FROM {TABLE}"  # noqa: S608 - a name of ours
# Only tables whose trigger is there and fires; in the same look as the snapshot that the marks belong to.
_OF_POSTGRES = f"""
SELECT pg_current_snapshot()::text, c.name, c.mark FROM (SELECT 1) AS one
LEFT JOIN (SELECT name, (sum(mark) % {LOTS})::text AS mark FROM {TABLE} GROUP BY name) AS c ON EXISTS (
    SELECT 1 FROM pg_trigger t
    WHERE t.tgrelid = to_regclass(c.name) AND t.tgname = '{TRIGGER}' AND t.tgenabled = 'A'
) ORDER BY c.name
"""  # noqa: S608 - names of ours
_WATCHED = """
SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name IN (
    tbl_name || '_change_insert', tbl_name || '_change_update', tbl_name || '_change_delete'
) GROUP BY tbl_name HAVING COUNT(*) = 3
"""
_lock = threading.Lock()
_known: tuple[Stamp, Marks] = ((), {})
_watched: tuple[Hashable, frozenset[str]] = (None, frozenset())


def marks_at(stamp: Stamp) -> Marks:
    """The marks that stand at a stamp, or later ones; one statement where this process does not know them.

    Args:
        stamp: of the request: name of the database, then what tells one state of it from another, the day.
    """
    global _known  # noqa: PLW0603 - what the process knows
    with _lock:
        if _known[0] == stamp:
            return _known[1]
    found = _on_sqlite(stamp) if connection.vendor == "sqlite" else _on_postgres(stamp)
    with _lock:
        _known = found
    return found[1]


def _on_postgres(stamp: Stamp) -> tuple[Stamp, Marks]:
    with connection.cursor() as cursor:
        cursor.execute(_OF_POSTGRES)
        rows = cursor.fetchall()
    # Outside a transaction this look is a later one than the stamp's: the marks belong to it.
    return (stamp[0], rows[0][0], stamp[-1]), {name: mark for _, name, mark in rows if name is not None}


def _on_sqlite(stamp: Stamp) -> tuple[Stamp, Marks]:
    """Read after the stamp was taken: they may be newer than it, and what is read under them newer still."""
    global _watched  # noqa: PLW0603 - what the process knows
    connection.ensure_connection()
    (version,) = connection.connection.execute("PRAGMA schema_version").fetchone()
    with connection.cursor() as cursor:
        key = (stamp[0], version)
        if _watched[0] != key:
            cursor.execute(_WATCHED)
            _watched = key, frozenset(name for (name,) in cursor.fetchall())
        watched = _watched[1]
        if not watched:
            return stamp, {}
        cursor.execute(_OF_SQLITE)
        return stamp, {name: mark for name, mark in cursor.fetchall() if name in watched}


def tables_in(sql: str) -> frozenset[str] | None:
    """The tables that a statement speaks of; None where its answer does not hang on tables alone."""
    words = set(re.findall(r"\w+", sql.lower()))
    return None if words & _MOODS else frozenset(words & _tables())


@cache
def _tables() -> frozenset[str]:
    """Every table that a model has, whether it has a mark or not."""
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True))
