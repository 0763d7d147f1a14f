from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction

from qizhi.core import clock
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services.standard import STANDARD_KINDS
from qizhi.regulations.rules import WorkingCalendar
from qizhi.regulations.services.files import national_papers
from qizhi.sample.build import build_bureau, compose, new_bureau

UNTIL = dt.date(2018, 3, 31)


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The bureau until 31 March 2018, written once for a whole file and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.at(UNTIL):
            bureau = build_bureau(1, UNTIL)
        connection.check_constraints()  # once here, or PostgreSQL does it again after each test
        yield bureau
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def calendar():
    return WorkingCalendar(national_papers())


@pytest.fixture(scope="session")
def told(calendar):
    """Compose a bureau in memory: `told(number, until)`."""

    def compose_it(number: int, until: dt.date):
        bureau = new_bureau(number)
        kinds = {
            kind.key: Kind(
                bureau=bureau,
                key=kind.key,
                audience=kind.audience.value,
                ledgers=[ledger.value for ledger in kind.ledgers],
            )
            for kind in STANDARD_KINDS
        }
        return compose(bureau, number, until, calendar, kinds)

    return compose_it
