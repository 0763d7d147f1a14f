"""The standing cast: a small bureau in which every test plays, and its clock (Monday 15 January 2018)."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qizhi.core import clock
from qizhi.core.permissions import Actor
from qizhi.gatherings.models import Gathering
from qizhi.org.enums import MemberStatus, Role, UnitKind
from qizhi.org.models import Account, Bureau, Membership, Person, Placement, Post, Unit
from qizhi.org.queries import actor_of

# A machine that does other things as well is slow; that is no fault of what is tested.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")

START = dt.date(2015, 1, 1)
TODAY = dt.date(2018, 1, 15)


R = TypeVar("R", bound=Model)
GOAL = re.compile(r"G(\d+): ")
DATABASE = {"db", "transactional_db", "django_db_setup"}


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL run what meets a database: arithmetic and documents are the same on both engines."""
    if connection.vendor == "sqlite":
        return
    met = [item for item in items if item.get_closest_marker("django_db") or DATABASE & {*item.fixturenames}]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(met)])
    items[:] = met


@pytest.fixture(autouse=True, scope="session")
def _tables_are_emptied() -> Iterator[None]:
    """After a test with transactions of its own Django empties all tables, also those that refuse it."""

    def emptied(execute, sql, params, many, context):
        if sql.startswith('TRUNCATE "'):  # as Django writes it; nobody else does
            execute("SET LOCAL session_replication_role = replica", None, False, context)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(emptied):
        yield


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


@dataclass
class Cast:
    """People and units of the test bureau; every account's password is `password`."""

    bureau: Bureau
    root: Unit
    department: Unit
    party_group: Unit
    centre_group: Unit
    committee: Unit
    first: Unit
    second: Unit
    group: Unit
    secretary: Account
    member: Account
    neighbour: Account
    officer: Account
    personnel: Account
    inspector: Account
    leader: Account
    outsider: Account

    def actor(self, name: str) -> Actor:
        """The actor of an account, as a request would make it."""
        return actor_of(getattr(self, name))

    def client(self, name: str) -> Client:
        """A browser in which that account is logged in."""
        client = Client()
        client.force_login(getattr(self, name))
        return client

    def person(self, name: str) -> Person:
        """The person of an account."""
        person: Person = getattr(self, name).person
        return person


@cache
def _hashed() -> str:
    return make_password("password")


class _Builder:
    """Gathers the rows of a bureau and writes them together: each test begins with them."""

    def __init__(self, code: str) -> None:
        self.bureau = Bureau(
            code=code,
            name=f"{code}示例局",
            short_name=f"{code}局",
            mark=f"{code}示例局党组文件",
            doc_prefix="示检党",
        )
        self.number = 0
        self.rows: dict[type[Model], list[Any]] = {Bureau: [self.bureau]}

    def _add(self, row: R) -> R:
        self.rows.setdefault(type(row), []).append(row)
        return row

    def save(self) -> None:
        """Write everything, a statement for each kind of row; keys are checked at the end of the test."""
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows)  # noqa: SLF001 - the name that Django documents

    def unit(self, kind: str, code: str, name: str, parent: Unit | None = None) -> Unit:
        path = f"{parent.path if parent else ''}{code}/"
        return self._add(
            Unit(bureau=self.bureau, kind=kind, code=code, name=name, parent=parent, path=path, from_on=START)
        )

    def person(self, name: str, department: Unit | None = None) -> Person:
        self.number += 1
        person = self._add(Person(bureau=self.bureau, staff_no=f"{self.number:04}", name=name))
        if department:
            self._add(Placement(bureau=self.bureau, person=person, unit=department, from_on=START))
        return person

    def join(
        self, person: Person, unit: Unit, status: str = MemberStatus.FULL, group: Unit | None = None
    ) -> None:
        self._add(
            Membership(
                bureau=self.bureau, person=person, unit=unit, group=group, status=status, from_on=START
            )
        )

    def post(self, person: Person, unit: Unit, role: str) -> None:
        self._add(Post(bureau=self.bureau, person=person, unit=unit, role=role, from_on=START))

    def account(self, username: str, person: Person) -> Account:
        return self._add(Account(username=username, password=_hashed(), bureau=self.bureau, person=person))


@pytest.fixture
def cast(db) -> Cast:
    """Branch `first`: a committee of three, a group, five members (one probationary); `second`: three."""
    make = _Builder("甲")
    root = make.unit(UnitKind.BUREAU, "b", "甲示例局")
    department = make.unit(UnitKind.DEPARTMENT, "d1", "示例处", root)
    party_group = make.unit(UnitKind.PARTY_GROUP, "pg", "局党组", root)
    centre_group = make.unit(UnitKind.CENTRE_GROUP, "cg", "党组理论学习中心组", root)
    committee = make.unit(UnitKind.COMMITTEE, "oc", "机关党委", root)
    first = make.unit(UnitKind.BRANCH, "z01", "第一党支部", committee)
    second = make.unit(UnitKind.BRANCH, "z02", "第二党支部", committee)
    group = make.unit(UnitKind.GROUP, "z01-1", "第一党小组", first)
    names = (
        "书记甲",
        "委员乙",
        "委员丙",
        "党员丁",
        "预备戊",
        "书记己",
        "党员庚",
        "党员辛",
        "干事壬",
        "人事癸",
        "纪检子",
        "局长丑",
    )
    people = [make.person(name, department) for name in names]
    for person in people[:5]:
        status = MemberStatus.PROBATIONARY if person.name == "预备戊" else MemberStatus.FULL
        make.join(person, first, status, group)
    for person in people[5:8]:
        make.join(person, second)
    make.post(people[0], first, Role.SECRETARY)
    make.post(people[1], first, Role.BRANCH_COMMITTEE_MEMBER)
    make.post(people[2], first, Role.BRANCH_COMMITTEE_MEMBER)
    make.post(people[5], second, Role.SECRETARY)
    make.post(people[8], root, Role.AFFAIRS_OFFICER)
    make.post(people[9], root, Role.PERSONNEL_OFFICER)
    make.post(people[10], root, Role.DISCIPLINE_OFFICER)
    make.post(people[11], root, Role.LEADER)
    make.post(people[11], party_group, Role.PARTY_GROUP_SECRETARY)
    for person in (people[11], people[10]):
        make.post(person, centre_group, Role.CENTRE_GROUP_MEMBER)
    other = _Builder("乙")
    other_root = other.unit(UnitKind.BUREAU, "b", "乙示例局")
    stranger = other.person("外人寅")
    other.post(stranger, other_root, Role.AFFAIRS_OFFICER)
    found = Cast(
        bureau=make.bureau,
        root=root,
        department=department,
        party_group=party_group,
        centre_group=centre_group,
        committee=committee,
        first=first,
        second=second,
        group=group,
        secretary=make.account("secretary", people[0]),
        member=make.account("member", people[3]),
        neighbour=make.account("neighbour", people[5]),
        officer=make.account("officer", people[8]),
        personnel=make.account("personnel", people[9]),
        inspector=make.account("inspector", people[10]),
        leader=make.account("leader", people[11]),
        outsider=other.account("outsider", stranger),
    )
    make.save()
    other.save()
    return found


@pytest.fixture
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
