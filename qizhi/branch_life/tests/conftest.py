"""Rules that ask something of branches, and gatherings that carry it out, seen from 20 April 2018."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import clock
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import (
    GatheringFacts,
    LecturerFact,
    load_standard_kinds,
    record_gathering,
)
from qizhi.regulations.enums import Subject, VersionStatus
from qizhi.regulations.models import Clause, Regulation, Version

TODAY = dt.date(2018, 4, 20)


@pytest.fixture
def april(_clock):
    """The clock stands at 20 April 2018."""
    with clock.at(TODAY):
        yield TODAY


@pytest.fixture
def ask_for(cast):
    """Put a clause in force from one day to another; of kind quota unless told."""

    def put(
        key,
        *,
        from_on=dt.date(2016, 1, 1),
        to_on=None,
        subject=Subject.BRANCH,
        is_general=False,
        kind="quota",
        **parameters,
    ):
        regulation = Regulation.objects.create(
            bureau=cast.bureau, code=f"{key}-{from_on}", title=f"{key}制度", issuer="本局"
        )
        version = Version.objects.create(
            bureau=cast.bureau,
            regulation=regulation,
            label="试行",
            effective_from=from_on,
            effective_to=to_on,
            loaded_from="例",
        )
        clause = Clause.objects.create(
            bureau=cast.bureau,
            version=version,
            key=key,
            number="第一条",
            text="原文",
            kind=kind,
            parameters=parameters,
            subject=subject,
            is_general=is_general,
        )
        version.status = VersionStatus.PUBLISHED  # clauses first: none can be added to what is published
        version.save()
        return clause

    return put


@pytest.fixture
def talks_asked(ask_for):
    """A talk with everybody each year, asked since 2018."""
    return ask_for(
        "talks",
        from_on=dt.date(2018, 1, 1),
        subject=Subject.PERSON,
        kind="coverage",
        every="year",
        at_least=1,
        coverage="person",
    )


@pytest.fixture
def rules(ask_for):
    """One congress a quarter, a committee and a group meeting a month where there are such, one meeting a year."""
    return [
        ask_for("congress", counts="congress", every="quarter", at_least=1, is_general=True),
        ask_for("committee", counts="committee", every="month", at_least=1, only_if="has_committee"),
        ask_for("group", counts="group", every="month", at_least=1, only_if="has_groups"),
        ask_for("org-life", counts="org_life", every="year", at_least=1),
    ]


@pytest.fixture
def hold(cast, april):
    """Record a gathering of a unit on a day, of kinds by key; `lecturer` gives the capacity of a guest."""
    by = cast.actor("officer")
    load_standard_kinds(cast.bureau, by=by)

    def record(unit, day, *keys, lecturer=""):
        kinds = tuple(Kind.objects.filter(bureau=cast.bureau, key__in=keys))
        lecturers = (LecturerFact(cast.person("leader"), "", lecturer),) if lecturer else ()
        facts = GatheringFacts(unit=unit, held_on=day, kinds=kinds, lecturers=lecturers)
        with clock.at(max(day, TODAY) if day.year < TODAY.year else day):
            return record_gathering(facts=facts, by=by)

    return record
