"""A run of the clauses that is killed leaves nothing; run again, it completes; two at once come one after the other."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.test_house import ROOT

pytestmark = pytest.mark.once
PEOPLE = 12_000
PATIENCE_S = 120
RUN = ("django", "run", "--from", "2018-01", "--as-of", "2018-02-20", "--json", "--workers", "1")


class Court:
    """A database of its own in which there is much to find."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "court.sqlite3"
        address, data = f"sqlite:///{self.path}", str(folder)
        self.environ = {**os.environ, "DATABASE_URL": address, "QIZHI_DATA_DIR": data}
        for words in (("django", "migrate", "-v0"), ("bench.clauses", "fill", str(PEOPLE))):
            finished(self.start(*words))

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """A process; what it says is kept for its end."""
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def is_being_written(self) -> bool:
        """Whether somebody has the turn to write; see `core/db/sqlite`."""
        with Path(f"{self.path}.lock").open("a+b") as turn:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def rows(self) -> tuple[int, int, int]:
        """Runs, findings, and events of the log about runs, read as they lie there."""
        tables = ("regulations_run", "regulations_finding", "core_auditevent WHERE verb = 'regulations.run'")
        parts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)  # noqa: S608 - words of this file
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            counts = connection.execute(f"SELECT {parts}").fetchone()
        return counts[0], counts[1], counts[2]


@pytest.fixture(scope="module")
def court(tmp_path_factory):
    return Court(tmp_path_factory.mktemp("court"))


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
        deadline = time.monotonic() + PATIENCE_S
        while process.poll() is None and not court.is_being_written() and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(wait)
        process.kill()
        process.communicate()
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
    tell("Killed", f"{killed} times in the midst of a run: nothing was left; then all {found} findings came")


def test_two_runs_at_once_come_one_after_the_other(court):
    runs, found, _ = court.rows()
    both = [court.start(*RUN) for _ in range(2)]
    assert [counted(one) for one in both] == [{"untouched": found, "proposed": 0, "problems": []}] * 2
    assert court.rows() == (runs + 2, found, runs + 2)
