"""The triggers by which each table keeps a mark of its last change (`core.marks`).

They are made after every migration rather than by one: each table has them, and SQLite makes a table anew,
without its triggers, whenever a migration alters it.
"""

from __future__ import annotations

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from qizhi.core.marks import LOTS, TABLE, TRIGGER

EVENTS = ("insert", "update", "delete")
# Names of tables come from models, never from people.
_SQLITE = f"CREATE TABLE {TABLE} (name text NOT NULL PRIMARY KEY, mark integer NOT NULL) WITHOUT ROWID"
_POSTGRES = f"CREATE TABLE {TABLE} (name text NOT NULL, mark bigint NOT NULL)"
# A row for each statement that writes, and no index: no writer waits for another. The sum of a table's marks
# tells which transactions are to be seen; no number of theirs stands there, which a dump would bring along to
# a server that counts its own. Now and then what is there is put together; the sum stays.
_NOTE = f"""
CREATE OR REPLACE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO {TABLE} (name, mark) VALUES (TG_TABLE_NAME, (random() * {LOTS})::bigint);
  IF random() < 0.015 THEN
    WITH gone AS (
      DELETE FROM {TABLE} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM {TABLE} WHERE name = TG_TABLE_NAME FOR UPDATE SKIP LOCKED
      )) RETURNING mark
    )
    INSERT INTO {TABLE} (name, mark)
    SELECT TG_TABLE_NAME, (sum(mark) % {LOTS})::bigint FROM gone HAVING count(*) > 0;
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
    editor.execute(f"INSERT INTO {TABLE} VALUES ('{table}', (random() * {LOTS})::bigint)", params=None)
