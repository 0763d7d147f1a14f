from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from qizhi.gatherings.models import Kind
from qizhi.gatherings.services.standard import STANDARD_KINDS
from qizhi.regulations.rules import WorkingCalendar
from qizhi.regulations.services.files import national_papers
from qizhi.sample.build import compose, new_bureau


@pytest.fixture(scope="session")
def calendar():
    return WorkingCalendar(national_papers())


@pytest.fixture(scope="session")
def told(calendar):
    """Compose a bureau in memory: `told(number, until)` once, `told.__wrapped__` anew."""

    @cache
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
