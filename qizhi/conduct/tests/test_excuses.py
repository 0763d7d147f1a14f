"""What excuses, day by day, from rows: leave, secondment, probation, units that were not there; before any case."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.conduct.models import Case
from qizhi.conduct.queries.excuses import excuses_of, unit_excuses
from qizhi.conduct.rules.procedure import Procedure
from qizhi.conduct.services.drafts import CaseFacts, draft_case, edit_case, excuses, facts_of_finding
from qizhi.conduct.services.leave import (
    LeaveFact,
    Paper,
    cancel_leave,
    decide_leave,
    register_leave,
    register_return,
    request_leave,
    void_leave,
)
from qizhi.core import clock
from qizhi.core.errors import Refused
from qizhi.org.enums import LeaveKind, MemberStatus
from qizhi.org.models import Leave, Membership, Person

D = dt.date
DAY = dt.timedelta(days=1)
FIRST, LAST = D(2018, 1, 8), D(2018, 1, 12)
NO_PROBATION = Procedure(probation_months=0)


def away(cast, kind, first=FIRST, last=LAST, who="member"):
    return Leave.objects.create(
        bureau=cast.bureau, person=cast.person(who), kind=kind, from_on=first, to_on=last
    )


def on(cast, day, who="member", procedure=NO_PROBATION):
    return excuses_of(cast.person(who), day, procedure)


@pytest.mark.parametrize("kind", list(LeaveKind))
@pytest.mark.parametrize(
    ("day", "is_excused"),
    [(FIRST - DAY, False), (FIRST, True), (D(2018, 1, 10), True), (LAST, True), (LAST + DAY, False)],
)
def test_leave_and_secondment_excuse_from_the_first_to_the_last_day(cast, kind, day, is_excused):
    away(cast, kind)
    word = "借调" if kind == LeaveKind.SECONDMENT else f"请假（{kind.label}）"
    assert on(cast, day) == ([f"{word}：2018年1月8日至2018年1月12日"] if is_excused else [])
    assert on(cast, day, "neighbour") == []


def test_what_has_no_end_excuses_to_this_day(cast):
    away(cast, LeaveKind.SECONDMENT, last=None)
    assert on(cast, FIRST - DAY) == []
    assert on(cast, FIRST) == on(cast, D(2030, 1, 1)) == ["借调：2018年1月8日至今"]


def test_two_that_overlap_are_both_told_and_each_on_its_days(cast):
    away(cast, LeaveKind.SECONDMENT)
    away(cast, LeaveKind.SICK, LAST, D(2018, 1, 16))
    assert [len(on(cast, day)) for day in (LAST - DAY, LAST, LAST + DAY, D(2018, 1, 16), D(2018, 1, 17))] == [
        *(1, 2, 1, 1, 0)
    ]
    assert {one.partition("：")[0] for one in on(cast, LAST)} == {"借调", "请假（病假）"}


@pytest.mark.parametrize(
    ("entered", "months", "day", "is_excused"),
    [
        (D(2017, 1, 16), 12, D(2017, 1, 15), False),
        (D(2017, 1, 16), 12, D(2017, 1, 16), True),
        (D(2017, 1, 16), 12, D(2018, 1, 15), True),
        (D(2017, 1, 16), 12, D(2018, 1, 16), False),
        (D(2016, 2, 29), 12, D(2017, 2, 27), True),
        (D(2016, 2, 29), 12, D(2017, 2, 28), False),
        (D(2017, 8, 31), 6, D(2018, 2, 27), True),
        (D(2017, 8, 31), 6, D(2018, 2, 28), False),
        (D(2017, 1, 16), 0, D(2017, 1, 16), False),
        (None, 12, D(2017, 1, 16), False),
    ],
)
def test_new_staff_are_excused_for_so_many_months_from_the_day_they_came(
    cast, entered, months, day, is_excused
):
    Person.objects.filter(pk=cast.person("member").pk).update(entered_on=entered)
    person = Person.objects.get(pk=cast.person("member").pk)
    found = excuses_of(person, day, Procedure(probation_months=months))
    assert bool(found) is is_excused
    assert all("到岗，试用期" in one for one in found)


def test_a_probationary_member_is_excused_until_the_day_before_becoming_full(cast):
    person = cast.person("member")
    Membership.objects.filter(person=person).delete()
    make = {"bureau": cast.bureau, "person": person, "unit": cast.first}
    Membership.objects.create(**make, status=MemberStatus.PROBATIONARY, from_on=FIRST, to_on=LAST)
    Membership.objects.create(**make, status=MemberStatus.FULL, from_on=LAST + DAY)
    found = [bool(on(cast, day)) for day in (FIRST - DAY, FIRST, LAST, LAST + DAY)]
    assert found == [False, True, True, False]
    assert on(cast, LAST) == ["预备期：当日为预备党员"]


def test_everything_at_once_is_told_in_order(cast):
    Person.objects.filter(pk=cast.person("member").pk).update(entered_on=FIRST)
    Membership.objects.filter(person=cast.person("member")).update(status=MemberStatus.PROBATIONARY)
    away(cast, LeaveKind.DUTY)
    found = excuses_of(Person.objects.get(pk=cast.person("member").pk), FIRST, Procedure())
    assert [one.partition("：")[0] for one in found] == ["请假（公务出差）", "试用期", "预备期"]


@pytest.mark.parametrize(
    ("day", "is_excused"),
    [(FIRST - DAY, True), (FIRST, False), (LAST, False), (LAST + DAY, True)],
)
def test_a_unit_owes_nothing_on_days_on_which_it_was_not_there(cast, day, is_excused):
    cast.first.from_on, cast.first.to_on = FIRST, LAST
    assert bool(unit_excuses(cast.first, day)) is is_excused
    assert unit_excuses(cast.second, day) == []


def test_two_queries_and_one_for_the_procedure(cast, rules, story, django_assert_num_queries):
    away(cast, LeaveKind.SICK)
    away(cast, LeaveKind.SECONDMENT)
    with django_assert_num_queries(2):
        assert len(on(cast, FIRST, procedure=Procedure())) == 2
    facts = story.facts()
    with django_assert_num_queries(3):
        assert len(excuses(facts)) == 2


WEEK = LeaveFact("personal", D(2018, 1, 22), D(2018, 1, 26))


def asked(cast, fact=WEEK):
    return request_leave(person=cast.person("member"), fact=fact, by=cast.actor("member"))


def approved(cast):
    return decide_leave(asked(cast), is_approved=True, reason="", by=cast.actor("secretary"))


def is_excused(cast, *dates):
    return [bool(on(cast, day)) for day in dates]


def test_only_leave_that_was_approved_and_still_stands_excuses(offices):
    day = WEEK.from_on
    row = asked(offices)
    assert is_excused(offices, day) == [False], "nobody has said yes"
    decide_leave(row, is_approved=False, reason="月底有检查", by=offices.actor("secretary"))
    assert is_excused(offices, day) == [False]
    row = approved(offices)
    assert is_excused(offices, day - DAY, day, WEEK.to_on, WEEK.to_on + DAY) == [False, True, True, False]
    cancel_leave(row, by=offices.actor("member"))
    assert is_excused(offices, day, WEEK.to_on) == [False, False], "taken back"


def test_leave_that_was_entered_by_mistake_excuses_no_more(offices):
    fact = LeaveFact("personal", FIRST, LAST)
    paper = Paper(FIRST - DAY, offices.person("secretary"))
    row = register_leave(
        person=offices.person("member"), fact=fact, paper=paper, by=offices.actor("personnel")
    )
    assert is_excused(offices, FIRST, LAST) == [True, True]
    void_leave(row, because="登记错了人", by=offices.actor("personnel"))
    assert is_excused(offices, FIRST, LAST) == [False, False]


def test_who_was_back_earlier_is_excused_until_the_day_before(offices):
    row = approved(offices)
    with clock.at(D(2018, 1, 25)):
        register_return(row, returned_on=D(2018, 1, 25), by=offices.actor("member"))
    assert is_excused(offices, D(2018, 1, 22), D(2018, 1, 24), D(2018, 1, 25), D(2018, 1, 26)) == [
        *(True, True, False, False)
    ]


@pytest.mark.parametrize("kind", [LeaveKind.SICK, LeaveKind.SECONDMENT])
def test_a_finding_of_an_excused_day_makes_no_case_unless_somebody_says_why(cast, story, finding, kind):
    """`finding` speaks of the member on 10 January."""
    leave = away(cast, kind, D(2018, 1, 10), D(2018, 1, 10))
    facts = facts_of_finding(finding)
    for despite in ("", "   "):
        with pytest.raises(Refused, match="有免予记分的情形，不建议立案") as raised:
            draft_case(CaseFacts(**{**vars(facts), "despite": despite}), by=story.recorder)
        assert raised.value.field == "despite"
    assert not Case.objects.exists()
    case = draft_case(facts_of_finding(finding, "当日已销假"), by=story.recorder)
    assert "2018年1月10日至2018年1月10日\n仍然立案的理由：当日已销假" in case.excuses
    assert case.steps.get().text == case.excuses
    leave.delete()
    case.refresh_from_db()
    assert case.excuses, "what was known when it was drafted stays"
    assert edit_case(case, facts, by=story.recorder).excuses == "", "whoever edits it is told what is so now"


def test_leave_of_another_day_stands_in_nobodys_way(cast, story, finding):
    away(cast, LeaveKind.SICK, D(2018, 1, 11), D(2018, 1, 12))
    away(cast, LeaveKind.SICK, D(2018, 1, 5), D(2018, 1, 9))
    assert draft_case(facts_of_finding(finding), by=story.recorder).excuses == ""


def test_the_probation_is_that_of_the_procedure_of_the_day(cast, story):
    """The product's own twelve months hold before the measures come into force and where they say nothing."""
    Person.objects.filter(pk=cast.person("member").pk).update(entered_on=D(2017, 2, 1))
    person = Person.objects.get(pk=cast.person("member").pk)
    with pytest.raises(Refused, match="试用期：2017年2月1日到岗，试用期12个月"):
        story.drafted(person=person)
    with clock.at(D(2018, 2, 1)):
        assert story.drafted(person=person, happened_on=D(2018, 2, 1)).excuses == ""


def test_a_unit_that_was_not_there_yet_makes_no_case(cast, story, of_branches):
    cast.first.from_on = D(2018, 1, 9)
    cast.first.save()
    with pytest.raises(Refused, match="第一党支部在2018年1月8日尚未成立或已经撤并"):
        story.drafted(person=None, unit=cast.first, clause=of_branches)
    case = story.drafted(person=None, unit=cast.first, clause=of_branches, happened_on=D(2018, 1, 9))
    assert case.excuses == ""
