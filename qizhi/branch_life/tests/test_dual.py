"""Dual organisational life: leaders as ordinary members, from the rolls of their own branch."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from django.urls import reverse

from qizhi.branch_life.queries import dual_lines
from qizhi.core import figures, periods
from qizhi.core.figures import NOTHING, Ask, Value
from qizhi.gatherings.models import RollEntry
from qizhi.org.models import Membership

D = dt.date
YEAR = periods.year(2018)
PAGE = "/branch-life/dual-life/"


def figure_of(key):
    found = figures.get(f"branch_life.{key}")
    assert found is not None
    return found


def body(response):
    return response.content.decode().split("<main")[1]


@pytest.fixture
def year(cast, hold):
    """The leader belongs to the second branch: three congresses of it, absent once, made up for once."""
    leader = cast.person("leader")
    Membership.objects.create(bureau=cast.bureau, person=leader, unit=cast.second, from_on=D(2015, 1, 1))
    held = [hold(cast.second, D(2018, month, 8), "congress") for month in (1, 2, 3)]
    for gathering, state in zip(held, ("absent", "made_up"), strict=False):
        RollEntry.objects.create(bureau=cast.bureau, gathering=gathering, person=leader, state=state)
    hold(cast.first, D(2018, 1, 9), "congress")
    return held


def line(cast):
    (found,) = dual_lines(cast.bureau.pk, YEAR, D(2018, 4, 20))
    return found


def test_due_and_present_come_from_the_own_branch(cast, year):
    found = line(cast)
    assert (found.person, found.branches) == (cast.person("leader"), ("第二党支部",))
    assert (found.due, found.present, found.made_up, found.unknown) == (3, 1, 1, 0)


def test_numbers_from_paper_say_nothing_of_one_person(cast, year):
    third = year[2]
    third.due_total, third.present_total = 4, 3
    third.save()
    assert (line(cast).due, line(cast).present, line(cast).unknown) == (2, 0, 1)


def test_only_while_the_post_was_held(cast, year):
    cast.person("leader").posts.update(from_on=D(2018, 3, 1))
    assert (line(cast).due, line(cast).present) == (1, 1)
    cast.person("leader").posts.all().delete()
    assert dual_lines(cast.bureau.pk, YEAR, D(2018, 4, 20)) == []


def test_the_figure_by_hand(cast, year):
    """1 of 3 present."""
    figure = figure_of("dual_life_share")
    ask = Ask(cast.bureau.pk, YEAR, D(2018, 4, 20))
    assert figure.value(ask) == Value(Fraction(1, 3), 1, 3)
    assert figure.counted_from_rows(ask) == 1
    assert figure.by_unit(ask) == {
        cast.first.pk: NOTHING,
        cast.second.pk: Value(Fraction(1, 3), 1, 3),
    }
    row = figure.rows(ask).get()
    assert [column.get(row) for column in figure.columns] == ["局长丑", 3, 1]
    assert figure.value(Ask(cast.bureau.pk, YEAR, D(2018, 4, 20), (cast.first.pk,))) == NOTHING
    assert figure.value(Ask(cast.bureau.pk, periods.year(2019), D(2018, 4, 20))) == NOTHING


def test_the_pages_show_rows_and_go_out(cast, year):
    client = cast.client("officer")
    text = body(client.get(PAGE))
    assert "应到 <strong>3</strong> 人次，实到 <strong>1</strong> 人次" in text
    assert "局长丑" in text
    own = reverse("branch_life:dual_person", args=[cast.person("leader").pk])
    rows = body(client.get(own))
    assert rows.count("到会</span>") == 1
    assert "已补课" in rows
    assert year[0].get_absolute_url() in rows
    assert "局长丑,党组书记,第二党支部,3,1,1" in client.get(PAGE, {"format": "csv"}).content.decode(
        "utf-8-sig"
    )
    assert client.get(own, {"format": "csv"}).content.decode("utf-8-sig").count("已补课") == 1
    stranger = reverse("branch_life:dual_person", args=[cast.person("member").pk])
    assert client.get(stranger).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 200), ("inspector", 200), ("secretary", 403), ("member", 403)]
)
def test_who_may_look(cast, year, who, status):
    assert cast.client(who).get(PAGE).status_code == status


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, year, hold, number, django_assert_num_queries):
    for day in range(1, number + 1):
        hold(cast.second, D(2018, 4, day), "theme-day")
    client = cast.client("officer")
    with django_assert_num_queries(10):
        client.get(PAGE)
