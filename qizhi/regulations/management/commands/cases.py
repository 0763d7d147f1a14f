"""`python3 qz.py cases FILE…`: golden cases of any file, each with its verdict and reason."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qizhi.org.models import Bureau
from qizhi.regulations.models import Version
from qizhi.regulations.services.cases import CaseFileError, Tried, read_case_file, try_cases
from qizhi.regulations.services.clause_cases import try_version
from qizhi.regulations.services.files import NATIONAL


class Command(BaseCommand):
    """`cases [FILE…]` or `cases --bureau CODE`: without either those that come with the product."""

    help = "Try golden cases and print each verdict with its reason 验算案例."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files, or a bureau."""
        parser.add_argument(
            "files", nargs="*", type=Path, help="YAML, written like regulations/data/national"
        )
        parser.add_argument("--bureau", default="", help="code of a bureau: the cases of its own clauses")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print each case; exit code 1 when one fails or a file cannot be read."""
        failed = total = 0
        parts = _of_bureau(options["bureau"]) if options["bureau"] else _of_files(options["files"])
        for title, cases in parts:
            self.stdout.write(title)
            for tried in cases:
                total += 1
                failed += bool(tried.problem)
                self.stdout.write(_line(tried))
        self.stdout.write(f"{total} 个案例，{failed} 个不符。")
        if failed:
            raise CommandError(f"{failed} 个案例不符")


def _of_files(files: list[Path]) -> Iterator[tuple[str, Iterable[Tried]]]:
    for path in files or sorted(NATIONAL.glob("*.yaml")):
        try:
            file = read_case_file(path)
        except CaseFileError as error:
            raise CommandError(str(error)) from error
        yield file.title, try_cases(file)


def _of_bureau(code: str) -> Iterator[tuple[str, Iterable[Tried]]]:
    """Every version that has cases, drafts among them."""
    bureau = Bureau.objects.filter(code=code).first()
    if bureau is None:
        raise CommandError(f"no bureau has the code {code}")
    versions = Version.objects.filter(bureau=bureau, clauses__cases__isnull=False).distinct()
    for version in versions.select_related("regulation").order_by("regulation__title", "effective_from"):
        yield str(version), [tried for found in try_version(version).values() for tried in found]


def _line(tried: Tried) -> str:
    mark = "✗" if tried.problem else "✓"
    said = tried.problem or "；".join(
        f"{one.period + ' ' if one.period else ''}{one.word}：{one.reason}" for one in tried.outcomes
    )
    return f"  {mark} {tried.case.clause} {tried.case.name} → {said}"
