"""The databases that are measured: on each engine, with one, ten, a hundred bureaus; copied for writes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bench.serving import surroundings
from qzlib.places import PYTHON, ROOT
from qzlib.postgres import temporary_server
from qzlib.say import StopError, say


class Engine(Protocol):
    """Where databases are made."""

    name: str

    def empty(self, name: str) -> str:
        """Address of a new database."""

    def copy(self, source: str, name: str) -> str:
        """Address of a copy of a database that nobody is connected to."""

    def settle(self, address: str) -> None:
        """Do now what the engine would otherwise do in the midst of a measurement."""

    def drop(self, address: str) -> None:
        """Give the room back."""

    def megabytes(self, address: str) -> float:
        """How large it is."""


class Sqlite:
    """Files in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        """Keep the folder."""
        self._folder = folder

    def empty(self, name: str) -> str:
        """A file that is not there yet."""
        return f"sqlite:///{self._folder / name}.sqlite3"

    def copy(self, source: str, name: str) -> str:
        """A copy of the file; its journal was folded in when the last connection closed."""
        target = self.empty(name)
        for suffix in ("", "-wal"):
            path = Path(_file(source) + suffix)
            if path.exists():
                shutil.copyfile(path, _file(target) + suffix)
        return target

    def settle(self, address: str) -> None:
        """Let the disk catch up: SQLite itself does nothing by itself."""
        del address
        os.sync()

    def drop(self, address: str) -> None:
        """Delete the file and what stands beside it."""
        for suffix in ("", "-wal", "-shm", ".lock"):
            Path(_file(address) + suffix).unlink(missing_ok=True)

    def megabytes(self, address: str) -> float:
        """Size of the file."""
        return Path(_file(address)).stat().st_size / 1e6


class Postgres:
    """Databases on a server."""

    name = "PostgreSQL"

    def __init__(self, address: str) -> None:
        """Keep the address of the server's first database."""
        self._address = address

    def empty(self, name: str) -> str:
        """An empty database."""
        self._say("CREATE DATABASE {}", name)
        return urlsplit(self._address)._replace(path=f"/{name}").geturl()

    def copy(self, source: str, name: str) -> str:
        """A copy made by the server from the files of the other."""
        self._disconnect(source)
        self._say("CREATE DATABASE {} TEMPLATE {}", name, _name(source))
        return urlsplit(self._address)._replace(path=f"/{name}").geturl()

    def settle(self, address: str) -> None:
        """Vacuum and analyse, which the server would do within minutes, and write out."""
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")

    def drop(self, address: str) -> None:
        """Drop it, whoever is connected."""
        self._say("DROP DATABASE {} WITH (FORCE)", _name(address))

    def megabytes(self, address: str) -> float:
        """Size of its files."""
        with psycopg.connect(address) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return float(row[0]) / 1e6 if row else 0.0

    def _disconnect(self, address: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [_name(address)]
            )
        time.sleep(0.2)

    def _say(self, text: str, *names: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            # The text is one of the three above; only names go in.
            statement = sql.SQL(cast("Any", text)).format(*(sql.Identifier(name) for name in names))
            connection.execute(statement)


@contextmanager
def engine(kind: str, folder: Path) -> Iterator[Engine]:
    """The engine of that name for the length of the block."""
    if kind == "sqlite":
        yield Sqlite(folder)
    else:
        with temporary_server(has_fsync=True) as address:
            yield Postgres(address)


def build(where: Engine, name: str, bureaus: int, source: str = "") -> tuple[str, float]:
    """Make a database with so many bureaus, from a smaller one if given; its address, the seconds."""
    start = time.perf_counter()
    address = where.copy(source, name) if source else where.empty(name)
    django(address, "migrate", "--noinput", "--verbosity", "0")
    django(address, "sample", "--bureaus", str(bureaus))
    where.settle(address)
    took = time.perf_counter() - start
    say(f"✓ {where.name}, {bureaus} bureaus: {took:.0f} s, {where.megabytes(address):.0f} MB")
    return address, took


def django(address: str, *arguments: str) -> None:
    """Run a management command in silence; StopError with the end of what it said if it fails."""
    _run([str(PYTHON), "-m", "django", *arguments], address)


def inside(address: str, what: str) -> Any:
    """Ask `bench.inside` about a database."""
    return json.loads(_run([str(PYTHON), "-m", "bench.inside", what], address))


def ask(address: str, module: str, *words: str) -> Any:
    """What a module prints as JSON when it is run where a database is."""
    return json.loads(_run([str(PYTHON), "-m", module, *words], address))


def _run(command: list[str], address: str) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env=surroundings(address), capture_output=True, text=True, check=False
    )
    if done.returncode:
        message = f"{' '.join(command[2:])} failed\n{done.stderr[-2000:]}"
        raise StopError(message)
    return done.stdout


def _file(address: str) -> str:
    return address.removeprefix("sqlite:///")


def _name(address: str) -> str:
    return urlsplit(address).path.lstrip("/")
