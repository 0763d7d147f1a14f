"""Plans to play with."""

from __future__ import annotations

import pytest

from qizhi.core.tests.standing import left_standing
from qizhi.regulations.services.calendar import load_national_calendar
from qizhi.tasks.enums import Deed, Purpose
from qizhi.tasks.services import ItemValues, create_plan

YEARS = range(2015, 2020)  # in which these tests play


@pytest.fixture
def centre_plan(cast):
    """The centre group's plan of 2018 with two items in March."""
    items = [
        ItemValues(3, "学习新党章", cast.person("leader"), Deed.CENTRE_STUDY),
        ItemValues(3, "学习宪法修正案", None, Deed.CENTRE_STUDY),
    ]
    return create_plan(
        unit=cast.centre_group, year=2018, purpose=Purpose.CENTRE_STUDY, items=items, by=cast.actor("officer")
    )


@pytest.fixture
def branch_plan(cast):
    """The first branch's plan of 2018 with one item."""
    return create_plan(
        unit=cast.first,
        year=2018,
        purpose=Purpose.BRANCH_STUDY,
        items=[ItemValues(2, "学习十九大报告", None, Deed.THEME_DAY)],
        by=cast.actor("secretary"),
    )


@left_standing
def calendar(cast):
    """The national papers, which say which days are worked."""
    load_national_calendar(cast.bureau, by=cast.actor("officer"), years=YEARS)
