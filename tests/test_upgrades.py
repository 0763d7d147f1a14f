"""Data of an earlier version on its way through the migrations that change rows, on both engines."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection

from qizhi.core import clock
from qizhi.gatherings.models import Gathering, Visitor
from qizhi.org.models import Account, Bureau, Person, Unit


@pytest.fixture
def at(transactional_db):
    """The tables as a migration left them: `at(app, name)`; at the end they are as they were, with all rules."""
    rules = _rules()

    def migrate(app, name):
        call_command("migrate", app, name, verbosity=0)

    yield migrate
    call_command("migrate", verbosity=0)
    assert _rules() == rules


def _rules():
    """The triggers and indexes of the database as it tells them."""
    if connection.vendor == "sqlite":
        asked = "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
    else:
        asked = """SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"""
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return sorted(cursor.fetchall())


@pytest.fixture
def people(at):
    """Two of a bureau."""
    bureau = Bureau.objects.create(code="jia", name="甲局", short_name="甲")
    rows = (Person(bureau=bureau, staff_no=str(number), name=f"某{number}") for number in range(2))
    return Person.objects.bulk_create(rows)


def test_who_was_a_visitor_twice_is_one_with_every_comment(at, people):
    make, day = {"bureau": people[0].bureau}, dt.date(2018, 1, 8)
    unit = Unit.objects.create(**make, kind="branch", code="z01", name="一支部", path="z01/", from_on=day)
    held = Gathering.objects.create(
        **make, unit=unit, title="旧事", held_on=day, recorded_at=clock.now(), recorded_by="甲"
    )
    at("gatherings", "0006_words_without_a_name")
    for person, role, comment in (
        (people[0], "guest", "讨论充分"),
        (people[0], "auditor", "准备充分"),
        (people[0], "auditor", "讨论充分"),
        (people[1], "guest", ""),
    ):
        Visitor.objects.create(**make, gathering=held, person=person, role=role, comment=comment)
    guests = [Visitor.objects.create(**make, gathering=held, guest_name="外人") for _ in range(2)]
    at("gatherings", "0008_visitor_once")
    told = Visitor.objects.filter(person=people[0]).values_list("role", "comment")
    assert [(role, sorted(comment.split("\n"))) for role, comment in told] == [
        ("auditor", ["准备充分", "讨论充分"])
    ]
    assert Visitor.objects.filter(person=people[1]).count() == 1
    assert Visitor.objects.filter(pk__in=[guest.pk for guest in guests]).count() == len(guests)


def test_of_two_accounts_of_a_person_the_first_stays_open(at, people):
    at("org", "0008_arrivals")
    make = {"bureau_id": people[0].bureau_id}
    names = (("first", people[0]), ("second", people[0]), ("other", people[1]), ("nobody", None))
    for username, person in names:
        Account.objects.create(**make, username=username, person=person)
    at("org", "0010_one_account_a_person")
    open_ones = Account.objects.filter(is_active=True).values_list("username", flat=True)
    assert sorted(open_ones) == ["first", "nobody", "other"]
