"""Load the State Council's holiday papers and the national documents."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qizhi.core.permissions import system
from qizhi.org.models import Bureau
from qizhi.regulations.services import load_national_calendar, load_national_regulations


class Command(BaseCommand):
    """Give one bureau, or every bureau, what is new in the files of the product."""

    help = "Load holiday papers and national documents into one bureau or all; what is there is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option."""
        parser.add_argument("--bureau", default="", help="code of the bureau; all bureaus if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load and say how much was new."""
        bureaus = Bureau.objects.all()
        if options["bureau"]:
            bureaus = bureaus.filter(code=options["bureau"])
        if not bureaus:
            raise CommandError(f"no bureau {options['bureau']!r}".replace(" ''", ""))
        for bureau in bureaus:
            papers = load_national_calendar(bureau, by=system(bureau.pk))
            documents = load_national_regulations(bureau, by=system(bureau.pk))
            self.stdout.write(f"{bureau.code}: {len(papers)} papers, {len(documents)} documents new")
