"""A run of the clauses that is killed leaves nothing; run again, it completes; two at once come one after the other.

On SQLite and on PostgreSQL: in a database of its own on the engine of the suite.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
import subprocess
import sys
import time
import uuid
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from bench.databases import Engine, Postgres, Sqlite
from tests.test_house import ROOT

PEOPLE = 12_000
PATIENCE_S = 120
RUN = (
    *("-m", "django", "run", "--skip-checks", "--json", "--workers", "1"),
    *("--from", "2018-01", "--as-of", "2018-02-20"),
)
PREPARE = """
import sys, django
django.setup()
from django.core.management import call_command
from bench.clauses import fill
call_command("migrate", verbosity=0)
fill(int(sys.argv[1]))
"""
TAKEN = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Court:
    """A database of its own in which there is much to find."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.name, self.address = engine.name, engine.empty(f"court_{uuid.uuid4().hex}")
        self.environ = {**os.environ, "DATABASE_URL": self.address, "QIZHI_DATA_DIR": str(folder)}
        finished(self.start("-c", PREPARE, str(PEOPLE)))
        if self.name == Postgres.name:
            # As its own rounds would in a minute: until then it takes full tables for empty ones.
            with psycopg.connect(self.address, autocommit=True) as server:
                server.execute("ANALYZE")

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """A process; what it says is kept for its end."""
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def is_being_written(self) -> bool:
        """Whether somebody has the turn: to write the file (`core/db/sqlite`), or to run (`core/db/turns`)."""
        if self.name == Postgres.name:
            return bool(self.ask(TAKEN)[0])
        with Path(f"{self._file}.lock").open("a+b") as turn:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def waits_until(self, *, is_written: bool, process: subprocess.Popen[bytes] | None = None) -> None:
        """Until somebody has the turn, or nobody has; no longer than the process lives."""
        deadline = time.monotonic() + PATIENCE_S
        while self.is_being_written() is not is_written and time.monotonic() < deadline:
            if process is not None and process.poll() is not None:
                return
            time.sleep(0.005)

    def rows(self) -> tuple[int, ...]:
        """Runs, findings, and events of the log about runs, read as they lie there."""
        tables = ("regulations_run", "regulations_finding", "core_auditevent WHERE verb = 'regulations.run'")
        parts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)  # noqa: S608 - words of this file
        return self.ask(f"SELECT {parts}")

    def ask(self, question: str) -> tuple[int, ...]:
        """One row of numbers, by a connection that ends with the answer."""
        if self.name == Postgres.name:
            with psycopg.connect(self.address) as server:
                return tuple(server.execute(question).fetchone() or ())  # type: ignore[call-overload]
        with contextlib.closing(sqlite3.connect(self._file)) as file:
            return tuple(file.execute(question).fetchone())

    @property
    def _file(self) -> Path:
        return Path(self.address.removeprefix("sqlite:///"))


@pytest.fixture(scope="module")
def court(tmp_path_factory, django_db_setup):
    folder = tmp_path_factory.mktemp("court")
    is_sqlite = connection.vendor == "sqlite"
    engine = Sqlite(folder) if is_sqlite else Postgres(os.environ["DATABASE_URL"])
    found = Court(engine, folder)
    yield found
    engine.drop(found.address)


def finished(process):
    out, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, said.decode()
    return out


def counted(process):
    (line,) = json.loads(finished(process))
    return line["counts"]


def test_a_run_that_is_killed_leaves_nothing_and_run_again_completes(court, tell):
    killed = 0
    for wait in (0.02, 0.2, 0.4):
        process = court.start(*RUN)
        court.waits_until(is_written=True, process=process)
        time.sleep(wait)
        process.kill()
        process.communicate()
        court.waits_until(
            is_written=False
        )  # a server notices at the end of its statement that nobody is there
        assert not court.is_being_written(), "its turn is free again"
        if court.rows()[0]:  # it had ended, or was killed on its last steps: then all of it is there
            break
        assert court.rows() == (0, 0, 0)
        killed += 1
    assert killed, "the run was too fast to be killed"
    before = court.rows()[0]
    counts = counted(court.start(*RUN))
    found = court.rows()[1]
    assert found > 500
    assert counts == {"untouched" if before else "added": found, "proposed": 0, "problems": []}
    assert court.rows() == (before + 1, found, before + 1)
    where = f"{killed} times in the midst of a run on {court.name}"
    tell("Killed", f"{where}: nothing was left, and its turn was free; then all {found} findings came")


def test_two_runs_at_once_come_one_after_the_other(court):
    if not court.rows()[0]:  # whichever test comes first
        counted(court.start(*RUN))
    runs, found, _ = court.rows()
    both = [court.start(*RUN) for _ in range(2)]
    assert [counted(one) for one in both] == [{"untouched": found, "proposed": 0, "problems": []}] * 2
    assert court.rows() == (runs + 2, found, runs + 2)
