"""A database in a file, for tests of what is kept: theirs lies in memory on SQLite and cannot be watched."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.utils import load_backend

from qizhi.core.db import changes, fresh


@contextmanager
def on_a_file(path: Path) -> Iterator[None]:
    """Put an empty database in a file in the place of the one in memory; on PostgreSQL nothing is done."""
    if connection.vendor == "postgresql":
        yield
        return
    real = connections["default"]
    settings = {**real.settings_dict, "NAME": str(path), "OPTIONS": {"transaction_mode": "IMMEDIATE"}}
    made = load_backend("qizhi.core.db.sqlite").DatabaseWrapper(settings, "default")
    connections["default"] = made
    try:
        fresh.build(made)
        changes.watch_tables(made)
        yield
    finally:
        connections["default"] = real
        made.close()


def run_outside(text: str, values: Sequence[Any]) -> None:
    """Run a statement with places `%s` over a connection that nobody of ours knows."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as line:
            line.execute(
                text.replace("%s", "?"), [str(one) if isinstance(one, dt.date) else one for one in values]
            )
            line.commit()
        return
    with other_line() as line:
        line.execute(text, values)


def other_line() -> Any:
    """A connection of PostgreSQL's own driver to the database of the tests."""
    psycopg = pytest.importorskip("psycopg")
    wanted = {"dbname", "host", "port", "user", "password"}
    return psycopg.connect(
        **{key: value for key, value in connection.get_connection_params().items() if key in wanted}
    )
