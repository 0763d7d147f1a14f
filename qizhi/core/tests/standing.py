"""Rows that many tests begin with are made once and left standing while the next test begins with them too.

    @left_standing
    def rules(cast):
        return …                       # writes rows, returns what a test needs to find them

makes a fixture that reads like any other. What it wrote stays in an open savepoint under that of the test;
each test gets its own copy of what it returned, so that nobody sees what another has done to an object. A
test that begins with other rows lets those fall that it does not know.

The arguments of such a function are standing themselves: it sees nothing of the test, and its clock shows
`TODAY`. It returns what pickle can copy: rows, mappings of them, objects of classes of a module.
"""

from __future__ import annotations

import datetime as dt
import inspect
import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction

from qizhi.core import clock

TODAY = dt.date(2018, 1, 15)
"""A Monday: the day of all tests that say nothing else."""
_BUILDS = "builds_standing_rows"
_TRANSACTIONS = {"transactional_db", "live_server"}


class _Layer(NamedTuple):
    build: Callable[..., Any]
    held: ExitStack
    value: Any


class StandingRows:
    """The rows that stand, one layer upon the other, and the copies of the running test."""

    def __init__(self) -> None:
        self._layers: dict[str, _Layer] = {}
        self._pickled = b""
        self._copies: dict[str, Any] | None = None

    def prepare(self, builds: Mapping[str, Callable[..., Any]]) -> None:
        """Let exactly these stand: name of the fixture → what makes it, those that others need first."""
        self._copies = None
        kept = 0
        for (name, layer), wanted in zip(self._layers.items(), builds.items(), strict=False):
            if (name, layer.build) != wanted:
                break
            kept += 1
        if kept == len(self._layers) == len(builds):
            return
        while len(self._layers) > kept:
            self._layers.popitem()[1].held.close()
        for name, build in [*builds.items()][kept:]:
            held = ExitStack()
            held.enter_context(_rolled_back())
            try:
                with clock.at(TODAY):
                    value = build(**{needed: self._layers[needed].value for needed in _needs(build)})
                connection.check_constraints()  # once here, or PostgreSQL does it again after each test
            except BaseException:
                held.close()
                raise
            self._layers[name] = _Layer(build, held, value)
        self._pickled = b""

    def copy(self, name: str, build: Callable[..., Any], given: Mapping[str, Any]) -> Any:
        """What the fixture returns to the running test, or made for it alone if it has real transactions."""
        layer = self._layers.get(name)
        if layer is None or layer.build is not build:
            return build(**given)
        self._pickled = self._pickled or pickle.dumps({key: one.value for key, one in self._layers.items()})
        if self._copies is None:
            self._copies = pickle.loads(self._pickled)  # noqa: S301 - our own, of a moment ago
        return self._copies[name]


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def left_standing(build: Callable[..., Any]) -> Any:
    """Make a fixture of a function that writes rows, see above."""
    needs = _needs(build)

    def found(**given: Any) -> Any:
        rows = given.pop("standing_rows")
        given.pop("db", None)
        return rows.copy(build.__name__, build, given)

    words = inspect.Parameter.KEYWORD_ONLY
    names = ["standing_rows", "db", *needs]
    found.__signature__ = inspect.Signature([inspect.Parameter(name, words) for name in names])  # type: ignore[attr-defined]
    found.__name__, found.__doc__, found.__module__ = build.__name__, build.__doc__, build.__module__
    setattr(found, _BUILDS, build)
    return pytest.fixture(found)


def _needs(build: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(build).parameters)


def wanted_by(request: pytest.FixtureRequest) -> dict[str, Callable[..., Any]]:
    """The standing fixtures that the test asks for, those that others need first."""
    # pytest has no other way to tell which of several fixtures of one name a test will get.
    known = request._pyfuncitem._fixtureinfo.name2fixturedefs
    found = {name: getattr(known[name][-1].func, _BUILDS, None) for name in known}
    builds = {name: build for name, build in found.items() if build is not None}
    if _TRANSACTIONS & set(request.fixturenames) or _has_transactions(request):
        return {}
    ordered: dict[str, Callable[..., Any]] = {}

    def put(name: str) -> None:
        for needed in _needs(builds[name]):
            put(needed)
        ordered.setdefault(name, builds[name])

    # One order for all tests, or two that want the same would not share them: as they stand in the files.
    for name in sorted(builds, key=lambda name: _place(builds[name])):
        put(name)
    return ordered


def _place(build: Callable[..., Any]) -> tuple[str, int]:
    return build.__module__, build.__code__.co_firstlineno


def _has_transactions(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return marker is not None and bool(marker.kwargs.get("transaction") or marker.args[:1] == (True,))
