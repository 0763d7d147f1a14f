"""Prints every figure with its answer and the number of its rows."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qizhi.core import figures as registry
from qizhi.core.permissions import system
from qizhi.org.models import Unit
from qizhi.reports import queries
from qizhi.reports.management.commands.overview import refuse_day_to_come, the_bureau
from qizhi.reports.queries import Numbers
from qizhi.reports.services.files import figure_of


class Command(BaseCommand):
    """`figures --as-of 2018-01-15 --json`: what the page of figures shows for that day."""

    help = "Print each figure: key, label, value, counted, out of how many, unit, number of rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A day, the form, and where it matters a bureau, a report year and a unit."""
        parser.add_argument("--as-of", required=True, type=dt.date.fromisoformat, help="YYYY-MM-DD")
        parser.add_argument("--json", action="store_true", help="JSON instead of lines for people")
        parser.add_argument("--bureau", default="", help="code of the bureau; needed where there are several")
        parser.add_argument("--year", type=int, help="report year; told from the day if not given")
        parser.add_argument("--unit", default="", help="code of a unit; the whole bureau if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask each figure once."""
        refuse_day_to_come(options["as_of"])
        bureau = the_bureau(options["bureau"])
        unit: Unit | None = None
        if options["unit"]:
            unit = queries.unit_by_code(bureau.pk, options["unit"])
            if unit is None:
                raise CommandError(f"no unit of {bureau.code} has the code {options['unit']}")
        as_of: dt.date = options["as_of"]
        year = registry.report_year(as_of) if options["year"] is None else options["year"]
        reckoning = queries.reckoning_for(system(bureau.pk), year=year, as_of=as_of, unit=unit)
        found = [
            {
                **figure_of(number),
                "unit_word": number.unit_word,
                "rows": number.rows.count(),
                "sum_of_rows": number.figure.counted_from_rows(number.ask),
            }
            for number in queries.numbers_of(Numbers(reckoning), queries.figures_of(bureau.pk))
        ]
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for one in found:
            self.stdout.write(
                f"{one['key']}\t{one['label']}\t{one['text']}{one['unit_word']}\t{one['counted']}/{one['out_of']}"
                f"\t{one['rows']} rows"
            )
