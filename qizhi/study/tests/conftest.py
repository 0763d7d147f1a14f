"""A year of study in a bureau: plans and what was held, seen from 20 April 2018."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import clock
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import GatheringFacts, load_standard_kinds, record_gathering
from qizhi.tasks.enums import Deed, Purpose
from qizhi.tasks.services import ItemValues, create_plan

TODAY = dt.date(2018, 4, 20)


@pytest.fixture
def april(_clock):
    """The clock stands at 20 April 2018."""
    with clock.at(TODAY):
        yield TODAY


@pytest.fixture
def hold(cast, april):
    """Record a gathering of a unit on a day, of kinds by key."""
    by = cast.actor("officer")
    load_standard_kinds(cast.bureau, by=by)

    def record(unit, day, *keys, title="", topics=""):
        kinds = tuple(Kind.objects.filter(bureau=cast.bureau, key__in=keys))
        facts = GatheringFacts(unit=unit, held_on=day, kinds=kinds, title=title, topics=topics)
        return record_gathering(facts=facts, by=by)

    return record


@pytest.fixture
def centre_plan(cast, april):
    """Five items of the centre group: January, March twice, May, and one in February that was cancelled."""
    study = Deed.CENTRE_STUDY
    items = [
        ItemValues(1, "学习十九大报告", cast.person("leader"), study),
        ItemValues(2, "学习巡视条例", None, study, None, "与三月合并"),
        ItemValues(3, "学习新党章", None, study),
        ItemValues(3, "交流依法行政体会", None, Deed.CENTRE_DISCUSSION),
        ItemValues(5, "学习监察法", None, ""),
    ]
    return create_plan(
        unit=cast.centre_group, year=2018, purpose=Purpose.CENTRE_STUDY, items=items, by=cast.actor("officer")
    )


@pytest.fixture
def branch_plan(cast, april):
    """Two items of the first branch, in February and April."""
    items = [ItemValues(2, "学习党章"), ItemValues(4, "学习宪法", None, Deed.THEME_DAY)]
    return create_plan(
        unit=cast.first, year=2018, purpose=Purpose.BRANCH_STUDY, items=items, by=cast.actor("secretary")
    )


@pytest.fixture
def both_plans(centre_plan, branch_plan):
    """The plan of the centre group and that of the first branch."""
    return centre_plan, branch_plan
