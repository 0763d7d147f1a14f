"""What the tests of gatherings have at hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from qizhi.core.tests.standing import left_standing
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import GatheringFacts, load_standard_kinds, record_gathering


@left_standing
def kinds(cast):
    """The standard kinds by code."""
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))
    return {kind.key: kind for kind in Kind.objects.filter(bureau=cast.bureau)}


@pytest.fixture
def facts(cast, kinds):
    """Makes the facts of a gathering of the first branch on 12 January 2018."""

    def make(*keys, day="2018-01-12", **values):
        known = GatheringFacts(
            unit=cast.first,
            held_on=dt.date.fromisoformat(day),
            kinds=tuple(kinds[key] for key in keys or ("theme-day",)),
        )
        return replace(known, **values)

    return make


@pytest.fixture
def held(cast, facts):
    """Records a gathering as the officer."""

    def make(*keys, by="officer", **values):
        return record_gathering(facts=facts(*keys, **values), by=cast.actor(by))

    return make


@pytest.fixture
def typed(cast, kinds):
    """What the form of a gathering of the first branch sends."""

    def make(*keys, **more):
        return {
            "id": "01940000-0000-7000-8000-0000000000bb",
            "unit": str(cast.first.pk),
            "held_on": "2018-01-12",
            "kinds": [str(kinds[key].pk) for key in keys or ("theme-day",)],
            "votes-TOTAL_FORMS": "2",
            "votes-INITIAL_FORMS": "0",
            **more,
        }

    return make
