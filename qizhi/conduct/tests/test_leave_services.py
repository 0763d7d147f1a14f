"""Leave from the request to the return; what is approved excuses by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from qizhi.conduct.enums import LeaveStatus
from qizhi.conduct.models import LeaveRequest
from qizhi.conduct.queries.leave import balance_of, waiting_for
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
from qizhi.core.ids import new_id
from qizhi.core.models import AuditEvent
from qizhi.org.models import Leave, Person
from qizhi.org.queries import leaves_on
from qizhi.org.services.rows import correct_row, end_row, remove_row

D = dt.date
WEEK = LeaveFact("annual", D(2018, 1, 22), D(2018, 1, 26))  # Monday to Friday


@pytest.fixture
def asked(offices):
    """The member has asked for a week."""
    return ask(offices, "member")


def ask(cast, name, fact=WEEK, **more):
    return request_leave(person=cast.person(name), fact=fact, by=cast.actor(name), **more)


def yes(cast, row, name="secretary", reason=""):
    return decide_leave(row, is_approved=True, reason=reason, by=cast.actor(name))


def test_from_the_request_to_the_return(offices, asked):
    assert asked.approver == offices.person("secretary")
    assert [one.row for one in waiting_for(offices.actor("secretary"))] == [asked]
    assert not Leave.objects.exists()
    row = yes(offices, asked)
    assert (row.status, row.decided_by) == (LeaveStatus.APPROVED, offices.person("secretary"))
    people = Person.objects.filter(bureau=offices.bureau)
    assert offices.person("member").pk in leaves_on(people, offices.bureau.pk, D(2018, 1, 24))
    assert waiting_for(offices.actor("secretary")) == []
    with clock.at(D(2018, 1, 25)):
        register_return(row, returned_on=D(2018, 1, 25), by=offices.actor("member"))
    row.refresh_from_db()
    assert (row.status, row.returned_on) == (LeaveStatus.RETURNED, D(2018, 1, 25))
    assert Leave.objects.get().to_on == D(2018, 1, 24)
    assert leaves_on(people, offices.bureau.pk, D(2018, 1, 25)) == {}
    assert balance_of(offices.person("member"), D(2018, 1, 31)).taken == 3
    verbs = set(AuditEvent.objects.filter(object_id=row.pk).values_list("verb", flat=True))
    assert verbs == {"conduct.request_leave", "conduct.decide_leave", "conduct.return_from_leave"}


def test_a_return_after_the_last_day_leaves_the_days_as_they_were(offices, asked):
    row = yes(offices, asked)
    with clock.at(D(2018, 1, 30)):
        register_return(row, returned_on=D(2018, 1, 29), by=offices.actor("personnel"))
    assert Leave.objects.get().to_on == D(2018, 1, 26)


def test_approving_and_the_leave_are_one(offices, asked, monkeypatch):
    monkeypatch.setattr(LeaveRequest, "save", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        yes(offices, asked)
    assert not Leave.objects.exists()


def test_nobody_decides_the_own_leave(offices):
    row = ask(offices, "secretary")
    with pytest.raises(Refused, match="本人"):
        yes(offices, row)
    for engine in (offices.person("secretary"),):
        with pytest.raises(IntegrityError), transaction.atomic():
            LeaveRequest.objects.filter(pk=row.pk).update(decided_by=engine)
    assert yes(offices, row, "leader").status == LeaveStatus.APPROVED


@pytest.mark.parametrize("name", ["neighbour", "personnel", "officer", "leader"])
def test_only_whoever_ranks_for_it_decides(offices, asked, name):
    with pytest.raises(Refused, match="处室负责人"):
        yes(offices, asked, name)


def test_heads_go_to_a_leader_and_the_first_goes_above(offices):
    assert ask(offices, "secretary").approver == offices.person("leader")
    row = ask(offices, "leader")
    assert row.approver is None
    with pytest.raises(Refused, match="本人"):
        yes(offices, row, "leader")
    with pytest.raises(Refused, match="上级批复"):
        yes(offices, row, "personnel")
    done = yes(offices, row, "personnel", "上级人事〔2018〕2号")
    assert (done.status, done.decided_by) == (LeaveStatus.APPROVED, None)


def test_a_no_needs_a_reason(offices, asked):
    with pytest.raises(Refused, match="理由"):
        decide_leave(asked, is_approved=False, reason="", by=offices.actor("secretary"))
    row = decide_leave(asked, is_approved=False, reason="月底有检查", by=offices.actor("secretary"))
    assert row.status == LeaveStatus.REFUSED
    assert not Leave.objects.exists()
    with pytest.raises(Refused, match="不用再审批"):
        yes(offices, row)


def test_overlaps_are_refused_with_their_days(offices, asked):
    with pytest.raises(Refused, match="2018年1月22日至2018年1月26日待批的年休假"):
        ask(offices, "member", LeaveFact("sick", D(2018, 1, 26), D(2018, 1, 29)))
    yes(offices, asked)
    with pytest.raises(Refused, match="2018年1月22日至2018年1月26日已批准的年休假"):
        ask(offices, "member", LeaveFact("sick", D(2018, 1, 20), D(2018, 1, 22)))
    ask(offices, "member", LeaveFact("sick", D(2018, 1, 27), D(2018, 1, 29)))
    open_ended = {"bureau": offices.bureau, "person": offices.person("neighbour"), "kind": "secondment"}
    Leave.objects.create(**open_ended, from_on=D(2018, 1, 1))
    with pytest.raises(Refused, match="2018年1月1日至今已批准的外派借调"):
        ask(offices, "neighbour")


def test_leave_entered_in_between_stands_in_the_way_of_a_yes(offices, asked):
    make = {"bureau": offices.bureau, "person": offices.person("member"), "kind": "duty"}
    Leave.objects.create(**make, from_on=D(2018, 1, 26), to_on=D(2018, 1, 28))
    with pytest.raises(Refused, match="重叠"):
        yes(offices, asked)


def test_annual_leave_never_goes_beyond_what_is_left(offices):
    with pytest.raises(Refused, match="还可申请10天，这次要用12天"):
        ask(offices, "member", LeaveFact("annual", D(2018, 3, 5), D(2018, 3, 20)))
    row = ask(offices, "member", LeaveFact("annual", D(2018, 3, 5), D(2018, 3, 16)))
    assert yes(offices, row).status == LeaveStatus.APPROVED
    with pytest.raises(Refused, match="还可申请0天"):
        ask(offices, "member", LeaveFact("annual", D(2018, 4, 9), D(2018, 4, 9)))
    with pytest.raises(Refused, match="不用请年休假"):
        ask(offices, "member", LeaveFact("annual", D(2018, 4, 14), D(2018, 4, 15)))


def test_without_a_first_day_of_work_a_person_decides(offices):
    person = offices.person("member")
    person.began_work_on = None
    person.save()
    row = ask(offices, "member", LeaveFact("annual", D(2018, 3, 5), D(2018, 4, 20)))
    assert yes(offices, row).status == LeaveStatus.APPROVED
    assert balance_of(row.person, D(2018, 4, 30)).left is None


def test_who_does_not_work_here_then_is_not_on_leave(offices):
    Person.objects.filter(pk=offices.person("member").pk).update(left_on=D(2018, 1, 24))
    with pytest.raises(Refused, match="离岗"):
        ask(offices, "member")


def test_a_second_click_makes_no_second_row(offices):
    key = new_id()
    assert ask(offices, "member", id=key) == ask(offices, "member", id=key)
    assert LeaveRequest.objects.count() == 1


def test_what_is_taken_back_is_no_leave(offices, asked):
    row = yes(offices, asked)
    cancel_leave(row, by=offices.actor("member"))
    row.refresh_from_db()
    assert (row.status, row.leave) == (LeaveStatus.CANCELLED, None)
    assert not Leave.objects.exists()
    assert ask(offices, "member").status == LeaveStatus.REQUESTED


def test_leave_that_has_begun_is_ended_and_not_taken_back(offices, asked):
    row = yes(offices, asked)
    with clock.at(D(2018, 1, 22)):
        with pytest.raises(Refused, match="已经开始"):
            cancel_leave(row, by=offices.actor("member"))
        with pytest.raises(Refused, match="之后"):
            register_return(row, returned_on=D(2018, 1, 22), by=offices.actor("member"))
        with pytest.raises(Refused, match="今天之后"):
            register_return(row, returned_on=D(2018, 1, 24), by=offices.actor("member"))


def test_leave_entered_by_mistake_is_void_and_its_days_are_none(offices, asked):
    row = yes(offices, asked)
    with clock.at(D(2018, 1, 25)):
        register_return(row, returned_on=D(2018, 1, 25), by=offices.actor("member"))
        with pytest.raises(Refused, match="为什么"):
            void_leave(row, because=" ", by=offices.actor("personnel"))
        for _ in range(2):
            void_leave(row, because="登记错了", by=offices.actor("personnel"))
    row.refresh_from_db()
    assert (row.status, row.leave, row.returned_on) == (LeaveStatus.CANCELLED, None, None)
    assert not Leave.objects.exists()
    event = AuditEvent.objects.get(verb="conduct.void_leave")
    assert (event.before["status"], event.after["作废原因"]) == ("returned", "登记错了")
    with pytest.raises(Refused, match="不用作废"):
        void_leave(ask(offices, "member"), because="x", by=offices.actor("personnel"))


def test_leave_that_a_request_made_is_not_changed_behind_its_back(offices, asked):
    leave = yes(offices, asked).leave
    for change in (
        lambda: end_row(leave, last_day=D(2018, 1, 23), by=offices.actor("personnel")),
        lambda: correct_row(leave, values={"kind": "sick"}, by=offices.actor("personnel")),
        lambda: remove_row(leave, because="x", by=offices.actor("personnel")),
    ):
        with pytest.raises(Refused, match="请销假“"):
            change()
    leave.refresh_from_db()
    assert (leave.kind, leave.to_on) == ("annual", D(2018, 1, 26))


def test_a_paper_that_is_signed_is_entered_at_once(offices):
    sick = LeaveFact("sick", D(2018, 1, 8), D(2018, 1, 10))
    paper = Paper(D(2018, 1, 8), offices.person("secretary"))
    entered = {"person": offices.person("member"), "fact": sick, "by": offices.actor("personnel")}
    row = register_leave(**entered, paper=paper)
    assert (row.status, row.asked_on, row.decided_on) == (LeaveStatus.APPROVED, D(2018, 1, 8), D(2018, 1, 8))
    assert row.leave.person == offices.person("member")


@pytest.mark.parametrize(
    ("who", "paper", "words"),
    [
        ("member", {"decided_by": "neighbour"}, "当时不能批准"),
        ("member", {}, "请写明批准人"),
        ("leader", {}, "上级批复的文件"),
        ("personnel", {"decided_by": "secretary"}, "不能由本人登记"),
        ("member", {"decided_by": "secretary", "decided_on": D(2018, 1, 16)}, "今天之后"),
    ],
)
def test_a_paper_that_cannot_be_is_refused(offices, who, paper, words):
    decider = offices.person(paper["decided_by"]) if "decided_by" in paper else None
    with pytest.raises(Refused, match=words):
        register_leave(
            person=offices.person(who),
            fact=WEEK,
            paper=Paper(paper.get("decided_on", D(2018, 1, 12)), decider),
            by=offices.actor("personnel"),
        )


def test_the_database_holds_who_said_yes(offices, asked):
    rows = LeaveRequest.objects.filter(pk=asked.pk)
    day = {"decided_on": asked.asked_on}
    for values in ({}, day, {"decided_by": offices.person("secretary")}, {"decided_by": asked.person, **day}):
        for status in ("approved", "returned"):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(status=status, **values)
    rows.update(status="approved", decided_by=offices.person("secretary"), **day)
    rows.update(decided_by=None, reason="省局批复〔2018〕1号")
