"""The measurements, each against a server that runs."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from bench.arithmetic import growth, median, percentile, rate
from bench.client import OK, Client, ServerError
from bench.databases import inside
from bench.goals import PAGES, Sheet
from bench.load import Result, Task, User
from bench.markup import form_with
from bench.processes import cpu_seconds, pss_megabytes, watched_memory
from bench.serving import HOST, Server, serving, surroundings
from bench.visits import Browser
from qzlib.places import PYTHON, ROOT
from qzlib.say import StopError

MANY = 1_000_000
THOUSANDS = 1_300
"""From so many branches on the goal of many branches is held."""
CROWDS = (8, 32)
WRITERS = (1, 8, 32)
QUIET_S = 2.0


@dataclass(frozen=True)
class Pace:
    """How long and how often: seconds and counts that bound each measurement."""

    requests: int = 120
    alone_s: float = 8
    crowd_s: float = 4
    views: int = 60
    writing_s: float = 5
    files: int = 5
    starts: int = 3


QUICK = Pace(requests=60, alone_s=3, crowd_s=2, views=30, writing_s=3, files=3, starts=1)


@dataclass(frozen=True)
class Column:
    """A column of a sheet that is being filled: one number of bureaus."""

    sheet: Sheet
    bureaus: int
    pace: Pace

    def put(self, key: str, label: str, unit: str, value: float) -> None:
        """Write a value."""
        self.sheet.put(key, label, unit, self.bureaus, value)


@dataclass(frozen=True)
class Person:
    """Somebody logged in, of one of the bureaus."""

    cookies: dict[str, str]
    facts: dict[str, Any]

    def reader(self, *pages: str) -> User:
        """Opens these pages in turn."""
        return User(self.cookies, tuple(self.facts["pages"][page] for page in pages))


def log_in(server: Server, facts: Sequence[dict[str, Any]], role: str) -> list[Person]:
    """One person of that role for each bureau that takes part, through the log-in page."""
    people = []
    for one in facts:
        client = server.client()
        client.log_in(one[role], one["password"])
        client.close()
        people.append(Person(client.cookies, one))
    return people


def crowd(people: Sequence[Person], size: int, *pages: str) -> tuple[User, ...]:
    """So many readers, spread over the bureaus."""
    return tuple(people[number % len(people)].reader(*pages) for number in range(size))


def load(server: Server, users: Sequence[User], seconds: float, most: int = MANY) -> Result:
    """Run the load in a process of its own; ServerError if any request failed."""
    task = Task(HOST, server.port, tuple(users), seconds, most)
    done = subprocess.run(
        [str(PYTHON), "-m", "bench.load"],
        cwd=ROOT,
        input=json.dumps(asdict(task)),
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 180,
    )
    if done.returncode:
        message = f"The load generator failed\n{done.stderr[-1000:]}"
        raise StopError(message)
    result = Result(**json.loads(done.stdout))
    if result.failures:
        message = f"{len(result.failures)} requests failed, first: {result.failures[0]}"
        raise ServerError(message)
    return result


def measure_page(column: Column, server: Server, people: list[Person], page: str) -> None:
    """One page: alone, in a crowd, its processor time, its requests and bytes."""
    label, person = PAGES[page], people[0]
    load(server, crowd(people, 8, page), 1.0, 40)  # every process has met the page
    alone = load(server, [person.reader(page)], column.pace.alone_s, column.pace.requests)
    for percent in (50, 95):
        value = percentile(alone.latencies, percent) * 1000
        column.put(f"{page}.p{percent}", f"{label}: p{percent} of one user", "ms", value)
    for size in CROWDS:
        result = load(server, crowd(people, size, page), column.pace.crowd_s)
        value = rate(len(result.latencies), result.elapsed)
        column.put(f"{page}.rate{size}", f"{label}: {size} users", "requests/s", value)
    browser = Browser(server.client(person.cookies))
    path = person.facts["pages"][page]
    first, again = browser.visit(path), browser.visit(path)
    value = view_cpu(server, person, first.paths, column.pace.views)
    column.put(f"{page}.cpu", f"{label}: server CPU of a whole first view", "ms", value)
    for name, visit in (("first", first), ("next", again)):
        column.put(f"{page}.{name}_requests", f"{label}: {name} visit", "requests", visit.requests)
        column.put(f"{page}.{name}_kb", f"{label}: {name} visit", "kB", visit.size / 1000)
    browser.client.close()


def view_cpu(server: Server, person: Person, paths: Sequence[str], views: int) -> float:
    """Milliseconds of processor time of all server processes for a page with all its files, on average."""
    user = User(person.cookies, tuple(paths))
    before = cpu_seconds(server.pids)
    result = load(server, [user], 60, views * len(paths))
    return (cpu_seconds(server.pids) - before) / (len(result.latencies) / len(paths)) * 1000


CHANGES = {"gathering": "a gathering", "leave": "leave", "document": "a document"}


def measure_statements(column: Column, address: str) -> None:
    """Statements of each page, and whether the list sends as many for few rows as for fifty."""
    counted = inside(address, "statements")
    for page, label in PAGES.items():
        steering = counted[page]["steering"]
        more = f", besides {steering} that begin and end the transaction" if steering else ""
        column.put(f"{page}.sql", f"{label}: SQL{more}", "statements", counted[page]["kept"])
        after = ", ".join(f"{counted[page][what]} after {words}" for what, words in CHANGES.items())
        column.put(f"{page}.sql_new", f"{label}: SQL at most, {after}", "statements", counted[page]["new"])
    spread = abs(counted["list"]["new"] - counted["list_few"]["new"])
    column.put("list.sql_spread", "list: SQL of 50 rows less that of one day", "statements", spread)


def measure_compliance(column: Column, address: str) -> None:
    """What is asked of branches over three years: the screens of one and of all, and a whole run."""
    counted = inside(address, "compliance")
    column.put("branch_p95", "one branch over three years: p95", "ms", counted["branch"])
    column.put("bureau_p95", "13 branches over three years: p95", "ms", counted["bureau"])
    measure_run(column, counted)


def measure_run(column: Column, counted: dict[str, float]) -> None:
    """A whole run: of all branches, against the goal of many where there are so many, and of a branch."""
    what = "every clause judged for all branches × 3 years (13 branches a bureau)"
    column.put("run", f"{what}, as `findings` does: a bureau a process, nothing written", "s", counted["run"])
    if counted["branches"] >= THOUSANDS:
        column.put("run_many", f"the same, for {counted['branches']:,.0f} branches", "s", counted["run"])
    column.put(
        "run_each", "the same, one bureau after the other in one process: a branch", "ms", counted["each"]
    )


def measure_documents(column: Column, server: Server, person: Person) -> None:
    """Seconds to make the overview as page, docx and PDF, and the screen of what branches lack."""
    facts = person.facts
    wanted = {
        "overview_page": ("overview as a page", [facts["pages"]["overview"]]),
        "overview_docx": ("overview as docx", [facts["files"]["docx"]]),
        "overview_pdf": ("overview as PDF", [facts["files"]["pdf"]]),
        "screen": ("what 13 branches lack, three whole years", facts["screens"]),
    }
    client = server.client(person.cookies)
    for key, (label, paths) in wanted.items():
        took = [_seconds(client, paths) for _ in range(column.pace.files)]
        column.put(key, f"{label}, median of {column.pace.files}", "s", median(took))
    client.close()


def _seconds(client: Client, paths: Sequence[str]) -> float:
    start = time.perf_counter()
    for path in paths:
        answer = client.get(path)
        if answer.status != OK:
            message = f"{path} answered {answer.status}"
            raise ServerError(message)
    return time.perf_counter() - start


def measure_memory(column: Column, server: Server, people: list[Person]) -> None:
    """Memory of all processes: when one user has opened each page, while 32 do, and at rest after that."""
    load(server, [people[0].reader(*PAGES)], 60, len(PAGES))
    time.sleep(QUIET_S)
    put = partial(column.put, unit="MB (PSS)")
    put("memory_idle", "memory of all processes, idle", value=pss_megabytes(server.pids))
    with watched_memory(server.pids) as peak:
        load(server, crowd(people, 32, *PAGES), column.pace.crowd_s + 2)
    put("memory_load", "memory of all processes, 32 users on all pages", value=peak.megabytes)
    time.sleep(QUIET_S)
    put("memory_after", "memory of all processes, at rest after that", value=pss_megabytes(server.pids))


def measure_start(column: Column, address: str) -> None:
    """Seconds from the command to the first page, the files being in the cache of the kernel."""
    with serving(address):
        pass  # now they are
    took = []
    for _ in range(column.pace.starts):
        with serving(address) as server:
            took.append(server.seconds_to_start)
    column.put("start", "start to the first page", "s", median(took))


def measure_writers(column: Column, address: str) -> None:
    """Gatherings recorded a second by so many processes, each on disk before the next begins.

    Raises:
        ServerError: the rows that are there are not those that the writers counted.
    """
    environ = surroundings(address, is_durable=True)
    for size in WRITERS:
        before = inside(address, "rows")
        done = sum(_written(environ, column.pace.writing_s, size))
        after = inside(address, "rows")
        for name in ("gatherings", "events"):
            if after[name] - before[name] != done:
                message = f"{done} records counted, but {after[name] - before[name]} {name} are there"
                raise ServerError(message)
        label = f"gatherings recorded by {size} process{'es' if size > 1 else ''}"
        column.put(f"records{size}", label, "records/s", done / column.pace.writing_s)


def _written(environ: dict[str, str], seconds: float, size: int) -> list[int]:
    """How many each of the writers recorded; they begin together once all are ready."""
    command = [str(PYTHON), "-m", "bench.writing", str(seconds)]
    pipe = subprocess.PIPE
    writers = [
        subprocess.Popen([*command, str(place)], cwd=ROOT, env=environ, stdin=pipe, stdout=pipe, text=True)
        for place in range(size)
    ]
    for writer in writers:
        if writer.stdout is None or writer.stdout.readline() != "ready\n":
            raise StopError("A writer did not start; its reason stands above")
    for writer in writers:
        if writer.stdin is not None:
            writer.stdin.write("go\n")
            writer.stdin.flush()
    return [int(writer.communicate()[0]) for writer in writers]


def measure_records(column: Column, address: str) -> None:
    """Gatherings recorded a second through the form, each on disk before it is acknowledged.

    Raises:
        ServerError: a record failed, or the rows that are there are not those that were acknowledged.
    """
    facts = inside(address, "facts")
    before, written = inside(address, "rows"), 0
    with serving(address, is_durable=True) as server:
        people = log_in(server, facts, "secretary")
        users = [writer(server, person) for person in people]
        written += len(load(server, [users[0]] * 8, 1.0, 16).latencies)
        for size in WRITERS:
            result = load(
                server, [users[number % len(users)] for number in range(size)], column.pace.writing_s
            )
            value = rate(len(result.latencies), result.elapsed)
            column.put(f"forms{size}", f"gatherings recorded by {size} at the form", "records/s", value)
            written += len(result.latencies)
    after = inside(address, "rows")
    for name in ("gatherings", "events"):
        if after[name] - before[name] != written:
            message = f"{written} records acknowledged, but {after[name] - before[name]} {name} are there"
            raise ServerError(message)


def writer(server: Server, person: Person) -> User:
    """A secretary with the form of an ordinary theme day filled in, as the page itself offers it."""
    client = server.client(person.cookies)
    path = person.facts["record"]
    form = form_with(client.get(path).text, ("id", "unit", "held_on", "kinds", "topics"))
    client.close()
    form.set("kinds", form.choices["kinds"][0])
    form.set("topics", "基准测试")
    fields = [(name, value) for name, value in form.fields if name != "id"]
    return User(client.cookies, (path,), tuple(fields))


def measure_growth(sheet: Sheet, counts: Sequence[int]) -> None:
    """How much slower the pages of one bureau become when others stand beside it."""
    least, most = min(counts), max(counts)
    if least == most:
        return
    for page, label in PAGES.items():
        value = growth(sheet.value(f"{page}.p50", least), sheet.value(f"{page}.p50", most))
        sheet.put(f"{page}.growth", f"{label}: p50, {most} bureaus to {least}", "times", most, value)
    value = growth(sheet.value("run_each", least), sheet.value("run_each", most))
    sheet.put(
        "run.growth",
        f"every clause × 3 years: time a branch, {most} bureaus to {least}",
        "times",
        most,
        value,
    )
