"""A complaint to answer, and a calendar to count its term by."""

from __future__ import annotations

import pytest

from qizhi.core.tests.standing import left_standing
from qizhi.publishing.services import send_complaint
from qizhi.regulations.services.calendar import load_national_calendar

YEARS = range(2015, 2020)  # in which the stories of these tests play

CODE = "ABCDEFGH2345"


@left_standing
def calendar(cast):
    """The national papers; 2018 is among them."""
    load_national_calendar(cast.bureau, by=cast.actor("officer"), years=YEARS)


@pytest.fixture
def signed(cast):
    """What a member sent under their name on Monday 15 January 2018."""
    return send_complaint(
        kind="suggestion", text="首页先显示最近的截止日期", page="/tasks/?q=某人", by=cast.actor("member")
    )


@pytest.fixture
def unsigned(cast):
    """What the same member sent without a name."""
    return send_complaint(kind="complaint", text="材料报了两遍", page="/", by=cast.actor("member"), code=CODE)
