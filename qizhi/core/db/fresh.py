"""An empty database brought to the present schema in one step, instead of by every migration there ever was.

Migrations draw a picture of all models again and again; for the first start, and for each database of the
tests, that takes far longer than making the tables. Here the tables are made as the models stand, then the
rules that only migrations state (triggers) in their order, and all migrations are noted as applied. A test
holds the two ways to the same schema. See `docs/adr/0006-fresh-databases.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.db.utils import load_backend

from qizhi.core.db.operations import DatabaseRule


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether there is no table at all."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def build(connection: BaseDatabaseWrapper) -> None:
    """Make every table, then every rule, and note all migrations; all or nothing.

    Args:
        connection: of an empty database.
    """
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    plan = [migration for migration, _ in executor.migration_plan(leaves)]
    recorder = MigrationRecorder(connection)
    with connection.schema_editor(atomic=True) as editor:
        for model in _models():
            editor.create_model(model)
    # The models as they stand are the picture that the rules are made on.
    picture = cast("ProjectState", SimpleNamespace(apps=apps))
    with connection.schema_editor(atomic=True) as editor:
        for migration, rule in _rules(plan):
            rule.database_forwards(migration.app_label, editor, picture, picture)
    recorder.ensure_schema()
    recorder.migration_qs.bulk_create(
        [recorder.Migration(app=migration.app_label, name=migration.name) for migration in plan]
    )


@contextmanager
def in_memory() -> Iterator[None]:
    """Put an empty database in memory in the place of the real one, for the length of the block.

    What is written there is gone afterwards; the real one is not even opened.
    """
    real = connections[DEFAULT_DB_ALIAS]
    settings = {**real.settings_dict, "ENGINE": "qizhi.core.db.sqlite", "NAME": ":memory:", "OPTIONS": {}}
    made = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = made
    try:
        build(made)
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = real
        made.close()


def _models() -> list[type[models.Model]]:
    """Every model with a table of its own, as migrations would make it."""
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


def _rules(plan: list[Migration]) -> list[tuple[Migration, Operation]]:
    """What migrations say beyond tables; of a rule said twice the last, made on the present columns."""
    found: dict[tuple[Any, ...], tuple[Migration, Operation]] = {}
    for migration in plan:
        for operation in migration.operations:
            if isinstance(operation, DatabaseRule):
                key = (migration.app_label, operation.name)
                found.pop(key, None)
                found[key] = (migration, operation)
    return list(found.values())
