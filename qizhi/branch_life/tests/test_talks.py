"""Talks: a date and two people, never a word; coverage per person, not all pairs."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from django.db import models
from django.urls import reverse

from qizhi.branch_life import services
from qizhi.branch_life.models import Talk
from qizhi.branch_life.queries import talk_coverage
from qizhi.branch_life.rules import State, judge_talk
from qizhi.branch_life.services.talks import TalkFact
from qizhi.core import audit, figures, periods
from qizhi.core.errors import Refused
from qizhi.core.figures import NOTHING, Ask, Value
from qizhi.org.models import Membership

D = dt.date
YEAR = periods.year(2018)
MARCH, TODAY = D(2018, 3, 5), D(2018, 4, 20)
TALKS = "/branch-life/talks/"


def figure_of(key):
    found = figures.get(f"branch_life.{key}")
    assert found is not None
    return found


def body(response):
    return response.content.decode().split("<main")[1]


@pytest.fixture
def people(cast, talks_asked, recorded):
    """The first branch by staff number: 书记甲, 委员乙, 委员丙, 党员丁, 预备戊."""
    return [row.person for row in Membership.objects.filter(unit=cast.first).order_by("person__staff_no")]


@pytest.fixture
def talked(cast, april, people):
    """Record talks of the first member with others, by place."""

    def record(*others, day=MARCH, is_month_only=False):
        facts = [TalkFact(cast.first, people[0], people[i], day, is_month_only) for i in others]
        return services.record_talks(facts, by=cast.actor("secretary"))

    return record


def coverage(cast, year=YEAR, as_of=TODAY):
    return talk_coverage(cast.bureau.pk, [cast.first.pk], year, as_of)[cast.first.pk]


def test_no_column_can_hold_what_was_said():
    texts = [
        field.name
        for field in Talk._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
    ]
    assert texts == []


def test_one_talk_a_year_is_enough_and_who_joined_owes_nothing_yet():
    assert judge_talk(1, D(2018, 6, 1), YEAR, D(2018, 7, 1), 1) is State.DONE
    assert judge_talk(0, D(2018, 6, 1), YEAR, D(2019, 1, 1), 1) is State.NA
    assert judge_talk(0, D(2018, 1, 1), YEAR, D(2018, 12, 31), 1) is State.DUE
    assert judge_talk(0, D(2018, 1, 1), YEAR, D(2019, 1, 1), 1) is State.MISSING
    assert judge_talk(1, D(2018, 1, 1), YEAR, D(2019, 1, 1), 2) is State.MISSING
    assert judge_talk(0, D(2018, 1, 1), YEAR, D(2019, 1, 1), 0) is State.NA


def test_coverage_counts_each_person_once(cast, people, talked):
    talked(1, 2)
    talked(1, day=D(2018, 3, 8))
    found = coverage(cast)
    assert (found.done, found.owed) == (3, 5)
    assert [line.person for line in found.without] == people[3:]
    assert [line.talks for line in found.lines] == [3, 2, 1, 0, 0]
    assert {line.state for line in found.without} == {State.DUE}
    later = coverage(cast, as_of=D(2019, 1, 2))
    assert {line.state for line in later.without} == {State.MISSING}
    assert coverage(cast, as_of=D(2018, 3, 1)).done == 0


def test_who_moves_takes_the_talk_along(cast, people, talked):
    talked(3)
    Membership.objects.filter(person=people[3]).update(to_on=D(2018, 3, 31))
    Membership.objects.create(
        bureau=cast.bureau, person=people[3], unit=cast.second, status="full", from_on=D(2018, 4, 1)
    )
    second = talk_coverage(cast.bureau.pk, [cast.second.pk], YEAR, D(2018, 4, 20))[cast.second.pk]
    assert [line.person for line in second.in_state(State.DONE)] == [people[3]]
    assert people[3] not in [line.person for line in coverage(cast).lines]


def test_the_figure_by_hand(cast, talked):
    """3 of 5 members of the first branch, 0 of 3 of the second: 3/8."""
    talked(1, 2)
    figure = figure_of("talk_coverage")
    ask = Ask(cast.bureau.pk, YEAR, D(2018, 4, 20))
    assert figure.value(ask) == Value(Fraction(3, 8), 3, 8)
    assert figure.counted_from_rows(ask) == 3
    assert figure.by_unit(ask) == {
        cast.first.pk: Value(Fraction(3, 5), 3, 5),
        cast.second.pk: Value(Fraction(0), 0, 3),
    }
    row = figure.rows(ask).get()
    assert [column.get(row) for column in figure.columns] == ["第一党支部", 5, 3]
    assert figure.value(Ask(cast.bureau.pk, periods.year(2019), D(2018, 4, 20))) == NOTHING


def test_the_same_two_once_a_day_whoever_is_named_first(cast, people, talked):
    (made,) = talked(1)
    assert talked(1) == []
    turned = TalkFact(cast.first, people[1], people[0], D(2018, 3, 5))
    assert services.record_talks([turned, turned], by=cast.actor("secretary")) == []
    services.withdraw_talk(made, by=cast.actor("secretary"))
    assert coverage(cast).done == 0
    assert talked(1) == [made]
    assert coverage(cast).done == 2
    assert talked(1, is_month_only=True)[0].day_label == "2018年3月"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"day": D(2018, 4, 21)}, "今天之后"),
        ({"day": D(2014, 12, 31)}, "不是“第一党支部”的党员"),
        ({"others": (0,)}, "都是书记甲"),
    ],
)
def test_what_cannot_have_been_is_refused(talked, values, words):
    with pytest.raises(Refused, match=words):
        talked(*values.pop("others", (1,)), **values)
    assert not Talk.objects.exists()


def test_several_talks_are_recorded_in_one_go(cast, people, april):
    client, new = cast.client("secretary"), reverse("branch_life:talk_new")
    page = body(client.get(new, {"with": str(people[3].pk)}))
    assert f'value="{people[0].pk}" selected' in page
    assert "谈了什么不记" in page
    values = {"held_on": "2018-03-05", "one": people[0].pk, "others": [people[3].pk, people[4].pk]}
    assert client.post(new, {**values, "others": []}).status_code == 422
    assert client.post(new, {**values, "others": [people[0].pk]}).status_code == 422
    assert client.post(new, {**values, "others": [cast.person("neighbour").pk]}).status_code == 422
    done = client.post(new, values)
    assert done["Location"] == f"/branch-life/units/{cast.first.pk}/#line-coverage"
    assert "已登记 1 次谈话。另有 1 次" not in body(client.get(done["Location"]))
    assert Talk.objects.count() == 2
    again = client.post(new, {**values, "others": [people[3].pk, people[1].pk]}, follow=True)
    assert "已登记 1 次谈话。另有 1 次早已登记，没有重复。" in body(again)
    officer = cast.client("officer")
    assert cast.first.name in body(officer.get(new))
    assert officer.get(new, {"unit": str(cast.second.pk)}).status_code == 200


def test_the_branch_page_names_who_still_has_none(cast, people, talked):
    talked(1, 2, 3)
    text = body(cast.client("secretary").get(reverse("branch_life:unit", args=[cast.first.pk])))
    assert '<span class="state state-due">还差1人</span> <span class="text-nowrap">4/5人</span>' in text
    assert f"unit={cast.first.pk}&amp;with={people[4].pk}" in text
    listed = body(cast.client("neighbour").get(TALKS))
    assert people[4].name not in listed
    assert people[1].name not in listed
    mine = cast.client("secretary").get(TALKS)
    assert "还没有谈的 <strong>1</strong> 人" in body(mine)
    file = cast.client("secretary").get(TALKS, {"format": "csv"}).content.decode("utf-8-sig")
    assert file.splitlines()[0] == "党支部,日期,谈话人,谈话对象"
    assert file.count("第一党支部,2018-03-05,") == 3
    asked = {"format": "csv", "table": "coverage"}
    lines = cast.client("secretary").get(TALKS, asked).content.decode("utf-8-sig").splitlines()
    assert lines == ["党支部,应谈,谈过,还没有谈的,判定不了", f"第一党支部,5,4,{people[4].name},"]


def test_a_talk_is_corrected_withdrawn_and_restored_with_a_log(cast, people, talked):
    made, other = talked(1, 2)
    client = cast.client("secretary")
    correct, withdraw, restore = (
        reverse(f"branch_life:talk_{verb}", args=[made.pk]) for verb in ("correct", "withdraw", "restore")
    )
    assert client.get(correct).status_code == 200
    values = {"one": people[0].pk, "other": people[3].pk, "held_on": "2018-03-06"}
    assert client.post(correct, {**values, "held_on": "2018-04-30"}).status_code == 422
    taken = {**values, "other": people[2].pk, "held_on": other.held_on.isoformat()}
    assert client.post(correct, taken).status_code == 422
    assert client.post(correct, values)["Location"] == made.get_absolute_url()
    made.refresh_from_db()
    assert made.held_on == D(2018, 3, 6)
    assert client.post(withdraw).status_code == 302
    assert "已撤销" in body(client.get(made.get_absolute_url()))
    assert client.post(correct, values).status_code == 422
    assert client.post(restore).status_code == 302
    verbs = list(audit.history(made).values_list("verb", flat=True))
    assert verbs == [f"branch_life.{verb}_talk" for verb in ("restore", "withdraw", "correct", "record")]
    text = body(client.get(made.get_absolute_url()))
    assert "变更记录" in text
    assert "变更记录" not in body(cast.client("leader").get(made.get_absolute_url()))
    for who, status in (("neighbour", 404), ("leader", 403), ("outsider", 404), ("member", 403)):
        assert cast.client(who).post(withdraw).status_code == status


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, talked, number, django_assert_num_queries):
    talked(*range(1, number + 1))
    client = cast.client("officer")
    with django_assert_num_queries(14):
        client.get(TALKS)
    address = Talk.objects.first().get_absolute_url()
    with django_assert_num_queries(5):
        client.get(address)
