"""A copy of the product for the tests in a browser: a sample bureau in a folder of its own, and the real server."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qzlib.checks import find_chromium
from qzlib.places import PYTHON, ROOT
from qzlib.server import free_port, gunicorn, wait_for_page

DAY = dt.date(2018, 3, 14)
"""The day on which all of it happens (see `wsgi`)."""
FIRST_PORT = 8700
PASSWORD = "qizhi-demo"
PROPS = "props.json"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=zh-CN")


@dataclass(frozen=True)
class House:
    """A running server, and what is to be found in it (see `props`)."""

    address: str
    folder: Path
    sessions: dict[str, str]
    pages: dict[str, tuple[str, str]]

    def reset(self, state: str = "full") -> None:
        """Put all rows back to a state that was kept; who is logged in stays so."""
        with _open(self.folder / f"{state}.sqlite3") as kept, _open(_database(self.folder)) as live:
            kept.backup(live)

    def cookie(self, username: str) -> dict[str, str]:
        """What a browser holds in which that person is logged in."""
        return {"name": "sessionid", "value": self.sessions[username], "url": self.address}


@contextmanager
def staged(folder: Path, shared: Path) -> Iterator[House]:
    """Serve the sample bureau from a database of its own; nothing outside the two folders is touched.

    What all workers begin with is made once in `shared`, by whoever comes first. Two states are kept for
    `House.reset`: "empty" (no bureau at all) and "full".
    """
    with Path(f"{shared}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (shared / PROPS).exists():
            _set_up(shared)
    shutil.copytree(shared, folder, dirs_exist_ok=True)
    props = json.loads((folder / PROPS).read_text(encoding="utf-8"))
    with _served(folder, _environ(folder)) as address:
        yield House(address=address, folder=folder, **props)


def _set_up(folder: Path) -> None:
    environ = _environ(folder)
    folder.mkdir()
    _django(environ, "collectstatic", "--noinput")
    _django(environ, "migrate", "--noinput")
    _keep(folder, "empty")
    _django(environ, "sample", "--until", DAY.isoformat())
    props = _run([str(PYTHON), "-m", "tests.browser.props"], environ)
    _keep(folder, "full")
    (folder / PROPS).write_text(props, encoding="utf-8")


@contextmanager
def _served(folder: Path, environ: dict[str, str]) -> Iterator[str]:
    # Two workers that look for a free port at the same moment find the same one: each has its own hundred.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    port = free_port("127.0.0.1", FIRST_PORT + 100 * worker)
    command = gunicorn("127.0.0.1", port, 2)
    command[command.index("qizhi.config.wsgi:application")] = "tests.browser.wsgi:application"
    log = folder / "server.log"
    with log.open("wb") as said:
        server = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=said, stderr=said)
    address = f"http://127.0.0.1:{port}"
    try:
        assert wait_for_page(f"{address}/", server), log.read_text(encoding="utf-8")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)
    # What answers 500 leaves its traceback here, whether or not a test looked at the answer.
    assert "Internal Server Error" not in log.read_text(encoding="utf-8"), log.read_text(encoding="utf-8")


def _environ(folder: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("QIZHI_", "DATABASE_"))}
    return {
        **own,
        "DJANGO_SETTINGS_MODULE": "qizhi.config.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "QIZHI_MODE": "demo",
        "QIZHI_DATA_DIR": str(folder),
        "QIZHI_SECRET_KEY_FILE": str(folder / "secret_key"),
        "QIZHI_STAGE_DAY": DAY.isoformat(),
        "DATABASE_URL": f"sqlite:///{_database(folder)}",
    }


def _database(folder: Path) -> Path:
    return folder / "stage.sqlite3"


def _django(environ: dict[str, str], *arguments: str) -> None:
    _run([str(PYTHON), "-m", "django", *arguments], environ)


def _run(command: list[str], environ: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environ, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _keep(folder: Path, state: str) -> None:
    with _open(_database(folder)) as live, _open(folder / f"{state}.sqlite3") as kept:
        live.backup(kept)


def _open(file: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(file, timeout=20))


@contextmanager
def started_chromium():
    """A Chromium that asks nobody anything and writes dates as in China."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    chromium = find_chromium()
    assert chromium, "qz.py runs these tests only where it finds Chromium"
    with sync_playwright() as driver:
        environ = {**os.environ, "LANGUAGE": "zh_CN"}
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS), env=environ)
        yield browser
        browser.close()


def log_in(tab, username):
    """Through the form, as a person would."""
    tab.fill("[name=username]", username)
    tab.fill("[name=password]", PASSWORD)
    tab.click("main form button.btn-primary")
