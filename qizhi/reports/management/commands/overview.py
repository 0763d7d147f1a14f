"""Writes the overview as docx, PDF and JSON into a folder."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qizhi.core import clock
from qizhi.core.documents.files import docx_of, pdf_of
from qizhi.org.models import Bureau
from qizhi.reports import queries
from qizhi.reports.services import files
from qizhi.reports.services.overview import generate

NO_BUREAU = (
    "there is no bureau yet: `qz.py serve` asks for it on its first page; with --demo the sample is asked"
)


class Command(BaseCommand):
    """`overview --as-of 2018-01-15 --out DIR`: what the page shows for that day."""

    help = "Write overview.docx, overview.pdf and overview.json for a day of reckoning."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A day, a folder, and where it matters a bureau and a report year."""
        parser.add_argument("--as-of", required=True, type=dt.date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument("--out", required=True, type=Path, help="folder; made if it is missing")
        parser.add_argument("--bureau", default="", help="code of the bureau; needed where there are several")
        parser.add_argument("--year", type=int, help="report year; told from the day if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Generate and write; problems go to the error stream, so that nobody sends them unseen."""
        refuse_day_to_come(options["as_of"])
        made = generate(the_bureau(options["bureau"]), options["as_of"], options["year"])
        if made.errors:
            raise CommandError("; ".join(f"{one.where} {one.message}" for one in made.errors))
        out: Path = options["out"]
        out.mkdir(parents=True, exist_ok=True)
        document, now, name = files.document_of(made), clock.now(), made.bureau.name
        (out / "overview.docx").write_bytes(docx_of(document, now, name))
        (out / "overview.pdf").write_bytes(pdf_of(document, now, name))
        (out / "overview.json").write_bytes(files.as_json(made))
        for one in made.omitted:
            self.stderr.write(f"omitted, line {one.line}: {one.text} {one.reason}")
        for typed in made.typed:
            self.stderr.write(f"typed number, {typed.where}: {typed.text}")
        self.stdout.write(
            f"{out}: {len(made.numbers)} numbers, {len(made.charts)} charts, {made.characters} characters, "
            f"{len(made.omitted)} omitted"
        )


def refuse_day_to_come(day: dt.date) -> None:
    """What lies ahead cannot be reckoned; the pages refuse it too.

    Raises:
        CommandError: the day has not come.
    """
    if day > clock.today():
        raise CommandError(
            f"{day} has not come: nothing can be reckoned for it yet; give today or a day before"
        )


def the_bureau(code: str) -> Bureau:
    """The bureau of the code, or the only one there is.

    Raises:
        CommandError: none of that code, none at all, or several and no code.
    """
    found = queries.bureaus_named(code)
    if len(found) == 1:
        return found[0]
    if found:
        codes = ", ".join(bureau.code for bureau in found)
        raise CommandError(f"there are several bureaus; name one with --bureau: {codes}")
    raise CommandError(f"no bureau has the code {code}" if code else NO_BUREAU)
