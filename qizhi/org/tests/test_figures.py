"""The numbers of the organisation, counted by hand in the bureau of the standing cast."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import figures, periods
from qizhi.core.figures import NOTHING, Ask, count_value
from qizhi.org.enums import MemberStatus, Rank, UnitKind
from qizhi.org.models import Membership, Placement, RankTenure
from qizhi.org.services.closing import close_unit
from qizhi.org.services.units import create_unit

D = dt.date
TODAY = D(2018, 1, 15)


def figure(key):
    found = figures.get(f"org.{key}")
    assert found is not None
    return found


def ask(cast, *units, period=None, as_of=TODAY):
    return Ask(
        cast.bureau.pk,
        period or periods.Period(D(1949, 10, 1), as_of),
        as_of,
        tuple(u.pk for u in units) or None,
    )


def both(figure_, question):
    """Value and rows agree; the number."""
    value = figure_.value(question)
    assert figure_.counted_from_rows(question) == value.counted
    assert len(list(figure_.rows(question))) == value.counted
    return value.counted


def test_branches_active_on_the_date(cast):
    """F22: two today; a third founded in March 2018; the second merged in May."""
    by = cast.actor("officer")
    create_unit(
        bureau_id=cast.bureau.pk,
        kind=UnitKind.BRANCH,
        code="z03",
        name="第三党支部",
        from_on=D(2018, 3, 1),
        parent=cast.committee,
        by=by,
    )
    close_unit(cast.second, last_day=D(2018, 5, 31), successor=cast.first, by=by)
    branches = figure("active_branches")
    assert both(branches, ask(cast)) == 2
    assert both(branches, ask(cast, as_of=D(2018, 3, 1))) == 3
    assert both(branches, ask(cast, as_of=D(2018, 5, 31))) == 3
    assert both(branches, ask(cast, as_of=D(2018, 6, 1))) == 2
    assert both(branches, ask(cast, as_of=D(2018, 6, 1), period=periods.year(2017))) == 2
    assert both(branches, ask(cast, cast.second, as_of=D(2018, 6, 1))) == 0
    assert branches.by_unit(ask(cast)) == {cast.first.pk: count_value(1), cast.second.pk: count_value(1)}


def test_members_and_full_members(cast):
    """First branch: five, one of them probationary; second: three, one of them without a vote."""
    Membership.objects.filter(person__name="党员辛").update(status=MemberStatus.NO_VOTE)
    assert both(figure("members"), ask(cast)) == 8
    assert both(figure("full_members"), ask(cast)) == 7
    assert both(figure("members"), ask(cast, cast.first)) == 5
    assert figure("full_members").by_unit(ask(cast)) == {
        cast.first.pk: count_value(4),
        cast.second.pk: count_value(3),
    }
    Membership.objects.filter(person__name="党员辛").update(to_on=D(2018, 1, 14))
    assert both(figure("members"), ask(cast)) == 7
    row = figure("members").rows(ask(cast)).first()
    assert [column.get(row) for column in figure("members").columns] == [
        "0001",
        "书记甲",
        "第一党支部",
        "正式党员",
    ]
    assert figure("members").link(row) == row.person.get_absolute_url()


def test_people_in_their_departments(cast):
    assert both(figure("people"), ask(cast)) == 12
    Placement.objects.filter(person__name="党员庚").update(to_on=D(2018, 1, 14))
    assert both(figure("people"), ask(cast)) == 11
    assert figure("people").by_unit(ask(cast)) == {
        cast.root.pk: count_value(0),
        cast.department.pk: count_value(11),
    }


@pytest.mark.parametrize(("year", "number"), [(2016, 1), (2017, 2), (2018, 2)])
def test_cadres_by_their_rank_on_the_last_of_december(cast, year, number):
    """F18: a division chief; a deputy since 31 December 2017, on leave of rank from 2018-01-10; a section chief."""

    def rank(name, value, from_on, to_on=None):
        RankTenure.objects.create(
            bureau=cast.bureau, person=cast.person(name), rank=value, from_on=from_on, to_on=to_on
        )

    rank("leader", Rank.DIVISION, D(2015, 1, 1))
    rank("officer", Rank.SECTION, D(2015, 1, 1), D(2017, 12, 30))
    rank("officer", Rank.DEPUTY_DIVISION, D(2017, 12, 31))
    rank("secretary", Rank.SECTION, D(2015, 1, 1))
    cadres = figure("cadres")
    question = ask(cast, period=periods.year(year))
    assert both(cadres, question) == number
    assert both(cadres, ask(cast, cast.department, period=periods.year(year))) == number
    assert both(cadres, ask(cast, cast.root, period=periods.year(year))) == 0
    assert "正处级" in [cadres.columns[2].get(row) for row in cadres.rows(question)]


@pytest.mark.parametrize("key", ["active_branches", "members", "full_members", "people", "cadres"])
def test_a_year_that_has_not_come_has_no_number(cast, key):
    question = ask(cast, period=periods.year(2019))
    assert figure(key).value(question) == NOTHING
    assert figure(key).counted_from_rows(question) == 0
