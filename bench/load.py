"""The load: people in threads, in a process of its own so that it does not share the server's interpreter.

Reads what to do as JSON from standard input and writes what was measured as JSON to standard output.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from bench.client import FOUND, OK, SEE_OTHER, Client
from qizhi.core.ids import new_id

SHOWN = 3


@dataclass(frozen=True)
class User:
    """One person: cookies of a session, the addresses opened in turn, and the form to post, if any."""

    cookies: dict[str, str]
    paths: tuple[str, ...]
    form: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Task:
    """What to do: until `seconds` are over or all together made `most` requests."""

    host: str
    port: int
    users: tuple[User, ...]
    seconds: float
    most: int


@dataclass
class Result:
    """What was measured: seconds of each request, seconds of all, and what failed."""

    latencies: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    failures: list[str] = field(default_factory=list)


def run(task: Task) -> Result:
    """Let the people loose at the same moment; wait for the last."""
    result = Result()
    turns = Turns(task.most)
    gate = threading.Barrier(len(task.users) + 1)
    threads = [
        threading.Thread(target=_live, args=(task, user, gate, turns, result), daemon=True)
        for user in task.users
    ]
    for thread in threads:
        thread.start()
    gate.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    result.elapsed = time.perf_counter() - start
    return result


class Turns:
    """Counts requests down."""

    def __init__(self, most: int) -> None:
        """Begin with all of them."""
        self._left = most
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Whether one more may be made."""
        with self._lock:
            self._left -= 1
            return self._left >= 0


def _live(task: Task, user: User, gate: threading.Barrier, turns: Turns, result: Result) -> None:
    client = Client(task.host, task.port, dict(user.cookies))
    act = _post(client, user) if user.form else _get(client, user.paths)
    gate.wait()
    end = time.perf_counter() + task.seconds
    while time.perf_counter() < end and turns.take():
        start = time.perf_counter()
        try:
            failure = act()
        except (OSError, HTTPException) as error:
            failure = repr(error)
        result.latencies.append(time.perf_counter() - start)  # appending is atomic
        if failure:
            result.failures.append(failure)
            break
    client.close()


def _get(client: Client, paths: Sequence[str]) -> Callable[[], str]:
    asked = 0

    def act() -> str:
        nonlocal asked
        path = paths[asked % len(paths)]
        asked += 1
        answer = client.get(path)
        return "" if answer.status == OK else f"{path} answered {answer.status}"

    return act


def _post(client: Client, user: User) -> Callable[[], str]:
    """Post the form again and again, each time under a new key, as if it had been opened anew."""

    def act() -> str:
        body = urlencode([*user.form, ("id", str(new_id()))]).encode()
        answer = client.post(user.paths[0], body)
        client.cookies.pop("messages", None)  # a browser shows it on the next page, and it is gone
        return "" if answer.status in {FOUND, SEE_OTHER} else f"{user.paths[0]} answered {answer.status}"

    return act


def task_of(data: dict[str, Any]) -> Task:
    """A task as it comes out of JSON."""
    users = [
        User(user["cookies"], tuple(user["paths"]), tuple((name, value) for name, value in user["form"]))
        for user in data.pop("users")
    ]
    return Task(users=tuple(users), **data)


if __name__ == "__main__":
    json.dump(asdict(run(task_of(json.load(sys.stdin)))), sys.stdout)
