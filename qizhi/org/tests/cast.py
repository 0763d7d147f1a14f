"""The standing cast: a small bureau in which every test plays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Model
from django.test import Client

from qizhi.core.permissions import Actor
from qizhi.org.enums import MemberStatus, Role, UnitKind
from qizhi.org.models import Account, Bureau, Membership, Person, Placement, Post, Unit
from qizhi.org.queries import actor_of

START = dt.date(2015, 1, 1)
R = TypeVar("R", bound=Model)


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
        """A browser in which that account is logged in, by a session alone: it was not there the moment before."""
        account: Account = getattr(self, name)
        session = SessionStore()
        session.update(
            {
                SESSION_KEY: str(account.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: account.get_session_auth_hash(),
            }
        )
        session.save(must_create=True)
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
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
            model._default_manager.bulk_create(rows)

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


def make_cast() -> Cast:
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
