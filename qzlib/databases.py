"""Which database a management command is about: the named one, one's own copy, or the sample bureau."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from qzlib import server
from qzlib.places import PYTHON, ROOT, data_dir, django_environ, sqlite_url
from qzlib.say import StopError, say

DEMO = "--demo"
OWN_FILE, DEMO_FILE = "qizhi.sqlite3", "demo.sqlite3"
# They tell of rows: without a bureau they have nothing to say. `cases` does with --bureau only.
NEED_ROWS = ("figures", "overview", "findings", "run")


@dataclass(frozen=True)
class Database:
    """Surroundings of the command, and what has to be done once the packages are there."""

    environ: dict[str, str]
    prepare: Callable[[], None]


def choose(command: str, words: list[str]) -> tuple[Database, list[str]]:
    """The database of a command, and its words without `--demo`.

    `manage` hands its words on, so there only the first one can mean the sample.
    """
    if command != "manage":
        rest, is_demo = [word for word in words if word != DEMO], DEMO in words
    else:
        is_demo = words[:1] == [DEMO]
        rest = words[1:] if is_demo else words
    if {"-h", "--help"} & {*rest}:
        return _any(is_opened=False), rest
    if is_demo:
        return _sample(), rest
    if command in NEED_ROWS or (command == "cases" and any(word.startswith("--bureau") for word in rest)):
        return _with_rows(), rest
    return _any(is_opened=command == "manage"), rest


def _with_rows() -> Database:
    """The named database, else one's own if it has a bureau, else the sample, which is made if need be."""
    given, own, sample = os.environ.get("DATABASE_URL"), data_dir() / OWN_FILE, data_dir() / DEMO_FILE
    if given:
        environ = django_environ(os.environ.get("QIZHI_MODE") or "serve", given)
        return Database(environ, lambda: _must_be_current(environ))
    if _has_bureau(own):
        if sample.exists():
            say(f"! Asking {own}; {DEMO} asks the sample bureau 使用自己的数据；加 {DEMO} 使用示例局")
        environ = django_environ("serve", sqlite_url(OWN_FILE))
        return Database(environ, lambda: _must_be_current(environ))
    if own.exists():
        say(f"! {own} has no bureau yet: asking the sample bureau 自己的库里还没有局，使用示例局")
    return _sample()


def _sample() -> Database:
    return Database(django_environ("demo", sqlite_url(DEMO_FILE)), lambda: server.fill_demo(None))


def _any(*, is_opened: bool) -> Database:
    """The database that is there; where there is none, one's own is made if the command may open it."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return Database(django_environ(os.environ.get("QIZHI_MODE") or "serve", given), _nothing)
    own, sample = data_dir() / OWN_FILE, data_dir() / DEMO_FILE
    if _has_tables(own) or not _has_tables(sample):
        environ = django_environ("serve", sqlite_url(OWN_FILE))
        # A file without tables would only wait there for the first question to fail.
        is_made = is_opened and not _has_tables(own)
        return Database(environ, server.fill_production if is_made else _nothing)
    return Database(django_environ("demo", sqlite_url(DEMO_FILE)), _nothing)


def _nothing() -> None:
    """Leave the database as it is."""


def _must_be_current(environ: dict[str, str]) -> None:
    """Refuse a database that is not there or not of this version; a question changes no schema.

    Raises:
        StopError: what is missing, and what makes it.
    """
    url = environ["DATABASE_URL"]
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        if not file.exists():
            message = f"There is no database {file} 没有这个数据库文件"
            raise StopError(message)
        if server.missing_migrations(file):
            message = (
                f"{file} is not of this version; `python3 qz.py serve` brings it up to date 数据库版本较旧"
            )
            raise StopError(message)
        return
    command = [str(PYTHON), "-m", "django", "migrate", "--check", "--skip-checks", "--verbosity", "0"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["not of this version 数据库版本较旧"])[-1]
        message = f"The database of DATABASE_URL cannot be asked 数据库无法使用: {reason}"
        raise StopError(message)


def _has_tables(file: Path) -> bool:
    return bool(_ask(file, "SELECT 1 FROM sqlite_master WHERE type = 'table' LIMIT 1"))


def _has_bureau(file: Path) -> bool:
    return bool(_ask(file, "SELECT 1 FROM org_bureau LIMIT 1"))


def _ask(file: Path, question: str) -> Iterable[tuple[int, ...]]:
    """Rows of a file that may be missing, empty or no database; it is not made by asking."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return list(connection.execute(question))
    except sqlite3.Error:
        return []
