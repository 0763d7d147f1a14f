"""What the database believes of its tables, after many rows came in at once."""

from __future__ import annotations

from django.db import connection


def refresh() -> None:
    """Let PostgreSQL count anew before it plans the next query; SQLite plans without such counts.

    Its own rounds see only committed rows and come a minute later; until then it takes full tables for empty
    ones and joins them row by row. Works inside a transaction.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE (SKIP_LOCKED)")  # a table it is at work on needs no second count
