"""`python3 qz.py cases FILE…`: golden cases of any file, each with its verdict and reason."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qizhi.regulations.services.cases import CaseFileError, Tried, read_case_file, try_cases
from qizhi.regulations.services.files import NATIONAL


class Command(BaseCommand):
    """`cases [FILE…]`: without a file those that come with the product."""

    help = "Try golden cases and print each verdict with its reason 验算案例."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files."""
        parser.add_argument(
            "files", nargs="*", type=Path, help="YAML, written like regulations/data/national"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print each case; exit code 1 when one fails or a file cannot be read."""
        failed = total = 0
        for path in options["files"] or sorted(NATIONAL.glob("*.yaml")):
            try:
                file = read_case_file(path)
            except CaseFileError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(file.title)
            for tried in try_cases(file):
                total += 1
                failed += bool(tried.problem)
                self.stdout.write(_line(tried))
        self.stdout.write(f"{total} 个案例，{failed} 个不符。")
        if failed:
            raise CommandError(f"{failed} 个案例不符")


def _line(tried: Tried) -> str:
    mark = "✗" if tried.problem else "✓"
    said = tried.problem or "；".join(
        f"{one.period + ' ' if one.period else ''}{one.word}：{one.reason}" for one in tried.outcomes
    )
    return f"  {mark} {tried.case.clause} {tried.case.name} → {said}"
