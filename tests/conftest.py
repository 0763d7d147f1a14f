"""What the tests of the whole house share: one browser, and one thing for each argument of an address."""

from __future__ import annotations

import pytest

from qizhi.core.tests.standing import left_standing
from tests.browser.stage import started_chromium
from tests.things import make_things


@pytest.fixture(scope="session")
def browser():
    with started_chromium() as started:
        yield started


@left_standing
def things(cast):
    return make_things(cast)
