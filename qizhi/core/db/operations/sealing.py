"""Rows that stay: those that are only ever added, and those that have come to count."""

from __future__ import annotations

from qizhi.core.db.operations.base import Trigger, taken


class AppendOnly(Trigger):
    """Rows are added and never changed or deleted."""

    suffix = "append_only"

    def describe(self) -> str:
        """What it does, for `migrate --plan`."""
        return f"Make {self.model} append-only"

    def sqlite(self, table: str) -> list[str]:
        """One trigger for each refused verb, and for a new row in the place of an old one."""
        place = taken(table, self.keys, "1 = 1")
        return [
            f'CREATE TRIGGER "{table}_append_only_{verb}" BEFORE {verb.upper()} ON "{table}" {when}'
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb, when in (("insert", f"WHEN {place} "), ("update", ""), ("delete", ""))
        ]

    def postgres(self, table: str) -> list[str]:
        """One function, a trigger for each verb and for emptying the table."""
        body = (
            f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION '{table} is append-only' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        return [
            body,
            *(
                f'CREATE TRIGGER "{table}_append_only_{verb}" BEFORE {verb.upper()} ON "{table}" '
                f"FOR EACH {each} EXECUTE FUNCTION {table}_append_only()"
                for verb, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT"))
            ),
        ]


class Sealed(Trigger):
    """Rows that can no longer be changed or deleted once they, or what they belong to, have come to count.

    Options:
        when: column and value that seal a row, or its owner where `owners` are given; none: from the start.
        unless: column and value that leave a row open.
        owners: pairs of a column and the table it points to, from the row up to what is sealed.
        where: instead of all these, SQL on the row `{row}` that is true of what is sealed.
        free: columns that may change all the same.
        until: column and value that a row must still have for its free columns to change; none: always.

    A row of a sealed owner cannot be added either: copies and archives bring rows before their owners.
    A migration that alters a sealed table, or the table of an owner, has to say `Sealed`
    again, the latter after `Lift`.
    """

    suffix = "sealed"

    def describe(self) -> str:
        """What it does, for `migrate --plan`."""
        return f"Seal rows of {self.model}"

    def _condition(self, row: str) -> str:
        """SQL: whether the row (`OLD`, `NEW` or the name of a table) is sealed."""
        if where := self.options.get("where"):
            return f"({' '.join(str(where).format(row=row).split())})"
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
        """One trigger for each refused verb, and for a new row in the place of a sealed one."""
        events, held = self._events("IS NOT"), self._condition("t")
        place = taken(table, self.keys, held)
        events["insert"] = f"{events['insert']} OR {place}" if "insert" in events else place
        events["update"] = f"({events['update']}) OR {taken(table, self.keys, held, others=True)}"
        return [
            f'CREATE TRIGGER "{table}_sealed_{verb}" BEFORE {verb.upper()} ON "{table}" WHEN {condition} '
            f"BEGIN SELECT RAISE(ABORT, '{table} is sealed'); END"
            for verb, condition in events.items()
        ]

    def postgres(self, table: str) -> list[str]:
        """Functions that refuse, called where the condition holds: WHEN may hold no subquery there."""
        statements = []
        for verb, condition in self._events("IS DISTINCT FROM").items():
            answer = "OLD" if verb == "delete" else "NEW"
            statements += self._refusing(table, verb, "ROW", condition, answer)
        any_sealed = f'EXISTS (SELECT 1 FROM "{table}" t WHERE {self._condition("t")})'
        return statements + self._refusing(table, "truncate", "STATEMENT", any_sealed, "NULL")

    def _refusing(self, table: str, verb: str, each: str, condition: str, answer: str) -> list[str]:
        """A function that refuses under a condition, and its trigger."""
        return [
            (
                f"CREATE OR REPLACE FUNCTION {table}_sealed_{verb}() RETURNS trigger "
                f"LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN RAISE EXCEPTION '{table} is sealed' "
                f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {answer}; END $$"
            ),
            (
                f'CREATE TRIGGER "{table}_sealed_{verb}" BEFORE {verb.upper()} ON "{table}" '
                f"FOR EACH {each} EXECUTE FUNCTION {table}_sealed_{verb}()"
            ),
        ]
