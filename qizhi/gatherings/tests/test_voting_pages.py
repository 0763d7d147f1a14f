"""The voting roll of a branch and of a gathering, the register behind it, and votes in the form."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.gatherings import services
from qizhi.gatherings.models import Gathering, Resolution, VotingExclusion
from qizhi.gatherings.services import ResolutionFact, RollFact, correct_gathering, facts_of
from qizhi.org.enums import MemberStatus
from qizhi.org.models import Membership, Person

RECORD = "/gatherings/record/"
GIVEN = {
    "reason": "moved",
    "from_on": dt.date(2017, 6, 1),
    "to_on": None,
    "consented_by": "机关党委",
    "consented_on": dt.date(2017, 6, 5),
    "approved_on": dt.date(2017, 7, 3),
}


@pytest.fixture
def left_out(cast):
    """Registers the member of the first branch as left out."""

    def make(by="officer", person="member", **more):
        values = GIVEN | more
        return services.save_exclusion(
            unit=cast.first, person=cast.person(person), values=values, by=cast.actor(by)
        )

    return make


def voting(cast, name="secretary", unit="first", **asked):
    return cast.client(name).get(reverse("gatherings:branch_voting", args=[getattr(cast, unit).pk]), asked)


def test_a_branch_sees_who_votes_and_who_does_not_and_why(cast, left_out):
    Membership.objects.filter(person__name="委员丙").update(status=MemberStatus.NO_VOTE)
    left_out()
    page = voting(cast)
    said = page.content.decode()
    for words in (
        "有表决权 <strong>3</strong> 人，没有表决权 <strong>2</strong> 人",
        "不计入 <strong>1</strong> 人，应到 <strong>2</strong> 人",
        "预备党员，没有表决权",
        "暂无表决权",
        "外出半年以上，应转未转正式组织关系",
        "机关党委，2017年6月5日",
    ):
        assert words in said
    before = voting(cast, on="2017-07-02").content.decode()
    assert "仍计入应到：缺党员大会通过" in before
    assert "应到 <strong>3</strong> 人" in before


def test_the_roll_leaves_as_a_file(cast, left_out):
    left_out()
    csv = voting(cast, format="csv").content.decode("utf-8-sig")
    assert "党员丁,有,不计入" in csv
    assert "预备戊,没有,不计入" in csv
    assert "外出半年" not in csv  # the reason stays in the register
    assert voting(cast, format="xlsx").content[:2] == b"PK"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("secretary", 200),
        ("officer", 200),
        ("member", 403),
        ("neighbour", 404),
        ("inspector", 403),
        ("leader", 403),
        ("outsider", 404),
    ],
)
def test_the_register_is_for_those_who_keep_it(cast, left_out, name, status):
    row = left_out()
    assert voting(cast, name).status_code == status
    edit = reverse("gatherings:exclusion_edit", args=[row.pk])
    assert cast.client(name).get(edit).status_code == status
    remove = reverse("gatherings:exclusion_remove", args=[row.pk])
    assert cast.client(name).post(remove).status_code == {200: 302}.get(status, status)
    assert VotingExclusion.objects.filter(pk=row.pk).exists() == (status != 200)


def test_a_department_has_no_voting_roll(cast):
    assert voting(cast, "officer", "department").status_code == 404


def test_it_is_registered_once_and_both_approvals_follow(cast):
    client, address = cast.client("secretary"), reverse("gatherings:exclusion_new", args=[cast.first.pk])
    assert "党员丁" in client.get(address).content.decode()
    values = {"id": str(new_id()), "person": str(cast.person("member").pk)}
    values |= {"reason": "frail", "from_on": "2017年6月1日"}
    for _ in range(2):
        page = client.post(address, values, follow=True)
        assert page.status_code == 200
        assert "手续还没有齐全，党员丁仍计入应到" in page.content.decode()
    row = VotingExclusion.objects.get()
    edit = reverse("gatherings:exclusion_edit", args=[row.pk])
    assert client.get(edit).status_code == 200
    more = {"reason": "frail", "from_on": "2017-06-01", "consented_on": "2017-06-05"}
    wrong = client.post(edit, more)
    assert wrong.status_code == 422
    assert "请写明同意的上级党组织" in wrong.content.decode()
    more |= {"consented_by": "机关党委", "approved_on": "2017-07-03"}
    assert "两项手续齐全" in client.post(edit, more, follow=True).content.decode()
    assert [event.verb for event in audit.history(row)] == [
        "gatherings.change_exclusion",
        "gatherings.add_exclusion",
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reason": "busy"}, "五种情形之一"),
        ({"to_on": dt.date(2017, 5, 1)}, "截止日期早于起始日期"),
        ({"from_on": dt.date(2014, 12, 31)}, "不是“第一党支部”有表决权的正式党员"),
        ({"approved_on": dt.date(2018, 1, 16)}, "还没有到"),
        ({"consented_on": dt.date(2018, 1, 16)}, "还没有到"),
        ({"consented_by": " "}, "请写明同意的上级党组织"),
    ],
)
def test_what_cannot_be_is_refused(left_out, values, words):
    with pytest.raises(Refused, match=words):
        left_out(**values)


def test_members_without_a_vote_and_second_rows_are_refused(cast, left_out):
    probationary = Person.objects.get(name="预备戊")
    with pytest.raises(Refused, match="不是“第一党支部”有表决权的正式党员"):
        services.save_exclusion(unit=cast.first, person=probationary, values=GIVEN, by=cast.actor("officer"))
    row = left_out()
    with pytest.raises(Refused, match="日期重叠"):
        left_out(from_on=dt.date(2017, 9, 1))
    for name in ("neighbour", "member", "outsider"):
        with pytest.raises(Refused, match="您的职务不能登记"):
            left_out(by=name)
    with pytest.raises(IntegrityError), transaction.atomic():
        VotingExclusion.objects.create(
            bureau=cast.bureau, person=row.person, unit=cast.first, reason="frail", from_on=row.from_on
        )


def test_an_approval_leads_to_the_congress_that_gave_it(cast, held, left_out):
    congress = held("congress", day="2017-07-03")
    left_out()
    assert congress.get_absolute_url() in voting(cast).content.decode()


def test_a_gathering_shows_and_prints_its_voting_roll(cast, held, left_out):
    left_out()
    row = held("congress", roll=(RollFact(cast.person("member"), "excused", "出差"),))
    said = cast.client("member").get(row.get_absolute_url()).content.decode()
    assert "有表决权 <strong>4</strong> 人，没有表决权 1 人" in said
    assert "预备戊：预备党员，没有表决权" in said
    assert "党员丁：选举和接收党员时不计入应到" in said
    assert "外出半年" not in said
    page = cast.client("member").get(reverse("gatherings:voting_roll", args=[row.pk])).content.decode()
    assert "有表决权 <strong>4</strong> 人，其中到会 <strong>3</strong> 人" in page
    assert "data-print" in page
    strange = cast.client("neighbour").get(reverse("gatherings:voting_roll", args=[row.pk]))
    assert strange.status_code == 404


def test_no_voting_roll_where_nothing_is_voted_on(cast, held):
    said = cast.client("secretary").get(held("theme-day").get_absolute_url()).content.decode()
    assert "表决名册" not in said


@pytest.fixture
def typed(cast, kinds):
    def make(**more):
        rows = {f"votes-0-{name}": value for name, value in more.items()}
        return {
            "id": "01940000-0000-7000-8000-0000000000bb",
            "unit": str(cast.first.pk),
            "held_on": "2018-01-12",
            "kinds": [str(kinds["congress"].pk)],
            "votes-TOTAL_FORMS": "2",
            "votes-INITIAL_FORMS": "0",
            **rows,
        }

    return make


def test_the_form_fills_in_the_voting_roll_of_the_day(cast, typed, left_out):
    left_out()
    form = cast.client("secretary").get(RECORD, {"kind": "congress"}).content.decode()
    assert "当天表决名册：有表决权 4 人，没有表决权 1 人；选举和接收（转正）党员时不计入 1 人" in form
    values = typed(title="选举委员", threshold="election", yes="3", ballots_issued="3", ballots_returned="3")
    values |= {"votes-1-title": "通过计划", "votes-1-yes": "4"}
    answer = cast.client("secretary").post(RECORD, values)
    assert answer.status_code == 302
    found = Resolution.objects.order_by("position").values_list("due", "present", "ballots_issued")
    assert list(found) == [(3, 3, 3), (4, 4, None)]
    said = cast.client("secretary").get(answer["Location"]).content.decode()
    assert "发出选票 3 张，收回 3 张；赞成 3 票，超过到会有表决权人数的半数，通过" in said
    assert "按《中国共产党基层组织选举工作暂行条例》" in said


def test_a_number_present_that_the_roll_does_not_give_is_to_be_looked_at(cast, typed):
    client = cast.client("secretary")
    made = client.post(RECORD, typed(title="通过计划", yes="3", present="3"))
    page = client.get(made["Location"]).content.decode()
    assert "登记的实到 3 人，按到会名册是 4 人，请核对。" in page
    Resolution.objects.update(present=4)
    assert "按到会名册是" not in client.get(made["Location"]).content.decode()
    Resolution.objects.update(present=3)
    Gathering.objects.update(due_total=9, present_total=8)  # paper rules
    assert "按到会名册是" not in client.get(made["Location"]).content.decode()


def test_numbers_of_the_roll_follow_a_corrected_roll(cast, typed):
    client = cast.client("secretary")
    made = client.post(
        RECORD, typed(title="通过计划", yes="3") | {"votes-1-title": "评议", "votes-1-yes": "3"}
    )
    Resolution.objects.filter(position=2).update(due=9, present=8)  # of a paper roll
    address = made["Location"] + "correct/"
    form = client.get(address).context["form"]
    numbers = [[vote.initial.get(name) for name in ("due", "present")] for vote in form.votes][:2]
    assert numbers == [[None, None], [9, 8]]
    values = typed(title="通过计划", yes="3") | {"seen": form.initial["seen"], "votes-INITIAL_FORMS": "2"}
    values |= {"votes-1-title": "评议", "votes-1-yes": "3", "votes-1-due": "9", "votes-1-present": "8"}
    member = cast.person("member")
    number = next(line.number for line in form.roll if line.person == member)
    assert client.post(address, values | {f"roll-{number}": "absent"}).status_code == 302
    found = Resolution.objects.order_by("position").values_list("due", "present")
    assert list(found) == [(4, 3), (9, 8)]


def test_a_vote_of_a_month_needs_its_numbers(cast, typed):
    values = typed(title="通过计划", yes="3") | {"held_on": "", "month": "2017-11"}
    page = cast.client("secretary").post(RECORD, values)
    assert page.status_code == 422
    assert "只知月份，没有当天的名册" in page.content.decode()


def test_an_admission_concerns_one_person(cast, typed):
    two = typed(title="接收预备党员", threshold="admission", yes="4", person="预备戊、党员丁")
    page = cast.client("secretary").post(RECORD, two)
    assert page.status_code == 422
    assert "一项只写一人" in page.content.decode()
    nobody = typed(title="接收预备党员", threshold="admission", yes="4", person="无此人")
    assert cast.client("secretary").post(RECORD, nobody).status_code == 422
    several = typed(title="接收预备戊、党员丁为预备党员", threshold="admission", yes="4", person="")
    page = cast.client("secretary").post(RECORD, several)
    assert page.status_code == 422
    assert "请写明讨论对象" in page.content.decode()
    one = typed(title="转为正式党员", threshold="admission", yes="4", person="预备戊")
    answer = cast.client("secretary").post(RECORD, one)
    assert str(Resolution.objects.get().person) == "预备戊"
    assert "接收（转正）党员，预备戊" in cast.client("secretary").get(answer["Location"]).content.decode()
    edit = reverse("gatherings:correct", args=[Gathering.objects.get().pk])
    form = cast.client("secretary").get(edit).context["form"]
    assert form.votes.forms[0]["person"].value() == "预备戊(0005)"


def test_a_full_member_is_not_admitted_as_a_probationary_one(cast, typed):
    client = cast.client("secretary")
    full = typed(title="接收党员丁为预备党员", threshold="admission", yes="4", person="党员丁")
    page = client.post(RECORD, full)
    assert page.status_code == 422
    assert "已经是正式党员，不能再接收为预备党员" in page.content.decode()
    assert not Resolution.objects.exists()
    turned = typed(title="党员丁转为正式党员", threshold="admission", yes="4", person="党员丁")
    assert client.post(RECORD, turned).status_code == 302


def test_a_void_election_can_be_recorded(cast, typed):
    values = typed(title="选举书记", threshold="election", ballots_issued="4", ballots_returned="5")
    answer = cast.client("secretary").post(RECORD, values)
    said = cast.client("secretary").get(answer["Location"]).content.decode()
    assert "收回多于发出，选举无效" in said
    assert "表决无效" in said


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ({"threshold": "ordinary", "ballots_issued": 4, "ballots_returned": 4}, "不是选举"),
        ({"threshold": "election", "ballots_issued": 4}, "一起填写"),
        ({"threshold": "election", "ballots_issued": 5, "ballots_returned": 5}, "多于到会 4 人"),
        ({"threshold": "election", "ballots_issued": 4, "ballots_returned": 3}, "多于收回的 3 张"),
        ({"threshold": "election", "ballots_issued": -1, "ballots_returned": 0}, "不合常理"),
    ],
)
def test_ballots_that_cannot_be_are_refused(held, fact, words):
    with pytest.raises(Refused, match=words):
        held("congress", resolutions=(ResolutionFact("事项", 4, 4, 4, **fact),))


def test_an_admission_without_its_person_is_refused_unless_it_is_an_old_one(cast, held):
    nobody = ResolutionFact("接收", 4, 4, 4, threshold="admission")
    with pytest.raises(Refused, match="没有写明讨论对象"):
        held("congress", resolutions=(nobody,))
    row = held("congress", resolutions=(replace(nobody, person=Person.objects.get(name="预备戊")),))
    Resolution.objects.update(person=None)
    facts = facts_of([row])[row.pk]
    correct_gathering(row, facts=replace(facts, place="三楼"), by=cast.actor("secretary"))
    with pytest.raises(Refused, match="没有写明讨论对象"):
        correct_gathering(
            row,
            facts=replace(facts, resolutions=(replace(nobody, yes=3),)),
            by=cast.actor("secretary"),
        )


def test_one_person_is_not_put_to_the_same_vote_twice(cast, held):
    person = cast.person("member")
    one = ResolutionFact("接收", 4, 4, 4, threshold="admission", person=person)
    with pytest.raises(Refused, match="写了两项"):
        held("congress", resolutions=(one, one))
    other = ResolutionFact("接收", 4, 4, 4, person=person)
    with pytest.raises(Refused, match="不用填写讨论对象"):
        held("congress", resolutions=(other,))


def test_a_number_that_differs_from_the_roll_is_pointed_out(cast, held):
    row = held("congress", resolutions=(ResolutionFact("通过计划", 5, 5, 5),))
    said = cast.client("secretary").get(row.get_absolute_url()).content.decode()
    assert "登记的应到 5 人，当天表决名册是 4 人，请核对" in said


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(cast, held, left_out, django_assert_num_queries, number):
    for name in ("书记甲", "委员乙", "党员丁")[:number]:
        services.save_exclusion(
            unit=cast.first,
            person=Person.objects.get(name=name),
            values=GIVEN,
            by=cast.actor("officer"),
        )
    row = held("congress", day="2017-07-03")
    client = cast.client("secretary")
    with django_assert_num_queries(9):
        assert client.get(reverse("gatherings:branch_voting", args=[cast.first.pk])).status_code == 200
    with django_assert_num_queries(10):
        assert client.get(reverse("gatherings:voting_roll", args=[row.pk])).status_code == 200
