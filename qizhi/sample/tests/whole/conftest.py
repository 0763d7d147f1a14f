"""The whole sample bureau until a day, which all tests of this folder ask on one worker."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import clock
from qizhi.core.tests.standing import left_standing
from qizhi.sample.build import build_bureau

UNTIL = dt.date(2018, 3, 31)


@pytest.hookimpl(tryfirst=True)  # before the workers name their groups
def pytest_collection_modifyitems(items):
    """One worker for all that ask the sample: it is built once."""
    for item in items:
        if "sample" in item.fixturenames and "whole" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("sample"))


@left_standing
def sample():
    """The bureau until 31 March 2018."""
    with clock.at(UNTIL):
        return build_bureau(1, UNTIL)
