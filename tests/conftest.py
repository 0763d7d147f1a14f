"""One browser for all tests that drive one."""

from __future__ import annotations

import pytest

from tests.browser.stage import started_chromium


@pytest.fixture(scope="session")
def browser():
    with started_chromium() as started:
        yield started
