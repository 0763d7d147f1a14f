"""`python3 qz.py bench`: measure, print, compare."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench import clauses, clone, measures
from bench.client import ServerError
from bench.databases import Engine, build, django, engine, inside
from bench.goals import PAGES, Sheet, table
from bench.measures import QUICK, Column, Pace
from bench.processes import machine, sync_milliseconds
from bench.serving import WORKERS, serving
from qzlib.install import RUN_LOCK
from qzlib.places import ROOT
from qzlib.say import StopError, say

ENGINES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Options:
    """What was asked for."""

    bureaus: tuple[int, ...]
    engines: tuple[str, ...]
    pace: Pace
    people: tuple[int, ...]
    is_clauses_only: bool
    is_pages_only: bool
    is_clone_only: bool
    file: Path | None


def main(arguments: list[str]) -> int:
    """Measure and print; 1 if something failed, 0 even if a goal is missed: a slow machine is no fault."""
    options = parse(arguments)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="qz-bench-") as name:
        folder = Path(name)
        os.environ["QIZHI_DATA_DIR"] = name  # so that no real data is near
        os.environ.pop("QIZHI_SECRET_KEY_FILE", None)
        about = f"{machine()}; the disk keeps 4 kB safely in {sync_milliseconds(folder):.1f} ms (median)"
        say(about)
        try:
            if options.is_clone_only:
                sheets = [clone.measure()]
            else:
                collect_static()
                sheets = [measure_engine(kind, folder, options) for kind in options.engines]
        except (ServerError, StopError) as error:
            say(f"✗ {error}")
            return 1
    publish(sheets, about, options, time.perf_counter() - start)
    return 0


def parse(arguments: list[str]) -> Options:
    """Read the options."""
    parser = argparse.ArgumentParser(prog="qz.py bench", description=__doc__)
    parser.add_argument("--bureaus", type=_counts, default=None, help="numbers of bureaus; default: 1,10,100")
    parser.add_argument("--engines", type=_engines, default=ENGINES, help="default: sqlite,postgres")
    parser.add_argument("--quick", action="store_true", help="one bureau, fewer requests")
    parser.add_argument("--people", type=_people, default=(), help="of the clauses; default: by engine")
    parser.add_argument("--clauses", action="store_true", help="only the clauses")
    parser.add_argument("--pages", action="store_true", help="only the pages and records, not the clauses")
    parser.add_argument("--clone", action="store_true", help="only from a clean clone to the first page")
    parser.add_argument("--json", type=Path, default=None, help="also write the figures to this file")
    given = parser.parse_args(arguments)
    counts = given.bureaus or ((1,) if given.quick else (1, 10, 100))
    people = given.people or (clauses.QUICK if given.quick else ())
    pace = QUICK if given.quick else Pace()
    only = (given.clauses, given.pages, given.clone)
    return Options(counts, given.engines, pace, people, *only, given.json)


def _counts(text: str) -> tuple[int, ...]:
    counts = tuple(sorted({int(part) for part in text.split(",")}))
    if not counts or not 1 <= counts[0] <= counts[-1] <= 500:
        raise argparse.ArgumentTypeError("numbers from 1 to 500")
    return counts


def _people(text: str) -> tuple[int, ...]:
    sizes = tuple(sorted({int(part) for part in text.split(",")}))
    if not sizes or not 500 <= sizes[0] <= sizes[-1] <= 2_000_000:
        raise argparse.ArgumentTypeError("numbers from 500 to 2000000")
    return sizes


def _engines(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if not set(names) <= set(ENGINES):
        message = f"choose from {', '.join(ENGINES)}"
        raise argparse.ArgumentTypeError(message)
    return names


def collect_static() -> None:
    """Gather the static files, packed, as the server sends them."""
    django("sqlite://", "collectstatic", "--noinput", "--verbosity", "0")


def measure_engine(kind: str, folder: Path, options: Options) -> Sheet:
    """All measurements on one engine, from the fewest bureaus to the most."""
    with engine(kind, folder) as where:
        sheet = Sheet(where.name)
        if not options.is_pages_only:
            clauses.measure(sheet, where, options.people or clauses.SIZES[kind], options.bureaus[0])
    # A server anew: what a million people left in its memory is not that of a bureau.
    with engine(kind, folder) as where:
        address = ""
        for bureaus in () if options.is_clauses_only else options.bureaus:
            smaller, (address, took) = address, build(where, f"bureaus{bureaus}", bureaus, address)
            if smaller:
                where.drop(smaller)
            sheet.put("building", "making the sample bureaus (from the column before)", "s", bureaus, took)
            measure_bureaus(Column(sheet, bureaus, options.pace), where, address)
        if not options.is_clauses_only:
            measures.measure_growth(sheet, options.bureaus)
    packages = len(re.findall(r"(?m)^[a-z0-9][^ ]*==", RUN_LOCK.read_text(encoding="utf-8")))
    sheet.put("packages", "packages at run time", "", options.bureaus[0], packages)
    return sheet


def measure_bureaus(column: Column, where: Engine, address: str) -> None:
    """All measurements with so many bureaus."""
    start = time.perf_counter()
    facts = inside(address, "facts")
    with serving(address) as server:
        people = measures.log_in(server, facts, "officer")
        measures.measure_memory(column, server, people)
        for page in PAGES:
            measures.measure_page(column, server, people, page)
        measures.measure_documents(column, server, people[0])
    measures.measure_statements(column, address)
    measures.measure_compliance(column, address)
    measures.measure_start(column, address)
    copy = where.copy(address, "written")
    measures.measure_writers(column, copy)
    measures.measure_records(column, copy)
    where.drop(copy)
    say(f"✓ {where.name}, {column.bureaus} bureaus measured: {time.perf_counter() - start:.0f} s")


def publish(sheets: list[Sheet], about: str, options: Options, seconds: float) -> None:
    """Print the tables, and write the file if one is wanted."""
    print(f"{about}; {WORKERS} processes of 16 threads; goals are for one bureau")
    for sheet in sheets:
        print(f"\n{table(sheet)}")
    over = [f"{sheet.engine}: {row.label}" for sheet in sheets for row in sheet.over()]
    print(f"\n{seconds / 60:.1f} minutes; goals missed: {len(over)}")
    for line in over:
        print(f"  over  {line}")
    if options.file:
        options.file.write_text(json.dumps(_exported(sheets, about), ensure_ascii=False, indent=1) + "\n")


def _exported(sheets: list[Sheet], about: str) -> dict[str, object]:
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    figures = [
        {
            "engine": sheet.engine,
            "key": row.key,
            "label": row.label,
            "unit": row.unit,
            "values": {str(count): round(value, 3) for count, value in row.values.items()},
            "goal": str(row.goal) if row.goal else None,
            "verdict": row.verdict or None,
        }
        for sheet in sheets
        for row in sheet.rows.values()
    ]
    return {"machine": about, "commit": commit, "figures": figures}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
