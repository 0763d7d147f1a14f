"""Accounts with which the sample can be tried; made in demo and test mode only."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.hashers import make_password

from qizhi.core.values import dataclass
from qizhi.org.enums import MemberStatus
from qizhi.org.models import Account, Bureau, Membership, Person, Post
from qizhi.sample.rows import Ids, words

MODES = ("demo", "test")
COPIED = ("officer", "secretary")
"""Which accounts a copied bureau gets, with its number behind the name."""


@dataclass(frozen=True)
class Wanted:
    """An account of the file: its name, whose it is, and what to try with it."""

    username: str
    role: str
    unit: str
    purpose: str


def wanted() -> list[Wanted]:
    """The accounts of the file."""
    return [
        Wanted(said["username"], said["role"], said["unit"], said["try"])
        for said in words("accounts")["accounts"]
    ]


def password() -> str:
    """The password of all of them, public on purpose."""
    said: str = words("accounts")["password"]
    return said


def may_have_accounts() -> bool:
    """Whether this installation may hold accounts whose password everybody knows."""
    return settings.MODE in MODES


def add_accounts(bureau: Bureau, number: int, day: dt.date, hashed: str = "") -> list[Account]:
    """Make the accounts of a bureau for the people who hold the posts on the day.

    Args:
        bureau: whose people.
        number: 1 gets all accounts; others get `COPIED`, with the number behind the name.
        day: the day on which the posts are held.
        hashed: the hashed password where it is known already: hashing is slow by design.
    """
    hashed = hashed or make_password(password())
    ids = Ids(number)
    accounts = []
    for one in wanted():
        if number > 1 and one.username not in COPIED:
            continue
        username = one.username if number == 1 else f"{one.username}-{number:03}"
        person = _person(bureau, one, day)
        account = Account(username=username, bureau=bureau, person=person, password=hashed)
        account.pk = ids.at(day + dt.timedelta(days=1))
        accounts.append(account)
    return Account.objects.bulk_create(accounts)


def _person(bureau: Bureau, one: Wanted, day: dt.date) -> Person:
    """Who holds the post; without a post, a full member of the branch who holds none anywhere."""
    held = Post.objects.on(day).filter(bureau=bureau)
    if one.role:
        posts = held.filter(role=one.role, unit__code=one.unit).select_related("person")
        post: Post = posts.order_by("from_on", "pk")[0]
        return post.person
    members = Membership.objects.on(day).filter(bureau=bureau, unit__code=one.unit, status=MemberStatus.FULL)
    free = members.exclude(person__in=held.values("person_id")).select_related("person")
    membership: Membership = free.order_by("person__staff_no")[0]
    return membership.person
