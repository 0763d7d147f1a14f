"""Runs the clauses over months, bureau by bureau, or says what a run would change."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qizhi.core import clock, kept, parallel
from qizhi.core.days import read_month
from qizhi.core.errors import Refused
from qizhi.core.periods import Period
from qizhi.core.permissions import system
from qizhi.org.models import Bureau
from qizhi.regulations.services import compare, lines_of, run_clauses, say_counts

BY_SERVER = "系统（在服务器上核算）"
"""Who a run is signed by that nobody has asked for in the browser."""


class Command(BaseCommand):
    """`run --from 2018-01 --to 2018-03`: each bureau in a transaction of its own, shared by the cores."""

    help = "Judge the clauses over whole months and write what has changed; with --dry-run only say it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Months, a bureau if only one is wanted, and how."""
        parser.add_argument("--from", required=True, dest="first", help="first month, as 2018-01")
        parser.add_argument("--to", default="", dest="last", help="last month; the first if not given")
        parser.add_argument("--as-of", default="", help="later rows do not count; today if not given")
        parser.add_argument("--bureau", default="", help="code of a bureau; all of them if not given")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, show each change")
        parser.add_argument("--json", action="store_true", help="JSON instead of lines for people")
        parser.add_argument("--workers", type=int, default=0, help="processes; one a core if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Judge, write or not, print."""
        span, as_of = _span(options["first"], options["last"]), _day(options["as_of"])
        bureaus = Bureau.objects.order_by("code")
        if options["bureau"]:
            bureaus = bureaus.filter(code=options["bureau"])
        codes = {bureau.pk: bureau.code for bureau in bureaus}
        if not codes:
            raise CommandError("no such bureau")
        work = partial(judge, span=span, as_of=as_of, is_dry=options["dry_run"])
        try:
            found = parallel.each(work, list(codes), workers=max(options["workers"], 0))
        except Refused as error:
            raise CommandError(error.message) from error
        lines = [{"bureau": code, **one} for code, one in zip(codes.values(), found, strict=True)]
        if options["json"]:
            self.stdout.write(json.dumps(lines, ensure_ascii=False, indent=1))
            return
        for line in lines:
            self.stdout.write(f"{line['bureau']}\t{say_counts(line['counts'])}")
            for problem in line["counts"]["problems"]:
                self.stdout.write(f"  ! {problem}")
            for change in line.get("changes", ()):
                said = " → ".join(filter(None, (change["old"], change["new"])))
                self.stdout.write(f"  {change['change']}{'（建议）' if change['is_settled'] else ''} {said}")


def judge(bureau_id: uuid.UUID, *, span: Period, as_of: dt.date, is_dry: bool) -> dict[str, Any]:
    """Run a bureau, or only compare; a function of a module, so that another process can find it."""
    if not is_dry:
        run = run_clauses(bureau_id=bureau_id, span=span, as_of=as_of, by=system(bureau_id, BY_SERVER))
        return {"run": str(run.pk), "counts": run.counts}
    with kept.reading():  # what two clauses ask is asked once, and the database refuses to be written to
        outcome = compare(bureau_id, span, as_of)
        lines = lines_of(bureau_id, [*outcome.changes, *outcome.proposals])
    counts = {**outcome.counts, "proposed": len(outcome.proposals), "problems": outcome.problems}
    return {"counts": counts, "changes": [line._asdict() for line in lines]}


def _span(first: str, last: str) -> Period:
    start, end = read_month(first), read_month(last or first)
    if start is None or end is None or end < start:
        raise CommandError(
            f"months are written 2018-01, the first before the last: {first} to {last or first}"
        )
    return Period(start.start, end.end)


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text) if text else clock.today()
    except ValueError:
        raise CommandError(f"a day is written 2018-01-31, not {text}") from None
    if day > clock.today():
        raise CommandError(f"{day} is still to come")
    return day
