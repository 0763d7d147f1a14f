"""Words to the person in the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class StopError(Exception):
    """Something is missing or failed; the message is one clear line with the way out."""


def say(line: str) -> None:
    """Print a line at once, also into a pipe; to stderr, so that the output of commands stays clean."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what begins, and how long it took."""
    start = time.monotonic()
    say(f"… {title}")
    yield
    say(f"✓ {title} ({time.monotonic() - start:.1f} s)")


def table(rows: list[tuple[str, str, float]]) -> str:
    """Lines with name, result and seconds."""
    width = max(len(name) for name, _, _ in rows)
    return "\n".join(f"  {name:<{width}}  {result:<7}  {seconds:7.1f} s" for name, result, seconds in rows)
