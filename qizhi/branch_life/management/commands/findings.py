"""Prints what the clauses find, bureau by bureau."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qizhi.branch_life.queries.findings import tally
from qizhi.core import clock, parallel, periods
from qizhi.org.models import Bureau

FIRST, LAST = 1921, 2100


class Command(BaseCommand):
    """`findings --from 2016 --to 2018`: for each bureau how much is missing, due, violated and unknown."""

    help = "Judge every clause for every branch over whole years; several bureaus are shared by the cores."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Years, a bureau if only one is wanted, the form, and how many processes."""
        parser.add_argument("--from", type=int, dest="first", help="first year; this year if not given")
        parser.add_argument("--to", type=int, dest="last", help="last year; the first one if not given")
        parser.add_argument("--bureau", default="", help="code of a bureau; all of them if not given")
        parser.add_argument("--workers", type=int, default=0, help="processes; one a core if not given")
        parser.add_argument("--json", action="store_true", help="JSON instead of lines for people")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Judge, then print."""
        today = clock.today()
        first = options["first"] or today.year
        last = options["last"] or first
        if not FIRST <= first <= last <= LAST:
            raise CommandError(
                f"years go from {FIRST} to {LAST}, the first before the last: {first} to {last}"
            )
        bureaus = Bureau.objects.order_by("code")
        if options["bureau"]:
            bureaus = bureaus.filter(code=options["bureau"])
        keys = {bureau.pk: bureau.code for bureau in bureaus}
        if not keys:
            raise CommandError("no such bureau")
        work = partial(tally, span=periods.years(first, last), as_of=today)
        found = parallel.each(work, list(keys), workers=max(options["workers"], 0))
        lines = [{"bureau": code, **asdict(one)} for code, one in zip(keys.values(), found, strict=True)]
        if options["json"]:
            self.stdout.write(json.dumps(lines, ensure_ascii=False, indent=1))
            return
        for line in lines:
            self.stdout.write("\t".join(f"{name} {value}" for name, value in line.items()))
