"""The two ways to serve: a demonstration bureau, and the real thing."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Mapping
from pathlib import Path

from qzlib import stamps
from qzlib.install import RUN_LOCK, run
from qzlib.places import BUILD, PYTHON, ROOT, data_dir, django_environ, sqlite_url
from qzlib.say import StopError, say, step

PORTS_TRIED = 20
PATIENCE_S = 60
DEMO_FEEDS = ("officer:bureau", "secretary:z01")
"""Calendars that the sample opens, by account: of the bureau, and of a branch."""


def fill_demo(bureaus: int | None) -> None:
    """Make the database of sample data, or bring it up to date; the data stays from one start to the next."""
    database = data_dir() / "demo.sqlite3"
    environ = _demo_environ()
    if not database.exists():
        for suffix in (".stamp", ".sample"):
            database.with_suffix(suffix).unlink(missing_ok=True)
    migrate(environ)
    _sample(database, environ, bureaus)


def demo(*, port: int, is_opening: bool) -> int:
    """Serve the sample data."""
    environ = _demo_environ()
    return serve(environ, host="127.0.0.1", port=port, workers=2, is_opening=is_opening, has_accounts=True)


def _demo_environ() -> dict[str, str]:
    return django_environ("demo", sqlite_url("demo.sqlite3"))


def fill_production() -> None:
    """Bring the database of `DATABASE_URL`, or `var/qizhi.sqlite3`, to the present schema."""
    migrate(_production_environ())


def _production_environ() -> dict[str, str]:
    return django_environ("serve", os.environ.get("DATABASE_URL") or sqlite_url("qizhi.sqlite3"))


def production(*, host: str, port: int, workers: int) -> int:
    """Serve that database."""
    environ = _production_environ()
    if host not in {"127.0.0.1", "localhost"} and "QIZHI_ALLOWED_HOSTS" not in os.environ:
        say(
            "! Other machines are refused until QIZHI_ALLOWED_HOSTS names this server "
            "请用 QIZHI_ALLOWED_HOSTS 写明本机的域名或地址"
        )
    return serve(environ, host=host, port=port, workers=workers)


def django(environ: Mapping[str, str], *arguments: str, failure: str) -> None:
    """Run a management command in silence, without the checks of the code that the tests make."""
    run([str(PYTHON), "-m", "django", *arguments, "--skip-checks"], failure, environ)


def collect_static(*, is_demo: bool) -> None:
    """Gather the static files when the build, an app's own files or the packages changed."""
    environ = _demo_environ() if is_demo else _production_environ()
    stamp = data_dir() / "static.stamp"
    wanted = stamps.digest([BUILD / ".stamp", RUN_LOCK, *sorted(ROOT.glob("qizhi/*/static"))])
    if stamps.is_current(stamp, wanted) and (data_dir() / "static").is_dir():
        return
    with step("Static files 汇集静态文件"):
        django(
            environ, "collectstatic", "--noinput", "--clear", failure="collectstatic failed 静态文件汇集失败"
        )
    stamps.write(stamp, wanted)


def migrate(environ: Mapping[str, str]) -> None:
    """Bring the database to the present schema; an SQLite file that is there already is asked first."""
    url = environ["DATABASE_URL"]
    wanted = stamps.digest([RUN_LOCK])
    file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    stamp = file.with_suffix(".stamp") if file else None
    if file and stamp and stamps.is_current(stamp, wanted) and not missing_migrations(file):
        return
    with step("Database 更新数据库"):
        django(environ, "migrate", "--noinput", failure="The database could not be updated 数据库更新失败")
    if stamp:
        stamps.write(stamp, wanted)


def missing_migrations(database: Path) -> set[tuple[str, str]]:
    """Migrations of our own apps that this SQLite file has not seen."""
    files = ROOT.glob("qizhi/*/migrations/[0-9]*.py")
    wanted = {(file.parent.parent.name, file.stem) for file in files}
    if not database.exists():
        return wanted
    try:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return wanted - set(connection.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error:
        return wanted


def _sample(database: Path, environ: Mapping[str, str], bureaus: int | None) -> None:
    stamp = database.with_suffix(".sample")
    made = int(stamp.read_text(encoding="utf-8")) if stamp.exists() else 0
    wanted = bureaus or max(made, 1)
    if wanted < made:
        say(f"! There are {made} bureaus already; for fewer, delete {database} 已有 {made} 个局")
    if wanted <= made:
        return
    number = str(wanted)
    with step("Sample data 生成示例数据"):
        django(
            environ,
            "sample",
            "--bureaus",
            number,
            failure="The sample data could not be made 示例数据生成失败",
        )
    if made == 0:
        # Addresses are random and shown once, as for everybody: what everybody could work out is no key.
        _tell(environ, "open_feeds", *DEMO_FEEDS, failure="No calendars were opened 未能建立日历地址")
    stamps.write(stamp, number)


def serve(
    environ: Mapping[str, str],
    *,
    host: str,
    port: int,
    workers: int,
    is_opening: bool = False,
    has_accounts: bool = False,
) -> int:
    """Run gunicorn until Ctrl-C; say when the first page answers."""
    free = free_port(host, port)
    if free != port:
        say(f"! Port {port} is taken, using {free} 端口 {port} 被占用，改用 {free}")
    start = time.monotonic()
    server = subprocess.Popen(gunicorn(host, free, workers), cwd=ROOT, env=dict(environ))
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    address = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{free}/"  # noqa: S104 - compared only
    try:
        if not wait_for_page(address, server):
            message = "The server did not start; its reason stands above 服务未能启动，原因见上"
            raise StopError(message)
        say(f"✓ Ready 就绪 ({time.monotonic() - start:.1f} s)")
        if has_accounts:
            failure = "The sample accounts could not be listed 未能列出示例账号"
            _tell(environ, "sample_accounts", failure=failure)
        say(f"→ {address}    (Ctrl-C stops 按 Ctrl-C 停止)")
        if is_opening and (sys.platform == "darwin" or os.environ.get("DISPLAY")):
            webbrowser.open(address)
        return server.wait()
    except KeyboardInterrupt:
        say("")
        return 0
    finally:
        _stop(server)


def gunicorn(host: str, port: int, workers: int) -> list[str]:
    """The command of the server; the benchmark measures the same one."""
    return [
        *(str(PYTHON), "-m", "gunicorn", "qizhi.config.wsgi:application", "--bind", f"{host}:{port}"),
        *("--worker-class", "gthread", "--workers", str(workers), "--threads", "16", "--preload"),
        *("--timeout", "120", "--graceful-timeout", "10", "--log-level", "warning", "--no-control-socket"),
        # A search for 900 characters is 8,100 in an address: the product answers it, not the server.
        *("--limit-request-line", "8190"),
    ]


def free_port(host: str, port: int) -> int:
    """The port, or the next one that is free; StopError when twenty in a row are taken."""
    for candidate in range(port, port + PORTS_TRIED):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((host, candidate))
                return candidate
    message = f"Ports {port} to {port + PORTS_TRIED - 1} are all taken; name another with --port 端口都被占用"
    raise StopError(message)


def wait_for_page(address: str, server: subprocess.Popen[bytes]) -> bool:
    """Whether a page answers 200 before the server dies or patience ends."""
    # No proxy: the server is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and server.poll() is None:
        try:
            with opener.open(address, timeout=30) as answer:
                return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's own number
        except urllib.error.HTTPError as error:
            say(f"! {address} answered {error.code}")
            return False
        except OSError:
            time.sleep(0.1)
    return False


def _tell(environ: Mapping[str, str], *arguments: str, failure: str) -> None:
    """Run a management command and say what it says; that it fails keeps nobody from the rest."""
    done = subprocess.run(
        [str(PYTHON), "-m", "django", *arguments, "--skip-checks"],
        cwd=ROOT,
        env=dict(environ),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        say(done.stdout.rstrip())
    else:
        say(f"! {failure}: {done.stderr.strip()[-200:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
