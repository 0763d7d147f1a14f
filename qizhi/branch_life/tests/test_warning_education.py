"""Everybody of a rank comes to warning education: who was due, who came, and what nobody can know (H2-22)."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from qizhi.core import clock, periods
from qizhi.core.figures import Ask
from qizhi.gatherings.enums import RollState, VisitorRole
from qizhi.gatherings.models import Gathering, Kind
from qizhi.gatherings.services import (
    GatheringFacts,
    RollFact,
    VisitorFact,
    load_standard_kinds,
    record_gathering,
)
from qizhi.org.models import Leave, Person, RankTenure
from qizhi.regulations.enums import Subject, Verdict
from qizhi.regulations.kinds import kind_by_key

D = dt.date
YEAR = periods.year(2018)
AFTER = D(2019, 1, 10)
DECEMBER = D(2018, 12, 7)
RANKED = ("secretary", "neighbour", "officer", "leader")


@pytest.fixture(autouse=True)
def later(_clock):
    with clock.at(AFTER):
        yield


@pytest.fixture
def ranks(cast):
    """Four of section rank, everybody else of the bureau a clerk, but for one whose rank is not registered."""
    high = {cast.person(name).pk for name in RANKED}
    for person in Person.objects.filter(bureau=cast.bureau).exclude(pk=cast.person("inspector").pk):
        rank = "section" if person.pk in high else "clerk"
        RankTenure.objects.create(bureau=cast.bureau, person=person, rank=rank, from_on=D(2015, 1, 1))


@pytest.fixture
def clause(ask_for, ranks):
    return ask_for(
        "warning",
        subject=Subject.PERSON,
        kind="attendance",
        gathering="warning",
        from_rank="section",
    )


@pytest.fixture
def hold(cast):
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))

    def record(unit, day=DECEMBER, **more):
        kinds = (Kind.objects.get(bureau=cast.bureau, key="warning"),)
        facts = GatheringFacts(unit=unit, held_on=day, kinds=kinds, title="警示教育会", **more)
        return record_gathering(facts=facts, by=cast.actor("officer"))

    return record


def away(cast, name, state=RollState.ABSENT, made_up_on=None):
    return RollFact(cast.person(name), state, made_up_on=made_up_on)


def found(cast, clause, *, unit_ids=None, as_of=AFTER):
    """Verdict by name; what concerns nobody by name stands under the bureau."""
    kind = kind_by_key("attendance")
    parameters = kind.read(clause.parameters)
    facts = list(kind.scan(clause, Ask(cast.bureau.pk, YEAR, as_of, unit_ids)))
    judged = [(fact, kind.judge(parameters, fact)) for fact in facts]
    assert all(one.verdict is not Verdict.MET for _, one in judged)
    assert all(
        kind.sentence(clause, fact, one).endswith("依据《warning制度》第一条。") for fact, one in judged
    )
    return {fact.person or fact.unit: (one.verdict.value, one.actual) for fact, one in judged}


def test_numbers_from_paper_that_name_nobody_are_unknown(cast, clause, hold):
    held = hold(cast.root, due_total=9, present_total=8)
    assert {name: verdict for name, (verdict, _) in found(cast, clause).items()} == {
        "书记甲": "unknown",
        "书记己": "unknown",
        "干事壬": "unknown",
        "局长丑": "unknown",
        "甲示例局": "unknown",
    }
    assert found(cast, clause)["书记甲"][1] == "只登记了到会人数，没有记到人"
    assert found(cast, clause)["甲示例局"][1] == "应到人员中1人职级没有登记，到会情况也没有记到人"
    Gathering.objects.filter(pk=held.pk).update(due_total=12, present_total=12)
    assert found(cast, clause) == {}, "all twelve who were due were there"


def test_numbers_that_the_names_explain_name_everybody(cast, clause, hold):
    """Four were due and one was away: the one who is named; the other three were there."""
    hold(cast.root, due_total=4, present_total=3, roll=(away(cast, "officer"),))
    assert found(cast, clause) == {"干事壬": ("violated", "没有参加，也没有补课")}


def test_a_month_without_a_day_accuses_nobody_who_was_due_all_through_it(cast, clause, hold):
    held = hold(cast.root, D(2018, 12, 1), roll=(away(cast, "officer"),))
    Gathering.objects.filter(pk=held.pk).update(precision="month")
    assert found(cast, clause) == {"干事壬": ("violated", "没有参加，也没有补课")}
    RankTenure.objects.filter(person=cast.person("leader")).update(from_on=D(2018, 12, 20))
    assert found(cast, clause)["局长丑"] == ("unknown", "只知道月份，不知道当天是否应参加")


def test_the_session_of_a_branch_asks_its_members_alone(cast, clause, hold):
    hold(cast.first, roll=(away(cast, "secretary"),))
    assert set(found(cast, clause)) == {"书记甲"}
    assert found(cast, clause, unit_ids=(cast.second.pk,)) == {}


def test_guests_were_there_and_leave_excuses(cast, clause, hold):
    guest = VisitorFact(cast.person("officer"), "", VisitorRole.GUEST)
    names = ("officer", "neighbour", "leader")
    hold(cast.root, roll=tuple(away(cast, name) for name in names), visitors=(guest,))
    Leave.objects.create(
        bureau=cast.bureau,
        person=cast.person("leader"),
        kind="secondment",
        from_on=D(2018, 12, 1),
        to_on=D(2018, 12, 31),
    )
    assert set(found(cast, clause)) == {"书记己"}


def test_a_rank_that_is_not_registered_is_unknown(cast, clause, hold):
    hold(cast.root, roll=(away(cast, "inspector"), away(cast, "member")))
    assert found(cast, clause) == {"纪检子": ("unknown", "没有参加；2018年12月7日的职级没有登记")}


def test_made_up_later_than_reckoned_is_not_made_up_yet(cast, clause, hold):
    hold(cast.root, roll=(away(cast, "officer", RollState.MADE_UP, D(2018, 12, 20)),))
    assert found(cast, clause) == {}
    assert set(found(cast, clause, as_of=D(2018, 12, 19))) == {"干事壬"}


def test_there_is_time_to_make_up_for_it(cast, ask_for, ranks, hold):
    clause = ask_for(
        *("warning",),
        subject=Subject.PERSON,
        kind="attendance",
        gathering="warning",
        from_rank="section",
        make_up_days=30,
    )
    hold(cast.root, roll=(away(cast, "officer"),))
    assert found(cast, clause, as_of=D(2019, 1, 6)) == {}
    assert set(found(cast, clause, as_of=D(2019, 1, 7))) == {"干事壬"}


def test_at_least_one_a_year_is_asked_of_the_bureau(cast, ask_for, ranks, hold):
    clause = ask_for(
        *("warning",),
        subject=Subject.PERSON,
        kind="attendance",
        gathering="warning",
        from_rank="section",
        at_least=1,
    )
    assert found(cast, clause) == {"甲示例局": ("unknown", "还没有登记过活动")}
    hold(cast.first, D(2018, 1, 9))
    assert found(cast, clause) == {
        "甲示例局": ("violated", "2018年应参加的4人中，3人没有安排参加（书记己、干事壬、局长丑）")
    }
    assert found(cast, clause, as_of=D(2018, 12, 31)) == {}, "the year is not over"
    hold(cast.root, D(2018, 12, 7), roll=(away(cast, "officer"),))
    assert found(cast, clause) == {"干事壬": ("violated", "没有参加，也没有补课")}


def test_the_page_lists_everybody_who_was_due(cast, clause, hold):
    hold(
        cast.root,
        roll=(
            away(cast, "officer"),
            away(cast, "leader", RollState.EXCUSED),
            away(cast, "neighbour", RollState.MADE_UP, D(2018, 12, 20)),
        ),
    )
    address = reverse("branch_life:ranked")
    text = cast.client("officer").get(address, {"year": "2018"}).content.decode()
    assert "<strong>1</strong> 人次没有参加也没有补课，到会 1 人次，请假 1 人次，已补课 1 人次" in re.sub(
        r"\s*\n\s*", "", text
    )
    assert "2018年12月20日补课" in text
    table = cast.client("officer").get(address, {"year": "2018", "format": "csv", "state": "absent"})
    rows = table.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert rows[1].startswith("2018-12-07,警示教育会,甲示例局,干事壬,正科级,缺席,")
    own = cast.client("secretary").get(address, {"year": "2018"}).content.decode()
    assert "书记甲" in own
    assert "干事壬" not in own
    assert cast.client("member").get(address).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_page_do_not_grow(cast, clause, hold, number, django_assert_num_queries):
    for day in range(number):
        hold(cast.root, DECEMBER + dt.timedelta(days=day), roll=(away(cast, RANKED[day]),))
    client = cast.client("officer")
    with django_assert_num_queries(13):
        client.get(reverse("branch_life:ranked"), {"year": "2018"})
