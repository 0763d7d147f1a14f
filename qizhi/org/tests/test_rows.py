"""Dated rows of people: corrected, removed, ended; what adjoins moves along, and the log keeps both values."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError
from django.urls import reverse

from qizhi.core.models import AuditEvent
from qizhi.org.enums import MemberStatus, Rank, Role
from qizhi.org.models import Leave, Membership, Placement, Post, RankTenure

D = dt.date


def address(person, key, row, step):
    return reverse(f"org:row_{step}", args=[person.pk, key, row.pk])


@pytest.fixture
def moved(cast):
    """A member whose transfer to the second branch was recorded on 10 January 2018."""
    member = cast.person("member")
    cast.client("officer").post(
        reverse("org:person_change", args=[member.pk, "membership"]),
        {"unit": str(cast.second.pk), "group": "", "status": MemberStatus.FULL, "from_on": "2018-01-10"},
    )
    return member, *Membership.objects.filter(person=member).order_by("from_on")


def spans(model, person):
    return list(
        model.objects.filter(person=person).order_by("from_on").values_list("unit__code", "from_on", "to_on")
    )


def typed(cast, unit=None, *, joined=True, **given):
    values = {"unit": str((unit or cast.second).pk), "group": "", "status": "full", "from_on": "2018-01-10"}
    return values | {"to_on": ""} | ({"is_joined": "on"} if joined else {}) | given


def test_a_later_end_that_reaches_into_the_next_row_is_refused_in_words(cast, moved):
    member, first, _ = moved
    page = cast.client("officer").post(
        address(member, "membership", first, "end"), {"last_day": "2018-01-12"}
    )
    assert page.status_code == 422
    assert "第二党支部" in page.content.decode()
    assert "同一天只能有一条" in page.content.decode()
    page = cast.client("officer").post(
        address(member, "membership", first, "end"), {"last_day": "2018-01-05"}
    )
    assert page.status_code == 302
    first.refresh_from_db()
    assert first.to_on == D(2018, 1, 5)


@pytest.mark.parametrize("day", ["2018-01-05", "2018-01-14"])
def test_a_wrong_day_of_transfer_moves_the_row_before_along(cast, moved, day):
    member, first, second = moved
    page = cast.client("officer").post(
        address(member, "membership", second, "correct"), typed(cast, from_on=day), follow=True
    )
    assert "相邻的记录跟着改成" in page.content.decode()
    start = D.fromisoformat(day)
    assert spans(Membership, member) == [
        ("z01", D(2015, 1, 1), start - dt.timedelta(days=1)),
        ("z02", start, None),
    ]
    event = AuditEvent.objects.get(object_id=second.pk, verb="org.correct_membership")
    assert (event.before, event.after) == ({"起始日期": "2018-01-10"}, {"起始日期": day})
    other = AuditEvent.objects.get(object_id=first.pk, verb="org.correct_membership")
    assert other.before == {"截止日期": "2018-01-09"}


def test_a_corrected_end_moves_the_row_after_along(cast, moved):
    member, first, _ = moved
    values = typed(cast, cast.first, from_on="2015-01-01", to_on="2017-12-31", group=str(cast.group.pk))
    assert (
        cast.client("officer").post(address(member, "membership", first, "correct"), values).status_code
        == 302
    )
    assert spans(Membership, member) == [
        ("z01", D(2015, 1, 1), D(2017, 12, 31)),
        ("z02", D(2018, 1, 1), None),
    ]
    values["to_on"] = "2018-01-08"
    cast.client("officer").post(address(member, "membership", first, "correct"), values)
    assert spans(Membership, member)[1] == ("z02", D(2018, 1, 9), None)


def test_without_the_tick_an_overlap_is_said_and_nothing_moves(cast, moved):
    member, _, second = moved
    before = spans(Membership, member)
    page = cast.client("officer").post(
        address(member, "membership", second, "correct"), typed(cast, from_on="2018-01-05", joined=False)
    )
    assert page.status_code == 422
    assert "2015年1月1日至2018年1月9日" in page.content.decode()
    assert spans(Membership, member) == before


@pytest.mark.parametrize("which", ["before", "after"])
def test_an_adjoining_row_is_never_swallowed(cast, moved, which):
    member, first, second = moved
    before = spans(Membership, member)
    row, values = (
        (second, typed(cast, cast.second, from_on="2015-01-01"))
        if which == "before"
        else (first, typed(cast, cast.first, from_on="2015-01-01", to_on=""))
    )
    page = cast.client("officer").post(address(member, "membership", row, "correct"), values)
    assert page.status_code == 422
    assert "盖住相邻的一条" in page.content.decode()
    assert spans(Membership, member) == before


def test_branch_group_and_status_are_corrected(cast):
    member = cast.person("member")
    row = Membership.objects.get(person=member)
    client, where = cast.client("officer"), address(member, "membership", row, "correct")
    form = client.get(where).context["form"]
    assert form["unit"].value() == cast.first.pk
    page = client.post(where, typed(cast, cast.second, group=str(cast.group.pk), from_on="2015-01-01"))
    assert "不属于" in page.content.decode()
    assert (
        client.post(where, typed(cast, cast.second, status="no_vote", from_on="2016-03-01")).status_code
        == 302
    )
    row.refresh_from_db()
    assert (row.unit, row.group, row.status) == (cast.second, None, "no_vote")
    page = client.get(member.get_absolute_url()).content.decode()
    assert "更正组织关系" in page
    assert "党支部：第一党支部 → 第二党支部" in page


def test_a_full_member_does_not_become_probationary_by_a_correction(cast, moved):
    member, _, second = moved
    page = cast.client("officer").post(
        address(member, "membership", second, "correct"), typed(cast, status="probationary")
    )
    assert page.status_code == 422
    assert "正式党员不能改为预备党员" in page.content.decode()


def test_days_before_the_founding_and_after_the_end_of_a_unit_are_refused(cast, moved):
    member, _, second = moved
    client, where = cast.client("officer"), address(member, "membership", second, "correct")
    cast.second.__class__.objects.filter(pk=cast.second.pk).update(from_on=D(2018, 1, 8), to_on=D(2018, 3, 1))
    assert (
        "才成立" in client.post(where, typed(cast, from_on="2018-01-05", to_on="2018-02-01")).content.decode()
    )
    assert "后撤销" in client.post(where, typed(cast)).content.decode()
    assert client.post(where, typed(cast, to_on="2018-03-01")).status_code == 302
    assert "2018年3月1日撤销" in client.get(where).content.decode(), (
        "a closed unit can still be chosen, and says so"
    )


def test_ranks_departments_posts_and_leave_are_corrected(cast):
    make = {"bureau": cast.bureau, "person": cast.person("member")}
    member, client = make["person"], cast.client("personnel")
    rank = RankTenure.objects.create(**make, rank=Rank.SECTION, from_on=D(2016, 1, 1))
    where = address(member, "rank", rank, "correct")
    assert (
        client.post(where, {"rank": "deputy_division", "from_on": "2016-02-01", "to_on": ""}).status_code
        == 302
    )
    rank.refresh_from_db()
    assert (rank.rank, rank.from_on) == (Rank.DEPUTY_DIVISION, D(2016, 2, 1))
    placed = Placement.objects.get(person=member)
    where = address(member, "placement", placed, "correct")
    assert client.post(where, {"unit": str(cast.root.pk), "from_on": "2015-05-01"}).status_code == 302
    assert spans(Placement, member) == [("b", D(2015, 5, 1), None)]
    post = Post.objects.create(**make, unit=cast.first, role=Role.GROUP_LEADER, from_on=D(2017, 1, 1))
    values = {"unit": str(cast.group.pk), "role": "group_leader", "title": "组长", "from_on": "2017-02-01"}
    assert client.post(address(member, "post", post, "correct"), values).status_code == 302
    post.refresh_from_db()
    assert (post.unit, post.title, post.from_on) == (cast.group, "组长", D(2017, 2, 1))
    leave = Leave.objects.create(**make, kind="annual", from_on=D(2018, 1, 8))
    values = {"kind": "sick", "from_on": "2018-01-09", "to_on": "2018-01-10", "note": ""}
    assert client.post(address(member, "leave", leave, "correct"), values).status_code == 302
    leave.refresh_from_db()
    assert (leave.kind, leave.from_on, leave.to_on) == ("sick", D(2018, 1, 9), D(2018, 1, 10))
    verbs = set(AuditEvent.objects.filter(verb__startswith="org.correct_").values_list("verb", flat=True))
    assert verbs == {f"org.correct_{name}" for name in ("ranktenure", "placement", "post", "leave")}


def test_the_same_post_twice_on_a_day_is_said(cast):
    make = {
        "bureau": cast.bureau,
        "person": cast.person("member"),
        "unit": cast.first,
        "role": Role.GROUP_LEADER,
    }
    Post.objects.create(**make, from_on=D(2016, 1, 1), to_on=D(2016, 12, 31))
    later = Post.objects.create(**make, from_on=D(2017, 6, 1))
    values = {"unit": str(cast.first.pk), "role": "group_leader", "title": "", "from_on": "2016-12-01"}
    page = cast.client("officer").post(address(make["person"], "post", later, "correct"), values)
    assert page.status_code == 422
    assert "第一党支部党小组组长，2016年1月1日至2016年12月31日" in page.content.decode()


def test_a_transfer_entered_by_mistake_goes_and_the_row_before_goes_on(cast, moved):
    member, first, second = moved
    client, where = cast.client("officer"), address(member, "membership", second, "remove")
    page = client.get(where).content.decode()
    assert "接续到这一条的最后一天" in page
    assert client.post(where, {"because": " ", "is_joined": "on"}).status_code == 422
    page = client.post(where, {"because": "登记到别人名下", "is_joined": "on"}, follow=True).content.decode()
    assert "登记到别人名下" in page
    assert "删除组织关系" in page
    assert spans(Membership, member) == [("z01", D(2015, 1, 1), None)]
    event = AuditEvent.objects.get(verb="org.remove_membership")
    assert event.object_id == member.pk
    assert event.before["党支部"] == "第二党支部"
    assert event.before["起始日期"] == "2018-01-10"
    assert event.after == {"删除原因": "登记到别人名下"}
    assert client.post(where, {"because": "又点一次"}).status_code == 302, "a second click"
    assert client.get(where).status_code == 404
    assert first.pk


def test_a_row_without_one_before_just_goes(cast):
    leave = Leave.objects.create(
        bureau=cast.bureau, person=cast.person("member"), kind="annual", from_on=D(2018, 1, 8)
    )
    where = address(leave.person, "leave", leave, "remove")
    assert "is_joined" not in cast.client("personnel").get(where).content.decode()
    assert cast.client("personnel").post(where, {"because": "没有休"}).status_code == 302
    assert not Leave.objects.exists()


@pytest.mark.parametrize("step", ["correct", "remove", "end"])
@pytest.mark.parametrize("who", ["secretary", "member", "neighbour", "personnel", "outsider"])
def test_only_who_manages_members_changes_a_membership(cast, step, who):
    row = Membership.objects.get(person=cast.person("member"))
    where = address(row.person, "membership", row, step)
    assert cast.client(who).get(where).status_code in {403, 404}
    assert cast.client(who).post(where, {"because": "x", "last_day": "2018-01-01"}).status_code in {403, 404}
    assert Membership.objects.filter(pk=row.pk, to_on=None).exists()


def test_links_stand_where_they_may_be_used(cast):
    person = cast.person("member")
    row = Membership.objects.get(person=person)
    Membership.objects.filter(pk=row.pk).update(to_on=D(2017, 12, 31))
    link = address(person, "membership", row, "correct")
    assert link in cast.client("officer").get(person.get_absolute_url()).content.decode()
    assert link not in cast.client("personnel").get(person.get_absolute_url()).content.decode()


def test_what_the_database_refuses_is_told_in_words_and_no_row_is_in_the_log(cast, monkeypatch, caplog):
    def clash(*_args, **_options):
        raise IntegrityError(
            'violates check constraint "org_post_days"\nDETAIL:  Failing row contains (书记甲).'
        )

    person = cast.person("secretary")
    post = Post.objects.filter(person=person).first()
    monkeypatch.setattr("qizhi.org.views.rows.row_services.end_row", clash)
    reply = cast.client("personnel").post(address(person, "post", post, "end"), {"last_day": "2018-01-31"})
    assert reply.status_code == 409
    assert "数据库没有接受" in reply.content.decode()
    assert 'broke a rule of the database: violates check constraint "org_post_days"' in caplog.text
    assert "书记甲" not in caplog.text
