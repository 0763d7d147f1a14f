"""The whole sample bureau until a day, which all tests of this folder ask."""

from __future__ import annotations

import datetime as dt

from qizhi.core import clock
from qizhi.core.tests.standing import left_standing
from qizhi.sample.build import build_bureau

UNTIL = dt.date(2018, 3, 31)


@left_standing
def sample():
    """The bureau until 31 March 2018."""
    with clock.at(UNTIL):
        return build_bureau(1, UNTIL)
