"""An empty database made in one step has the schema that the migrations make one by one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

OTHER = "qizhi_made_both_ways"
IN_POSTGRES = {
    "columns": "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, "
    "numeric_scale, is_nullable FROM information_schema.columns WHERE table_schema = 'public'",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid) "
    "FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
    "triggers": "SELECT tgname, pg_get_triggerdef(oid), pg_get_functiondef(tgfoid) FROM pg_trigger "
    "WHERE NOT tgisinternal",
}


def one_by_one(address):
    """Every migration on an empty database, by the command, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--one-by-one", "--skip-checks"],
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def parts_of(statement):
    """A table's columns and constraints in an order of their own: migrations add columns at the end."""
    depth, part, parts = 0, "", []
    for char in statement[statement.index("(") + 1 : statement.rindex(")")]:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "," and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += char
    return sorted([*parts, part.strip()])


def sqlite_schema(cursor):
    cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return {
        (kind, name): parts_of(text) if kind == "table" and "VIRTUAL" not in text else text
        for kind, name, text in cursor.fetchall()
        if text
    }


def on_sqlite(folder):
    """The database of the tests was made in one step; another is made one by one in a file."""
    one_by_one(f"sqlite:///{folder / OTHER}")
    with contextlib.closing(sqlite3.connect(folder / OTHER)) as line, connection.cursor() as cursor:
        return sqlite_schema(cursor), sqlite_schema(line.cursor())


def postgres_schema(cursor):
    found = {}
    for what, question in IN_POSTGRES.items():
        cursor.execute(question)
        found[what] = sorted(map(str, cursor.fetchall()))
    return found


def on_postgres(django_db_blocker):
    """The database of the tests was made in one step; another is made one by one on the same server."""
    psycopg = pytest.importorskip("psycopg")
    with django_db_blocker.unblock():
        parameters = {
            key: value for key, value in connection.get_connection_params().items() if key != "dbname"
        }
        name = f"{OTHER}_{os.environ.get('PYTEST_XDIST_WORKER', '')}"
        plain = {key: parameters[key] for key in ("host", "port", "user", "password") if parameters.get(key)}
        with psycopg.connect(dbname="postgres", autocommit=True, **plain) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name}")
            server.execute(f"CREATE DATABASE {name}")
            try:
                address = urlsplit(os.environ["DATABASE_URL"])
                one_by_one(urlunsplit(address._replace(path=f"/{name}")))
                with psycopg.connect(dbname=name, **plain) as line, line.cursor() as cursor:
                    other = postgres_schema(cursor)
            finally:
                server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        with connection.cursor() as cursor:
            return postgres_schema(cursor), other


def test_both_ways_make_the_same_schema(tmp_path, db, django_db_blocker):
    is_sqlite = connection.vendor == "sqlite"
    fresh, migrated = on_sqlite(tmp_path) if is_sqlite else on_postgres(django_db_blocker)
    assert set(fresh) == set(migrated)
    for key in fresh:
        assert fresh[key] == migrated[key], key
