"""The standing cast: a small bureau in which every test plays, and its clock (Monday 15 January 2018)."""

from __future__ import annotations

import gc
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from xdist.scheduler import LoadFileScheduling

from qizhi.core import clock
from qizhi.core.tests.standing import TODAY, StandingRows, left_standing, wanted_by
from qizhi.gatherings.models import Gathering
from qizhi.org.tests.cast import START, Cast, make_cast

# A machine that does other things as well is slow; that is no fault of what is tested.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")


# A walk is refused thousands of times, as it should be: no traceback is written for each.
logging.getLogger("django.request").setLevel(logging.ERROR)

LONG = ("tests", "qizhi/sample", "qizhi/web")
GOAL = re.compile(r"G(\d+): ")
POURED_WHOLE = "qizhi/sample/tests/whole"
DATABASE = {"db", "transactional_db", "django_db_setup"}


def pytest_collection_modifyitems(config, items):
    """What walks through the whole house or pours a whole bureau comes first: small ones fill the end.

    On PostgreSQL run what meets a database: arithmetic and documents are the same on both engines.
    """
    long = [config.rootpath / folder for folder in LONG]
    items.sort(key=lambda item: not any(item.path.is_relative_to(folder) for folder in long))
    if connection.vendor == "sqlite":
        return
    met = [item for item in items if item.get_closest_marker("django_db") or DATABASE & {*item.fixturenames}]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(met)])
    items[:] = met


class _WholeSampleOnce(LoadFileScheduling):
    """A file's tests run in one process; those of the whole sample bureau together, so that one pours it."""

    def _split_scope(self, nodeid: str) -> str:
        return POURED_WHOLE if nodeid.startswith(f"{POURED_WHOLE}/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    return _WholeSampleOnce(config, log) if config.option.dist == "loadfile" else None


def pytest_collection_finish(session):
    """What was loaded stays for the whole run: it is not looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True, scope="session")
def _tables_are_emptied() -> Iterator[None]:
    """After a test with transactions of its own Django empties all tables, also those that refuse it."""

    def emptied(execute, sql, params, many, context):
        if sql.startswith('TRUNCATE "'):  # as Django writes it; nobody else does
            execute("SET LOCAL session_replication_role = replica", None, False, context)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(emptied):
        yield


@pytest.fixture(scope="session")
def _all_standing_rows(django_db_setup, django_db_blocker) -> Iterator[StandingRows]:
    rows = StandingRows()
    yield rows
    with django_db_blocker.unblock():
        rows.prepare({})


@pytest.fixture
def standing_rows(request, _all_standing_rows, django_db_blocker) -> StandingRows:
    """The rows that this test begins with, see `left_standing`."""
    with django_db_blocker.unblock():
        _all_standing_rows.prepare(wanted_by(request))
    return _all_standing_rows


@pytest.fixture
def _django_db_helper(standing_rows, _django_db_helper) -> None:
    """Before each test that asks the database, whichever way, and under the savepoint of its own."""


@pytest.fixture
def tell(record_property) -> Callable[[str, str], None]:
    """Say a figure that a test has shown: `tell("G4", "…")`; it stands at the end of the run, see below."""

    def say(name: str, words: str) -> None:
        record_property("told", f"{name}: {words}")

    return say


def pytest_terminal_summary(terminalreporter, config):
    """Print what passed tests have told, whichever worker ran them; `qz.py test` gets it in a file as well.

    What is told while a fixture is torn down is known to the last report only.
    """
    if hasattr(config, "workerinput"):
        return  # a worker knows of its own tests only
    passed = {report.nodeid for report in terminalreporter.stats.get("passed", ())}
    lines = {
        value
        for report in terminalreporter.stats.get("", ())
        if report.when == "teardown" and report.nodeid in passed
        for name, value in report.user_properties
        if name == "told"
    }
    if lines:
        terminalreporter.write_sep("=", "what the tests have shown")
        for line in sorted(lines, key=_goals_first):
            terminalreporter.write_line(line)
    if "QZ_TOLD" in os.environ:
        lines = lines if connection.vendor == "sqlite" else set()  # there nearly all is told a second time
        if config.option.markexpr != "browser":
            lines.add(f"G15: {len(passed)} of the same tests passed on {connection.vendor}")
        with Path(os.environ["QZ_TOLD"]).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in sorted(lines, key=_goals_first))


def _goals_first(line: str) -> tuple[int, str]:
    goal = GOAL.match(line)
    return (int(goal[1]) if goal else 99, line)


@pytest.fixture
def django_assert_num_queries():
    """Count the statements that touch rows: PostgreSQL frames a read-only page in three more."""

    @contextmanager
    def assert_number(number: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        frame = ("SAVEPOINT", "RELEASE SAVEPOINT", "SET TRANSACTION", "ROLLBACK TO")
        asked = [query["sql"] for query in captured if not query["sql"].startswith(frame)]
        assert len(asked) == number, "\n".join([f"{len(asked)} statements instead of {number}:", *asked])

    return assert_number


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@left_standing
def cast() -> Cast:
    """Branch `first`: a committee of three, a group, five members (one probationary); `second`: three."""
    return make_cast()


@left_standing
def recorded(cast) -> Gathering:
    """A gathering of long ago, of no kind: since then the bureau has records."""
    held: Gathering = Gathering.objects.create(
        bureau=cast.bureau,
        unit=cast.committee,
        title="最早的记录",
        held_on=START,
        recorded_at=clock.now(),
        recorded_by="干事壬",
    )
    return held
