"""Migration operations of our own: rules that the database itself holds, and many tables at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# Table and column names below come from models and migration files, never from people.


class DatabaseRule(Operation):
    """Something that the database holds by itself and that no model states; `name` tells it from others."""

    @property
    def name(self) -> str:
        """Which rule of which table."""
        raise NotImplementedError


class _Trigger(DatabaseRule):
    """A trigger made and dropped; subclasses give the SQL of each engine."""

    reversible = True
    reduces_to_sql = True

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
        # What alters a table on SQLite makes it anew, without its triggers: making them again is no mistake.
        self._drop(schema_editor, to_state.apps.get_model(app_label, self.model)._meta.db_table)
        model = to_state.apps.get_model(app_label, self.model)
        self.columns = sorted(str(field.column) for field in model._meta.concrete_fields)
        table = model._meta.db_table
        is_sqlite = schema_editor.connection.vendor == "sqlite"
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
        self._drop(schema_editor, from_state.apps.get_model(app_label, self.model)._meta.db_table)

    def _drop(self, schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        for event in ("insert", "update", "delete"):
            name = f"{table}_{self.suffix}_{event}"
            schema_editor.execute(
                f'DROP TRIGGER IF EXISTS "{name}"'
                if is_sqlite
                else f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
                params=None,
            )

    suffix = "rule"
    columns: Sequence[str] = ()

    def sqlite(self, table: str) -> list[str]:
        """Statements for SQLite."""
        raise NotImplementedError

    def postgres(self, table: str) -> list[str]:
        """Statements for PostgreSQL."""
        raise NotImplementedError


class AppendOnly(_Trigger):
    """Rows are added and never changed or deleted."""

    suffix = "append_only"

    def describe(self) -> str:
        """What it does, for `migrate --plan`."""
        return f"Make {self.model} append-only"

    def sqlite(self, table: str) -> list[str]:
        """One trigger for each refused verb."""
        return [
            f'CREATE TRIGGER "{table}_append_only_{verb}" BEFORE {verb.upper()} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]

    def postgres(self, table: str) -> list[str]:
        """One function, two triggers."""
        body = (
            f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION '{table} is append-only' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        return [
            body,
            *(
                f'CREATE TRIGGER "{table}_append_only_{verb}" BEFORE {verb.upper()} ON "{table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
                for verb in ("update", "delete")
            ),
        ]


class Sealed(_Trigger):
    """Rows that can no longer be changed or deleted once they, or what they belong to, have come to count.

    Options:
        when: column and value that seal a row, or its owner where `owners` are given; none: from the start.
        unless: column and value that leave a row open.
        owners: pairs of a column and the table it points to, from the row up to what is sealed.
        free: columns that may change all the same.
        until: column and value that a row must still have for its free columns to change; none: always.

    A row of a sealed owner cannot be added either: copies and archives bring rows before their owners.
    A migration that alters a sealed table, or the table of an owner, has to say `Sealed` again.
    """

    suffix = "sealed"

    def describe(self) -> str:
        """What it does, for `migrate --plan`."""
        return f"Seal rows of {self.model}"

    def _condition(self, row: str) -> str:
        """SQL: whether the row (`OLD` or `NEW`) is sealed."""
        owners = self.options.get("owners") or []
        when = self.options.get("when") or {}
        if not owners:
            tests = [f"{row}.\"{name}\" = '{value}'" for name, value in when.items()]
            tests += [f"{row}.\"{k}\" <> '{v}'" for k, v in (self.options.get("unless") or {}).items()]
            return " AND ".join(tests) or "1 = 1"
        (column, table), *above = owners
        joined = f'"{table}" o0'
        for number, (key, owner) in enumerate(above):
            joined += f' JOIN "{owner}" o{number + 1} ON o{number + 1}."id" = o{number}."{key}"'
        tests = [f'o0."id" = {row}."{column}"']
        tests += [f"o{len(above)}.\"{name}\" = '{value}'" for name, value in when.items()]
        return f"EXISTS (SELECT 1 FROM {joined} WHERE {' AND '.join(tests)})"

    def _changed(self, differ: str) -> str:
        """SQL: whether a column that is not free has changed, or a free one too late."""
        free = set(self.options.get("free") or [])
        held = [name for name in self.columns if name not in free]
        tests = [f'OLD."{name}" {differ} NEW."{name}"' for name in held]
        tests += [f"OLD.\"{name}\" <> '{value}'" for name, value in (self.options.get("until") or {}).items()]
        return f"({' OR '.join(tests)})"

    def _events(self, differ: str) -> dict[str, str]:
        """Verb → when it is refused."""
        update = f"{self._condition('OLD')} AND {self._changed(differ)}"
        events = {"update": update, "delete": self._condition("OLD")}
        if self.options.get("owners"):
            # Nor may a row be moved or added to what is sealed.
            events["insert"] = self._condition("NEW")
            events["update"] = f"({self._condition('OLD')} OR {self._condition('NEW')}) AND " + self._changed(
                differ
            )
        return events

    def sqlite(self, table: str) -> list[str]:
        """One trigger for each refused verb."""
        return [
            f'CREATE TRIGGER "{table}_sealed_{verb}" BEFORE {verb.upper()} ON "{table}" WHEN {condition} '
            f"BEGIN SELECT RAISE(ABORT, '{table} is sealed'); END"
            for verb, condition in self._events("IS NOT").items()
        ]

    def postgres(self, table: str) -> list[str]:
        """A function that refuses, called where the condition holds: WHEN may hold no subquery there."""
        statements = []
        for verb, condition in self._events("IS DISTINCT FROM").items():
            answer = "OLD" if verb == "delete" else "NEW"
            statements += [
                (
                    f"CREATE OR REPLACE FUNCTION {table}_sealed_{verb}() RETURNS trigger "
                    f"LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN RAISE EXCEPTION '{table} is sealed' "
                    f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {answer}; END $$"
                ),
                (
                    f'CREATE TRIGGER "{table}_sealed_{verb}" BEFORE {verb.upper()} ON "{table}" '
                    f"FOR EACH ROW EXECUTE FUNCTION {table}_sealed_{verb}()"
                ),
            ]
        return statements


class Moves(_Trigger):
    """A row goes from one state to another only along given ways; where no way leads on, it rests unchanged.

    Options: `column` of the state; `ways`, from each state to those that may follow it. A state that is not
    named has no way on. Rows are born in any state: copies and archives bring them as they stand.
    """

    suffix = "moves"

    def describe(self) -> str:
        """What it does, for `migrate --plan`."""
        return f"Hold the states of {self.model} to their ways"

    def _refused(self, differ: str) -> str:
        """SQL: whether a row goes where no way leads, or stirs where it should rest."""
        column, ways = self.options["column"], self.options["ways"]
        known = ", ".join(f"'{state}'" for state in ways)
        steps = [
            f'OLD."{column}" = \'{state}\' AND NEW."{column}" IN ({", ".join(repr(to) for to in onward)})'
            for state, onward in ways.items()
        ]
        stays = f'OLD."{column}" = NEW."{column}"'
        stirs = " OR ".join(f'OLD."{name}" {differ} NEW."{name}"' for name in self.columns)
        return f'(NOT ({stays} OR {" OR ".join(steps)})) OR (OLD."{column}" NOT IN ({known}) AND ({stirs}))'

    def sqlite(self, table: str) -> list[str]:
        """One trigger before update."""
        return [
            (
                f'CREATE TRIGGER "{table}_moves_update" BEFORE UPDATE ON "{table}" '
                f"WHEN {self._refused('IS NOT')} BEGIN SELECT RAISE(ABORT, '{table} has no such way'); END"
            )
        ]

    def postgres(self, table: str) -> list[str]:
        """A function that refuses."""
        body = (
            f"CREATE OR REPLACE FUNCTION {table}_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{table} has no such way' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        return [
            body,
            (
                f'CREATE TRIGGER "{table}_moves_update" BEFORE UPDATE ON "{table}" FOR EACH ROW '
                f"WHEN ({self._refused('IS DISTINCT FROM')}) EXECUTE FUNCTION {table}_moves()"
            ),
        ]


class NoOverlap(_Trigger):
    """Dated rows of one key never cover the same day twice.

    Options: `keys`, the columns that say "the same thing"; `start` and `end`, the date columns (both
    days included; an empty end is open). Several rows in one statement are checked one by one.
    """

    suffix = "no_overlap"

    def describe(self) -> str:
        """What it does, for `migrate --plan`."""
        return f"Refuse overlapping rows of {self.model} by {', '.join(self.options['keys'])}"

    def _condition(self, table: str) -> str:
        start, end = self.options["start"], self.options["end"]
        same = " AND ".join(f'o."{key}" = NEW."{key}"' for key in self.options["keys"])
        return (
            f'SELECT 1 FROM "{table}" o WHERE {same} AND o."id" <> NEW."id" '
            f'AND (NEW."{end}" IS NULL OR o."{start}" <= NEW."{end}") '
            f'AND (o."{end}" IS NULL OR o."{end}" >= NEW."{start}")'
        )

    def sqlite(self, table: str) -> list[str]:
        """A trigger before insert and before update."""
        return [
            f'CREATE TRIGGER "{table}_no_overlap_{verb}" BEFORE {verb.upper()} ON "{table}" '
            f"WHEN EXISTS ({self._condition(table)}) BEGIN SELECT RAISE(ABORT, '{table} overlaps'); END"
            for verb in ("insert", "update")
        ]

    def postgres(self, table: str) -> list[str]:
        """A function; the lock on the key keeps two transactions from passing each other."""
        key = " || '/' || ".join(f'NEW."{key}"::text' for key in self.options["keys"])
        body = (
            f"CREATE OR REPLACE FUNCTION {table}_no_overlap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"PERFORM pg_advisory_xact_lock(hashtextextended('{table}/' || {key}, 0)); "
            f"IF EXISTS ({self._condition(table)}) THEN RAISE EXCEPTION '{table} overlaps' "
            "USING ERRCODE = 'exclusion_violation'; END IF; RETURN NEW; END $$"
        )
        return [
            body,
            *(
                f'CREATE TRIGGER "{table}_no_overlap_{verb}" BEFORE {verb.upper()} ON "{table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {table}_no_overlap()"
                for verb in ("insert", "update")
            ),
        ]


class CreateModels(Operation):
    """Several new tables at once: Django draws its picture of all models once for them."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: list[CreateModel]) -> None:
        """Keep what Django would do one by one."""
        self.operations = operations

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How the migration file writes it."""
        return type(self).__name__, [], {"operations": self.operations}

    def describe(self) -> str:
        """What it does, for `migrate --plan`."""
        return f"Create models {', '.join(operation.name for operation in self.operations)}"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add all of them; the picture is dropped first and drawn anew when somebody asks for it."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the tables in order."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop them, the last first."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)
