"""What somebody with a console of the database could try against a table whose rows must stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import Error, connection, transaction
from django.db.models import Model


def attempts(model: type[Model], key: str = "") -> Iterator[str]:
    """Statements by which rows would go without being deleted or changed by name.

    Args:
        model: whose table.
        key: another column by which rows are the only ones, if there is one.
    """
    table = model._meta.db_table
    if connection.vendor != "sqlite":
        yield f'TRUNCATE TABLE "{table}" CASCADE'
        return
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    other = columns.replace('"id"', "lower(hex(randomblob(16)))", 1)
    yield f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}"  # noqa: S608 - names of our own
    yield f"REPLACE INTO {table} (rowid, {columns}) SELECT rowid, {other} FROM {table}"  # noqa: S608 - names of our own
    if key:
        yield f"REPLACE INTO {table} ({columns}) SELECT {other} FROM {table} WHERE {key}"  # noqa: S608 - names of our own


def assert_stays(model: type[Model], match: str, key: str = "") -> None:
    """Every attempt is refused, and every row is still there."""
    connection.check_constraints()  # PostgreSQL empties no table that has checks before it
    before = list(model._base_manager.order_by("pk").values())
    assert before
    for statement in attempts(model, key):
        with pytest.raises(Error, match=match), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert list(model._base_manager.order_by("pk").values()) == before
