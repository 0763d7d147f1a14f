"""What can be said of the sample before it is written."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.branch_life.models import ThemeDay
from qizhi.core import clock
from qizhi.gatherings.models import Gathering, LedgerEntry, Visitor
from qizhi.org.enums import Gender
from qizhi.org.models import DatedRow, Leave, Person
from qizhi.regulations.rules import parse_due_rule
from qizhi.sample import names
from qizhi.sample.build import PLANNED
from qizhi.sample.rows import Ids, chance
from qizhi.study.models import SelfAnswer, SelfTest

UNTIL, LATER, YEARS_LATER = dt.date(2016, 6, 30), dt.date(2018, 1, 31), dt.date(2022, 6, 30)
FIXED = {"kind_id", "kind"}  # kinds come from the service, under keys of the moment


def _values(rows):
    return {
        model._meta.label: [
            {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if f.name not in FIXED}
            for row in made
        ]
        for model, made in rows.made.items()
    }


def test_two_tellings_are_equal_to_the_last_key(told):
    one, other = told(1, UNTIL), told.__wrapped__(1, UNTIL)
    assert _values(one) == _values(other)
    assert len(one.of(Gathering)) > 500


def test_another_number_tells_another_story(told):
    one, other = told(1, UNTIL), told(2, UNTIL)
    assert {p.name for p in one.of(Person)} != {p.name for p in other.of(Person)}
    for model in one.made:
        assert not {row.pk for row in one.of(model)} & {row.pk for row in other.of(model)}


def test_a_later_last_day_changes_nothing_that_lies_back(told):
    def past(rows):
        return {
            (g.unit.code, g.title, g.held_on, g.chair and g.chair.name)
            for g in rows.of(Gathering)
            if g.held_on < dt.date(2016, 1, 1)
        }

    assert past(told(1, UNTIL)) == past(told(1, LATER))


def test_keys_are_uuids_that_sort_by_day_and_name_the_bureau():
    ids = Ids(7)
    earlier, later = ids.at(dt.date(2015, 1, 1)), ids.at(dt.date(2018, 1, 2))
    assert earlier < later
    assert (earlier.version, earlier.variant) == (7, "specified in RFC 4122")
    assert earlier.hex[17:22] == "00007"
    with pytest.raises(ValueError, match="a number from 1"):
        Ids(0)


def test_names_leave_out_those_on_the_list(monkeypatch):
    first = names.Namer(chance(5)).name(Gender.FEMALE)
    monkeypatch.setattr(names, "well_known", lambda: frozenset({names.digest(first)}))
    again = names.Namer(chance(5))
    assert first not in {again.name(Gender.FEMALE) for _ in range(50)}


def test_names_differ_but_for_one_pair_and_nobody_well_known_is_among_them(told):
    people = [person.name for person in told(1, UNTIL).of(Person)]
    assert len(people) - len(set(people)) == 1
    assert not [name for name in people if names.is_well_known(name)]


def test_nothing_lies_beyond_the_last_day(told):
    rows = told(1, UNTIL)
    assert max(g.held_on for g in rows.of(Gathering)) <= UNTIL
    assert max(g.recorded_at.date() for g in rows.of(Gathering)) <= UNTIL
    # A campaign says from its beginning when it will end, leave is asked for beforehand.
    for model in (m for m in rows.made if issubclass(m, DatedRow) and m not in PLANNED):
        assert all(row.from_on <= UNTIL for row in rows.of(model))
        if model is not Leave:
            assert all(row.to_on is None or row.to_on <= UNTIL for row in rows.of(model))
    assert len(rows.of(LedgerEntry)) > len(rows.of(Gathering))


def test_a_branch_has_settled_its_day_and_somebody_tests_themselves(told):
    rows = told(1, YEARS_LATER)
    (day,) = rows.of(ThemeDay)
    assert (day.unit.code, day.from_on, day.to_on) == ("z09", dt.date(2019, 1, 1), None)
    assert parse_due_rule(day.day_rule).label == "每月最后一个星期五"
    tests, answers = rows.of(SelfTest), rows.of(SelfAnswer)
    assert [clock.local_date(one.begun_at) for one in tests] == [
        dt.date(year, 3, 12) for year in range(2019, 2023)
    ]
    for test in tests:
        given = [one for one in answers if one.test is test]
        assert [one.position for one in given] == list(range(1, 11))
        assert len({one.question.pk for one in given}) == 10
        assert all(one.given and one.answered_at <= test.finished_at for one in given)
    assert not told(1, LATER).of(ThemeDay)
    assert not told(1, LATER).of(SelfTest)


def test_nobody_is_a_visitor_of_a_gathering_twice(told):
    visits = [(one.gathering.pk, one.person.pk) for one in told(1, YEARS_LATER).of(Visitor) if one.person]
    assert len(visits) == len(set(visits)) > 100
