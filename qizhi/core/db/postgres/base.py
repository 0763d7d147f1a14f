"""Django's wrapper with our compiler; everything else is Django's own."""

from __future__ import annotations

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    """Django's operations, but for what composes questions."""

    compiler_module = "qizhi.core.db.postgres.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper with these operations."""

    ops_class = DatabaseOperations
