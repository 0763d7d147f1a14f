"""Processes as the kernel sees them: processor time, and memory by its proportional share (Linux)."""

from __future__ import annotations

import contextlib
import os
import platform
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped] # it ships no types

MEGABYTE = 1024 * 1024


def tree(pids: Iterable[int]) -> list[psutil.Process]:
    """These processes and all that descend from them."""
    found = []
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(pid)
            found += [root, *root.children(recursive=True)]
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor seconds, user and system, of the trees so far; children that ended already count too."""
    total = 0.0
    for process in tree(pids):
        with contextlib.suppress(psutil.NoSuchProcess):
            used = process.cpu_times()
            total += used.user + used.system + used.children_user + used.children_system
    return total


def pss_megabytes(pids: Iterable[int]) -> float:
    """Memory of the trees: what processes share is divided among them, so that the sum counts it once."""
    total = 0
    for process in tree(pids):
        with contextlib.suppress(OSError, psutil.NoSuchProcess):
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
            line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
            total += int(line.split()[1]) * 1024
    return total / MEGABYTE


class Peak:
    """The most memory that was seen."""

    megabytes = 0.0


@contextmanager
def watched_memory(pids: tuple[int, ...], every_s: float = 0.7) -> Iterator[Peak]:
    """Look at the memory of the trees again and again while the block runs."""
    peak, done = Peak(), threading.Event()

    def look() -> None:
        while not done.wait(every_s):
            peak.megabytes = max(peak.megabytes, pss_megabytes(pids))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def sync_milliseconds(folder: Path, times: int = 50) -> float:
    """Median of what the disk takes to keep 4 kB safely: the floor under every durable record."""
    took = []
    path = folder / "sync"
    handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        for _ in range(times):
            start = time.perf_counter()
            os.write(handle, b"x" * 4096)
            os.fdatasync(handle)
            took.append(time.perf_counter() - start)
    finally:
        os.close(handle)
        path.unlink()
    return sorted(took)[times // 2] * 1000


def machine() -> str:
    """One line about this machine."""
    model = ""
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = psutil.virtual_memory().total / MEGABYTE / 1024
    cores = len(os.sched_getaffinity(0))
    return (
        f"{cores} cores, {model or platform.machine()}, {memory:.0f} GB, Python {platform.python_version()}, "
        f"load average before {os.getloadavg()[0]:.1f}"
    )
