"""Django's compilers for PostgreSQL, of which those that ask let `core.kept` answer what it knows."""

from __future__ import annotations

from django.db.backends.postgresql import compiler

from qizhi.core.db import compiler as ours

__all__ = [  # Django looks for all of them here
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]


class SQLCompiler(ours.SQLCompiler, compiler.SQLCompiler):
    """A question."""


class SQLAggregateCompiler(ours.SQLAggregateCompiler, compiler.SQLAggregateCompiler):
    """A question whose answer is a sum or the like."""


SQLInsertCompiler = compiler.SQLInsertCompiler
SQLDeleteCompiler, SQLUpdateCompiler = ours.SQLDeleteCompiler, ours.SQLUpdateCompiler
