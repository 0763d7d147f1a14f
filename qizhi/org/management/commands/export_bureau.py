"""Write a bureau's archive to a file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qizhi.core.permissions import system
from qizhi.org.models import Bureau
from qizhi.org.services.transfer import export_bureau


class Command(BaseCommand):
    """`export_bureau FILE [--bureau CODE]`."""

    help = "Write everything of a bureau into a zip of JSON lines."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and which bureau."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--bureau", default="", help="code of the bureau; needed when there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the bureau, write, say how much."""
        del args
        bureaus = Bureau.objects.filter(code=options["bureau"]) if options["bureau"] else Bureau.objects.all()
        if len(bureaus) != 1:
            codes = ", ".join(bureau.code for bureau in Bureau.objects.all()[:20])
            message = f"say which bureau with --bureau; there are: {codes or 'none'}"
            raise CommandError(message)
        with (
            export_bureau(bureaus[0], by=system(bureaus[0].pk)) as source,
            options["file"].open("wb") as target,
        ):
            shutil.copyfileobj(source, target)
        self.stdout.write(f"{bureaus[0].name}: {options['file']} ({options['file'].stat().st_size:,} bytes)")
