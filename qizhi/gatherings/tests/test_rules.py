"""The arithmetic of gatherings, without a database."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from qizhi.gatherings import enums
from qizhi.gatherings.rules import (
    Bond,
    Place,
    attendance,
    capacity_of,
    count_roll,
    days_late,
    due,
    fill_placeholders,
    streak,
    suggest_title,
    ties_asked,
    votes,
)
from qizhi.org.enums import MemberStatus, UnitKind

DAY = dt.date(2018, 1, 15)
BRANCH, GROUP, OTHER, ROOT, DEPARTMENT = (uuid.UUID(int=number) for number in range(1, 6))
ANN, BOB, CAT, DAN = (uuid.UUID(int=number) for number in range(11, 15))


def member(person, *, group=None, unit=BRANCH, path="b/oc/z1/", role="full", since=None, until=None):
    return Bond("member", person, unit, path, group, role, since or dt.date(2015, 1, 1), until)


def post(person, role, unit=BRANCH, path="b/oc/z1/"):
    return Bond("post", person, unit, path, None, role, dt.date(2015, 1, 1), None)


def placed(person, unit=DEPARTMENT, path="b/d1/"):
    return Bond("placement", person, unit, path, None, "", dt.date(2015, 1, 1), None)


BONDS = (
    member(ANN, group=GROUP),
    member(BOB, role="probationary"),
    member(CAT, unit=OTHER, path="b/oc/z2/"),
    member(DAN, until=dt.date(2018, 1, 14)),
    post(ANN, "secretary"),
    post(BOB, "group_leader"),
    post(CAT, "leader", ROOT, "b/"),
    placed(ANN),
    placed(DAN),
)
PLACES = {
    "branch": Place(BRANCH, "branch", "b/oc/z1/"),
    "group": Place(GROUP, "group", "b/oc/z1/g1/"),
    "bureau": Place(ROOT, "bureau", "b/"),
    "committee": Place(uuid.UUID(int=6), "committee", "b/oc/"),
    "department": Place(DEPARTMENT, "department", "b/d1/"),
}


@pytest.mark.parametrize(
    ("place", "audiences", "expected"),
    [
        ("branch", {"members"}, {ANN, BOB}),
        ("branch", {"committee"}, {ANN}),
        ("branch", {"posts"}, {ANN, BOB}),
        ("branch", {"committee", "posts"}, {ANN, BOB}),
        ("branch", {"staff"}, {ANN, BOB}),
        ("branch", {"none"}, set()),
        ("branch", {"none", "committee"}, {ANN}),
        ("branch", set(), set()),
        ("group", {"group"}, {ANN}),
        ("group", {"members"}, {ANN}),
        ("committee", {"members"}, {ANN, BOB, CAT}),
        ("bureau", {"staff"}, {ANN, DAN}),
        ("bureau", {"members"}, {ANN, BOB, CAT}),
        ("bureau", {"posts"}, {CAT}),
        ("department", {"members"}, {ANN, DAN}),
        ("department", {"staff"}, {ANN, DAN}),
    ],
)
def test_who_is_due_follows_from_audience_and_place(place, audiences, expected):
    assert due(PLACES[place], audiences, DAY, BONDS) == expected


def test_days_are_counted_at_both_ends():
    last = dt.date(2018, 1, 14)
    assert DAN in due(PLACES["branch"], {"members"}, last, BONDS)
    assert DAN not in due(PLACES["branch"], {"members"}, DAY, BONDS)
    first = member(DAN, since=DAY)
    assert due(PLACES["branch"], {"members"}, DAY, [first]) == {DAN}
    assert not due(PLACES["branch"], {"members"}, last, [first])


def test_plain_words_of_the_rules_are_those_of_the_enums():
    for audience in enums.Audience.values:
        for kind in UnitKind.values:
            assert ties_asked(audience, kind) in {"", "member", "post", "placement"}
    assert {attendance.EXCUSED, attendance.ABSENT, attendance.MADE_UP} == set(enums.RollState.values)
    assert {votes.ORDINARY, votes.ADMISSION, votes.ELECTION} == set(enums.Threshold.values)
    assert attendance.FULL_MEMBER == MemberStatus.FULL


def test_everybody_due_is_present_unless_the_roll_says_otherwise():
    roll = count_roll(frozenset({ANN, BOB, CAT, DAN}), {ANN: "excused", BOB: "absent", CAT: "made_up"})
    assert (roll.due, roll.present, roll.excused, roll.absent, roll.made_up) == (4, 1, 1, 1, 1)
    assert roll.away == 3


def test_who_was_not_due_does_not_count():
    roll = count_roll(frozenset({ANN}), {DAN: "absent"})
    assert (roll.due, roll.present, roll.absent) == (1, 1, 0)


def test_numbers_from_paper_rule():
    assert count_roll(frozenset({ANN, BOB}), {ANN: "absent"}, due_total=9).present == 8
    both = count_roll(frozenset({ANN, BOB}), {}, due_total=9, present_total=7)
    assert (both.due, both.present) == (9, 7)


def test_what_is_not_known_is_not_nought():
    roll = count_roll(None, {ANN: "absent"})
    assert (roll.due, roll.present, roll.absent) == (None, None, 1)
    assert count_roll(frozenset(), {}).due is None


@pytest.mark.parametrize(
    ("years", "up_to", "is_running", "expected"),
    [
        (range(2012, 2018), 2017, False, [2012, 2013, 2014, 2015, 2016, 2017]),
        ([2012, 2013, 2015, 2016, 2017], 2017, False, [2015, 2016, 2017]),
        ([2015, 2016, 2017], 2018, True, [2015, 2016, 2017]),
        ([2015, 2016, 2017], 2018, False, []),
        ([2015, 2016], 2018, True, []),
        ([2015, 2016, 2017, 2018], 2018, True, [2015, 2016, 2017, 2018]),
        ([], 2018, True, []),
    ],
)
def test_a_missing_year_starts_from_nought(years, up_to, is_running, expected):
    assert streak(list(years), up_to, is_running=is_running) == expected


def test_lateness_is_counted_in_days():
    assert days_late(DAY, DAY) == 0
    assert days_late(DAY, dt.date(2018, 2, 14)) == 30
    assert days_late(DAY, dt.date(2018, 1, 1)) == 0


def test_words_are_worked_out():
    assert suggest_title(["主题党日"], DAY) == "1月主题党日"
    assert suggest_title(["主题党日", "党课", "微党课"], DAY) == "1月主题党日暨党课、微党课"
    assert suggest_title([], DAY) == ""
    assert len(suggest_title(["长" * 200], DAY)) == 120
    assert fill_placeholders("{年}年{月}月第{季度}季{日}{别}", DAY) == "2018年1月第1季15{别}"
    assert capacity_of({"leader", "party_group_secretary"}) == "principal"
    assert capacity_of({"leader"}) == "party_group_member"
    assert capacity_of({"deputy_secretary"}) == "secretary"
    assert capacity_of(set()) == "member"
