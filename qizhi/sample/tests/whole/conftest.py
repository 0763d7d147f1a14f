"""The whole sample bureau until a day, which all tests of this folder ask on one worker."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction

from qizhi.core import clock
from qizhi.sample.build import build_bureau

UNTIL = dt.date(2018, 3, 31)


@pytest.hookimpl(tryfirst=True)  # before the workers name their groups
def pytest_collection_modifyitems(items):
    """One worker for all that ask the sample: it is built once."""
    for item in items:
        if "sample" in item.fixturenames and "whole" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("sample"))


@pytest.fixture(scope="package")
def sample(django_db_setup, django_db_blocker):
    """The bureau until 31 March 2018, written once and rolled back after the last of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.at(UNTIL):
            bureau = build_bureau(1, UNTIL)
        connection.check_constraints()  # once here, or PostgreSQL does it again after each test
        yield bureau
        transaction.set_rollback(True)
