"""Sessions to which everybody of a rank comes, on the screen of a branch: person by person."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.branch_life.queries import outlook
from qizhi.core import clock, periods
from qizhi.gatherings.enums import RollState
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import GatheringFacts, RollFact, load_standard_kinds, record_gathering
from qizhi.org.models import Person, RankTenure
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import Standing

D = dt.date
TODAY = D(2018, 4, 20)


@pytest.fixture
def today(_clock):
    with clock.at(TODAY):
        yield TODAY


@pytest.fixture
def clause(cast, ask_for, today):
    """Everybody of section rank or above comes to warning education, or makes up for it in thirty days."""
    for person in Person.objects.filter(bureau=cast.bureau):
        RankTenure.objects.create(bureau=cast.bureau, person=person, rank="section", from_on=D(2015, 1, 1))
    return ask_for(
        "warning",
        subject=Subject.PERSON,
        kind="attendance",
        gathering="warning",
        from_rank="section",
        make_up_days=30,
    )


@pytest.fixture
def hold(cast, today):
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))

    def record(day, **states):
        kinds = (Kind.objects.get(bureau=cast.bureau, key="warning"),)
        roll = tuple(RollFact(cast.person(name), state) for name, state in states.items())
        facts = GatheringFacts(unit=cast.root, held_on=day, kinds=kinds, title="警示教育会", roll=roll)
        return record_gathering(facts=facts, by=cast.actor("officer"))

    return record


def cells(cast, unit):
    found = outlook(cast.bureau.pk, (cast.first, cast.second), periods.year(2018), TODAY)
    ((line, here),) = found.of(unit.pk)
    assert line.label == "警示教育（全员）"
    return here


def test_without_a_session_nothing_is_asked(cast, clause, hold):
    (cell,) = cells(cast, cast.first)
    assert (cell.state, cell.reason) == (Standing.NA, "这段时间没有举办")


def test_each_session_says_who_was_there_who_was_excused_and_who_still_makes_up_for_it(cast, clause, hold):
    hold(D(2018, 2, 5), secretary=RollState.ABSENT)
    april = hold(D(2018, 4, 10), member=RollState.ABSENT, secretary=RollState.EXCUSED)
    first, second = cells(cast, cast.first)
    assert (first.state, first.said, first.required, first.counted) == (Standing.MISSING, "还差1人", 5, 4)
    assert (second.state, second.until, second.required, second.counted) == (
        *(Standing.DUE, D(2018, 5, 10)),
        *(4, 3),
    )
    states = {one.name: one.state for one in second.people}
    assert states[cast.person("secretary").name] is Standing.EXCUSED
    open_one = second.lacking()[0]
    assert open_one.steps[0].address == reverse("gatherings:correct", args=[april.pk])
    assert {cell.state for cell in cells(cast, cast.second)} == {Standing.DONE}


def test_a_secretary_sees_the_session_and_the_office_records_what_was_made_up_for(cast, clause, hold):
    april = hold(D(2018, 4, 10), member=RollState.ABSENT)
    page = reverse("branch_life:unit", args=[cast.first.pk])
    correct = reverse("gatherings:correct", args=[april.pk])
    own = cast.client("secretary").get(page).content.decode()
    assert "没有参加，还可以补课" in own
    assert correct not in own
    assert correct in cast.client("officer").get(page).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_statements_do_not_grow_with_sessions(cast, clause, hold, number, django_assert_num_queries):
    for day in range(1, number + 1):
        hold(D(2018, 3, day), member=RollState.ABSENT)
    with django_assert_num_queries(12):
        cells(cast, cast.first)
