"""Take a bureau's archive into this database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qizhi.core.errors import Refused
from qizhi.org.services.transfer import import_bureau


class Command(BaseCommand):
    """`import_bureau FILE`."""

    help = "Take a bureau's archive into a database that does not hold it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read all or nothing."""
        del args
        try:
            with options["file"].open("rb") as source:
                bureau = import_bureau(source)
        except (OSError, Refused) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{bureau.name}: imported")
