"""What every rule of the database itself has in common: a trigger made, made again, and dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import CheckConstraint, Model, UniqueConstraint, UUIDField

# Table and column names in this package come from models and migration files, never from people.

Key = tuple[tuple[str, ...], str]
"""Columns that no two rows share, and the condition under which; empty: always."""
EVENTS = ("insert", "update", "delete", "truncate")


class DatabaseRule(Operation):
    """Something that the database holds by itself and that no model states; `name` tells it from others."""

    @property
    def name(self) -> str:
        """Which rule of which table."""
        raise NotImplementedError


def drop(schema_editor: BaseDatabaseSchemaEditor, table: str, suffix: str) -> None:
    """Drop the triggers of a rule, as far as they are there."""
    on = "" if schema_editor.connection.vendor == "sqlite" else f' ON "{table}"'
    for event in EVENTS:
        schema_editor.execute(f'DROP TRIGGER IF EXISTS "{table}_{suffix}_{event}"{on}', params=None)


class Lift(Operation):
    """Lift a rule of a table before another table that the rule names is altered: SQLite makes that one anew.

    The migration says the rule again afterwards.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model: str, rule: str, app: str = "") -> None:
        """Keep the model's name and the name of the rule; `app` where the model is another one's."""
        self.model, self.rule, self.app = model, rule, app

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How the migration file writes it."""
        more = {"app": self.app} if self.app else {}
        return type(self).__name__, [], {"model": self.model, "rule": self.rule, **more}

    def describe(self) -> str:
        """What it does, for `migrate --plan`."""
        return f"Lift the rule {self.rule} of {self.model}"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of Django's state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the triggers."""
        model = to_state.apps.get_model(self.app or app_label, self.model)
        drop(schema_editor, model._meta.db_table, self.rule)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Nothing: backwards, what is said again afterwards has been dropped already."""


class Trigger(DatabaseRule):
    """A trigger made and dropped; subclasses give the SQL of each engine.

    Option `app`: of the model, where an app above says a rule of a table below.
    """

    reversible = True
    reduces_to_sql = True

    suffix: str = "rule"
    columns: Sequence[str] = ()
    keys: Sequence[Key] = ()
    checks: Sequence[str] = ()

    def __init__(self, model: str, **options: Any) -> None:
        """Keep the model's name and the options, which the migration file states."""
        self.model = model
        self.options = options

    @property
    def name(self) -> str:
        """The kind of rule, the table, and for what else a table can have several of."""
        return f"{self.suffix} {self.model.lower()}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How the migration file writes it."""
        return type(self).__name__, [], {"model": self.model, **self.options}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of Django's state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the triggers."""
        model = to_state.apps.get_model(self.options.get("app", app_label), self.model)
        table = model._meta.db_table
        # What alters a table on SQLite makes it anew, without its triggers: making them again is no mistake.
        self._drop(schema_editor, table)
        self.columns = sorted(str(field.column) for field in model._meta.concrete_fields)
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        self.keys = keys_of(model, schema_editor) if is_sqlite else ()
        self.checks = checks_of(model, schema_editor) if is_sqlite else ()
        for statement in self.sqlite(table) if is_sqlite else self.postgres(table):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the triggers."""
        model = from_state.apps.get_model(self.options.get("app", app_label), self.model)
        self._drop(schema_editor, model._meta.db_table)

    def _drop(self, schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
        drop(schema_editor, table, self.suffix)

    def sqlite(self, table: str) -> list[str]:
        """Statements for SQLite."""
        raise NotImplementedError

    def postgres(self, table: str) -> list[str]:
        """Statements for PostgreSQL."""
        raise NotImplementedError


def keys_of(model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> list[Key]:
    """Everything by which a row of a table is the only one."""
    fields = model._meta.concrete_fields
    found: list[Key] = [((str(field.column),), "") for field in fields if field.unique]
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            columns = tuple(str(model._meta.get_field(name).column) for name in constraint.fields)  # type: ignore[union-attr]
            condition = constraint._get_condition_sql(model, schema_editor)  # type: ignore[attr-defined]  # noqa: SLF001 - as Django itself writes the index
            found.append((columns, condition or ""))
    return found


def checks_of(model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
    """What a new row must not be, in SQL for SQLite: it fails a check, or has a key not written as one."""
    table, columns = model._meta.db_table, {field.column for field in model._meta.concrete_fields}

    def of_row(found: re.Match[str]) -> str:
        return f"NEW.{found[0]}" if found[1] in columns else found[0]

    checks = [one for one in model._meta.constraints if isinstance(one, CheckConstraint)]
    found = []
    for check in sorted(checks, key=lambda one: one.name):
        sql = check._get_check_sql(model, schema_editor)  # type: ignore[attr-defined]  # noqa: SLF001 - as Django itself writes the table
        # A column of NEW has no affinity there: a number is compared with a number.
        plain = re.sub(r"'(-?\d+(?:\.\d+)?)'", r"\1", sql.replace(f'"{table}".', ""))
        found.append("NOT (" + re.sub(r'"(\w+)"', of_row, plain) + ")")
    for column in sorted(str(one.column) for one in model._meta.concrete_fields if _is_key(one)):
        value = f'NEW."{column}"'
        found.append(
            f"{value} IS NOT NULL AND (typeof({value}) <> 'text' OR length({value}) <> 32 "
            f"OR {value} GLOB '*[^0-9a-f]*')"
        )
    return found


def _is_key(field: Any) -> bool:
    """Whether a column holds the key of a row."""
    return isinstance(field.target_field if field.is_relation else field, UUIDField)


def taken(table: str, keys: Sequence[Key], held: str, *, others: bool = False) -> str:
    """SQL for SQLite: whether the new row would take the place of one that is held.

    `INSERT OR REPLACE` and `UPDATE OR REPLACE` remove the rows that share a key with the new one, and unless
    a connection asks for it (`recursive_triggers`) no trigger sees it: they have to be looked for before.

    Args:
        table: which.
        keys: by which two rows would be the same; that of SQLite's own (`rowid`) comes to them.
        held: SQL on a row `t`: whether it must stay.
        others: the row is changed: it may take its own place.
    """
    found = []
    for columns, condition in [*keys, (("rowid",), "")]:
        tests = [f't."{name}" = NEW."{name}"' for name in columns]
        tests += [re.sub(r'"(\w+)"', rf'{row}."\1"', f"({condition})") for row in ("t", "NEW") if condition]
        tests += ["t.rowid <> OLD.rowid"] if others else []
        tests += [held] if held != "1 = 1" else []
        found.append(f'EXISTS (SELECT 1 FROM "{table}" t WHERE {" AND ".join(tests)})')
    return f"({' OR '.join(found)})"
