"""`python3 qz.py cases FILE…`: golden cases of any file, each with its verdict and reason."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qizhi.core.db.fresh import in_memory
from qizhi.org.models import Bureau
from qizhi.regulations.models import Version
from qizhi.regulations.services.cases import Tried, read_case_file, try_cases
from qizhi.regulations.services.clause_cases import try_version
from qizhi.regulations.services.files import NATIONAL
from qizhi.regulations.services.marks import CaseFileError
from qizhi.web.stories import Played, play_all, read_stories


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
                self.stdout.write(_told(tried) if isinstance(tried, Played) else _line(tried))
        self.stdout.write(f"{total} 个案例，{failed} 个不符。")
        if failed:
            raise CommandError(f"{failed} 个案例不符")


def _of_files(paths: list[Path]) -> Iterator[tuple[str, Iterable[Tried | Played]]]:
    """All files are read before the first case is tried: a slip in the last is told at once."""
    files = []
    for path in paths or sorted(NATIONAL.glob("*.yaml")):
        try:
            file = read_case_file(path)
            read_stories(file)
        except CaseFileError as error:
            known = str(error)
            raise CommandError(known if known.startswith(str(path)) else f"{path}：{known}") from error
        files.append(file)
    # Only what tells of steps needs a database, and then one of its own.
    with in_memory() if any(file.stories for file in files) else nullcontext():
        for file in files:
            yield file.title, chain(try_cases(file), play_all(file))


def _of_bureau(code: str) -> Iterator[tuple[str, Iterable[Tried | Played]]]:
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
    off = "（条款已停用，按启用验算）" if tried.is_off else ""
    return f"  {mark} {tried.case.clause} {tried.case.name}{off} → {said}"


def _told(played: Played) -> str:
    mark = "✗" if played.problem else "✓"
    lines = [f"  {mark} {played.story.name}（{len(played.story.steps)}步）"]
    lines += [f"      {line}" for line in played.lines]
    return "\n".join([*lines, f"      ✗ {played.problem}"] if played.problem else lines)
