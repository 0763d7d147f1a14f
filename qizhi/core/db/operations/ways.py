"""How rows stand to what they were and to each other: states and ways, days that do not overlap."""

from __future__ import annotations

from qizhi.core.db.operations.base import Trigger


class Moves(Trigger):
    """A row goes from one state to another only along given ways; where no way leads on, it rests unchanged.

    Options: `column` of the state; `ways`, from each state to those that may follow it. A state that is not
    named has no way on. `free`, from a state to the columns that may change in it and on the way out of it;
    in a state that is not named there all may. Rows are born in any state: copies and archives bring them as
    they stand.
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
        refused = [f"NOT ({stays} OR {' OR '.join(steps)})", f'OLD."{column}" NOT IN ({known}) AND ({stirs})']
        for state, free in (self.options.get("free") or {}).items():
            held = [name for name in self.columns if name != column and name not in free]
            changed = " OR ".join(f'OLD."{name}" {differ} NEW."{name}"' for name in held)
            refused.append(f"OLD.\"{column}\" = '{state}' AND ({changed})")
        return " OR ".join(f"({one})" for one in refused)

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


class NoOverlap(Trigger):
    """Dated rows of one key never cover the same day twice.

    Options: `keys`, the columns that say "the same thing"; `start` and `end`, the date columns (both
    days included; an empty end is open). Several rows in one statement are checked one by one. With `among`,
    a column and values of it, only rows with two different ones of these keep apart, and the table may have
    another such rule: it is called `rule`.
    """

    @property
    def suffix(self) -> str:  # type: ignore[override]
        """The name of the rule: a table can have several."""
        return str(self.options.get("rule", "no_overlap"))

    def describe(self) -> str:
        """What it does, for `migrate --plan`."""
        return f"Refuse overlapping rows of {self.model} by {', '.join(self.options['keys'])}"

    def _condition(self, table: str) -> str:
        start, end = self.options["start"], self.options["end"]
        same = " AND ".join(f'o."{key}" = NEW."{key}"' for key in self.options["keys"])
        for column, values in (self.options.get("among") or {}).items():
            listed = ", ".join(f"'{value}'" for value in values)
            same += f' AND o."{column}" IN ({listed}) AND NEW."{column}" IN ({listed})'
            same += f' AND o."{column}" <> NEW."{column}"'
        return (
            f'SELECT 1 FROM "{table}" o WHERE {same} AND o."id" <> NEW."id" '
            f'AND (NEW."{end}" IS NULL OR o."{start}" <= NEW."{end}") '
            f'AND (o."{end}" IS NULL OR o."{end}" >= NEW."{start}")'
        )

    def sqlite(self, table: str) -> list[str]:
        """A trigger before insert and before update."""
        return [
            f'CREATE TRIGGER "{table}_{self.suffix}_{verb}" BEFORE {verb.upper()} ON "{table}" '
            f"WHEN EXISTS ({self._condition(table)}) BEGIN SELECT RAISE(ABORT, '{table} overlaps'); END"
            for verb in ("insert", "update")
        ]

    def postgres(self, table: str) -> list[str]:
        """A function; the lock on the key keeps two transactions from passing each other."""
        key = " || '/' || ".join(f'NEW."{key}"::text' for key in self.options["keys"])
        body = (
            f"CREATE OR REPLACE FUNCTION {table}_{self.suffix}() RETURNS trigger "
            "LANGUAGE plpgsql AS $$ BEGIN "
            f"PERFORM pg_advisory_xact_lock(hashtextextended('{table}/' || {key}, 0)); "
            f"IF EXISTS ({self._condition(table)}) THEN RAISE EXCEPTION '{table} overlaps' "
            "USING ERRCODE = 'exclusion_violation'; END IF; RETURN NEW; END $$"
        )
        return [
            body,
            *(
                f'CREATE TRIGGER "{table}_{self.suffix}_{verb}" BEFORE {verb.upper()} ON "{table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {table}_{self.suffix}()"
                for verb in ("insert", "update")
            ),
        ]


class _DayAfter:
    """The next day in a condition: the column stands where a format is written."""

    def __init__(self, is_sqlite: bool) -> None:  # noqa: FBT001 - one engine or the other
        self._is_sqlite = is_sqlite

    def __format__(self, column: str) -> str:
        return f"date({column}, '+1 day')" if self._is_sqlite else f"({column} + 1)"


GONE = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
"""In PostgreSQL a row is deleted only where the trigger returns it."""


class Checked(Trigger):
    """What the checks of a table ask, asked by triggers too, and keys are written as keys are.

    On SQLite whoever connects can switch checks and foreign keys off for the connection, and then write the
    key of a person in capitals to pass for another; no connection can switch a trigger off. On PostgreSQL
    only an owner of the table can, and of triggers as well: nothing is said again there. Whatever adds or
    removes a check of the table has to say this again.
    """

    suffix = "checked"

    def describe(self) -> str:
        """What it does, for `migrate --plan`."""
        return f"Hold the checks of {self.model} whatever a connection has switched off"

    def sqlite(self, table: str) -> list[str]:
        """A trigger before insert and before update."""
        refused = " OR ".join(f"({one})" for one in self.checks)
        return [
            f'CREATE TRIGGER "{table}_checked_{verb}" BEFORE {verb.upper()} ON "{table}" '
            f"WHEN {refused} BEGIN SELECT RAISE(ABORT, '{table} does not pass its checks'); END"
            for verb in ("insert", "update")
        ]

    def postgres(self, table: str) -> list[str]:
        """Nothing."""
        return []


class Refuses(Trigger):
    """Rows that a condition is true of are not added, changed or deleted.

    Options: `rule`, the name of the rule; `verbs`, of `insert`, `update` and `delete`; `when`, the condition
    in SQL of both engines on `NEW` (and `OLD`), with `{differs}` for "is not the same, nothing being a value
    too" and `{day_after:NEW."…"}` for the next day; `says`, what is said to whoever tries.
    """

    def describe(self) -> str:
        """What it does, for `migrate --plan`."""
        return f"Refuse rows of {self.model} by the rule {self.suffix}"

    @property
    def suffix(self) -> str:  # type: ignore[override]
        """The name of the rule: a table can have several."""
        return str(self.options["rule"])

    def _when(self, differs: str) -> str:
        words = {"differs": differs, "day_after": _DayAfter(differs == "IS NOT")}
        return " ".join(str(self.options["when"]).format(**words).split())

    def sqlite(self, table: str) -> list[str]:
        """A trigger for each verb."""
        return [
            f'CREATE TRIGGER "{table}_{self.suffix}_{verb}" BEFORE {verb.upper()} ON "{table}" '
            f"WHEN {self._when('IS NOT')} BEGIN SELECT RAISE(ABORT, '{table} {self.options['says']}'); END"
            for verb in self.options["verbs"]
        ]

    def postgres(self, table: str) -> list[str]:
        """A function that refuses, called before each verb."""
        body = (
            f"CREATE OR REPLACE FUNCTION {table}_{self.suffix}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF {self._when('IS DISTINCT FROM')} "
            f"THEN RAISE EXCEPTION '{table} {self.options['says']}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"{'' if 'delete' not in self.options['verbs'] else GONE}RETURN NEW; END $$"
        )
        return [
            body,
            *(
                f'CREATE TRIGGER "{table}_{self.suffix}_{verb}" BEFORE {verb.upper()} ON "{table}" '
                f"FOR EACH ROW EXECUTE FUNCTION {table}_{self.suffix}()"
                for verb in self.options["verbs"]
            ),
        ]
