"""The triggers by which each table keeps a mark of its last change (`core.marks`).

They are made after every migration rather than by one: each table has them, and SQLite makes a table anew,
without its triggers, whenever a migration alters it.
"""

from __future__ import annotations

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from qizhi.core.marks import TABLE, TRIGGER

EVENTS = ("insert", "update", "delete")
# Names of tables come from models, never from people.
_SQLITE = f"CREATE TABLE {TABLE} (name text NOT NULL PRIMARY KEY, mark integer NOT NULL) WITHOUT ROWID"
_POSTGRES = f"CREATE TABLE {TABLE} (name text, xid bigint, mark numeric NOT NULL, PRIMARY KEY (name, xid))"
# A row for each table and transaction: no writer waits for another, and the sum of a table's marks tells
# which transactions are to be seen. A row of this number that another transaction wrote comes from a server
# that counted its own (a dump was put back elsewhere): it changes as well. Now and then what has been
# committed is put together; the sum stays.
_NOTE = f"""
CREATE OR REPLACE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE me bigint := pg_current_xact_id()::text::bigint;
BEGIN
  INSERT INTO {TABLE} (name, xid, mark) VALUES (TG_TABLE_NAME, me, (random() * 9e15)::bigint)
  ON CONFLICT (name, xid) DO UPDATE SET mark = {TABLE}.mark + excluded.mark
  WHERE {TABLE}.xmin <> pg_current_xact_id()::xid;
  IF FOUND AND me % 64 = 0 THEN
    WITH gone AS (
      DELETE FROM {TABLE} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM {TABLE} WHERE name = TG_TABLE_NAME AND xid <> me FOR UPDATE SKIP LOCKED
      )) RETURNING mark
    )
    UPDATE {TABLE} SET mark = mark + (SELECT coalesce(sum(mark), 0) FROM gone)
    WHERE name = TG_TABLE_NAME AND xid = me;
  END IF;
  RETURN NULL;
END $$
"""


def watch_tables(connection: BaseDatabaseWrapper) -> None:
    """Give each table of ours the triggers that it lacks."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        cursor.execute(
            "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
            if is_sqlite
            else "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        triggers = set(cursor.fetchall())
    with connection.schema_editor(atomic=True) as editor:
        if TABLE not in there:
            editor.execute(_SQLITE if is_sqlite else _POSTGRES, params=None)
        if not is_sqlite:
            editor.execute(_NOTE, params=None)
        for table in tables_of_ours():
            if table in there:
                (_watch_sqlite if is_sqlite else _watch_postgres)(editor, table, triggers)


def tables_of_ours() -> list[str]:
    """The tables of the product; others, such as sessions, are never kept."""
    models = [
        one for app in apps.get_app_configs() if app.name.startswith("qizhi.") for one in app.get_models(True)
    ]
    return [model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy]


def _watch_sqlite(editor: BaseDatabaseSchemaEditor, table: str, triggers: set[tuple[str, str]]) -> None:
    for event in EVENTS:
        name = f"{table}_change_{event}"
        if (table, name) not in triggers:
            editor.execute(
                f'CREATE TRIGGER "{name}" AFTER {event.upper()} ON "{table}" '
                f"BEGIN UPDATE {TABLE} SET mark = random() WHERE name = '{table}'; END",
                params=None,
            )
    # A table made anew was written without its triggers.
    editor.execute(f"REPLACE INTO {TABLE} VALUES ('{table}', random())", params=None)


def _watch_postgres(editor: BaseDatabaseSchemaEditor, table: str, triggers: set[tuple[str, str]]) -> None:
    if (table, TRIGGER) in triggers:
        return
    editor.execute(
        f'CREATE TRIGGER {TRIGGER} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{table}" '
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TRIGGER}()",
        params=None,
    )
    editor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER {TRIGGER}', params=None)
    first = f"VALUES ('{table}', pg_current_xact_id()::text::bigint, (random() * 9e15)::bigint)"
    editor.execute(f"INSERT INTO {TABLE} {first} ON CONFLICT DO NOTHING", params=None)
