"""Expressions in SQL that a plain console of each engine knows too, so that constraints may hold them."""

from __future__ import annotations

from typing import Any

from django.db.models import DateField, Func, TextField


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


class InOneText(Func):
    """The values of a column in all rows, as one text with spaces between: for a subquery of few."""

    arity = 1
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """By the function of SQLite."""
        return self.as_sql(compiler, connection, template="group_concat(%(expressions)s, ' ')", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """By that of PostgreSQL, which takes texts alone."""
        return self.as_sql(
            compiler, connection, template="string_agg(CAST(%(expressions)s AS text), ' ')", **extra
        )
