"""Nothing half done: the power goes in the middle, and there is all of it or nothing of it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.test_house import ROOT

pytestmark = pytest.mark.once
ROWS = 2_500
TOKEN = "a" * 32
PATIENCE_S = 60
PREPARE = """
import datetime as dt, json, django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
from qizhi.core import imports
from qizhi.gatherings.models import Kind
from qizhi.org.models import Unit
from qizhi.org.queries import actor_of
from qizhi.org.services.units import FirstStart
from qizhi.web.services import open_house
account = open_house(FirstStart(
    name="示例局", short_name="示例", doc_prefix="示", founded_on=dt.date(2015, 1, 1),
    officer_name="干事壬", staff_no="1", username="officer", password="a-long-word-9274",
))
people = "".join(f"{number},示例{chr(0x4e00 + number % 5000)}\\n" for number in range(10001, 10001 + ROWS))
draft = imports.keep_draft(
    imports.get("org.people"), filename="花名册.csv", content=f"工号,姓名\\n{people}".encode(), by=actor_of(account)
)
client = Client()
client.force_login(account)
print(json.dumps({
    "session": client.cookies["sessionid"].value, "draft": str(draft.pk),
    "unit": str(Unit.objects.get(kind="committee").pk), "kind": str(Kind.objects.get(key="lesson").pk),
}))
"""


class House:
    """A copy of the product on a file of its own, with a server that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "house.sqlite3"
        self.environ = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{self.path}",
            "QIZHI_DATA_DIR": str(folder),
        }
        code = PREPARE.replace("ROWS", str(ROWS))
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.known = json.loads(done.stdout.splitlines()[-1])

    @contextmanager
    def server(self) -> Iterator[int]:
        """Start it; when the block ends it is killed at once, with all its processes."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        words = [
            "gunicorn",
            "qizhi.config.wsgi",
            "-b",
            f"127.0.0.1:{port}",
            "-w",
            "2",
            "--log-level",
            "error",
        ]
        process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, env=self.environ, start_new_session=True
        )
        try:
            deadline = time.monotonic() + PATIENCE_S
            while time.monotonic() < deadline:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            yield port
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def post(self, port: int, path: str, **fields: str) -> int:
        """Send a form; the status of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **fields})
        cookies = f"sessionid={self.known['session']}; csrftoken={TOKEN}"
        kind = "application/x-www-form-urlencoded"
        try:
            connection.request("POST", path, body, {"Cookie": cookies, "Content-Type": kind})
            return connection.getresponse().status
        finally:
            connection.close()

    def ask(self, question: str, *values: str) -> int:
        """One number out of the file, read as it lies there."""
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            return int(connection.execute(question, values).fetchone()[0])

    def imported(self) -> tuple[int, int, int]:
        """People of the table, their events, and drafts that say they are done."""
        return (
            self.ask("SELECT count(*) FROM org_person WHERE staff_no LIKE '1____'"),
            self.ask(
                "SELECT count(*) FROM core_auditevent WHERE verb = 'org.add_person' AND by_label <> '首次启动'"
            ),
            self.ask("SELECT count(*) FROM core_importdraft WHERE applied_at IS NOT NULL"),
        )


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return House(tmp_path_factory.mktemp("house"))


def test_an_import_that_is_killed_leaves_nothing_and_can_be_continued(house, tell):
    address = f"/tables/files/{house.known['draft']}/"
    killed_after = []
    for seconds in (0.3, 0.8, 1.5):
        with house.server() as port:
            thread = threading.Thread(target=lambda p=port: _quietly(house, p, address), daemon=True)
            thread.start()
            thread.join(seconds)
            if thread.is_alive():
                killed_after.append(seconds)
        thread.join(PATIENCE_S)
        if house.imported() != (0, 0, 0):
            break
    assert killed_after, "the import was too fast to be killed"
    assert house.imported() in {(0, 0, 0), (ROWS, ROWS, 1)}
    with house.server() as port:
        assert house.post(port, address) == 302
    assert house.imported() == (ROWS, ROWS, 1)
    tell("Killed", f"after {killed_after} s of an import: nothing was left; then all {ROWS} came in")


def _quietly(house: House, port: int, address: str) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):
        house.post(port, address)


def test_recording_that_is_killed_leaves_whole_gatherings_only(house, tell):
    said_yes: list[str] = []

    def record(port: int) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                key = str(uuid.uuid4())
                fields = {"id": key, "unit": house.known["unit"], "kinds": house.known["kind"]}
                fields |= {"held_on": "2018-01-12", "topics": "议题", "guests": "李四(外单位)"}
                fields |= {"votes-TOTAL_FORMS": "0", "votes-INITIAL_FORMS": "0"}
                status = house.post(port, "/gatherings/record/", **fields)
                assert status == 302, status
                said_yes.append(key.replace("-", ""))

    with house.server() as port:
        threads = [threading.Thread(target=record, args=(port,), daemon=True) for _ in range(4)]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + PATIENCE_S
        while len(said_yes) < 20 and time.monotonic() < deadline:
            time.sleep(0.05)
    for thread in threads:
        thread.join(PATIENCE_S)
    kept = house.ask("SELECT count(*) FROM gatherings_gathering")
    whole = house.ask(
        "SELECT count(*) FROM gatherings_gathering g"
        " WHERE (SELECT count(*) FROM gatherings_gatheringkind k WHERE k.gathering_id = g.id) = 1"
        " AND (SELECT count(*) FROM gatherings_ledgerentry l WHERE l.gathering_id = g.id) = 2"
        " AND (SELECT count(*) FROM gatherings_visitor v WHERE v.gathering_id = g.id) = 1"
        " AND (SELECT count(*) FROM core_auditevent a WHERE a.object_id = g.id AND a.verb = 'gatherings.record') = 1"
    )
    asked_for = "SELECT count(*) FROM gatherings_gathering WHERE id IN (SELECT value FROM json_each(?))"
    answered = house.ask(asked_for, json.dumps(said_yes))
    assert len(said_yes) >= 20
    assert kept == whole >= len(said_yes)
    assert answered == len(said_yes)
    tell(
        "Killed",
        f"while recording: {kept} gatherings, each whole; all {len(said_yes)} that were answered are kept",
    )
