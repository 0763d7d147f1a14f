"""Whether enough of a committee came (BR-05), and whether a post that a rule makes answerable is held (CG-02)."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.branch_life.queries import outlook
from qizhi.branch_life.queries.findings import check_clauses
from qizhi.core import periods
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services import GatheringFacts, RollFact, load_standard_kinds, record_gathering
from qizhi.org.models import Membership, Person, Post
from qizhi.regulations.enums import Subject
from qizhi.regulations.kinds import Standing

D = dt.date
TODAY = D(2018, 4, 20)
YEAR = periods.year(2018)


@pytest.fixture
def half(cast, ask_for, april):
    """Half of the committee, and five who are on it."""
    for number in range(5):
        person = Person.objects.create(bureau=cast.bureau, staff_no=f"77{number}", name=f"委员{number}")
        Membership.objects.create(
            bureau=cast.bureau, person=person, unit=cast.second, status="full", from_on=D(2016, 1, 1)
        )
        Post.objects.create(
            bureau=cast.bureau,
            person=person,
            unit=cast.second,
            role="branch_committee_member",
            from_on=D(2016, 1, 1),
        )
    Post.objects.filter(unit=cast.second).exclude(person__staff_no__startswith="77").delete()
    load_standard_kinds(cast.bureau, by=cast.actor("officer"))
    return ask_for("half", kind="quorum", share="1/2", of="committee_members")


def meet(cast, day, *away, kinds=("committee",), **more):
    people = {one.name: one for one in Person.objects.filter(bureau=cast.bureau, staff_no__startswith="77")}
    facts = GatheringFacts(
        unit=cast.second,
        held_on=day,
        kinds=tuple(Kind.objects.filter(bureau=cast.bureau, key__in=kinds)),
        roll=tuple(RollFact(people[f"委员{number}"], state) for number, state in away),
        **more,
    )
    return record_gathering(facts=facts, by=cast.actor("officer"))


def cell(cast, label="支部委员会会议到会", unit=None):
    unit = unit or cast.second
    told = outlook(cast.bureau.pk, [unit], YEAR, TODAY)
    return next(cells[0] for line, cells in told.of(unit.pk) if line.label == label)


def found(cast):
    return [
        (one.verdict, one.sentence)
        for line in check_clauses(cast.bureau.pk, YEAR, TODAY)
        for one in line.found
    ]


def test_enough_came_at_the_boundary_and_too_few_one_below(cast, half):
    assert cell(cast).state is Standing.NA
    meet(cast, D(2018, 1, 5))
    meet(cast, D(2018, 2, 5), (0, "absent"), (1, "excused"))
    good = cell(cast)
    assert (good.state, good.said) == (Standing.DONE, "2次够")
    assert found(cast) == []
    made = meet(cast, D(2018, 3, 5), (0, "absent"), (1, "excused"), (2, "absent"))
    bad = cell(cast)
    assert (bad.state, bad.said) == (Standing.MISSING, "1次不足")
    assert bad.reason == "2018年3月5日委员5人，到会2人，不足至少3人"
    assert str(made.pk) in bad.steps[0].address
    ((verdict, sentence),) = found(cast)
    assert verdict == "violated"
    assert sentence.startswith(
        "第二党支部2018年3月5日：应支部委员会会议有委员的1/2以上到会，委员5人，到会2人"
    )


def test_who_came_to_the_committee_later_is_not_counted_on_that_day(cast, half):
    Post.objects.filter(person__staff_no__in=["773", "774"]).update(from_on=D(2018, 3, 1))
    meet(cast, D(2018, 2, 5), (0, "absent"))
    meet(cast, D(2018, 3, 5), (0, "absent"), (1, "absent"), (3, "absent"))
    assert cell(cast).reason == "2018年3月5日委员5人，到会2人，不足至少3人"


def test_without_a_committee_nothing_is_asked(cast, half):
    Post.objects.filter(person__staff_no__in=["772", "773", "774"]).update(to_on=D(2017, 12, 31))
    meet(cast, D(2018, 2, 5), (0, "absent"), (1, "absent"))
    told = cell(cast)
    assert told.state is Standing.NA
    assert "没有支部委员会" in told.reason
    assert found(cast) == []


def test_numbers_of_a_larger_circle_say_nothing_of_the_committee(cast, half):
    meet(cast, D(2018, 2, 5), kinds=("committee", "congress"), due_total=9, present_total=4)
    told = cell(cast)
    assert told.state is Standing.UNKNOWN
    assert "没有分出委员" in told.reason
    assert [verdict for verdict, _ in found(cast)] == ["unknown"]


def test_numbers_of_the_committee_alone_are_judged(cast, half):
    meet(cast, D(2018, 2, 5), due_total=5, present_total=2)
    assert cell(cast).state is Standing.MISSING


@pytest.mark.parametrize("meetings", [1, 3])
def test_statements_do_not_grow_with_meetings(cast, half, meetings, django_assert_num_queries):
    for number in range(meetings):
        meet(cast, D(2018, 1, 5 + number), (0, "absent"), (1, "absent"), (2, "absent"))
    with django_assert_num_queries(9):
        outlook(cast.bureau.pk, [cast.first, cast.second], YEAR, TODAY)
    with django_assert_num_queries(6):
        check_clauses(cast.bureau.pk, YEAR, TODAY)


def test_the_party_group_has_a_secretary_or_not_or_nobody_knows(cast, ask_for, april):
    ask_for("first", kind="post_held", subject=Subject.PARTY_GROUP, role="party_group_secretary")
    Post.objects.filter(unit=cast.party_group).delete()
    assert cell(cast, "党组书记", cast.centre_group).state is Standing.UNKNOWN
    post = Post.objects.create(
        bureau=cast.bureau,
        unit=cast.party_group,
        person=cast.person("leader"),
        role="party_group_member",
        from_on=D(2016, 1, 1),
    )
    empty = cell(cast, "党组书记", cast.centre_group)
    assert (empty.state, empty.said) == (Standing.MISSING, "空缺")
    assert str(cast.party_group.pk) in empty.steps[0].address
    assert [verdict for verdict, _ in found(cast)] == ["violated"]
    post.role = "party_group_secretary"
    post.save()
    assert cell(cast, "党组书记", cast.centre_group).state is Standing.DONE
    assert found(cast) == []
    post.to_on = D(2018, 4, 19)
    post.save()
    assert cell(cast, "党组书记", cast.centre_group).state is Standing.MISSING
