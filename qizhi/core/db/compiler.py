"""Django's compilers, of which those that ask let `core.kept` answer what it knows."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import Col
from django.db.models.sql import compiler
from django.db.models.sql.compiler import SQLDeleteCompiler, SQLInsertCompiler, SQLUpdateCompiler
from django.db.models.sql.constants import GET_ITERATOR_CHUNK_SIZE, MULTI, SINGLE

from qizhi.core import kept

__all__ = [  # Django looks for all of them here
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]


@cache
def _quoted(column: str) -> str:
    return connection.ops.quote_name(column)


class SQLCompiler(compiler.SQLCompiler):
    """A question; one whose rows are read bit by bit (`iterator`) goes to the database."""

    def execute_sql(  # type: ignore[override]  # one signature for all that it may give
        self,
        result_type: str = MULTI,
        chunked_fetch: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        chunk_size: int = GET_ITERATOR_CHUNK_SIZE,
    ) -> Any:
        """The rows, from what is kept if they are there."""
        ask: Any = super().execute_sql
        if chunked_fetch or result_type not in {MULTI, SINGLE} or not kept.keeps_rows(self.connection):
            return ask(result_type, chunked_fetch, chunk_size)
        try:
            text = self.as_sql()
        except EmptyResultSet:
            return iter([]) if result_type == MULTI else None
        self.as_sql = lambda *_: text  # type: ignore[method-assign]  # composed once, not twice
        try:
            return kept.keep_rows(lambda: ask(result_type, chunked_fetch, chunk_size), result_type, *text)
        finally:
            del self.as_sql

    def compile(self, node: Any) -> tuple[str, Any]:
        """The words for a part of the question; most are columns, whose names are quoted once for all."""
        if type(node) is Col and node.alias:
            return f"{self.quote_name_unless_alias(node.alias)}.{_quoted(node.target.column)}", []
        said: tuple[str, Any] = super().compile(node)
        return said

    def _order_by_pairs(self) -> list[Any]:  # type: ignore[override]  # the stubs say None
        """What the rows are ordered by.

        Django first makes each column findable, in case the order means one of them; an order in names finds
        only columns that have a name of their own, so that the whole of it is in vain for most questions.
        """
        pairs: Any = super()._order_by_pairs
        columns = self.select
        if columns and self._is_ordered_by_names() and not any(name for _, _, name in columns):
            self.select = None
        try:
            return list(pairs())
        finally:
            self.select = columns

    def _is_ordered_by_names(self) -> bool:
        query = self.query
        if query.combinator or query.extra_order_by:
            return False
        meta = query.get_meta() if query.default_ordering else None
        ordering = query.order_by or (meta and meta.ordering) or ()
        return all(isinstance(field, str) for field in ordering)


class SQLAggregateCompiler(SQLCompiler, compiler.SQLAggregateCompiler):
    """A question whose answer is a sum or the like."""
