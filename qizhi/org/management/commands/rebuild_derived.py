"""Make anew what follows from other rows: the numbers of the days, the index of the search."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qizhi.org.models import Bureau
from qizhi.org.services.transfer import rebuild_derived


class Command(BaseCommand):
    """`rebuild_derived [--bureau CODE]`."""

    help = "Make the rows that follow from others anew, for one bureau or for all."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which bureau."""
        parser.add_argument("--bureau", default="", help="code of the bureau; all if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        """One bureau after the other; the same twice changes nothing."""
        del args
        bureaus = Bureau.objects.filter(code=options["bureau"]) if options["bureau"] else Bureau.objects.all()
        if options["bureau"] and not bureaus:
            message = f"no bureau {options['bureau']}"
            raise CommandError(message)
        for bureau in bureaus:
            rebuild_derived(bureau.pk)
            self.stdout.write(f"{bureau.code}: made anew")
