"""Annual leave by hand, at its boundaries, and for any first day of work."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.conduct.rules.leave import (
    Away,
    Band,
    Entitlement,
    Level,
    Loss,
    Service,
    Spell,
    Terms,
    anniversary,
    approval_level,
    balance,
    entitled_on,
    lost_in,
    needed,
    steps,
)
from qizhi.core import periods
from qizhi.regulations.rules import WorkingCalendar
from qizhi.regulations.services.files import national_papers

D = dt.date
GIVES = Entitlement((Band(1, 5), Band(10, 10), Band(20, 15)), source="第三条")
TAKES = Loss(20, ((1, 2), (10, 3), (20, 4)), source="第四条")
TERMS = Terms(GIVES, TAKES)
CALENDAR = WorkingCalendar(national_papers())
DAYS = st.dates(D(1970, 1, 1), D(2024, 12, 31))


def annual(start, end=None):
    return Spell(Away.ANNUAL, start, end)


LONG_AGO, JUNE = D(2000, 3, 1), D(2018, 6, 30)


def left(began=LONG_AGO, as_of=JUNE, *, spells=(), waiting=(), terms=TERMS, calendar=CALENDAR):
    return balance(Service(began, spells, waiting), as_of, terms, calendar)


@pytest.mark.parametrize(
    ("began", "day", "days"),
    [
        (D(2017, 6, 1), D(2018, 6, 30), 0),
        (D(2017, 6, 1), D(2018, 7, 1), 5),
        (D(2017, 6, 30), D(2018, 7, 1), 5),
        (D(2008, 12, 31), D(2018, 12, 31), 5),
        (D(2008, 12, 31), D(2019, 1, 1), 10),
        (D(2008, 2, 29), D(2018, 2, 28), 5),
        (D(2008, 2, 29), D(2018, 3, 1), 10),
        (D(1998, 6, 15), D(2018, 6, 30), 10),
        (D(1998, 6, 15), D(2018, 7, 1), 15),
        (D(1970, 1, 1), D(2018, 7, 1), 15),
    ],
)
def test_days_grow_from_the_month_after_the_anniversary(began, day, days):
    assert entitled_on(began, day, GIVES) == days


def test_a_clause_may_give_them_on_the_day_itself():
    at_once = Entitlement(GIVES.bands, is_from_next_month=False)
    assert entitled_on(D(2008, 6, 15), D(2018, 6, 14), at_once) == 5
    assert entitled_on(D(2008, 6, 15), D(2018, 6, 15), at_once) == 10


@given(DAYS, DAYS)
def test_days_never_shrink_and_are_one_of_four_numbers(began, day):
    one, next_day = entitled_on(began, day, GIVES), entitled_on(began, day + dt.timedelta(days=1), GIVES)
    assert one in {0, 5, 10, 15}
    assert one <= next_day
    assert [step.on.day for step in steps(began, GIVES)] == [1, 1, 1]
    for step in steps(began, GIVES):
        assert dt.timedelta(0) < step.on - anniversary(began, step.years) <= dt.timedelta(days=31)


@given(DAYS, st.integers(0, 40), st.integers(0, 12))
def test_what_is_left_is_always_what_is_due_less_what_was_taken(began, length, wait):
    spell = annual(D(2018, 3, 5), D(2018, 3, 5) + dt.timedelta(days=length))
    asked = annual(D(2018, 9, 3), D(2018, 9, 3) + dt.timedelta(days=wait))
    found = left(began, D(2018, 12, 31), spells=[spell], waiting=[asked])
    assert found.left == found.entitled - found.taken - found.ahead - found.asked
    assert found.taken == sum(needed(spell, CALENDAR).values())
    assert found.asked == sum(needed(asked, CALENDAR).values())
    assert any(found.words in line for line in found.lines)


def test_holidays_do_not_count_and_make_up_days_do():
    found = left(spells=[annual(D(2018, 2, 12), D(2018, 2, 25))])
    assert (found.entitled, found.taken, found.left) == (10, 6, 4)


def test_a_leave_over_new_year_belongs_to_both_years():
    spell = annual(D(2017, 12, 28), D(2018, 1, 3))
    assert needed(spell, CALENDAR) == {2017: 2, 2018: 2}
    assert left(spells=[spell]).taken == 2
    assert left(as_of=D(2017, 12, 31), spells=[spell]).taken == 2


def test_what_is_approved_for_later_and_what_waits_is_not_there_any_more():
    found = left(
        spells=[annual(D(2018, 7, 2), D(2018, 7, 4))], waiting=[annual(D(2018, 9, 3), D(2018, 9, 4))]
    )
    assert (found.taken, found.ahead, found.asked, found.left) == (0, 3, 2, 5)


def test_the_next_step_is_said_beforehand():
    said = "".join(left(D(2008, 8, 10)).lines)
    assert "自2009年9月1日起每年5天" in said
    assert "满10年后，自2018年9月1日起每年10天" in said


def test_what_is_too_much_is_said_and_no_number_below_zero():
    found = left(began=D(2017, 1, 1), waiting=[annual(D(2018, 7, 2), D(2018, 7, 11))])
    assert (found.left, found.over) == (-3, 3)
    assert found.words == "已超出3天，不能再申请"
    assert found.lines[-1].endswith("待批8天，已超出3天，不能再申请；周末和节假日不计。")
    assert left(began=None).words == "天数未知"


def test_unknown_is_never_nought():
    for found in (
        left(began=None),
        left(terms=Terms(None)),
        left(spells=[annual(D(2018, 3, 5), D(2018, 3, 6))], calendar=WorkingCalendar(())),
    ):
        assert found.left is None
        assert found.entitled is None
        assert found.unknown


def test_the_year_is_lost_or_the_next_if_it_was_taken_before():
    sick = Spell(Away.SICK, D(2017, 3, 1), D(2017, 5, 29))  # 90 days
    assert left(as_of=D(2017, 12, 31), spells=[sick]).entitled == 0
    assert left(as_of=D(2018, 12, 31), spells=[sick]).entitled == 10
    taken = annual(D(2017, 1, 9), D(2017, 1, 10))
    kept = left(as_of=D(2017, 12, 31), spells=[sick, taken])
    assert (kept.entitled, kept.left) == (10, 8)
    after = left(as_of=D(2018, 12, 31), spells=[sick, taken])
    assert after.entitled == 0
    assert "2017年病假累计满3个月，而当年的年休假已经休过" in "".join(after.lines)
    later = annual(D(2017, 9, 4), D(2017, 9, 5))
    assert left(as_of=D(2018, 12, 31), spells=[sick, later]).entitled == 10


def test_it_is_lost_only_from_the_day_on_which_it_became_too_much():
    sick = Spell(Away.SICK, D(2018, 3, 1), D(2018, 5, 29))
    assert left(as_of=D(2018, 5, 28), spells=[sick]).entitled == 10
    assert left(as_of=D(2018, 5, 29), spells=[sick]).entitled == 0


def test_the_band_of_the_day_decides_how_much_sick_leave_is_too_much():
    """Ten years are full on 2018-02-15: two months, reached on 03-01, are then no longer too much."""
    sick = [Spell(Away.SICK, D(2018, 1, 1), D(2018, 3, 10))]
    year = periods.year(2018)
    assert lost_in(D(2008, 2, 15), year, sick, TAKES, CALENDAR) is None
    assert lost_in(D(2008, 3, 15), year, sick, TAKES, CALENDAR).on == D(2018, 3, 1)
    assert lost_in(D(2017, 9, 1), year, sick, TAKES, CALENDAR) is None


@given(st.integers(1, 60))
def test_personal_leave_counts_working_days(length):
    spell = Spell(Away.PERSONAL, D(2018, 3, 1), D(2018, 3, 1) + dt.timedelta(days=length - 1))
    lost = lost_in(D(2000, 1, 1), periods.year(2018), [spell], TAKES, CALENDAR)
    assert bool(lost) == (sum(needed(spell, CALENDAR).values()) >= 20)


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({}, Level.HEAD),
        ({"has_head": False}, Level.LEADER),
        ({"is_head": True}, Level.LEADER),
        ({"is_division": True}, Level.LEADER),
        ({"is_leader": True, "is_division": True}, Level.PRINCIPAL),
        ({"is_leader": True, "is_principal": True}, Level.SUPERIOR),
    ],
)
def test_who_says_yes_goes_by_rank(facts, level):
    usual = {
        "is_principal": False,
        "is_leader": False,
        "is_head": False,
        "is_division": False,
        "has_head": True,
    }
    assert approval_level(**usual | facts) is level
