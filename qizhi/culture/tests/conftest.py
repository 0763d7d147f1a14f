"""A call that is open, and works to play with."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.culture.models import WorkKind
from qizhi.culture.services import WorkFacts, hand_in, load_standard_work_kinds, save_call

OPENED_ON = dt.date(2018, 1, 2)


@pytest.fixture
def kinds(cast):
    """The standard kinds of works by code."""
    load_standard_work_kinds(cast.bureau, by=cast.actor("officer"))
    return {kind.key: kind for kind in WorkKind.objects.filter(bureau=cast.bureau)}


@pytest.fixture
def opened(cast, kinds):
    """Opens a call as the office."""

    def make(kind="essay", title="2018年征文", **more):
        values = {"kind": kinds[kind], "title": title, "unit": cast.root, "opened_on": OPENED_ON, **more}
        return save_call(**values, by=cast.actor("officer"))

    return make


@pytest.fixture
def handed(cast):
    """Takes in a work as the office."""

    def make(call, title="谈心谈话谈什么", name="member", day=dt.date(2018, 1, 10), **more):
        author = cast.person(name) if name else None
        facts = WorkFacts(title, day, author=author, **more)
        return hand_in(call, facts, by=cast.actor("officer"))

    return make
