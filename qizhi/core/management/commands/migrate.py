"""Django's `migrate`, which makes an empty database in one step."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connections

from qizhi.core.db import changes, fresh

# `run_syncdb` is none of them: the tests always ask for it, and building makes those tables as well.
CHOSEN = ("app_label", "plan", "check_unapplied", "prune", "fake", "fake_initial")


class Command(migrate.Command):
    """The same command; `--one-by-one` takes every migration as an older database would."""

    def add_arguments(self, parser: Any) -> None:
        """Django's own, and one more."""
        super().add_arguments(parser)
        parser.add_argument(
            "--one-by-one", action="store_true", help="apply every migration, even to an empty database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Build what is empty; migrate everything else."""
        connection = connections[options["database"]]
        connection.prepare_database()
        is_plain = not options.get("one_by_one") and not any(options.get(name) for name in CHOSEN)
        if not is_plain or not fresh.is_empty(connection):
            super().handle(*args, **options)
            if not (options.get("plan") or options.get("check_unapplied")):
                changes.watch_tables(connection)
            return
        said = options["verbosity"], options["interactive"], connection.alias
        emit_pre_migrate_signal(*said)
        fresh.build(connection)
        changes.watch_tables(connection)
        if options["verbosity"] >= 1:
            self.stdout.write("The empty database was brought to the present schema in one step.")
        emit_post_migrate_signal(*said)
