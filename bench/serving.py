"""The server that is measured: the product's own command, with four processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bench.client import OK, Client
from qzlib.places import ROOT, django_environ
from qzlib.say import StopError
from qzlib.server import free_port, gunicorn

HOST = "127.0.0.1"
FIRST_PORT = 8700
WORKERS = 4
PATIENCE_S = 60


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    port: int
    pids: tuple[int, ...]
    """Roots of its process trees: gunicorn, and PostgreSQL where that is ours."""
    seconds_to_start: float

    def client(self, cookies: Mapping[str, str] | None = None) -> Client:
        """A browser on it."""
        return Client(HOST, self.port, dict(cookies or {}))


@contextmanager
def serving(database_url: str, *, is_durable: bool = False) -> Iterator[Server]:
    """Start the server and wait for the first page; stop it with the block.

    Args:
        database_url: what it serves.
        is_durable: let SQLite wait for the disk at every commit.
    """
    port = free_port(HOST, FIRST_PORT)
    environ = surroundings(database_url, is_durable=is_durable)
    start = time.perf_counter()
    process = subprocess.Popen(gunicorn(HOST, port, WORKERS), cwd=ROOT, env=environ)
    try:
        _wait(process, port, start)
        took = time.perf_counter() - start
        yield Server(port, (process.pid, *postgres_pids(database_url)), took)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
        process.kill()
        process.wait()


def surroundings(database_url: str, *, is_durable: bool = False) -> dict[str, str]:
    """Environment of the server and of Django's commands; the folder of data is the benchmark's own."""
    synchronous = {"QIZHI_SQLITE_SYNCHRONOUS": "FULL" if is_durable else "NORMAL"}
    return {**django_environ("demo", database_url), **synchronous}


def _wait(process: subprocess.Popen[bytes], port: int, start: float) -> None:
    client = Client(HOST, port)
    while time.perf_counter() < start + PATIENCE_S and process.poll() is None:
        with contextlib.suppress(OSError):
            if client.get("/login/").status == OK:
                client.close()
                return
        client.close()
        time.sleep(0.01)
    message = "The server did not start; its reason stands above"
    raise StopError(message)


def postgres_pids(database_url: str) -> tuple[int, ...]:
    """The root of PostgreSQL's processes, if the server is one of ours on a socket in a folder."""
    folder = parse_qs(urlsplit(database_url).query).get("host", [""])[0]
    path = Path(folder) / "data" / "postmaster.pid"
    if not folder or not path.exists():
        return ()
    pid = int(path.read_text(encoding="ascii").splitlines()[0])
    return (pid,) if os.path.exists(f"/proc/{pid}") else ()  # noqa: PTH110 - a process, not a file
