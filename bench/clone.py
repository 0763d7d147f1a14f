"""From a clean clone to the first page, by the first command of the README, as a newcomer types it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.client import OK
from bench.goals import Sheet
from qzlib.places import ROOT
from qzlib.say import StopError, say
from qzlib.server import free_port

FIRST_PORT = 8600
PATIENCE_S = 900
ADDRESS = re.compile(r"→ (http://\S+)")
# What would lead the clone back to this copy.
OURS = ("QIZHI_", "DATABASE_URL", "DJANGO_", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def first_command(readme: str) -> list[str]:
    """The words of the first command in the README."""
    found = re.search(r"^python3 (qz\.py [^#\n]+)", readme, re.MULTILINE)
    if found is None:
        raise StopError("The README names no command of qz.py")
    return found[1].split()


def measure() -> Sheet:
    """Clone, run and wait twice: the first time fills the caches, the second is held to the goal."""
    sheet = Sheet("clean clone")
    for key, label in (
        ("clone_cold", "git clone and `qz.py demo` to the first page, caches of packages as they were"),
        ("clone", "the same, with warm caches of packages"),
    ):
        took, steps = seconds_to_first_page()
        sheet.put(key, label, "s", 1, took)
        say(f"✓ {label}: {took:.1f} s\n{steps}")
    return sheet


def seconds_to_first_page() -> tuple[float, str]:
    """Seconds from `git clone` to the first page that answers 200, and what the command said meanwhile.

    Raises:
        StopError: it ended, or time ran out, before there was a page.
    """
    with tempfile.TemporaryDirectory(prefix="qz-clone-") as name:
        folder = Path(name) / "qizhi"
        start = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", ROOT.as_uri(), str(folder)], check=True)
        words = first_command((folder / "README.md").read_text(encoding="utf-8"))
        more = ["--no-open", "--port", str(free_port("127.0.0.1", FIRST_PORT))]
        log = Path(name) / "said.txt"
        with log.open("wb") as said:
            process = subprocess.Popen(
                [_python(), *words, *more], cwd=folder, env=_environ(), stdout=said, stderr=said
            )
        try:
            address = _address(process, log, start + PATIENCE_S)
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(address, timeout=30) as answer:
                if answer.status != OK:
                    message = f"{address} answered {answer.status}"
                    raise StopError(message)
            return time.perf_counter() - start, log.read_text(encoding="utf-8").rstrip()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _address(process: subprocess.Popen[bytes], log: Path, end: float) -> str:
    """What the command names once it is ready."""
    while process.poll() is None and time.perf_counter() < end:
        found = ADDRESS.search(log.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found[1]
        time.sleep(0.05)
    message = f"No page came out of the clone\n{log.read_text(encoding='utf-8', errors='replace')[-1000:]}"
    raise StopError(message)


def _python() -> str:
    """The Python of the system, not the one of this environment."""
    own = Path(sys.base_prefix) / "bin" / "python3"
    return str(own) if own.exists() else shutil.which("python3") or sys.executable


def _environ() -> dict[str, str]:
    """The surroundings without anything of this copy."""
    inside = str(ROOT)
    path = [one for one in os.environ.get("PATH", "").split(os.pathsep) if not one.startswith(inside)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PATH": os.pathsep.join(path)}
