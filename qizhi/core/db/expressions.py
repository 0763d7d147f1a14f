"""Expressions for constraints, in SQL that a plain console of each engine knows too."""

from __future__ import annotations

from typing import Any

from django.db.models import DateField, Func


class DaysAfter(Func):
    """The day so many days after another: `DaysAfter(F("told_on"), F("days"))`."""

    arity = 2
    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """By SQLite's own function: what Django adds to its connections is not there for others."""
        return self.as_sql(
            compiler,
            connection,
            template="date(%(expressions)s || ' days')",
            arg_joiner=", '+' || ",
            **extra,
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """A day and a whole number make a day."""
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" + ", **extra)
